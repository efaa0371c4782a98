"""Tickets that moved to Done in a window, and of which nobody can tell whether they did."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluator.completeness import lost_gap
from evaluator.counted_tickets import is_unnamed, moves_to_done, why_not_done, why_not_work
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import StatusCategory, StatusChange, Ticket
from evaluator.model.plan import LeaveOut, TeamJira, TicketSource
from evaluator.model.results import Gap, GapKind, LeftOut
from evaluator.ticket_witness import hidden, left_unseen, left_unseen_gap, unproven
from evaluator.timeline import Timeline
from evaluator.wording import day_of

_DONE, _UNKNOWN = StatusCategory.DONE, StatusCategory.UNKNOWN
_CATEGORIES = {StatusCategory.TO_DO: "To do", StatusCategory.IN_PROGRESS: "In progress"}
_NOBODY_KNOWS = "its status is unknown to Jira"
_UNNAMED = "nobody can tell whether `leave_out` means it by a name that no ticket has"
_NOT_LISTED = "open when it was last listed; nobody can tell whether it was Done before it left"


@dataclass(frozen=True, slots=True)
class DoneTickets:
    """What moved to Done in a window: what counts, what does not, and what nobody can tell.

    `declined` are those that were dropped rather than done, by configuration; they are among
    `left_out` too. `undecided` has a gap for each ticket of which nobody can tell.
    """

    counted: Sequence["DoneMove"]
    declined: Sequence["DoneMove"]
    left_out: Sequence[LeftOut]
    undecided: Sequence[Gap]


@dataclass(frozen=True, slots=True)
class DoneMove:
    """A ticket's last move to Done in a span; `why_not` is empty where it counts.

    `doubt` is why nobody can tell whether it does. `url` is where people see the ticket.
    """

    ticket: Ticket
    source: TicketSource
    at: datetime
    why_not: str
    url: str
    declined: bool = False
    doubt: GapKind | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells the ticket from all others."""
        return self.source.site, self.ticket.issue_id

    def left_out(self, reason: str = "") -> LeftOut:
        """The move as what does not count, for a reason or its own."""
        return LeftOut(self.ticket.key, reason or self.why_not, self.url, self.at)


def tickets_of(context: MeasureContext) -> list[TeamJira]:
    """Return where the team's tickets are on the window's first day."""
    return [entry for entry in context.team.jira if context.window.first_day in entry.days]


def done_tickets(
    context: MeasureContext,
    entries: Sequence[TeamJira],
    wanted: Callable[[Ticket], bool] = lambda _: True,
) -> DoneTickets:
    """Return which of the `wanted` tickets moved to Done in the window, each once.

    Those count that were still Done at its end, which is `now` while it is open.
    """
    inside = _by_ticket(context, entries, context.inside, wanted)
    inside += _misplaced(context, entries, {move.key for move in inside}, wanted)
    left_out = [move.left_out() for move in inside if move.why_not]
    undecided = [
        lost_gap(move.doubt, move.source, move.ticket.key) for move in inside if move.doubt
    ]
    told = {move.key for move in inside if move.doubt or not move.why_not}
    for source, ticket in _not_shown(context, entries, told):
        if wanted(ticket):
            url = ticket_url(context, source, ticket)
            reason = "Jira does not show when it moved to Done"
            left_out.append(LeftOut(ticket.key, reason, url, None))
            undecided.append(lost_gap(GapKind.LOST_MOVE, source, ticket.key))
    elsewhere = {move.key for move in inside if not move.ticket.gone}
    for source, ticket in _left_unseen(context, entries, elsewhere):
        if wanted(ticket):
            left_out.append(LeftOut(ticket.key, _NOT_LISTED))
            undecided.append(left_unseen_gap(source))
    return DoneTickets(
        [move for move in inside if not move.why_not],
        [move for move in inside if move.declined],
        left_out,
        undecided,
    )


def between_sprints(context: MeasureContext, entries: Sequence[TeamJira]) -> Iterator[LeftOut]:
    """Yield what moved to Done after the window's end and before the next sprint."""
    for move in _by_ticket(context, entries, context.between_sprints, lambda _: True):
        if not move.why_not:
            day = day_of(move.at, context.plan.zone)
            yield move.left_out(f"between sprints: moved to Done on {day}")


def ticket_url(context: MeasureContext, source: TicketSource, ticket: Ticket) -> str:
    """Return where people see the ticket, or nothing where its site's address is not known."""
    return browse_url(context, source, ticket.key)


def browse_url(context: MeasureContext, source: TicketSource, key: str) -> str:
    """Return where people see the ticket of that site with this key, empty as above."""
    address = dict(context.plan.jira_html).get(source.site)
    return f"{address}/browse/{key}" if address else ""


def _by_ticket(
    context: MeasureContext,
    entries: Sequence[TeamJira],
    span: tuple[datetime, datetime],
    wanted: Callable[[Ticket], bool],
) -> list[DoneMove]:
    """Return each ticket's move once; where two sources show it, one that counts is preferred."""
    found: dict[tuple[str, str], DoneMove] = {}
    for entry in entries:
        for move in _moves(context, entry, span, wanted):
            key = move.key
            if key not in found or (found[key].why_not and not move.why_not):
                found[key] = move
    return list(found.values())


