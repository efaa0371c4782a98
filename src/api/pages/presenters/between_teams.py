"""Where teams meet: for two teams to talk about, from A to Z, with no order of who has more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.pages.presenters.parts import links, words
from evaluator.model.plan import Plan, Team
from evaluator.where_teams_meet import Meeting, MeetingItem, MeetingKind, of_team


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One thing between teams: words, then what it is about, each with its link."""

    says: str
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MeetingView:
    """What is between two teams, or of one where nobody said with which."""

    ident: str
    title: str
    lines: tuple[MeetingLine, ...]


@dataclass(frozen=True, slots=True)
class BetweenTeams:
    """Everything on the page."""

    title: str
    summary: str
    unknown: str  # what was asked for and does not exist
    teams: tuple[links.Choice, ...]
    pairs: tuple[MeetingView, ...]
    alone: tuple[MeetingView, ...]
    narrowed: bool
    retro_action: str  # what the organisation calls its labels
    needs_other_team: str


def between_teams(
    plan: Plan, teams: Sequence[Team], meetings: Sequence[Meeting], *, team: str = ""
) -> BetweenTeams:
    """Return the page of the `teams` of today, narrowed to one of them where that exists."""
    names = {each.id: each.name for each in teams}
    chosen = team if team in names else ""
    shown = of_team(meetings, chosen)
    pairs = tuple(_view(one, plan) for one in shown if len(one.teams) > 1)
    return BetweenTeams(
        title=f"Where team {names[chosen]} meets others" if chosen else "Where teams meet",
        summary=_summary(len(pairs), names.get(chosen, "")),
        unknown="There is no team of that name, so all are shown." if team != chosen else "",
        teams=_choices(teams, chosen),
        pairs=pairs,
        alone=tuple(_view(one, plan) for one in shown if len(one.teams) == 1),
        narrowed=bool(chosen),
        retro_action=plan.labels.retro_action,
        needs_other_team=plan.labels.needs_other_team,
    )


def _summary(pairs: int, team: str) -> str:
    if team:
        return f"{team} has something to talk about with {words.count(pairs, 'other team')}."
    have = "has" if pairs == 1 else "have"
    return f"{words.count(pairs, 'pair')} of teams {have} something to talk about together."


def _view(meeting: Meeting, plan: Plan) -> MeetingView:
    teams = words.listed([team.name for team in meeting.teams])
    return MeetingView(
        "-".join(team.id for team in meeting.teams),
        f"{teams}: {words.count(len(meeting.items), 'item')}",
        tuple(_line(item, plan) for item in meeting.items),
    )


def _line(item: MeetingItem, plan: Plan) -> MeetingLine:
    if item.kind is MeetingKind.REPOSITORY:
        (name,) = item.names
        return MeetingLine("Shared repository", ((name, f"{plan.github_html}/{name}"),))
    tickets = tuple((f"ticket {key}", links.ticket(plan, item.site, key)) for key in item.names)
    if item.kind is MeetingKind.TICKETS:
        return MeetingLine("Waiting between", tickets)
    return MeetingLine("Retro action for both" if len(tickets) > 1 else "Retro action", tickets)


def _choices(teams: Iterable[Team], chosen: str) -> tuple[links.Choice, ...]:
    by_name = sorted(teams, key=lambda team: team.name.casefold())
    return (
        links.Choice("", "All teams", selected=not chosen),
        *(links.Choice(team.id, team.name, team.id == chosen) for team in by_name),
    )
