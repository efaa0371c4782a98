"""One team's facts, as far as they count under the plan, each once and in order."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from evaluator.delivery_history import DeliveryHistory, delivery_history
from evaluator.model.facts import Coverage, Facts, StatusCategory, Ticket
from evaluator.model.plan import BoardSource, Plan, RepositorySource, Source, Team, TicketSource
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
    """A ticket that is Done, and no move of it says since when: it moved after < t <= until."""

    ticket: Ticket
    after: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team's facts by source, in order of time, as measures look windows up in them.

    `reads` holds, by source id, the last complete read where it is valid under the plan; only
    such a source has a history (by repository) or moves (by source id: tickets by each of their
    moves to a status that is Done, or that Jira no longer knows). `undated` are tickets that came
    to be Done without a move that says when; `resolved_open` those with a resolution in a status
    that is not Done, by their newest move. `first_done` says by source id since when tickets are
    shown that are Done, where any is; `without_tickets` are the sources that hold none. `taken`
    are, by source id, the names that once meant another source.
    """

    coverage: Mapping[str, Coverage]
    reads: Mapping[str, CompleteRead]
    histories: Mapping[str, DeliveryHistory]
    moves: Mapping[str, Timeline[Ticket]]
    undated: Mapping[str, Sequence[UndatedDone]]
    resolved_open: Mapping[str, Timeline[Ticket]]
    first_done: Mapping[str, datetime]
    without_tickets: frozenset[str]
    taken: Mapping[str, Taken]


def team_facts(team: Team, plan: Plan, facts: Facts) -> TeamFacts:
    """Return what the facts say of the team's sources under the plan's configuration.

    Order and repetition in `facts` do not matter; facts of other sources are ignored.
    """
    coverage = {one.source: one for one in facts.coverage}
    reached = _grouped(facts.reached, lambda one: one.commit.repository)
    events = _grouped(facts.events, lambda event: event.repository)
    others = _grouped(facts.others, lambda other: other.repository)
    tickets = _grouped(facts.tickets, lambda ticket: ticket.source)
    reads: dict[str, CompleteRead] = {}
    histories: dict[str, DeliveryHistory] = {}
    moves: dict[str, Timeline[Ticket]] = {}
    undated: dict[str, list[UndatedDone]] = {}
    resolved_open: dict[str, Timeline[Ticket]] = {}
    seen_done: dict[str, datetime] = {}
    without_tickets: set[str] = set()
    for source in sources_of(team, plan):
        read = _complete_read(source, coverage.get(source.id))
        if read is None:
            continue
        reads[source.id] = read
        if isinstance(source, RepositorySource):
            name = source.repository
            histories[name] = delivery_history(
                source,
                read.since,
                read.finished,
                events[name],
                reached[name],
                others=others[name],
            )
        elif isinstance(source, TicketSource):
            once = {ticket.issue_id: ticket for ticket in tickets[source.id]}
            moves[source.id] = _moves(once.values())
            undated[source.id] = [found for each in once.values() if (found := _undated(each))]
            resolved_open[source.id] = _resolved_open(once.values())
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
        taken_names(facts.coverage),
    )


def sources_of(team: Team, plan: Plan) -> list[Source]:
    """Return every source that the team has on any day, its board last."""
    names = {entry.repository for entry in team.repositories}
    repositories = [source for source in plan.sources if source.repository in names]
    board = [team.sprints] if isinstance(team.sprints, BoardSource) else []
    return [*repositories, *(entry.tickets for entry in team.jira), *board]


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


def _undated(ticket: Ticket) -> UndatedDone | None:
    """Return what Jira's change log does not show of a ticket that is Done.

    One without any move was made in Done, unless it was resolved only later. What nobody knows the
    meaning of is among the moves.
    """
    if ticket.status_category is not StatusCategory.DONE:
        return None
    if not ticket.changes:
        later = ticket.resolved_at and ticket.resolved_at - ticket.created > _AT_ONCE
        return UndatedDone(ticket, ticket.created, ticket.updated) if later else None
    newest = max(ticket.changes, key=lambda change: change.at)
    if newest.to_category in _MAY_BE_DONE:
        return None
    return UndatedDone(ticket, newest.at, ticket.updated)


def _grouped(
    things: Iterable[_T], key: Callable[[_T], Hashable]
) -> defaultdict[Hashable, list[_T]]:
    groups: defaultdict[Hashable, list[_T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups
