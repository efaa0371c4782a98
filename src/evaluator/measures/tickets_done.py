"""Tickets moved to Done: docs/measures/tickets_done.md."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta

from evaluator.measures.context import Counted, MeasureContext
from evaluator.measures.done_tickets import between_sprints, done_tickets, tickets_of, unproven_of
from evaluator.model.results import EvidenceItem
from evaluator.wording import instant_words

_MINUTE = timedelta(minutes=1)
_MANY = 10  # tickets: so many people do not move within one minute


def tickets_done(context: MeasureContext) -> Counted:
    """Return the team's tickets that moved to Done in the window and were still Done at its end.

    Units: tickets, each once in a window. The end is `now` while the window is open.
    """
    entries = tickets_of(context)
    found = done_tickets(context, entries)
    evidence = [
        EvidenceItem("ticket", move.ticket.key, move.url, move.at) for move in found.counted
    ]
    left_out = [*found.left_out, *between_sprints(context, entries)]
    return Counted(
        [entry.tickets for entry in entries],
        evidence,
        left_out,
        found.undecided,
        unproven=unproven_of(context, entries),
        notes=_notes(context, evidence),
    )


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
