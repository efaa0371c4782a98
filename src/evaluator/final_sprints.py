"""Sprints with final results: they stay as they are where a team is configured otherwise since."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from evaluator.model.plan import Cadence, Team
from evaluator.model.results import Result, Sprint
from evaluator.model.source_id import SourceId, SourceKind

_NAMED = 3  # sources that a sentence names
_A_DAY = timedelta(days=1)  # for which two may overlap: a board's sprints begin in working hours


def beside_the_past(
    team: Team, sprints: Sequence[Sprint], previous: Iterable[Result]
) -> list[Sprint]:
    """Return the sprints to judge, where a team's sprints may be configured otherwise than before.

    `previous` are the team's stored results. A sprint of the former cadence or board with a result
    that is final, or was, keeps its window and is judged on, because what comes late may raise it;
    one of the present that overlaps it by more than a day is left out.
    """
    final = {result.sprint.id: result.sprint for result in previous if result.bound}
    given = {sprint.id for sprint in sprints}
    if isinstance(team.sprints, Cadence):
        sprints, former = [final.get(sprint.id, sprint) for sprint in sprints], [*final.values()]
    else:  # its sprint may be opened again or closed late, and is then the same one still
        former = [sprint for ident, sprint in final.items() if ident not in given]
    judged = [
        sprint
        for sprint in sprints
        if sprint.id in final or not any(_overlap(sprint, other) for other in former)
    ]
    if sprints:
        begin, end = min(s.start for s in sprints), max(s.end for s in sprints)
        judged += [
            sprint
            for ident, sprint in final.items()
            if ident not in given and begin < sprint.end and sprint.start < end
        ]
    return sorted(judged, key=attrgetter("start", "id"))


def withdrawn(judged: Sequence[Result], previous: Iterable[Result], now: datetime) -> list[Result]:
    """Return the results, none of them ever final, of sprints that are the team's no more.

    `judged` is what an evaluation at `now` found of every sprint that the team has. After a board
    or a cadence was corrected, those of the former one would stand beside them, and be judged no
    more. What lies before all that is judged stays.
    """
    if not judged:
        return []
    sprints = {result.sprint.id for result in judged}
    begin = min(result.sprint.start for result in judged)
    return [
        result
        for result in previous
        if not result.bound
        and result.sprint.id not in sprints
        and begin < result.sprint.end
        and result.sprint.start <= now
    ]


def other_sources(result: Result, team: Team) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a result that was ever final lacks though its team has it for that sprint now.

    The second are the sources it was judged with that are the team's no longer. Repositories for
    what was judged by repositories, Jira projects for what was judged by those; no boards.
    """
    if not result.bound:
        return (), ()
    day = result.sprint.first_day
    judged = (source for source in result.sources if _kind(source) is not SourceKind.BOARD)
    had = {SourceId.parse(source).present for source in judged}
    had |= {source for source, counts in result.basis.counted_by if counts}
    kinds = set(map(_kind, had))
    has = {entry.source_id for entry in team.repositories if day in entry.days}
    has |= {jira.tickets.id for jira in team.jira if day in jira.days}
    has = {source for source in has if _kind(source) in kinds}
    return tuple(sorted(has - had)), tuple(sorted(had - has))


def notes_on_sources(result: Result, team: Team) -> tuple[str, ...]:
    """Return what to say beside a final result whose team has other sources by now."""
    without, former = other_sources(result, team)
    said: list[str] = []
    if without:
        names = _listed(without, jql="the JQL filter of now")
        said.append(f"Judged before the configuration named {names}")
    if former:
        names = _listed(former, jql="another JQL filter")
        said.append(f"Judged with what is no longer the team's: {names}")
    if taken := [source for source in result.sources if SourceId.parse(source).former]:
        names = _listed(taken, jql="a JQL filter")
        said.append(f"Judged with what had this name before another one: {names}")
    return (*said, "A final result keeps its sources") if said else ()


def _listed(sources: Sequence[str], *, jql: str) -> str:
    more = len(sources) - _NAMED
    names = ", ".join(_name(source) or jql for source in sources[:_NAMED])
    return f"{names} and {more} more" if more > 0 else names


def _name(source: str) -> str:
    """Return what people call a source; empty for a JQL filter, whose id is a digest."""
    of = SourceId.parse(source)
    if of.kind is not SourceKind.TICKETS:
        return of.name
    return "" if of.filter else f"Jira project {of.name}"


def _kind(source: str) -> SourceKind:
    return SourceId.parse(source).kind


def _overlap(one: Sprint, other: Sprint) -> bool:
    return min(one.end, other.end) - max(one.start, other.start) > _A_DAY
