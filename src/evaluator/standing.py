"""Where a team stands: its last finished and current sprint, and what is missing, from the record.

Nothing is judged here: it picks from stored results.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import BoardSource, Plan, Team
from evaluator.model.results import Gap, Result, Sprint
from evaluator.streaks import Streak, streak


@dataclass(frozen=True, slots=True)
class SprintResults:
    """The results of one sprint, in the order of the plan's targets."""

    sprint: Sprint
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One team's standing. `just_closed` is a sprint that ended and has not settled yet.

    `data_as_of` is the start of the oldest of the newest complete reads, None where a source was
    never read. `gaps` name what could not be read, with the action that mends it.
    """

    team: Team
    last_finished: SprintResults | None
    just_closed: SprintResults | None
    current: SprintResults | None
    streaks: tuple[tuple[str, Streak], ...]  # by target id
    data_as_of: datetime | None
    gaps: tuple[Gap, ...]


def standing(
    team: Team,
    plan: Plan,
    results: Iterable[Result],
    coverage: Mapping[str, Coverage],
    now: datetime,
) -> Standing:
    """Return where `team` stands at `now`, by the newest versions of its results."""
    order = [target.id for target in plan.targets]
    kept = sorted(
        (r for r in results if r.team == team.id and r.target in order),
        key=lambda r: (r.sprint.start, order.index(r.target)),
    )
    by_sprint: dict[str, list[Result]] = {}
    for result in kept:
        by_sprint.setdefault(result.sprint.id, []).append(result)
    sprints = [SprintResults(found[0].sprint, tuple(found)) for found in by_sprint.values()]
    settled = [s for s in sprints if s.sprint.settled_at <= now]
    closed = [s for s in sprints if s.sprint.end <= now < s.sprint.settled_at]
    current = [s for s in sprints if s.sprint.start <= now < s.sprint.end]
    sources = source_ids(team)
    reads = [coverage[s].read_started if s in coverage else None for s in sources]
    dates = [at for at in reads if at is not None]
    return Standing(
        team=team,
        last_finished=settled[-1] if settled else None,
        just_closed=closed[-1] if closed else None,
        current=current[-1] if current else None,
        streaks=tuple((i, streak([r for r in kept if r.target == i])) for i in order),
        data_as_of=min(dates) if len(dates) == len(reads) and dates else None,
        gaps=tuple(_gaps(sources, coverage)),
    )


def source_ids(team: Team) -> tuple[str, ...]:
    """Return the ids of every source that the team's results are made of."""
    found = {f"github:{repository.repository}" for repository in team.repositories}
    found |= {jira.tickets.id for jira in team.jira}
    if isinstance(team.sprints, BoardSource):
        found.add(team.sprints.id)
    return tuple(sorted(found))


def _gaps(sources: Sequence[str], coverage: Mapping[str, Coverage]) -> list[Gap]:
    gaps: list[Gap] = []
    for source in sources:
        known = coverage.get(source)
        if known is None:
            gaps.append(Gap(source, Reason.STALE, "Not read yet. Run `hearten collect`."))
        elif known.reason is not None:
            gaps.append(Gap(source, known.reason, known.detail))
    return gaps
