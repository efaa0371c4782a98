import pytest

from evaluator.model.results import Result, State, Status
from evaluator.streaks import Streak, streak
from tests.evaluator.results import a_result

MET = a_result(Status.MET, 1)
NOT_MET = a_result(Status.NOT_MET, 0)
EXCUSED = a_result(Status.EXCUSED, 0)
NOT_ASKED = a_result(Status.NOT_APPLICABLE, None)
NO_DATA = a_result(Status.NO_DATA, None, state=State.PROVISIONAL)
OPEN = a_result(Status.IN_PROGRESS, 0, state=State.PROVISIONAL)
MET_SO_FAR = a_result(Status.MET, 1, state=State.PROVISIONAL)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        pytest.param([], Streak(), id="no sprints"),
        pytest.param([MET, MET, MET], Streak(3), id="all met"),
        pytest.param([MET, NOT_MET], Streak(), id="ended by one not met"),
        pytest.param([MET, NOT_MET, MET], Streak(1), id="begun again"),
        pytest.param([MET, EXCUSED, NO_DATA, MET], Streak(2), id="skipping what is not counted"),
        pytest.param([MET, MET_SO_FAR, OPEN], Streak(1), id="what is not final says nothing"),
        pytest.param([MET, EXCUSED, NOT_ASKED], Streak(1), id="two skipped in a row"),
        pytest.param(
            [MET, EXCUSED, NO_DATA, NOT_ASKED], Streak(1, paused=True), id="three skipped in a row"
        ),
        pytest.param(
            [MET, EXCUSED, NO_DATA, NOT_ASKED, MET], Streak(2), id="on again with the next met"
        ),
        pytest.param([NO_DATA, NO_DATA, NO_DATA, NOT_MET], Streak(), id="ended while paused"),
    ],
)
def test_a_streak_counts_met_sprints_up_to_the_latest_counted_one(
    results: list[Result], expected: Streak
) -> None:
    assert streak(results) == expected
