"""What is known: one team's facts, as far as they count under the plan, each once and in order."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from evaluator.history import History, history
from evaluator.model.facts import Coverage, Facts, StatusCategory, Ticket
from evaluator.model.plan import BoardSource, Plan, RepositorySource, Source, Team, TicketSource
from evaluator.timeline import Timeline

_T = TypeVar("_T")
_MAY_BE_DONE = (StatusCategory.DONE, StatusCategory.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CompleteRead:
    """A read that closed: when it started, and how far back it went."""

    since: datetime
    started: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A team's facts, ready to be asked window by window.

    `reads` holds, by source id, the last complete read where it is valid under the plan; only
    such a source has a history (by repository) or moves (by source id: tickets by each of their
    moves to a status that is Done, or that Jira no longer knows).
    """

    coverage: Mapping[str, Coverage]
    reads: Mapping[str, CompleteRead]
    histories: Mapping[str, History]
    moves: Mapping[str, Timeline[Ticket]]


def know(team: Team, plan: Plan, facts: Facts) -> Known:
    """Return what the facts say of the team's sources under the plan's configuration.

    Order and repetition in `facts` do not matter; facts of other sources are ignored.
    """
    coverage = {one.source: one for one in facts.coverage}
    reached = _grouped(facts.reached, lambda one: one.commit.repository)
    events = _grouped(facts.events, lambda event: event.repository)
    tickets = _grouped(facts.tickets, lambda ticket: ticket.source)
    reads: dict[str, CompleteRead] = {}
    histories: dict[str, History] = {}
    moves: dict[str, Timeline[Ticket]] = {}
    for source in sources_of(team, plan):
        read = _complete_read(source, coverage.get(source.id))
        if read is None:
            continue
        reads[source.id] = read
        if isinstance(source, RepositorySource):
            name = source.repository
            histories[name] = history(source, read.since, events[name], reached[name])
        elif isinstance(source, TicketSource):
            moves[source.id] = _moves(tickets[source.id])
    return Known(coverage, reads, histories, moves)


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
    return CompleteRead(coverage.since, coverage.read_started)


def _moves(tickets: Iterable[Ticket]) -> Timeline[Ticket]:
    once = {ticket.issue_id: ticket for ticket in tickets}
    moves = [
        (change.at, ticket)
        for ticket in once.values()
        for change in ticket.changes
        if change.to_category in _MAY_BE_DONE
    ]
    return Timeline(sorted(moves, key=lambda move: (move[0], move[1].issue_id)))


def _grouped(
    things: Iterable[_T], key: Callable[[_T], Hashable]
) -> defaultdict[Hashable, list[_T]]:
    groups: defaultdict[Hashable, list[_T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups
