"""One team's facts, as far as they count under the plan, each once and in order."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import TypeVar

from evaluator.delivery_history import DeliveryHistory, delivery_history
from evaluator.model.delivery import Delivery, each_once
from evaluator.model.facts import Coverage, Facts, Gone, StatusCategory, StatusChange, Ticket
from evaluator.model.plan import Plan, RepositorySource, Source, Team, TicketSource
from evaluator.taken_names import Taken, taken_names
from evaluator.ticket_witness import first_done
from evaluator.timeline import Timeline

_T = TypeVar("_T")
_AT_ONCE = timedelta(minutes=1)  # automation may resolve a ticket as it is made
_OPEN = (StatusCategory.TO_DO, StatusCategory.IN_PROGRESS)
_MAY_BE_DONE = (StatusCategory.DONE, StatusCategory.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CompleteRead:
    """A read that closed: when it started and finished, and how far back it went."""

    since: datetime
    started: datetime
    finished: datetime


@dataclass(frozen=True, slots=True)
class UndatedDone:
    """A ticket that is or was Done, and no move of it says since when: it moved after < t <= until.

    `left` is whether it was Done no more after `until`.
    """

    ticket: Ticket
    after: datetime
    until: datetime
    left: bool = False


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team's facts by source, in order of time, as measures look windows up in them.

    `reads` holds, by source id, the last complete read where it is valid under the plan; only
    such a source has a history (by repository, and key of the delivery) or moves (by source id:
    tickets by each of their moves to a status that is Done, or that Jira no longer knows).
    `undated` are tickets that came to be Done without a move that says when; `resolved_open` those
    with a resolution in a status that is not Done, by their newest move. `first_done` says by
    source id since when tickets are shown that are Done, where any is; `without_tickets` are the
    sources that hold none. `gone` are tickets that were open and left their source, nobody can tell
    how: in order of key. `taken` are, by source id, the names that once meant another source,
    `resolutions` those of its tickets, and `tickets` those of them that have, or had, a label that
    is kept, or a link.
    """

    coverage: Mapping[str, Coverage]
    reads: Mapping[str, CompleteRead]
    histories: Mapping[tuple[str, str], DeliveryHistory]
    moves: Mapping[str, Timeline[Ticket]]
    undated: Mapping[str, Sequence[UndatedDone]]
    resolved_open: Mapping[str, Timeline[Ticket]]
    first_done: Mapping[str, datetime]
    without_tickets: frozenset[str]
    gone: Mapping[str, Sequence[Ticket]]
    taken: Mapping[str, Taken]
    resolutions: Mapping[str, frozenset[str]]
    tickets: Mapping[str, Sequence[Ticket]]


def team_facts(team: Team, plan: Plan, facts: Facts) -> TeamFacts:
    """Return what the facts say of the team's sources under the plan's configuration.

    Order and repetition in `facts` do not matter; facts of other sources are ignored.
    """
    coverage = {one.source: one for one in facts.coverage}
    reached = _grouped(facts.reached, lambda one: (one.commit.repository, one.delivery))
    events = _grouped(facts.events, lambda event: event.repository)
    others = _grouped(facts.others, lambda other: other.repository)
    tickets = _grouped(facts.tickets, lambda ticket: ticket.source)
    reads: dict[str, CompleteRead] = {}
    histories: dict[tuple[str, str], DeliveryHistory] = {}
    moves: dict[str, Timeline[Ticket]] = {}
    undated: dict[str, list[UndatedDone]] = {}
    resolved_open: dict[str, Timeline[Ticket]] = {}
    seen_done: dict[str, datetime] = {}
    without_tickets: set[str] = set()
    gone: dict[str, list[Ticket]] = {}
    resolutions: dict[str, frozenset[str]] = {}
    marked: dict[str, list[Ticket]] = {}
    for source in sources_of(team, plan):
        read = _complete_read(source, coverage.get(source.id))
        if read is None:
            continue
        reads[source.id] = read
        if isinstance(source, RepositorySource):
            name = source.repository
            unlisted = [o for o in others[name] if not source.lists(o.kind, o.example)]
            for delivery in deliveries_of(team, name):
                of = (name, delivery.key)
                histories[of] = delivery_history(
                    delivery,
                    plan.zone,
                    events[name],
                    reached[of],
                    since=read.since,
                    read_until=read.finished,
                    others=unlisted,
                )
        elif isinstance(source, TicketSource):
            once = {ticket.issue_id: ticket for ticket in tickets[source.id]}
            moves[source.id] = _moves(once.values())
            undated[source.id] = sorted(
                (found for each in once.values() for found in _undated(each)),
                key=lambda found: (found.ticket.key, found.after),
            )
            resolved_open[source.id] = _resolved_open(once.values())
            gone[source.id] = sorted(filter(_is_gone, once.values()), key=attrgetter("key"))
            named = (ticket.resolution for ticket in once.values() if ticket.resolution)
            resolutions[source.id] = frozenset(named)
            marked[source.id] = [t for t in once.values() if t.labels or t.label_changes or t.links]
            if (first := first_done(source, once.values())) is not None:
                seen_done[source.id] = first
            if not once:
                without_tickets.add(source.id)
    return TeamFacts(
        coverage,
        reads,
        histories,
        moves,
        undated,
        resolved_open,
        seen_done,
        frozenset(without_tickets),
        gone,
        taken_names(facts.coverage),
        resolutions,
        marked,
    )


def deliveries_of(team: Team, repository: str, day: date | None = None) -> list[Delivery]:
    """Return how the team's entries of a repository ship, on a day or ever, each once."""
    return each_once(
        entry.delivery
        for entry in team.repositories
        if entry.repository == repository and (day is None or day in entry.days)
    )


def sources_of(team: Team, plan: Plan) -> list[Source]:
    """Return every source that the team has on any day, its board last."""
    names = {entry.repository for entry in team.repositories}
    repositories = [source for source in plan.sources if source.repository in names]
    return [*repositories, *(entry.tickets for entry in team.jira), *team.boards]


def _complete_read(source: Source, coverage: Coverage | None) -> CompleteRead | None:
    if (
        coverage is None
        or coverage.since is None
        or coverage.read_started is None
        or coverage.fingerprint != source.fingerprint
    ):
        return None
    finished = coverage.read_finished or coverage.read_started
    return CompleteRead(coverage.since, coverage.read_started, finished)


def _moves(tickets: Iterable[Ticket]) -> Timeline[Ticket]:
    moves = [
        (change.at, ticket)
        for ticket in tickets
        for change in ticket.changes
        if change.to_category in _MAY_BE_DONE
    ]
    return Timeline(sorted(moves, key=lambda move: (move[0], move[1].issue_id)))


def _resolved_open(tickets: Iterable[Ticket]) -> Timeline[Ticket]:
    found = [
        (max(change.at for change in ticket.changes), ticket)
        for ticket in tickets
        if ticket.resolution and ticket.changes and ticket.status_category in _OPEN
    ]
    return Timeline(sorted(found, key=lambda move: (move[0], move[1].issue_id)))


def _is_gone(ticket: Ticket) -> bool:
    return ticket.gone in {Gone.UNSEEN, Gone.HIDDEN}


def _undated(ticket: Ticket) -> Iterator[UndatedDone]:
    """Yield when a ticket came to be Done by a move that Jira's change log does not show.

    One without any move was made in Done, unless it was resolved only later. One that was
    Done before its first move, and left, came there unseen, unless it was resolved as it was made.
    What nobody knows the meaning of is among the moves.
    """
    changes = sorted(ticket.changes, key=lambda change: change.at)
    if changes and changes[0].from_category is StatusCategory.DONE and not _made_done(ticket):
        here = max(filter(None, (ticket.created, ticket.here_since)))
        until = next((c.at for c in changes if c.to_category not in _MAY_BE_DONE), here)
        if here < until:
            yield UndatedDone(ticket, here, until, left=True)
    for before, after in pairwise(changes):
        if _came_unseen(before, after):
            left = after.to_category not in _MAY_BE_DONE
            yield UndatedDone(ticket, before.at, after.at, left=left)
    if ticket.status_category is not StatusCategory.DONE:
        return
    if changes and changes[-1].to_category not in _MAY_BE_DONE:
        yield UndatedDone(ticket, changes[-1].at, ticket.updated)
    elif not changes and ticket.resolved_at and not _made_done(ticket):
        yield UndatedDone(ticket, ticket.created, ticket.updated)


def _made_done(ticket: Ticket) -> bool:
    """Whether the ticket was resolved as it was made."""
    return ticket.resolved_at is not None and ticket.resolved_at - ticket.created <= _AT_ONCE


def _came_unseen(before: StatusChange, after: StatusChange) -> bool:
    """Whether between two moves lies one to Done that is lost: they do not fit together."""
    known = before.to_id and after.from_id  # after a migration an id may be missing
    return (
        bool(known)
        and before.to_id != after.from_id
        and before.to_category is not StatusCategory.DONE
        and after.from_category in _MAY_BE_DONE
    )


def _grouped(
    things: Iterable[_T], key: Callable[[_T], Hashable]
) -> defaultdict[Hashable, list[_T]]:
    groups: defaultdict[Hashable, list[_T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups
