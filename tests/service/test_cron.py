from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hearten.cron import Cron, slot_text

LONDON = ZoneInfo("Europe/London")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slots(expression: str, begin: str, end: str, zone: ZoneInfo = LONDON) -> list[str]:
    """The slots after `begin` and at or before `end`, in UTC."""
    cron, found = Cron(expression, zone), []
    slot = cron.following(utc(begin))
    while slot is not None and slot <= utc(end):
        found.append(f"{slot:%H:%M}")
        slot = cron.following(slot)
    return found


@pytest.mark.parametrize(
    ("expression", "day", "expected"),
    [
        pytest.param("30 1 * * *", "2026-03-28", ["01:30"], id="the day before spring forward"),
        pytest.param("30 1 * * *", "2026-03-29", ["01:30"], id="spring forward: 1:30am is not"),
        pytest.param("30 1 * * *", "2026-03-30", ["00:30"], id="in summer"),
        pytest.param("30 1 * * *", "2026-10-25", ["00:30"], id="back: 1:30am comes twice"),
        pytest.param("30 1 * * *", "2026-10-26", ["01:30"], id="the day after going back"),
        pytest.param(
            "*/20 1 * * *", "2026-10-25", ["00:00", "00:20", "00:40"], id="several in that hour"
        ),
        pytest.param("30 9 * * mon-fri", "2026-03-29", [], id="not on a Sunday"),
        pytest.param("30 9 * * mon-fri", "2026-03-30", ["08:30"], id="on a Monday"),
    ],
)
def test_a_time_of_day_comes_once_a_day_on_the_days_on_which_the_clocks_change_too(
    expression: str, day: str, expected: list[str]
) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=LONDON)
    begin, end = (midnight.replace(hour=h, minute=m).astimezone(UTC) for h, m in ((0, 0), (23, 59)))

    assert slots(expression, f"{begin:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}") == expected


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-06-01"])
def test_every_hour_means_every_hour_that_passes(day: str) -> None:
    hours = slots("7 * * * *", f"{day}T00:00", f"{day}T23:59")

    assert hours == [f"{hour:02}:07" for hour in range(24)]


@pytest.mark.parametrize(
    ("now", "latest", "following"),
    [
        pytest.param("2026-03-03T09:06:59", "08:07", "09:07", id="just before"),
        pytest.param("2026-03-03T09:07", "09:07", "10:07", id="at the slot"),
        pytest.param("2026-03-03T09:30", "09:07", "10:07", id="between two"),
    ],
)
def test_the_slots_around_now_do_not_depend_on_when_one_asks(
    now: str, latest: str, following: str
) -> None:
    cron = Cron("7 * * * *", LONDON)

    before, after = cron.latest(utc(now)), cron.following(utc(now))

    assert before is not None
    assert after is not None
    assert (f"{before:%H:%M}", f"{after:%H:%M}") == (latest, following)


def test_the_latest_slot_is_found_however_long_ago() -> None:
    assert Cron("0 0 29 2 *", LONDON).latest(utc("2026-03-03")) == utc("2024-02-29")
    assert Cron("0 6 * * mon", LONDON).latest(utc("2026-03-07")) == utc("2026-03-02T06:00")


def test_six_fields_begin_with_seconds() -> None:
    cron = Cron("*/20 * * * * *", LONDON)

    assert cron.following(utc("2026-03-03T09:00:05")) == utc("2026-03-03T09:00:20")


def test_the_zone_is_the_plans() -> None:
    assert slots("0 9 * * *", "2026-07-01", "2026-07-02", ZoneInfo("Asia/Tokyo")) == ["00:00"]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        pytest.param("7 * *", "five fields", id="too few fields"),
        pytest.param("7 * * * 1", "mon-fri", id="a weekday as a number"),
        pytest.param("99 * * * *", "cannot be read", id="no minute"),
        pytest.param("x * * * *", "cannot be read", id="no number"),
    ],
)
def test_what_is_no_cron_expression_is_refused_with_what_to_write(
    expression: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Cron(expression, LONDON)


def test_a_slot_is_the_same_text_wherever_it_is_worked_out() -> None:
    at = utc("2026-07-01T08:07")

    assert slot_text(at) == slot_text(at.astimezone(LONDON)) == "2026-07-01T08:07:00.000000Z"
