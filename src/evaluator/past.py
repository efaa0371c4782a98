"""The past is not reckoned anew: what a final result covers stays one sprint, the same one."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from evaluator.model.plan import Cadence, Team
from evaluator.model.results import Result, Sprint, State

_A_DAY = timedelta(days=1)  # for which two may overlap: a board's sprints begin in working hours


def beside_the_past(
    team: Team, sprints: Sequence[Sprint], previous: Iterable[Result]
) -> list[Sprint]:
    """Return the sprints to judge, where a team's sprints may be configured otherwise than before.

    `previous` are the team's stored results. A sprint of the former cadence or board with a final
    result keeps its window; one of the present that overlaps it by more than a day is left out.
    """
    final = {result.sprint.id: result.sprint for result in previous if result.state is State.FINAL}
    if isinstance(team.sprints, Cadence):
        sprints, former = [final.get(sprint.id, sprint) for sprint in sprints], [*final.values()]
    else:  # its sprint may be opened again or closed late, and is then the same one still
        given = {sprint.id for sprint in sprints}
        former = [sprint for ident, sprint in final.items() if ident not in given]
    return [
        sprint
        for sprint in sprints
        if sprint.id in final or not any(_overlap(sprint, other) for other in former)
    ]


def _overlap(one: Sprint, other: Sprint) -> bool:
    return min(one.end, other.end) - max(one.start, other.start) > _A_DAY
