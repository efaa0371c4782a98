"""One sprint, and one result of it, at their permanent addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.tables import Cell, Table, heads
from api.pages.presenters.result import (
    ResultView,
    Viewpoint,
    brought_by,
    result_view,
    target_of,
    target_title,
    versions_table,
)
from api.pages.presenters.team import SprintView, sprint_outcome, sprint_view
from evaluator.model.facts import ProductionEvent
from evaluator.model.plan import Plan
from evaluator.model.results import Result, ResultSummary
from evaluator.team_standing import SprintResults, in_order_of_targets
from evaluator.wording import amount

_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A page that stands beside another one, such as its team's."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Around:
    """The sprints before and after, each with its name and address; None where there is none."""

    before: Neighbour | None = None
    after: Neighbour | None = None


NOTHING_AROUND = Around()


def around(known: Iterable[ResultSummary], sprint_id: str, target: str = "") -> Around:
    """Return what stands around a sprint of those of its team that have a result.

    Of a `target`: the results of that one.
    """
    found = {
        each.sprint_id: each
        for each in sorted(known, key=lambda each: each.start)
        if target in ("", each.target)
    }
    order = list(found)
    if sprint_id not in found:
        return NOTHING_AROUND
    place = order.index(sprint_id)

    def at(number: int) -> Neighbour | None:
        if not 0 <= number < len(order):
            return None
        each = found[order[number]]
        href = links.sprint(each.team, each.sprint_id)
        return Neighbour(each.sprint_name, f"{href}/{links.part(target)}" if target else href)

    return Around(at(place - 1), at(place + 1))


@dataclass(frozen=True, slots=True)
class SprintPage:
    """Everything on a sprint's page."""

    team: Neighbour
    summary: str
    sprint: SprintView
    around: Around


@dataclass(frozen=True, slots=True)
class ExplainedPage:
    """Everything on a result's page."""

    team: Neighbour
    summary: str
    sprint_name: str
    sprint_title: str
    sprint_href: str
    sprint_notes: tuple[str, ...]
    result: ResultView
    how: Table
    versions: Table | None
    around: Around
    chat: str  # the same as plain text, to be sent


def neighbour(plan: Plan, team_id: str) -> Neighbour:
    """Return the team; one that the plan no longer has keeps its results, under its id."""
    names = {team.id: team.name for team in plan.teams}
    known = team_id in names
    return Neighbour(names.get(team_id, team_id), links.team(team_id) if known else "/")


def sprint_page(
    plan: Plan,
    newest: Sequence[Result],
    public_url: str,
    now: datetime,
    *,
    beside: Around = NOTHING_AROUND,
) -> SprintPage:
    """Return the page of a sprint at `now` from the newest version of each of its results."""
    results = in_order_of_targets(newest, plan)
    team = neighbour(plan, results[0].team)
    sprint = results[0].sprint
    when = words.sprint_title(sprint, plan.zone)
    view = SprintResults(sprint, results)
    said = sprint_outcome(view, plan, settled=sprint.settled_at <= now)
    return SprintPage(
        team,
        f"Team {team.name}, {when}: {said}.",
        sprint_view(view, Viewpoint(plan, team.name, public_url), most=_ITEMS),
        beside,
    )


def result_page(
    plan: Plan,
    versions: Sequence[Result],
    public_url: str,
    *,
    beside: Around = NOTHING_AROUND,
    events: Iterable[ProductionEvent] = (),
    in_production: Mapping[str, datetime] = MappingProxyType({}),
) -> ExplainedPage:
    """Return the page of a result from all its versions, in order.

    `events` are those of its repositories, of the time of its evidence, and `in_production` says
    since when tickets are, by their keys.
    """
    result = versions[-1]
    team = neighbour(plan, result.team)
    days = {key: at.astimezone(plan.zone).date() for key, at in in_production.items()}
    at = Viewpoint(plan, team.name, public_url, days)
    return ExplainedPage(
        team=team,
        summary=words.sentence(result.sentence),
        sprint_name=result.sprint.name,
        sprint_title=words.sentence(words.sprint_title(result.sprint, plan.zone)),
        sprint_href=links.sprint(result.team, result.sprint.id),
        sprint_notes=tuple(map(words.sentence, result.sprint.notes)),
        result=result_view(result, at, brought=brought_by(events)),
        how=_how(result, at),
        versions=versions_table(versions, at),
        around=beside,
        chat=_chat(result, at),
    )


def _chat(result: Result, at: Viewpoint) -> str:
    title = target_title(target_of(at.plan, result.target))
    when = words.sprint_title(result.sprint, at.plan.zone)
    said = f"Team {at.team_name}, {when}\n{title}: {words.sentence(result.sentence)}"
    return f"{said}\n{at.public_url}{links.result(result)}" if at.public_url else said


def _how(result: Result, at: Viewpoint) -> Table:
    zone = at.plan.zone
    since = result.target_version
    minimum = f"at least {amount(result.minimum or 0, result.unit)}"
    asked = f"{minimum}, in force from {words.day(since).words}" if since else "nothing was asked"
    read = round(result.coverage * len(result.sources))
    rows = (
        (Cell("What was asked"), Cell(asked, links.target(result.target))),
        (Cell("From"), Cell(when=words.moment(result.sprint.start, zone))),
        (Cell("Up to"), Cell(when=words.moment(result.sprint.end, zone))),
        (
            Cell("Sources read for the whole sprint"),
            Cell(f"{read} of {words.count(len(result.sources), 'source')}", links.DATA),
        ),
        (Cell("Worked out"), Cell(when=words.moment(result.evaluated_at, zone))),
        (Cell("Last checked"), Cell(when=words.moment(result.checked_at, zone))),
        (Cell("Version"), Cell(f"{result.version}, {result.state.value}")),
    )
    return Table("How this was worked out", heads("What", "Here"), rows)
