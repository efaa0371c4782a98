"""Sprints with final results: they stay as they are where a team is configured otherwise since."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from evaluator.laid_windows import laid_beside, of_a_cadence
from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result, Sprint
from evaluator.model.source_id import SourceId, SourceKind

_NAMED = 3  # sources that a sentence names


def beside_the_past(
    sprints: Sequence[Sprint],
    previous: Iterable[Result],
    plan: Plan,
    *,
    going_on: Collection[str] = (),
) -> list[Sprint]:
    """Return the sprints to judge, where they may be other ones than before, or lie otherwise.

    `previous` are the team's stored results. A sprint with a result that is final, or was, keeps
    its window and is judged on, because what comes late may raise it. So does one that is still
    the team's and had ended when it was judged. The others are laid beside them. Those of the ids
    `going_on` were opened again on their board, and last until they end there.
    """
    final = {result.sprint.id: result.sprint for result in previous if result.bound}
    ended = {result.sprint.id: result.sprint for result in previous if _had_ended(result)}
    given = {sprint.id: sprint for sprint in sprints}
    stay = [
        _as_it_was(given[ident], sprint)
        for ident, sprint in (ended | final).items()
        if ident in given and ident not in going_on
    ]
    if sprints:
        begin, end = min(s.start for s in sprints), max(s.end for s in sprints)
        stay += [
            sprint
            for ident, sprint in final.items()
            if ident not in given and begin < sprint.end and sprint.start < end
        ]
    kept = {sprint.id for sprint in stay}
    offered = [each for each in sprints if each.id not in kept or of_a_cadence(each)]
    return laid_beside(stay, offered, plan)


def _had_ended(result: Result) -> bool:
    """Whether its sprint had ended, as a read after its end showed where a board tells that."""
    if result.checked_at < result.sprint.end:
        return False
    unread = {gap.source for gap in result.gaps}
    boards = [source for source in result.sources if _kind(source) is SourceKind.BOARD]
    return of_a_cadence(result.sprint) or any(board not in unread for board in boards)


def _as_it_was(sprint: Sprint, judged: Sprint) -> Sprint:
    """Return the sprint as it is called by now, in the window in which it was judged."""
    return replace(
        sprint,
        start=judged.start,
        end=judged.end,
        first_day=judged.first_day,
        settled_at=judged.settled_at,
    )


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
