"""The table of all teams: for each its values, this sprint so far, and its last sprints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.marks import marks, of_sprint
from api.pages.presenters.parts.status import StatusTag, tag
from evaluator.model.plan import Plan, Target
from evaluator.model.results import PastStatus, Result, Status
from evaluator.team_standing import TeamStanding, source_ids

_NOT_READ = "Not read yet"
_NO_SPRINT = "None finished yet"
_NOT_COUNTED = {Status.EXCUSED, Status.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class ValueCell:
    """A status as a tag, where there is one, and words that may lead somewhere."""

    text: str
    href: str = ""
    hidden: str = ""
    tag: StatusTag | None = None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team. `days` is None where the caption says them for all."""

    team: str
    name: str
    href: str
    group: str
    days: ValueCell | None
    values: tuple[ValueCell, ...]
    so_far: ValueCell
    marks: Markup
    data: ValueCell


@dataclass(frozen=True, slots=True)
class TeamTable:
    """The table of the teams, from A to Z."""

    caption: str
    targets: tuple[Target, ...]
    grouped: bool
    dated: bool
    rows: tuple[TeamRow, ...]


Marks = Mapping[str, Sequence[Status]]  # by team id: one status a sprint, in order of start


def marks_of(past: Iterable[PastStatus], columns: Iterable[Target], most: int) -> Marks:
    """Return what each sprint's mark says, of the last so many of each team."""
    asked = {target.id for target in columns}
    found: dict[str, dict[datetime, list[Status]]] = {}
    for each in past:
        of_team = found.setdefault(each.team, {})
        statuses = of_team.setdefault(each.start, [])
        if each.target in asked:
            statuses.append(each.status)
    return {
        team: [of_sprint(by_start[start]) for start in sorted(by_start)][-most:]
        for team, by_start in found.items()
    }


def team_table(
    standings: Sequence[TeamStanding],
    columns: Sequence[Target],
    plan: Plan,
    lasts: Marks,
    now: datetime,
) -> TeamTable:
    """Return a row for each of the teams, in their order."""
    lasts_known = [each.last_finished for each in standings if each.last_finished]
    whole = [words.sprint_days(found.sprint, plan.zone) for found in lasts_known]
    once = len(set(whole)) == 1
    year = f" {now.astimezone(plan.zone).year}"
    said = f", {whole[0]}" if once else ""

    def days(each: TeamStanding) -> ValueCell | None:
        return None if once or not whole else _days(each, plan, year)

    return TeamTable(
        f"{words.count(len(standings), 'team')} from A to Z, each with its last finished sprint"
        + said,
        tuple(columns),
        grouped=any(each.team.group for each in standings),
        dated=bool(whole) and not once,
        rows=tuple(_row(each, columns, days, lasts) for each in standings),
    )


def status_of(each: TeamStanding, result: Result | None, target: Target) -> Status | None:
    """Return the status of a target in the last finished sprint; None where there is none yet."""
    return result.status if result else dict(each.without_sprint).get(target.id)


def result_of(each: TeamStanding, target: Target) -> Result | None:
    """Return a target's result in the last finished sprint; None where there is none."""
    found = each.last_finished.results if each.last_finished else ()
    return next((result for result in found if result.target == target.id), None)


def _row(
    each: TeamStanding,
    columns: Sequence[Target],
    days: Callable[[TeamStanding], ValueCell | None],
    lasts: Marks,
) -> TeamRow:
    team = each.team
    return TeamRow(
        team=team.id,
        name=team.name,
        href=links.team(team.id),
        group=team.group or "No group",
        days=days(each),
        values=tuple(_value(each, target) for target in columns),
        so_far=_so_far(each, columns),
        marks=marks(lasts.get(team.id, ())),
        data=_data(each),
    )


def _days(each: TeamStanding, plan: Plan, year: str) -> ValueCell:
    if each.last_finished is None:
        return ValueCell("Not known" if each.unreadable else _NO_SPRINT)
    sprint = each.last_finished.sprint
    said = words.sprint_days(sprint, plan.zone).removesuffix(year)
    return ValueCell(said, links.sprint(each.team.id, sprint.id), f"Team {each.team.name}")


def _value(each: TeamStanding, target: Target) -> ValueCell:
    result = result_of(each, target)
    status = status_of(each, result, target)
    if status is None:
        if each.nothing_read:
            return ValueCell(_NOT_READ)
        return ValueCell(_NO_SPRINT if each.last_finished is None else "Not worked out")
    if result is None:
        return ValueCell("", tag=tag(status, stretch=target.stretch))
    known = result.value is not None and result.minimum is not None
    text = f"{result.value:,} of {result.minimum:,}" if known else "Why"
    hidden = f"{target.title}, team {each.team.name}"
    return ValueCell(text, links.result(result), hidden, tag(status, stretch=target.stretch))


def _so_far(each: TeamStanding, columns: Sequence[Target]) -> ValueCell:
    """This sprint in words: it has no status before it is over."""
    going = each.current or each.just_closed
    if going is None:
        return ValueCell(_NOT_READ if each.nothing_read else "No sprint going on")
    shown = {target.id for target in columns}
    asked = [r for r in going.results if r.target in shown and r.status not in _NOT_COUNTED]
    met = sum(1 for r in asked if r.status is Status.MET)
    said = f"{met:,} of {len(asked):,} met already" if met else "None met yet"
    if len(asked) == 1:
        said = "Met already" if met else "Not yet"
    href = links.sprint(going.results[0].team, going.sprint.id)
    hidden = f"in sprint {going.sprint.name}, team {each.team.name}"
    return ValueCell(said if asked else "Nothing asked", href, hidden)


def _data(each: TeamStanding) -> ValueCell:
    if not source_ids(each.team):
        return ValueCell("Not set up")
    missing = len({gap.source for gap in each.gaps})
    href = links.data_of(each.team.id)
    hidden = f"of team {each.team.name}"
    if each.nothing_read:
        return ValueCell(_NOT_READ, href, hidden)
    if missing:
        return ValueCell(f"{missing:,} to fix", href, f"for team {each.team.name}")
    return ValueCell("All read")