def _moves(
    context: MeasureContext,
    entry: TeamJira,
    span: tuple[datetime, datetime],
    wanted: Callable[[Ticket], bool],
) -> Iterator[DoneMove]:
    """Yield the last move to Done, or to a status that Jira no longer knows, of each ticket."""
    start, end = span
    resolutions = context.known.resolutions.get(entry.tickets.id, frozenset())
    candidates = context.known.moves.get(entry.tickets.id, Timeline()).between(start, end)
    for ticket in {t.issue_id: t for _, t in candidates if wanted(t)}.values():
        past = [c for c in sorted(ticket.changes, key=lambda c: c.at) if c.at < end]
        last = past[-1]
        arrivals = [c for c in past if c.at >= start and _arrives(c, last)]
        if arrivals:
            why_not = _why_not(ticket, entry.leave_out, arrivals[-1], last)
            doubt = GapKind.LOST_STATUS if why_not == _NOBODY_KNOWS else None
            if not why_not and is_unnamed(ticket, entry.leave_out, resolutions):
                why_not = f"its resolution is {ticket.resolution}; {_UNNAMED}"
                doubt = GapKind.UNNAMED
            declined = bool(why_not_done(ticket, entry.leave_out, last))
            url = ticket_url(context, entry.tickets, ticket)
            yield DoneMove(ticket, entry.tickets, arrivals[-1].at, why_not, url, declined, doubt)


def _misplaced(
    context: MeasureContext,
    entries: Sequence[TeamJira],
    listed: Collection[tuple[str, str]],
    wanted: Callable[[Ticket], bool],
) -> list[DoneMove]:
    """Return the last move of each ticket that is finished by all but its status's category.

    Of those that are not `listed` already, with a resolution that counts.
    """
    start, end = context.inside
    found: dict[tuple[str, str], DoneMove] = {}
    for entry in entries:
        moves = context.known.resolved_open.get(entry.tickets.id, Timeline()).between(start, end)
        for at, ticket in moves:
            url = ticket_url(context, entry.tickets, ticket)
            move = DoneMove(ticket, entry.tickets, at, _in_category(ticket), url)
            counts = wanted(ticket) and not why_not_done(ticket, entry.leave_out)
            if move.key not in listed and counts:
                found[move.key] = move
    return list(found.values())


def _in_category(ticket: Ticket) -> str:
    status = f"its status {ticket.status}" if ticket.status else "its status"
    return f"{status} is in the category {_CATEGORIES[ticket.status_category]}"


def unproven_of(context: MeasureContext, entries: Sequence[TeamJira]) -> list[Gap]:
    """Return why that no ticket was seen to move to Done does not prove that none did."""
    first, zone = context.known.first_done, context.plan.zone
    found = [
        unproven(entry.tickets, first.get(entry.tickets.id), context.window, zone)
        for entry in entries
    ]
    for entry in entries:
        seen_from = context.plan.midnight(entry.seen_from) if entry.seen_from else None
        gone = _gone(context, entry)
        found.append(hidden(entry.tickets, gone, context.window, zone, seen_from=seen_from))
    return [gap for gap in found if gap is not None]


def _left_unseen(
    context: MeasureContext, entries: Sequence[TeamJira], elsewhere: Collection[tuple[str, str]]
) -> list[tuple[TicketSource, Ticket]]:
    """Return each ticket that may have counted in the window before it left unseen.

    Of those `elsewhere` another of the team's sources says what became of them.
    """
    found = {
        (entry.tickets.site, ticket.issue_id): (entry.tickets, ticket)
        for entry in entries
        for ticket in _gone(context, entry)
        if left_unseen(ticket, context.window)
        if (entry.tickets.site, ticket.issue_id) not in elsewhere
    }
    return list(found.values())


def _gone(context: MeasureContext, entry: TeamJira) -> list[Ticket]:
    gone = context.known.gone.get(entry.tickets.id, ())
    return [ticket for ticket in gone if not why_not_work(ticket, entry.leave_out)]


def _not_shown(
    context: MeasureContext, entries: Sequence[TeamJira], told: Collection[tuple[str, str]]
) -> list[tuple[TicketSource, Ticket]]:
    """Return each ticket, but those `told` of, that may have moved to Done and would count."""
    start, end = context.inside
    found = {
        (entry.tickets.site, each.ticket.issue_id): (entry.tickets, each.ticket)
        for entry in entries
        for each in context.known.undated.get(entry.tickets.id, ())
        if each.after < end and each.until >= (end if each.left else start)
        if not why_not_done(each.ticket, entry.leave_out)
    }
    return [found[key] for key in found if key not in told]


def _arrives(change: StatusChange, last: StatusChange) -> bool:
    """Return whether the change may be the one that made the ticket Done."""
    if change.to_category is _UNKNOWN:
        return change is last
    return moves_to_done(change)


def _why_not(ticket: Ticket, leave_out: LeaveOut, arrival: StatusChange, last: StatusChange) -> str:
    if configured := why_not_done(ticket, leave_out, last):
        return configured
    if ticket.here_since and arrival.at < ticket.here_since:
        return "moved to Done before it came into this project"
    if _UNKNOWN in (arrival.from_category, last.to_category):
        return _NOBODY_KNOWS
    if last.to_category is not _DONE:
        return "no longer Done at the end of the sprint"
    return ""
