from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from evaluator.model.days import Days
from evaluator.model.plan import Closure
from evaluator.working_days import after, before, is_working_day, working_time
from tests.evaluator.builders import PLAN, at

WINTER = replace(
    PLAN,
    bank_holidays=((date(2026, 12, 25), "Christmas Day"), (date(2026, 12, 28), "Boxing Day")),
    closures=(Closure(Days(date(2026, 12, 29), date(2026, 12, 31)), "Winter closure"),),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PLAN.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 12, 24), True, id="a Thursday"),
        pytest.param(date(2026, 12, 25), False, id="a bank holiday"),
        pytest.param(date(2026, 12, 26), False, id="a Saturday"),
        pytest.param(date(2026, 12, 27), False, id="a Sunday"),
        pytest.param(date(2026, 12, 30), False, id="within a closure"),
        pytest.param(date(2027, 1, 1), True, id="the day after a closure"),
    ],
)
def test_nobody_works_at_weekends_on_bank_holidays_or_in_closures(
    day: date, *, expected: bool
) -> None:
    assert is_working_day(day, WINTER) is expected


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param("2026-03-02", 3, "2026-03-05", id="Monday to Thursday"),
        pytest.param("2026-03-04 14:00", 3, "2026-03-09 14:00", id="over a weekend"),
        pytest.param("2026-03-07", 3, "2026-03-12", id="from a Saturday"),
        pytest.param("2026-03-08 15:00", 1, "2026-03-10", id="from a Sunday afternoon"),
        pytest.param("2026-03-27 15:00", 1, "2026-03-30 15:00", id="into British Summer Time"),
        pytest.param("2026-10-23 15:00", 1, "2026-10-26 15:00", id="out of British Summer Time"),
        pytest.param("2026-12-24 10:00", 1, "2027-01-01 10:00", id="over holidays and a closure"),
        pytest.param("2026-03-04 14:00", 0, "2026-03-04 14:00", id="no days at all"),
    ],
)
def test_working_days_pass_at_the_same_wall_time(start: str, days: int, end: str) -> None:
    assert after(local(start), days, WINTER) == local(end)


CAIRO = replace(PLAN, time_zone="Africa/Cairo")  # its clocks change on working days


def test_a_wall_time_that_the_clock_change_skips_is_read_with_the_offset_before_it() -> None:
    half_past_midnight = at("2026-04-22 22:30")

    end = after(half_past_midnight, 1, CAIRO)

    assert end == at("2026-04-23 22:30")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param(
            "2026-10-28 20:30", 1, "2026-10-29 20:30", id="the first of the two, a day on"
        ),
        pytest.param(
            "2026-10-29 21:30", 0, "2026-10-29 21:30", id="the second of the two, at once"
        ),
    ],
)
def test_a_wall_time_that_happens_twice_is_told_apart(start: str, days: int, end: str) -> None:
    assert after(at(start), days, CAIRO) == at(end)


@pytest.mark.parametrize(
    ("start", "days", "since"),
    [
        pytest.param("2026-03-05 14:00", 3, "2026-03-02 14:00", id="Thursday to Monday"),
        pytest.param("2026-03-10 14:00", 3, "2026-03-05 14:00", id="over a weekend"),
        pytest.param("2026-03-07 15:00", 1, "2026-03-06", id="from a Saturday"),
        pytest.param("2026-03-31 15:00", 2, "2026-03-27 15:00", id="into British Summer Time"),
    ],
)
def test_working_days_are_counted_back_at_the_same_wall_time(
    start: str, days: int, since: str
) -> None:
    assert before(local(start), days, WINTER) == local(since)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-03-02 10:00", "2026-03-02 16:00", 6, id="within a day"),
        pytest.param("2026-03-06 12:00", "2026-03-09 12:00", 24, id="over a weekend"),
        pytest.param("2026-03-07", "2026-03-09", 0, id="a weekend"),
        pytest.param("2026-03-27", "2026-03-31", 48, id="into British Summer Time"),
        pytest.param("2026-12-24", "2027-01-02", 48, id="over holidays and a closure"),
    ],
)
def test_working_time_is_what_falls_on_working_days(start: str, end: str, hours: int) -> None:
    assert working_time(local(start), local(end), WINTER) == timedelta(hours=hours)
