"""All sprints of a team, year by year, the newest first: the whole record in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.status import status_words
from api.pages.presenters.parts.tables import Cell, Table
from api.pages.presenters.result import target_of
from api.pages.presenters.sprint import Neighbour, neighbour
from evaluator.model.plan import Plan, Target
from evaluator.model.results import ResultSummary, Sprint
from evaluator.wording import last_day

Found = dict[tuple[str, str, str], ResultSummary]  # by team, sprint and target


@dataclass(frozen=True, slots=True)
class Year:
    """The sprints that ended in one year."""

    year: int
    table: Table


@dataclass(frozen=True, slots=True)
class AllSprints:
    """Everything on the page."""

    team: Neighbour
    summary: str
    years: tuple[Year, ...]


def all_sprints(
    plan: Plan,
    team_id: str,
    sprints: Iterable[tuple[str, Sprint]],
    results: Sequence[ResultSummary],
) -> AllSprints:
    """Return the page of the sprints, each with the team that it is of, and of their results."""
    newest_first = sorted(sprints, key=lambda each: each[1].end, reverse=True)
    found = {(r.team, r.sprint_id, r.target): r for r in results}
    there = {r.target for r in results}
    order = [target.id for target in plan.targets]
    targets = [target_of(plan, ident) for ident in (*order, *sorted(there - set(order)))]
    targets = [target for target in targets if target.id in there]
    team = neighbour(plan, team_id)
    number = words.count(len(newest_first), "sprint")
    summary = f"Team {team.name} has results of {number}."
    if newest_first:
        first = words.day(newest_first[-1][1].first_day).words
        summary = f"Team {team.name} has results of {number}, the first from {first}."
    by_year = groupby(newest_first, key=lambda each: last_day(each[1].end, plan.zone).year)
    return AllSprints(
        team,
        summary,
        tuple(Year(year, _table(year, list(of), targets, found, plan)) for year, of in by_year),
    )


def _table(
    year: int,
    sprints: Iterable[tuple[str, Sprint]],
    targets: Sequence[Target],
    found: Found,
    plan: Plan,
) -> Table:
    heads = (
        Cell("Sprint"),
        *(Cell(t.title, after="stretch" if t.stretch else "") for t in targets),
    )
    rows = tuple(_row(team, sprint, targets, found, plan) for team, sprint in sprints)
    return Table(f"Sprints that end in {year}, the newest first", heads, rows, caption_hidden=True)


def _row(
    team: str, sprint: Sprint, targets: Iterable[Target], found: Found, plan: Plan
) -> tuple[Cell, ...]:
    days = words.sprint_days(sprint, plan.zone)
    href = links.sprint(team, sprint.id)
    name = "" if sprint.name == days else sprint.name
    cells = [Cell(days, href, after=name)]
    for target in targets:
        result = found.get((team, sprint.id, target.id))
        where = f"{href}/{links.part(target.id)}"
        hidden = f", {target.title}, sprint {sprint.name}, {days}"
        cells.append(Cell(status_words(result), where, hidden) if result else Cell("No result"))
    return tuple(cells)
