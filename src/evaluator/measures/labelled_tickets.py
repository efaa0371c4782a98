"""A team's tickets by label, for the measures that count what people label so."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from evaluator.labelled import given_after
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import Reason, Ticket
from evaluator.model.plan import TeamJira, TicketSource
from evaluator.model.results import Gap, GapKind
from evaluator.wording import day_of


def every_ticket(
    context: MeasureContext, entries: Iterable[TeamJira]
) -> Iterator[tuple[TeamJira, Ticket]]:
    """Yield each ticket of the team that was read, with the entry that shows it, once."""
    told: set[tuple[str, str]] = set()
    for entry in entries:
        for ticket in context.known.tickets.get(entry.tickets.id, ()):
            key = (entry.tickets.site, ticket.issue_id)
            if key not in told:
                told.add(key)
                yield entry, ticket


def as_of(context: MeasureContext) -> datetime:
    """Return the instant whose labels count: those of a settled window are what they were then."""
    return min(context.now, context.window.settled_at)


def never_named(entries: Iterable[TeamJira], label: str, more: str = "") -> list[Gap]:
    """Return the gaps of a team of whose tickets none ever had the label."""
    kind = GapKind.NO_LABEL
    detail = f"{kind}{label}{more}"
    sources = {entry.tickets.id for entry in entries}
    return [Gap(source, Reason.NOTHING_MATCHED, detail, kind) for source in sorted(sources)]


def labelled_late(context: MeasureContext, tickets: Sequence[Ticket], label: str) -> Iterator[str]:
    """Yield a note on each of the tickets that was given the label after the window had settled."""
    for ticket in sorted(tickets, key=lambda one: one.key):
        given = given_after(ticket, label, context.window.settled_at)
        if given is not None and given <= context.now:
            day = day_of(given, context.plan.zone)
            yield f"{ticket.key} was given the label {label} on {day}, too late to count here"


def sources_of(entries: Sequence[TeamJira]) -> list[TicketSource]:
    """Return the ticket sources of the entries."""
    return [entry.tickets for entry in entries]
