"""One team: what next, this sprint so far, the last finished one, and the last six in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.presenters.parts import links, missing_sources, words
from api.pages.presenters.parts.bar_chart import BarChart, bar_chart
from api.pages.presenters.parts.freshness import Freshness, freshness
from api.pages.presenters.parts.status import outcome, status_words
from api.pages.presenters.parts.tables import Cell, Table
from api.pages.presenters.result import (
    ResultView,
    Viewpoint,
    result_view,
    target_of,
    target_title,
    versions_table,
)
from evaluator.lineage import with_the_past
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan, Team, VersionStatus
from evaluator.model.results import Result, Sprint, Status
from evaluator.team_standing import (
    SprintResults,
    TeamStanding,
    needed_ids,
    settled,
    source_ids,
    team_standing,
)
from evaluator.wording import last_day

SHOWN = 6  # finished sprints
_ITEMS = 10  # of each list on a team's page; the result's own page has all


@dataclass(frozen=True, slots=True)
class SprintView:
    """One sprint: its name and days, its results, and what is unusual about it."""

    id: str
    name: str
    title: str
    href: str
    results: tuple[ResultView, ...]
    notes: tuple[str, ...]
    so_far: tuple[str, ...]  # the same in sentences, without a status colour
    evidence: str  # what its own page has besides
    chat: str  # the same as plain text, to be sent


@dataclass(frozen=True, slots=True)
class Step:
    """Something to know or do next. `href` leads to where it is done; `link` are its words."""

    text: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A result that was corrected: which, and its versions."""

    title: str
    href: str
    table: Table


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Everything on the page of one team."""

    team: Team
    summary: str
    closing: str  # what to say first where a sprint has just closed, else empty
    freshness: Freshness
    next: tuple[Step, ...]
    missing: Table | None
    current: SprintView | None
    just_closed: SprintView | None
    last: SprintView | None
    history: Table | None
    pictures: Mapping[str, BarChart]  # by target id
    beside: frozenset[str]  # of which targets they stand beside the last finished sprint
    sprints_href: str  # where all sprints are
    corrections: tuple[Correction, ...]


def team_page(
    team: Team,
    results: Sequence[Result],
    coverage: Mapping[str, Coverage],
    now: datetime,
    at: Viewpoint,
) -> TeamPage:
    """Return the page from every version of the results of the sprints that it shows.

    Versions come in order. What is there in brief and once more whole is taken whole.
    """
    own = [result for result in results if result.team == team.id]
    shown_of = with_the_past(own, (result for result in results if result.team != team.id))
    versions = {(r.sprint.id, r.target, r.version): r for r in shown_of}
    newest = {(r.sprint.id, r.target): r for r in versions.values()}
    plan = at.plan
    where = team_standing(team, plan, newest.values(), coverage, now)
    missing = missing_sources.remedies([where])
    needed = needed_ids(team, today=now.astimezone(plan.zone).date()) or source_ids(team)
    shown = settled(newest.values(), now)[-SHOWN:]
    return TeamPage(
        team=team,
        summary=summary(where, plan),
        closing=_closing(where, plan),
        freshness=freshness([coverage[s] for s in needed if s in coverage], plan, now),
        next=_next(where, plan, len(missing), now),
        missing=missing_sources.remedies_table(missing, with_teams=False) if missing else None,
        current=_sprint(where.current, at),
        just_closed=_sprint(where.just_closed, at),
        last=_sprint(where.last_finished, at),
        history=_history(shown, newest, plan, team) if shown else None,
        pictures=_pictures(shown, newest, plan),
        beside=frozenset(r.target for r in where.last_finished.results)
        if where.last_finished
        else frozenset(),
        sprints_href=links.sprints(team.id),
        corrections=_corrections(versions.values(), at),
    )


def summary(where: TeamStanding, plan: Plan) -> str:
    """Return the sentence that answers: where does this team stand?"""
    if where.nothing_read:
        return f"Nothing was read yet of team {where.team.name}."
    if where.unreadable:
        why = missing_sources.gap_words(where.unreadable)
        return f"No data: {why}, so {where.team.name}'s last finished sprint is not known."
    if where.last_finished is None:
        return f"{where.team.name} has no finished sprint yet."
    found = where.last_finished
    days = words.sprint_days(found.sprint, plan.zone)
    said = sprint_outcome(found, plan, settled=True)
    return f"{where.team.name}'s last finished sprint, {days}: {said}."


def sprint_outcome(found: SprintResults, plan: Plan, *, settled: bool) -> str:
    """Return how many targets of a sprint have which status; stretch targets are not counted."""
    expected = [r for r in found.results if not target_of(plan, r.target).stretch]
    titles = {r.target: target_of(plan, r.target).title for r in expected}
    stretch = len(found.results) - len(expected)
    return outcome(expected, titles, stretch=stretch, settled=settled)


def _closing(where: TeamStanding, plan: Plan) -> str:
    if where.just_closed is None:
        return ""
    when = words.sprint_title(where.just_closed.sprint, plan.zone)
    said = f"{where.team.name}'s {when}, has just closed and is In progress"
    return f"{said}. {_settles(where.just_closed, plan)}"


def sprint_view(found: SprintResults, at: Viewpoint, *, most: int | None) -> SprintView:
    """Return one sprint with its results."""
    sprint = found.sprint
    return SprintView(
        id=sprint.id,
        name=sprint.name,
        title=words.upper_first(words.sprint_title(sprint, at.plan.zone)),
        href=links.sprint(found.results[0].team, sprint.id),
        results=tuple(result_view(r, at, most=most) for r in found.results),
        notes=tuple(map(words.sentence, sprint.notes)),
        so_far=tuple(_so_far(r, at.plan) for r in found.results),
        evidence=_evidence(sprint, at.plan),
        chat=_chat(found, at),
    )


def _chat(found: SprintResults, at: Viewpoint) -> str:
    """One line for the sprint, one for each result, and where it is shown."""
    first = found.results[0]
    address = f"{at.public_url}{links.sprint(first.team, found.sprint.id)}"
    return "\n".join(
        [
            f"Team {at.team_name}, {words.sprint_title(found.sprint, at.plan.zone)}",
            *(
                f"{target_title(target_of(at.plan, r.target))}: {status_words(r)}"
                for r in found.results
            ),
            *([address] if at.public_url else []),
        ]
    )


def _so_far(result: Result, plan: Plan) -> str:
    target = target_of(plan, result.target)
    already = "met already. " if result.status is Status.MET else ""
    return f"{target_title(target)}: {already}{words.sentence(result.reason)}"


def _evidence(sprint: Sprint, plan: Plan) -> str:
    query = ", and “Query this result”" if plan.product.query_url else ""
    return f"Evidence so far of sprint {sprint.name}{query}"


def _sprint(found: SprintResults | None, at: Viewpoint) -> SprintView | None:
    return None if found is None else sprint_view(found, at, most=_ITEMS)


def _next(where: TeamStanding, plan: Plan, missing: int, now: datetime) -> tuple[Step, ...]:
    said: list[Step] = []
    if where.just_closed is not None:
        closed = where.just_closed
        text = f"Sprint {closed.sprint.name} has just closed. {_settles(closed, plan)}"
        said.append(Step(text))
    if where.current is not None:
        sprint = where.current.sprint
        end = words.weekday(last_day(sprint.end, plan.zone)).words
        said.append(Step(f"Sprint {sprint.name} ends on {end}. {_settles(where.current, plan)}"))
    elif where.unreadable is None and not where.nothing_read:
        said.append(Step("No sprint is going on. The next one shows here once it has begun."))
    if missing:
        text = f"{words.count(missing, 'source')} to fix:"
        said.append(Step(text, f"{links.team(where.team.id)}#missing", "see what is missing"))
    today = now.astimezone(plan.zone).date()
    for target in plan.targets:
        for version in target.versions:
            closes = version.consultation_closes
            if version.status is VersionStatus.PROPOSED and closes and closes >= today:
                text = f"Say what you think by {words.day(closes).words}:"
                change = f"a change to the target {target.title} is proposed"
                said.append(Step(text, links.target(target.id), change))
    return tuple(said)


def _settles(found: SprintResults, plan: Plan) -> str:
    return f"Its results are confirmed {words.from_then(found.sprint.settled_at, plan.zone)}."


def _history(
    sprints: Sequence[Sprint], newest: Mapping[tuple[str, str], Result], plan: Plan, team: Team
) -> Table:
    targets = (Cell(t.title, after="stretch" if t.stretch else "") for t in plan.targets)
    heads = (Cell("Sprint"), *targets)
    rows = []
    of = {sprint: result.team for (sprint, _), result in newest.items()}
    for sprint in reversed(sprints):
        cells = [
            Cell(
                words.sprint_days(sprint, plan.zone),
                links.sprint(of.get(sprint.id, team.id), sprint.id),
                after=", ".join(_called(sprint, of.get(sprint.id, team.id), plan, team)),
            )
        ]
        for target in plan.targets:
            result = newest.get((sprint.id, target.id))
            cells.append(
                Cell(status_words(result), links.result(result), hidden=f", {sprint.name}")
                if result
                else Cell("Not worked out")
            )
        rows.append(tuple(cells))
    number = words.count(len(sprints), "finished sprint")
    return Table(f"The last {number}, the newest first", heads, tuple(rows))


def _called(sprint: Sprint, of: str, plan: Plan, team: Team) -> Iterator[str]:
    """Yield the sprint's name where its days are not that, and the id that the team had then."""
    if sprint.name != words.sprint_days(sprint, plan.zone):
        yield sprint.name
    if of != team.id:
        yield f"as {of}"


def _pictures(
    sprints: Sequence[Sprint], newest: Mapping[tuple[str, str], Result], plan: Plan
) -> dict[str, BarChart]:
    drawn = {
        target.id: bar_chart(target, [newest.get((s.id, target.id)) for s in sprints], plan, SHOWN)
        for target in plan.targets
    }
    return {target: picture for target, picture in drawn.items() if picture is not None}


def _corrections(results: Iterable[Result], at: Viewpoint) -> tuple[Correction, ...]:
    versions: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        versions.setdefault((result.sprint.id, result.target), []).append(result)
    found = []
    for each in versions.values():
        table = versions_table(each, at)
        if table is not None:
            title = f"{target_of(at.plan, each[-1].target).title}, {each[-1].sprint.name}"
            found.append(Correction(title, links.result(each[-1]), table))
    return tuple(found)
