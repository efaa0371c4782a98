"""Streaks: how many counted sprints in a row a target was met, up to the latest counted one."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluator.model.results import Result, ResultSummary, State, Status

_SKIPS_BEFORE_A_PAUSE = 2


@dataclass(frozen=True, slots=True)
class Streak:
    """`length` counts met sprints in a row; while `paused`, nothing is announced."""

    length: int = 0
    paused: bool = False


def streak(results: Iterable[Result | ResultSummary]) -> Streak:
    """Return the streak of one team and target from its results in order of sprint start.

    Final results alone are read. Sprints that are not counted (excused, no data, not applicable)
    are skipped; more than two skipped in a row pause the streak until the next one that is met.
    """
    length = skipped = 0
    for result in results:
        match result.status:
            case Status.MET if result.state is State.FINAL:
                length, skipped = length + 1, 0
            case Status.NOT_MET if result.state is State.FINAL:
                length = skipped = 0
            case Status.NO_DATA:  # never final, yet a sprint that has ended and is not counted
                skipped += 1
            case Status.EXCUSED | Status.NOT_APPLICABLE if result.state is State.FINAL:
                skipped += 1
            case _:
                pass
    return Streak(length, paused=skipped > _SKIPS_BEFORE_A_PAUSE)
