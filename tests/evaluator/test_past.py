from dataclasses import replace
from datetime import date, timedelta

import pytest

from evaluator.model.plan import Cadence
from evaluator.model.results import Sprint, State, Status
from evaluator.past import beside_the_past
from tests.evaluator.builders import BOARD, SPRINT_A, SPRINT_B, TEAM
from tests.evaluator.results import a_result

DAY = timedelta(days=1)
BY_CADENCE = replace(TEAM, sprints=Cadence(date(2026, 3, 3), 14))
BY_BOARD = replace(TEAM, sprints=BOARD)
FINAL = a_result(Status.NOT_MET, 0)
SHORTER = replace(SPRINT_A, end=SPRINT_A.start + 7 * DAY)
SECOND_HALF = replace(SPRINT_A, id="half", start=SPRINT_A.start + 7 * DAY)


def moved(sprint: Sprint, by: timedelta) -> Sprint:
    return replace(sprint, id="moved", start=sprint.start + by, end=sprint.end + by)


def test_of_another_cadence_only_what_follows_the_past_is_judged() -> None:
    given = [SHORTER, SECOND_HALF, SPRINT_B]

    assert beside_the_past(BY_CADENCE, given, [FINAL]) == [SPRINT_A, SPRINT_B]


def test_what_is_not_final_yet_holds_nothing_up() -> None:
    provisional = replace(FINAL, state=State.PROVISIONAL)

    assert beside_the_past(BY_CADENCE, [SHORTER, SECOND_HALF], [provisional]) == [
        SHORTER,
        SECOND_HALF,
    ]


def test_a_boards_sprint_may_last_longer_than_it_did() -> None:
    longer = replace(SPRINT_A, end=SPRINT_A.end + 2 * DAY)

    assert beside_the_past(BY_BOARD, [longer, SPRINT_B], [FINAL]) == [longer, SPRINT_B]


@pytest.mark.parametrize(
    ("days", "judged"),
    [pytest.param(12, False, id="two days too early"), pytest.param(13, True, id="by a day")],
)
def test_a_sprint_of_another_board_may_overlap_the_past_by_a_day(
    days: int, *, judged: bool
) -> None:
    other = moved(SPRINT_A, days * DAY)

    assert beside_the_past(BY_BOARD, [other], [FINAL]) == ([other] if judged else [])
