"""Where teams meet: open work of one that waits with another's, and repositories of both.

It is for the two to talk about: nobody is said to be late, and nothing is counted for or against.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from evaluator.model.facts import Ticket, TicketLink
from evaluator.model.plan import Plan, Team
from evaluator.model.source_id import SourceId
from evaluator.model.ticket_labels import plain
from evaluator.retro_actions import OPEN, is_open

_BLOCKS = "blocks"  # Jira's type of link, without case


class MeetingKind(StrEnum):
    """What two teams have between them, in the order in which it is told."""

    RETRO_ACTION = "retro_action"  # that needs the other team
    TICKETS = "tickets"  # one waits for the other
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True, order=True)
class MeetingItem:
    """One thing: the keys of tickets on a Jira `site`, the first team's first; or a repository."""

    kind: MeetingKind
    names: tuple[str, ...]
    site: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two teams, from A to Z, and what is between them; of one team where nobody said which."""

    teams: tuple[Team, ...]
    items: tuple[MeetingItem, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One end of a link: whose it is, and whether it is open."""

    ident: tuple[str, str]
    key: str
    teams: frozenset[str]
    open: bool


def where_teams_meet(plan: Plan, tickets: Iterable[Ticket], today: date) -> list[Meeting]:
    """Return each pair of teams with something between them, from A to Z; single teams last.

    `tickets` are the open ones that are linked to others or need another team, and what is known
    of those others. A ticket that two teams share is between neither of them and anybody else.
    """
    found: dict[tuple[str, ...], dict[object, MeetingItem]] = {}
    world = _World(plan, tickets, today)
    for pair, ident, item in (*world.actions(), *world.waiting(), *world.repositories()):
        found.setdefault(pair, {}).setdefault(ident, item)
    teams = {team.id: team for team in plan.teams}
    met = [
        Meeting(tuple(teams[one] for one in pair), tuple(sorted(set(items.values()), key=_place)))
        for pair, items in found.items()
    ]
    return sorted(met, key=lambda one: (-len(one.teams), *map(_name, one.teams)))


def of_team(meetings: Iterable[Meeting], team_id: str) -> list[Meeting]:
    """Return those of them that are of one team, or all where it is empty."""
    return [m for m in meetings if not team_id or team_id in {team.id for team in m.teams}]


_Found = Iterator[tuple[tuple[str, ...], object, MeetingItem]]


class _World:
    """The tickets and teams of one day."""

    def __init__(self, plan: Plan, tickets: Iterable[Ticket], today: date) -> None:
        self._plan = plan
        self._teams = {team.id: team for team in plan.teams if today in team.active}
        self._today = today
        self._by_source: dict[str, set[str]] = {}
        self._by_project: dict[tuple[str, str], set[str]] = {}
        for team in self._teams.values():
            for source in (entry.tickets for entry in team.jira if today in entry.days):
                self._by_source.setdefault(source.id, set()).add(team.id)
                if source.project:
                    project = (source.site, source.project)
                    self._by_project.setdefault(project, set()).add(team.id)
        self._known: dict[tuple[str, str], list[Ticket]] = {}
        for ticket in tickets:
            ident = (SourceId.parse(ticket.source).site, ticket.issue_id)
            self._known.setdefault(ident, []).append(ticket)
        self._sides = {ident: self._side(ident, known) for ident, known in self._known.items()}

    def actions(self) -> _Found:
        """Yield the open retro actions that need another team, with each team that a link names."""
        for (site, _), known in self._known.items():
            side = self._sides[site, known[0].issue_id]
            if not side.open or not any(map(self._needs_other_team, known)):
                continue
            between = [
                (pair, other)
                for ticket in known
                for link in ticket.links
                if (other := self._other(site, link)).open
                for pair in self._pairs(side, other)
            ]
            for pair, other in sorted(between, key=lambda found: found[1].key):
                keys = self._in_order(pair, side, other)
                yield pair, side.ident, MeetingItem(MeetingKind.RETRO_ACTION, keys, site)
            if not between:
                for team in side.teams:
                    alone = MeetingItem(MeetingKind.RETRO_ACTION, (side.key,), site)
                    yield (team,), side.ident, alone

    def waiting(self) -> _Found:
        """Yield each two open tickets of which one blocks the other, whichever of them says so."""
        actions = {(pair, ident) for pair, ident, _ in self.actions()}
        for (site, _), known in self._known.items():
            side = self._sides[site, known[0].issue_id]
            for link in (link for ticket in known for link in ticket.links if side.open):
                other = self._other(site, link)
                if link.type.casefold() != _BLOCKS or not other.open:
                    continue
                for pair in self._pairs(side, other):
                    if not actions & {(pair, side.ident), (pair, other.ident)}:
                        keys = self._in_order(pair, side, other)
                        item = MeetingItem(MeetingKind.TICKETS, keys, site)
                        yield pair, frozenset({side.ident, other.ident}), item

    def repositories(self) -> _Found:
        """Yield each repository that two teams look after, in whichever folders."""
        owners: dict[str, set[str]] = {}
        for team in self._teams.values():
            for entry in (one for one in team.repositories if self._today in one.days):
                owners.setdefault(entry.repository, set()).add(team.id)
        for repository, teams in owners.items():
            for one, other in combinations(teams, 2):
                item = MeetingItem(MeetingKind.REPOSITORY, (repository,))
                yield self._sorted(one, other), repository, item

    def _side(self, ident: tuple[str, str], known: Collection[Ticket]) -> _Side:
        listed = [ticket for ticket in known if is_open(ticket)]
        teams = {team for t in listed or known for team in self._by_source.get(t.source, ())}
        key = max(listed or known, key=lambda ticket: ticket.updated).key
        return _Side(ident, key, frozenset(teams), open=bool(listed))

    def _other(self, site: str, link: TicketLink) -> _Side:
        """Return the other end: as it is known, else as it stood when the link was read."""
        ident = (site, link.issue_id)
        if ident in self._sides:
            return self._sides[ident]
        teams = self._by_project.get((site, link.key.rpartition("-")[0]), set())
        return _Side(ident, link.key, frozenset(teams), open=link.status_category in OPEN)

    def _pairs(self, side: _Side, other: _Side) -> list[tuple[str, ...]]:
        """Return the pairs of teams that two tickets lie between: none where a team has both."""
        if side.teams & other.teams:
            return []
        return [self._sorted(one, two) for one in side.teams for two in other.teams]

    def _sorted(self, *teams: str) -> tuple[str, ...]:
        return tuple(sorted(teams, key=lambda team: _name(self._teams[team])))

    @staticmethod
    def _in_order(pair: tuple[str, ...], side: _Side, other: _Side) -> tuple[str, ...]:
        first, second = (side, other) if pair[0] in side.teams else (other, side)
        return first.key, second.key

    def _needs_other_team(self, ticket: Ticket) -> bool:
        names = self._plan.labels
        return {plain(names.retro_action), plain(names.needs_other_team)} <= set(ticket.labels)


def _name(team: Team) -> tuple[str, str]:
    return team.name.casefold(), team.id


def _place(item: MeetingItem) -> tuple[int, list[tuple[str, int, str]]]:
    return list(MeetingKind).index(item.kind), [_natural(name) for name in item.names]


def _natural(name: str) -> tuple[str, int, str]:
    """Return what sorts HER-9 before HER-10."""
    project, _, number = name.rpartition("-")
    return (project, int(number), name) if number.isdecimal() else (name, 0, name)
