"""All teams: one sentence that answers, whom to look at, then a table from A to Z.

Nothing is sorted by result.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.presenters.all_teams_summary import summary_of
from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.freshness import Freshness, freshness
from api.pages.presenters.result import target_title
from api.pages.presenters.team_rows import TeamTable, marks_of, team_table
from api.pages.presenters.to_look_at import ToLookAt, history_of, to_look_at
from evaluator.lineage import line_of
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan, Target, Team
from evaluator.model.results import PastStatus, Result
from evaluator.team_standing import TeamStanding, needed_ids, team_standings

LAST = 6  # finished sprints
STRETCH_TOO = "stretch"


@dataclass(frozen=True, slots=True)
class AllTeams:
    """Everything on the page."""

    summary: tuple[str, ...]
    unknown: tuple[str, ...]  # what was asked for and does not exist
    freshness: Freshness
    look: tuple[ToLookAt, ...]
    table: TeamTable
    to_fix: str  # how many sources there are, empty where there is none
    asked: tuple[tuple[str, str], ...]  # the targets shown, each with its address
    groups: tuple[links.Choice, ...]
    targets: tuple[links.Choice, ...]
    names: tuple[str, ...]  # of every team that can be found
    team: str  # what was typed to find one
    only_look: bool
    narrowed: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is narrowed to. Empty is everything."""

    group: str = ""
    target: str = ""
    team: str = ""
    only_look: bool = False


def all_teams(
    plan: Plan,
    results: Sequence[Result],
    coverage: Mapping[str, Coverage],
    now: datetime,
    asked: Asked,
    *,
    past: Sequence[PastStatus] = (),
) -> AllTeams:
    """Return the page at `now`, narrowed to what is asked for as far as there is such a thing.

    `past` are the statuses of the last finished sprints.
    """
    today = now.astimezone(plan.zone).date()
    active = sorted(
        (team for team in plan.teams if today in team.active), key=lambda t: t.name.casefold()
    )
    known_groups = sorted({team.group for team in active if team.group})
    group = asked.group if asked.group in known_groups else ""
    columns, chosen = _columns(plan, asked.target)
    of_group = [team for team in active if group in ("", team.group)]
    shown = _of_name(of_group, asked.team) or of_group
    found = team_standings(shown, plan, results, coverage, now)
    past = list(_with_former(past, shown, plan))
    look = to_look_at(found, [t for t in columns if not t.stretch], history_of(past))
    to_fix = {gap.source for each in found for gap in each.gaps}
    needed = needed_ids(*shown, today=today)
    return AllTeams(
        summary=summary_of(found, columns, group),
        unknown=_unknown(asked, group, chosen, shown, of_group),
        freshness=freshness([coverage[s] for s in needed if s in coverage], plan, now),
        look=look,
        table=team_table(
            _only(found, look) if asked.only_look else found,
            columns,
            plan,
            marks_of(past, columns, LAST),
            now,
        ),
        to_fix=words.count(len(to_fix), "source") if to_fix else "",
        asked=tuple((t.title, links.target(t.id)) for t in columns),
        groups=_choices("All groups", [(name, name) for name in known_groups], group),
        targets=_targets(plan, chosen),
        names=tuple(team.name for team in active),
        team=asked.team if shown is not of_group else "",
        only_look=asked.only_look,
        narrowed=bool(group or chosen or asked.only_look or shown is not of_group),
    )


def _columns(plan: Plan, target: str) -> tuple[list[Target], str]:
    """The targets that are shown, and what of the choices that is."""
    for each in plan.targets:
        if each.id == target:
            return [each], target
    expected = [each for each in plan.targets if not each.stretch]
    if target == STRETCH_TOO and len(expected) < len(plan.targets):
        return list(plan.targets), target
    return expected or list(plan.targets), ""


def _of_name(teams: Sequence[Team], typed: str) -> list[Team]:
    wanted = typed.strip().casefold()
    if not wanted:
        return []
    return [team for team in teams if wanted in team.name.casefold() or wanted == team.id]


def _unknown(
    asked: Asked, group: str, chosen: str, shown: Sequence[Team], of_group: Sequence[Team]
) -> tuple[str, ...]:
    unmet = (
        ("group", asked.group and not group),
        ("target", asked.target and not chosen),
        ("team", asked.team.strip() and shown is of_group),
    )
    return tuple(f"There is no {kind} of that name, so all are shown." for kind, no in unmet if no)


def _with_former(
    past: Iterable[PastStatus], teams: Collection[Team], plan: Plan
) -> Iterator[PastStatus]:
    """Yield the statuses of the teams, with those of the teams whose past is theirs."""
    if not any(team.continues for team in teams):
        wanted = {team.id for team in teams}
        yield from (each for each in past if each.team in wanted)
        return
    by_team: dict[str, list[PastStatus]] = {}
    for each in past:
        by_team.setdefault(each.team, []).append(each)
    for team in teams:
        own, *former = line_of(team, plan)
        found = by_team.get(own, [])
        for before in former:
            starts = {each.start for each in found}
            more = [e for e in by_team.get(before, ()) if e.start not in starts]
            found = [each._replace(team=own) for each in more] + found
        yield from found


def _only(found: Iterable[TeamStanding], look: Iterable[ToLookAt]) -> list[TeamStanding]:
    wanted = {each.team for each in look}
    return [each for each in found if each.team.id in wanted]


def _targets(plan: Plan, chosen: str) -> tuple[links.Choice, ...]:
    choices = [(t.id, target_title(t)) for t in plan.targets]
    if not any(t.stretch for t in plan.targets):
        return _choices("All targets", choices, chosen)
    return _choices(
        "All that are asked", [(STRETCH_TOO, "All, stretch targets too"), *choices], chosen
    )


def _choices(
    everything: str, choices: Iterable[tuple[str, str]], chosen: str
) -> tuple[links.Choice, ...]:
    first = links.Choice("", everything, selected=not chosen)
    return (first, *(links.Choice(value, text, value == chosen) for value, text in choices))
