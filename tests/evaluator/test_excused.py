from dataclasses import replace
from datetime import date

import pytest

from evaluator.excused import Excused, excused
from evaluator.model.days import Days
from evaluator.model.plan import Closure, Excuse, Plan
from tests.evaluator.builders import PLAN, SPRINT_A, at


def entry(first: int, last: int, reason: str = "reduced_capacity", team: str = "heron") -> Excuse:
    return Excuse(team, Days(date(2026, 3, first), date(2026, 3, last)), reason)


def agreed(*entries: Excuse) -> Plan:
    return replace(PLAN, excuses=entries)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param(PLAN, None, id="nothing taken"),
        pytest.param(agreed(entry(3, 9)), None, id="exactly half left"),
        pytest.param(agreed(entry(3, 10)), ("reduced_capacity", 4), id="under half left"),
        pytest.param(agreed(entry(3, 16, team="wren")), None, id="another team's"),
        pytest.param(
            agreed(entry(3, 4, "on_call_or_incident"), entry(5, 10)),
            ("reduced_capacity", 4),
            id="two entries, the longer one named",
        ),
        pytest.param(
            agreed(entry(3, 10, "reduced_capacity"), entry(3, 10, "agreed_other")),
            ("agreed_other", 4),
            id="two entries for the same days, each day taken once",
        ),
        pytest.param(
            replace(
                agreed(entry(3, 3)),
                closures=(Closure(Days(date(2026, 3, 4), date(2026, 3, 10)), "Move"),),
            ),
            ("reduced_capacity", 4),
            id="an entry beside a longer closure",
        ),
    ],
)
def test_a_sprint_is_excused_when_under_half_of_its_working_days_are_left(
    plan: Plan, expected: tuple[str, int] | None
) -> None:
    found = excused("heron", SPRINT_A, plan)

    assert found == (expected and Excused(*expected, 10))


CHRISTMAS = replace(
    SPRINT_A,
    id="2027-12-27",
    start=at("2027-12-27"),
    end=at("2028-01-03"),
    first_day=date(2027, 12, 27),
)
HOLIDAYS = ((date(2027, 12, 27), "Christmas Day"), (date(2027, 12, 28), "Boxing Day"))


@pytest.mark.parametrize(
    ("closed_until", "expected"),
    [
        pytest.param(29, Excused("bank_holidays", 2, 5), id="mostly bank holidays"),
        pytest.param(31, Excused("closure", 0, 5), id="mostly closed"),
        pytest.param(30, Excused("bank_holidays", 1, 5), id="as many of each"),
    ],
)
def test_a_christmas_sprint_with_closure_days_is_excused_without_an_entry(
    closed_until: int, expected: Excused
) -> None:
    closure = Closure(Days(date(2027, 12, 28), date(2027, 12, closed_until)), "Winter closure")

    found = excused("heron", CHRISTMAS, replace(PLAN, bank_holidays=HOLIDAYS, closures=(closure,)))

    assert found == expected


def test_bank_holidays_alone_leave_most_of_a_week() -> None:
    assert excused("heron", CHRISTMAS, replace(PLAN, bank_holidays=HOLIDAYS)) is None


def test_the_day_on_which_a_window_ends_counts_unless_it_ends_at_midnight() -> None:
    at_noon = replace(SPRINT_A, end=at("2026-03-17 12:00"))

    found = excused("heron", at_noon, agreed(entry(3, 16)))

    assert found == Excused("reduced_capacity", 1, 11)


def test_a_window_of_a_weekend_has_no_working_days_to_lose() -> None:
    weekend = replace(
        SPRINT_A, start=at("2026-03-07"), end=at("2026-03-09"), first_day=date(2026, 3, 7)
    )

    assert excused("heron", weekend, agreed(entry(3, 16))) is None
