"""Tickets moved to Done: docs/measures/tickets_done.md."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evaluator.completeness import lost_gap
from evaluator.counted_tickets import is_unnamed, moves_to_done, why_not_done, why_not_work
from evaluator.measures.context import Counted, MeasureContext
from evaluator.model.facts import StatusCategory, StatusChange, Ticket
from evaluator.model.plan import LeaveOut, TeamJira, TicketSource
from evaluator.model.results import EvidenceItem, Gap, GapKind, LeftOut
from evaluator.ticket_witness import hidden, left_unseen, left_unseen_gap, unproven
from evaluator.timeline import Timeline
from evaluator.wording import day_of, instant_words

_DONE, _UNKNOWN = StatusCategory.DONE, StatusCategory.UNKNOWN
_CATEGORIES = {StatusCategory.TO_DO: "To do", StatusCategory.IN_PROGRESS: "In progress"}
_MINUTE = timedelta(minutes=1)
_MANY = 10  # tickets: so many people do not move within one minute
_NOBODY_KNOWS = "its status is unknown to Jira"
_UNNAMED = "nobody can tell whether `leave_out` means it by a name that no ticket has"
_NOT_LISTED = "open when it was last listed; nobody can tell whether it was Done before it left"


def tickets_done(context: MeasureContext) -> Counted:
    """Return the team's tickets that moved to Done in the window and were still Done at its end.

    Units: tickets, each once in a window. The end is `now` while the window is open.
    """
    entries = [e for e in context.team.jira if context.window.first_day in e.days]
    inside = _by_ticket(context, entries, context.inside)
    between = _by_ticket(context, entries, context.between_sprints)
    inside += _misplaced(context, entries, {_key(move) for move in inside})
    evidence = [_evidence(context, move) for move in inside if not move.why_not]
    left_out = [_left_out(context, move, move.why_not) for move in inside if move.why_not]
    undecided = [
        lost_gap(move.doubt, move.source, move.ticket.key) for move in inside if move.doubt
    ]
    told = {_key(move) for move in inside if move.doubt or not move.why_not}
    for source, ticket in _not_shown(context, entries, told):
        url = _url(context, source, ticket)
        left_out.append(LeftOut(ticket.key, "Jira does not show when it moved to Done", url, None))
        undecided.append(lost_gap(GapKind.LOST_MOVE, source, ticket.key))
    elsewhere = {_key(move) for move in inside if not move.ticket.gone}
    for source, ticket in _left_unseen(context, entries, elsewhere):
        left_out.append(LeftOut(ticket.key, _NOT_LISTED))
        undecided.append(left_unseen_gap(source))
    for move in between:
        if not move.why_not:
            reason = f"between sprints: moved to Done on {day_of(move.at, context.plan.zone)}"
            left_out.append(_left_out(context, move, reason))
    return Counted(
        [entry.tickets for entry in entries],
        evidence,
        left_out,
        undecided,
        unproven=_unproven(context, entries),
        notes=_notes(context, evidence),
    )


@dataclass(frozen=True, slots=True)
class _Move:
    """A ticket's last move to Done in a span; `why_not` is empty where it counts.

    `doubt` is why nobody can tell whether it does.
    """

    ticket: Ticket
    source: TicketSource
    at: datetime
    why_not: str
    doubt: GapKind | None = None


def _key(move: _Move) -> tuple[str, str]:
    """Return what tells a ticket from all others."""
    return move.source.site, move.ticket.issue_id


def _by_ticket(
    context: MeasureContext, entries: list[TeamJira], span: tuple[datetime, datetime]
) -> list[_Move]:
    """Return each ticket's move once; where two sources show it, one that counts is preferred."""
    found: dict[tuple[str, str], _Move] = {}
    for entry in entries:
        for move in _moves(context, entry, span):
            key = _key(move)
            if key not in found or (found[key].why_not and not move.why_not):
                found[key] = move
    return list(found.values())


def _moves(
    context: MeasureContext, entry: TeamJira, span: tuple[datetime, datetime]
) -> Iterator[_Move]:
    """Yield the last move to Done, or to a status that Jira no longer knows, of each ticket."""
    start, end = span
    resolutions = context.known.resolutions.get(entry.tickets.id, frozenset())
    candidates = context.known.moves.get(entry.tickets.id, Timeline()).between(start, end)
    for ticket in {ticket.issue_id: ticket for _, ticket in candidates}.values():
        past = [c for c in sorted(ticket.changes, key=lambda c: c.at) if c.at < end]
        last = past[-1]
        arrivals = [c for c in past if c.at >= start and _arrives(c, last)]
        if arrivals:
            why_not = _why_not(ticket, entry.leave_out, arrivals[-1], last)
            doubt = GapKind.LOST_STATUS if why_not == _NOBODY_KNOWS else None
            if not why_not and is_unnamed(ticket, entry.leave_out, resolutions):
                why_not = f"its resolution is {ticket.resolution}; {_UNNAMED}"
                doubt = GapKind.UNNAMED
            yield _Move(ticket, entry.tickets, arrivals[-1].at, why_not, doubt)


def _misplaced(
    context: MeasureContext, entries: list[TeamJira], listed: Collection[tuple[str, str]]
) -> list[_Move]:
    """Return the last move of each ticket that is finished by all but its status's category.

    Of those that are not `listed` already, with a resolution that counts.
    """
    start, end = context.inside
    found: dict[tuple[str, str], _Move] = {}
    for entry in entries:
        moves = context.known.resolved_open.get(entry.tickets.id, Timeline()).between(start, end)
        for at, ticket in moves:
            move = _Move(ticket, entry.tickets, at, _in_category(ticket))
            if _key(move) not in listed and not why_not_done(ticket, entry.leave_out):
                found[_key(move)] = move
    return list(found.values())


def _in_category(ticket: Ticket) -> str:
    status = f"its status {ticket.status}" if ticket.status else "its status"
    return f"{status} is in the category {_CATEGORIES[ticket.status_category]}"


def _unproven(context: MeasureContext, entries: list[TeamJira]) -> list[Gap]:
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
    context: MeasureContext, entries: list[TeamJira], elsewhere: Collection[tuple[str, str]]
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


def _notes(context: MeasureContext, evidence: Sequence[EvidenceItem]) -> list[str]:
    """Return a note where most of what counts moved at once, as one bulk change moves it."""
    times = sorted(item.at for item in evidence)
    within = [bisect_left(times, at + _MINUTE) - place for place, at in enumerate(times)]
    most = max(within, default=0)
    if most < _MANY or most * 2 <= len(times):
        return []
    when = instant_words(times[within.index(most)], context.plan.zone)
    tickets = f"{most:,} of the {len(times):,} tickets"
    return [f"{tickets} moved to Done within the same minute, at {when}"]


def _not_shown(
    context: MeasureContext, entries: list[TeamJira], told: Collection[tuple[str, str]]
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


def _url(context: MeasureContext, source: TicketSource, ticket: Ticket) -> str:
    """Return where people see the ticket, or nothing where its site's address is not known."""
    address = dict(context.plan.jira_html).get(source.site)
    return f"{address}/browse/{ticket.key}" if address else ""


def _evidence(context: MeasureContext, move: _Move) -> EvidenceItem:
    return EvidenceItem("ticket", move.ticket.key, _url(context, move.source, move.ticket), move.at)


def _left_out(context: MeasureContext, move: _Move, reason: str) -> LeftOut:
    return LeftOut(move.ticket.key, reason, _url(context, move.source, move.ticket), move.at)
