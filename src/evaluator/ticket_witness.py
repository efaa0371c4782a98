"""What shows that a source lets tickets be seen that are Done: without it, none is no zero."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta, tzinfo

from evaluator.model.facts import Gone, Reason, StatusCategory, StatusChange, Ticket
from evaluator.model.plan import TicketSource
from evaluator.model.results import Gap, GapKind, Sprint
from evaluator.wording import day_of

_DONE = StatusCategory.DONE
_SAME_MOMENT = timedelta(seconds=1)  # Jira dates a move and the ticket that moved by two clocks


def first_done(source: TicketSource, tickets: Iterable[Ticket]) -> datetime | None:
    """Return since when `source` shows tickets that are Done; None where it never showed one.

    What was Done elsewhere, before a ticket came into its project, shows nothing of this one. A
    filter may drop what becomes Done, or may have dropped it until a ticket was reopened: there
    only one that was ever listed as Done says that it does not.
    """
    found = [at for ticket in tickets if (at := _seen_done(source, ticket)) is not None]
    return min(found, default=None)


def _seen_done(source: TicketSource, ticket: Ticket) -> datetime | None:
    moves = [c for c in ticket.changes if ticket.here_since is None or c.at >= ticket.here_since]
    listed = ticket.status_category is _DONE and not _behind(ticket, moves)
    seen = [change.at for change in moves if change.to_category is _DONE]
    if source.jql and not listed and not _was_listed(ticket, seen):
        return None
    return min([*seen, ticket.updated] if listed else seen, default=None)


def _was_listed(ticket: Ticket, done: Collection[datetime]) -> bool:
    """Whether the ticket was listed as Done after it came to be that, before it was reopened."""
    at = ticket.listed_done
    return at is not None and any(each <= at + _SAME_MOMENT for each in done)


def _behind(ticket: Ticket, moves: Iterable[StatusChange]) -> bool:
    """Whether the search listed the ticket as it was before its newest move."""
    newest = max((change.at for change in moves), default=ticket.updated)
    return newest > ticket.updated + _SAME_MOMENT


def never_done(source: TicketSource, *, any_ticket: bool) -> Gap:
    """Return the gap of a source that never showed a ticket that was Done, or none at all."""
    kind = GapKind.NEVER_DONE
    if not any_ticket:
        kind = GapKind.NO_TICKET if source.jql else GapKind.EMPTY_PROJECT
    return Gap(source.id, Reason.NOTHING_MATCHED, kind.value, kind)


def unproven(
    source: TicketSource, first: datetime | None, window: Sprint, zone: tzinfo
) -> Gap | None:
    """Return why that no ticket was seen in the window proves nothing; None where it does.

    `first` is what `first_done` says of the source.
    """
    if first is None or window.start >= first:
        return None
    kind = GapKind.BEFORE_FIRST_DONE
    return Gap(source.id, Reason.HISTORY_BEFORE_START, f"{kind}{day_of(first, zone)}", kind)


def left_unseen(ticket: Ticket, window: Sprint) -> bool:
    """Return whether a ticket may have been Done in the window before it left its source unseen.

    It was listed as open, then deleted, hidden, or dropped by a filter: nobody can tell which, and
    a window is in doubt only where it holds some of the time between the two lists.
    """
    return (
        ticket.gone is Gone.UNSEEN
        and ticket.gone_after is not None
        and ticket.gone_by is not None
        and ticket.gone_after < window.end
        and ticket.gone_by > window.start
    )


def left_unseen_gap(source: TicketSource) -> Gap:
    """Return the gap that such a ticket is; which one it is, what was left out says."""
    kind = GapKind.LEFT_UNSEEN
    return Gap(source.id, Reason.LEFT_UNSEEN, kind.value, kind)


def hidden(
    source: TicketSource,
    gone: Iterable[Ticket],
    window: Sprint,
    zone: tzinfo,
    *,
    seen_from: datetime | None,
) -> Gap | None:
    """Return that most open tickets are hidden, and so what becomes of them, None where not.

    It holds for all windows that end after that, up to the first that starts at `seen_from` or
    later.
    """
    if seen_from is not None and window.start >= seen_from:
        return None
    times = [ticket.gone_by for ticket in gone if _is_hidden(ticket, window)]
    since = min((at for at in times if at is not None), default=None)
    if since is None:
        return None
    kind = GapKind.HIDDEN
    return Gap(source.id, Reason.NO_ACCESS, f"{kind}{day_of(since, zone)}", kind)


def _is_hidden(ticket: Ticket, window: Sprint) -> bool:
    after = ticket.gone_after
    return ticket.gone is Gone.HIDDEN and after is not None and after < window.end
