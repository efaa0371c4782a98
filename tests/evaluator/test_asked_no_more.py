"""Which sources are asked no more: every team has left them, and nothing is left to find out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from evaluator.asked_no_more import asked_no_more, is_let_go, left_by
from evaluator.model.days import Days
from evaluator.model.facts import Reason
from evaluator.model.plan import Plan, Team, TeamJira
from evaluator.model.results import Gap, Result, State, Status
from tests.evaluator.builders import HER, PLAN, SPRINT_A, TEAM
from tests.evaluator.results import a_result

DAY = timedelta(days=1)
LAST = SPRINT_A.first_day + 13 * DAY
LEFT = replace(TEAM, repositories=(), jira=(TeamJira(HER, days=Days(last=LAST)),))
JUDGED = replace(a_result(Status.NOT_MET, 0), sources=(HER.id,))
SETTLED = SPRINT_A.settled_at
LATE = SETTLED + 35 * DAY


def over(results: Sequence[Result], *teams: Team, now: datetime = SETTLED + DAY) -> frozenset[str]:
    return asked_no_more(plan_of(*teams), lambda _team, _since: results, now)


def plan_of(*teams: Team) -> Plan:
    return replace(PLAN, teams=teams or (LEFT,), sources=())


def without_data(reason: Reason) -> Result:
    gap = Gap(HER.id, reason)
    return replace(JUDGED, status=Status.NO_DATA, state=State.PROVISIONAL, gaps=(gap,))


def test_what_every_team_has_left_is_asked_no_more_once_its_last_sprint_is_final() -> None:
    assert over([JUDGED]) == {HER.id}


@pytest.mark.parametrize(
    "team",
    [
        pytest.param(replace(TEAM, repositories=()), id="without a last day"),
        pytest.param(
            replace(LEFT, jira=(TeamJira(HER, days=Days(last=date(2026, 12, 31))),)),
            id="until later",
        ),
        pytest.param(
            replace(LEFT, jira=(*LEFT.jira, TeamJira(HER, days=Days(LAST + 60 * DAY)))), id="again"
        ),
    ],
)
def test_what_one_team_still_has_is_asked(team: Team) -> None:
    assert over([JUDGED], LEFT, replace(team, id="wren")) == frozenset()


def test_a_team_that_has_closed_has_left_everything() -> None:
    closed = replace(TEAM, repositories=(), active=Days(last=LAST))

    assert over([JUDGED], closed) == {HER.id}
    assert left_by(closed, LAST + DAY) == {HER.id}
    assert left_by(closed, LAST) == frozenset()


@pytest.mark.parametrize(
    "results",
    [
        pytest.param([], id="never judged"),
        pytest.param([replace(JUDGED, state=State.PROVISIONAL)], id="not final"),
        pytest.param([JUDGED, without_data(Reason.NO_ACCESS)], id="unread"),
    ],
)
def test_what_may_still_be_found_out_is_asked_for_35_days(results: list[Result]) -> None:
    assert over(results) == frozenset()
    assert over(results, now=LATE) == {HER.id}


@pytest.mark.parametrize(
    ("last", "result", "now", "let_go"),
    [
        pytest.param(None, JUDGED, LATE, False, id="not closed"),
        pytest.param(date(2026, 12, 31), JUDGED, LATE, False, id="closes later"),
        pytest.param(LAST, JUDGED, SETTLED + DAY, True, id="all is final"),
        pytest.param(
            LAST, without_data(Reason.NO_ACCESS), SETTLED + DAY, False, id="may still be read"
        ),
        pytest.param(LAST, without_data(Reason.NO_ACCESS), LATE, True, id="for 35 days"),
    ],
)
def test_a_closed_team_is_let_go_once_its_results_need_nothing_more(
    last: date | None, result: Result, now: datetime, *, let_go: bool
) -> None:
    team = replace(TEAM, repositories=(), active=Days(last=last))

    assert is_let_go(team, [result], plan_of(team), now) is let_go


@pytest.mark.parametrize("reason", [Reason.HISTORY_BEFORE_START, Reason.NOTHING_MATCHED])
def test_what_no_later_read_mends_is_waited_for_no_longer(reason: Reason) -> None:
    assert over([without_data(reason)]) == {HER.id}
    assert over([without_data(reason)], now=SETTLED - DAY) == frozenset()


def test_results_are_looked_up_only_of_teams_that_left_something_lately() -> None:
    def none_needed(team: str, since: datetime) -> list[Result]:
        raise AssertionError(team, since)

    assert asked_no_more(plan_of(TEAM), none_needed, SETTLED) == frozenset()
    assert asked_no_more(plan_of(LEFT), none_needed, SETTLED + 500 * DAY) == {HER.id}
