"""Flow: what work of one team is open, how long tickets took, and what kind of work was done.

For that team alone to look at: nothing here is ever set beside another team's.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from evaluator.counted_tickets import done_at, why_not_done, why_not_work
from evaluator.model.facts import StatusCategory, Ticket
from evaluator.model.plan import LeaveOut, Team
from evaluator.model.results import Sprint
from evaluator.model.source_id import SourceId
from evaluator.model.ticket_labels import KINDS

_WEEK = timedelta(days=7)
AGES = (
    ("under a week", _WEEK),
    ("1 to 4 weeks", 4 * _WEEK),
    ("4 to 13 weeks", 13 * _WEEK),
    ("over 13 weeks", timedelta.max),
)
OTHER = "other"
_OPEN = (StatusCategory.TO_DO, StatusCategory.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Flow:
    """`open` counts open tickets by category and age since they were made, an `AGES` name.

    `cycle_time` is the median time from the first move into progress until Done, of `timed` of
    the `done` tickets that moved to Done in the sprints; None where none was timed. `kinds` counts
    those by kind. `oldest` keys are the tickets in progress that were made first. `planned` are the
    open ones of a sprint that has not begun, and `carried_over` those in progress that were so when
    the last of the sprints ended: both by when they were made.
    """

    open: dict[tuple[StatusCategory, str], int]
    oldest: tuple[Ticket, ...]
    cycle_time: timedelta | None
    timed: int
    done: int
    kinds: dict[str, int]
    planned: tuple[Ticket, ...] = ()
    carried_over: tuple[Ticket, ...] = ()


def flow(team: Team, tickets: Iterable[Ticket], sprints: Sequence[Sprint], now: datetime) -> Flow:
    """Return the flow of a team's `tickets` at `now`, done ones by the windows of `sprints`.

    Configured types, sub-tasks and resolutions are left out, as they are from its results; what
    left its source is no open work.
    """
    outs = {entry.tickets.id: entry.leave_out for entry in team.jira}
    work = [(t, out) for t in tickets if not why_not_work(t, out := outs.get(t.source, LeaveOut()))]
    listed = (t for t, _ in work if not t.gone)
    waiting = {_key(t): t for t in listed if t.status_category in _OPEN}.values()
    counting = {_key(t): t for t, out in work if not why_not_done(t, out)}
    done = [
        (ticket, at)
        for ticket in counting.values()
        if (at := done_at(ticket)) and any(s.start <= at < s.end for s in sprints)
    ]
    times = [
        (at - began).total_seconds()
        for ticket, at in done
        if (began := _began_at(ticket)) and began <= at
    ]
    under_way = [t for t in waiting if t.status_category is StatusCategory.IN_PROGRESS]
    return Flow(
        open=dict(Counter((t.status_category, _age(now - t.created)) for t in waiting)),
        oldest=_by_age(under_way),
        cycle_time=timedelta(seconds=median(times)) if times else None,
        timed=len(times),
        done=len(done),
        kinds=dict(Counter(_kind(ticket) for ticket, _ in done)),
        planned=_by_age(t for t in waiting if t.planned),
        carried_over=_by_age(t for t in under_way if sprints and _begun_by(t, sprints[-1].end)),
    )


def _key(ticket: Ticket) -> tuple[str, str]:
    """Return what tells a ticket from all others: two sites may each have one of the same id."""
    return SourceId.parse(ticket.source).site, ticket.issue_id


def _by_age(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    return tuple(sorted(tickets, key=lambda ticket: (ticket.created, ticket.key)))


def _begun_by(ticket: Ticket, end: datetime) -> bool:
    """Whether the ticket was in progress at an instant, or had been made so by then."""
    moves = sorted(ticket.changes, key=lambda change: change.at)
    past = [change for change in moves if change.at < end]
    if past:
        return past[-1].to_category is StatusCategory.IN_PROGRESS
    first = moves[0].from_category if moves else ticket.status_category
    return ticket.created < end and first is StatusCategory.IN_PROGRESS


def _age(age: timedelta) -> str:
    return next(name for name, limit in AGES if age < limit)


def _began_at(ticket: Ticket) -> datetime | None:
    moves = (c.at for c in ticket.changes if c.to_category is StatusCategory.IN_PROGRESS)
    return min(moves, default=None)


def _kind(ticket: Ticket) -> str:
    labels = {label.casefold() for label in ticket.labels} | {ticket.type.casefold()}
    return next((kind for kind, names in KINDS.items() if names & labels), OTHER)
