"""All teams: one sentence that answers, then a table from A to Z. Nothing is sorted by result."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.presenters.parts import links, missing_sources, words
from api.pages.presenters.parts.freshness import Freshness, freshness
from api.pages.presenters.parts.status import tag
from api.pages.presenters.parts.tables import Cell, Table
from api.pages.presenters.result import target_title
from evaluator.measures import MEASURES
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan, Target
from evaluator.model.results import Result, Status
from evaluator.team_standing import TeamStanding, needed_ids, source_ids, team_standings

_NAMED = 5  # of the teams without data
_UNREAD = "Nothing was read yet"


@dataclass(frozen=True, slots=True)
class AllTeams:
    """Everything on the page."""

    summary: tuple[str, ...]
    unknown: tuple[str, ...]  # what was asked for and does not exist
    freshness: Freshness
    table: Table
    missing: Table | None
    to_fix: str  # how many there are
    asked: tuple[tuple[str, str], ...]  # the targets shown, each with its address
    groups: tuple[links.Choice, ...]
    targets: tuple[links.Choice, ...]
    narrowed: bool


def all_teams(
    plan: Plan,
    results: Sequence[Result],
    coverage: Mapping[str, Coverage],
    now: datetime,
    *,
    group: str = "",
    target: str = "",
) -> AllTeams:
    """Return the page at `now`, narrowed to a group and a target where those exist."""
    today = now.astimezone(plan.zone).date()
    active = [team for team in plan.teams if today in team.active]
    known_groups = sorted({team.group for team in active if team.group})
    group_asked, group = group, group if group in known_groups else ""
    columns = [t for t in plan.targets if t.id == target] or list(plan.targets)
    chosen = columns[0].id if len(columns) == 1 and target else ""
    shown = sorted(
        (team for team in active if group in ("", team.group)),
        key=lambda team: team.name.casefold(),
    )
    found = team_standings(shown, plan, results, coverage, now)
    needed = needed_ids(*shown, today=today)
    missing = missing_sources.remedies(found)
    return AllTeams(
        summary=_summary(found, columns, group),
        unknown=tuple(
            f"There is no {kind} of that name, so all are shown."
            for kind, asked, known in (("group", group_asked, group), ("target", target, chosen))
            if asked and not known
        ),
        freshness=freshness([coverage[s] for s in needed if s in coverage], plan, now),
        table=_table(found, columns, plan),
        missing=missing_sources.remedies_table(missing) if missing else None,
        to_fix=words.count(len(missing), "source"),
        asked=tuple((t.title, links.target(t.id)) for t in columns),
        groups=_choices("All groups", [(name, name) for name in known_groups], group),
        targets=_choices("All targets", [(t.id, target_title(t)) for t in plan.targets], chosen),
        narrowed=bool(group or chosen),
    )


def _summary(
    team_standings: Sequence[TeamStanding], columns: Sequence[Target], group: str
) -> tuple[str, ...]:
    if not team_standings:
        return ("No team is set up yet.",)
    if not columns:
        return ("No target is agreed yet.",)
    unread = [each.team.name for each in team_standings if each.nothing_read]
    read = [each for each in team_standings if not each.nothing_read]
    said = _of_read(read, columns, group) if read else []
    if unread:
        teams = words.count(len(unread), "team")
        said.append(f"Nothing was read yet of {teams} ({words.some(unread)}).")
    return tuple(said)


def _of_read(
    team_standings: Sequence[TeamStanding], columns: Sequence[Target], group: str
) -> list[str]:
    """What is said of the teams of which something was read."""
    lead = next((t for t in columns if not t.stretch), columns[0])
    last = [(each, _of(each, lead)) for each in team_standings]
    asked = [r for s, r in last if _status(s, r, lead) is not Status.NOT_APPLICABLE]
    said = [_how_many(asked, lead, group)]
    minimums = {r.minimum for _, r in last if r and r.status is not Status.NOT_APPLICABLE}
    if minimums - {1}:
        met = sum(1 for _, r in last if r and r.status is Status.MET)
        least = f" of at least {minimums.pop():,}" if len(minimums) == 1 else ""
        said.append(f"{words.count(met, 'team')} met the target{least}.")
    silent = [
        (each, missing_sources.missing_words(result) if result else _unreadable(each))
        for each, result in last
        if _status(each, result, lead) is Status.NO_DATA and not (result and result.value)
    ]
    if silent:
        said.append(f"No data for {words.count(len(silent), 'team')} ({_why(silent)}).")
    partly = [
        (each, missing_sources.missing_words(result))
        for each, result in last
        if result and result.status is Status.NO_DATA and result.value
    ]
    if partly:
        teams = words.count(len(partly), "team")
        said.append(f"We cannot say whether {teams} met it ({_why(partly)}).")
    return said + _others(last, lead)


def _how_many(asked: Sequence[Result | None], lead: Target, group: str) -> str:
    """How many teams did what is counted, out of those of which it is asked."""
    if not asked:
        return f"{lead.title}: asked of no team in its last finished sprint."
    reached = sum(1 for result in asked if result is not None and result.value)
    happened = MEASURES[lead.measure].at_least_one
    of_group = f" of group {group}" if group else ""
    whose = "its" if len(asked) == 1 else "their"
    teams = words.count(len(asked), "team")
    return f"{reached:,} of {teams}{of_group} {happened} in {whose} last finished sprint."


def _status(each: TeamStanding, result: Result | None, target: Target) -> Status | None:
    """The status of a target in the last finished sprint; None where there is none yet."""
    return result.status if result else dict(each.without_sprint).get(target.id)


def _unreadable(each: TeamStanding) -> str:
    return missing_sources.gap_words(each.unreadable) if each.unreadable else ""


def _why(unread: Sequence[tuple[TeamStanding, str]]) -> str:
    named = [f"{each.team.name}: {why}" for each, why in unread[:_NAMED]]
    more = len(unread) - len(named)
    return "; ".join([*named, f"and {more:,} more"] if more else named)


def _others(last: Iterable[tuple[TeamStanding, Result | None]], lead: Target) -> list[str]:
    """What else keeps a team from being among those that did: nothing is left unsaid."""
    kinds: dict[str, list[str]] = {}
    for each, result in last:
        status = _status(each, result, lead)
        if status is None:
            kinds.setdefault("No finished sprint yet", []).append(each.team.name)
        elif status is Status.NOT_APPLICABLE or (
            status is Status.EXCUSED and not (result and result.value)
        ):
            kinds.setdefault(status.words, []).append(each.team.name)
    return [
        f"{kind}: {words.count(len(names), 'team')} ({words.some(names)})."
        for kind, names in kinds.items()
    ]


def _of(each: TeamStanding, target: Target) -> Result | None:
    found = each.last_finished.results if each.last_finished else ()
    return next((result for result in found if result.target == target.id), None)


def _table(team_standings: Iterable[TeamStanding], columns: Sequence[Target], plan: Plan) -> Table:
    heads = (
        Cell("Team"),
        Cell("Last finished sprint"),
        *(Cell(t.title, after="stretch" if t.stretch else "") for t in columns),
        Cell("Data"),
    )
    return Table(
        "Teams from A to Z, each with its last finished sprint",
        heads,
        tuple(_row(each, columns, plan) for each in team_standings),
    )


def _row(each: TeamStanding, columns: Sequence[Target], plan: Plan) -> tuple[Cell, ...]:
    group = f"group {each.team.group}" if each.team.group else ""
    team = Cell(each.team.name, links.team(each.team.id), after=group)
    return (team, _sprint(each, plan), *(_result(each, t) for t in columns), _data(each))


def _sprint(each: TeamStanding, plan: Plan) -> Cell:
    if each.unreadable:
        return Cell("Not known")
    if each.last_finished is None and each.nothing_read:
        return Cell(_UNREAD)
    if each.last_finished is None:
        return Cell("No finished sprint yet")
    sprint = each.last_finished.sprint
    days = words.sprint_days(sprint, plan.zone)
    return Cell(days, links.sprint(each.team.id, sprint.id), hidden=f"Team {each.team.name}")


def _result(each: TeamStanding, target: Target) -> Cell:
    result = _of(each, target)
    status = _status(each, result, target)
    if status is None and each.nothing_read:
        return Cell(_UNREAD)
    if status is None:
        none = "No finished sprint yet" if each.last_finished is None else "Not worked out yet"
        return Cell(none)
    return Cell(tag=tag(status, stretch=target.stretch))


def _data(each: TeamStanding) -> Cell:
    sources = source_ids(each.team)
    missing = {gap.source for gap in each.gaps}
    if not sources:
        return Cell("Not set up")
    if each.nothing_read:
        return Cell(_UNREAD, "#missing")
    if missing:
        return Cell(f"{words.count(len(missing), 'source')} to mend", "#missing")
    return Cell("All sources read")


def _choices(
    everything: str, choices: Iterable[tuple[str, str]], chosen: str
) -> tuple[links.Choice, ...]:
    first = links.Choice("", everything, selected=not chosen)
    return (first, *(links.Choice(value, text, value == chosen) for value, text in choices))
