"""When a ticket had a label: by its history, and by the labels that it has today."""

from collections.abc import Iterable
from datetime import datetime

from evaluator.model.facts import Ticket
from evaluator.model.ticket_labels import plain


def had_label(ticket: Ticket, label: str, at: datetime) -> bool:
    """Return whether the ticket had the label at an instant.

    Where it has it today although the log's last word is that it went, the log lost when it came
    back: it has had it since then.
    """
    label = plain(label)
    changes = [change for change in ticket.label_changes if change.label == label]
    if not changes:
        return label in ticket.labels
    if at >= changes[-1].at and label in ticket.labels:
        return True
    before = [change for change in changes if change.at <= at]
    return before[-1].added if before else not changes[0].added


def first_had_label(ticket: Ticket, label: str) -> datetime | None:
    """Return when the ticket first had the label, None where it never had."""
    label = plain(label)
    changes = [change for change in ticket.label_changes if change.label == label]
    if changes and changes[0].added:
        return changes[0].at
    return ticket.created if changes or label in ticket.labels else None


def given_after(ticket: Ticket, label: str, at: datetime) -> datetime | None:
    """Return when the ticket was given the label, where it has it and had not at that instant."""
    label = plain(label)
    given = [c.at for c in ticket.label_changes if c.label == label and c.added and c.at > at]
    lacked = label in ticket.labels and not had_label(ticket, label, at)
    return given[-1] if given and lacked else None


def first_seen(tickets: Iterable[Ticket], label: str) -> datetime | None:
    """Return when any of the tickets first had the label, None where none ever had."""
    return min(filter(None, (first_had_label(ticket, label) for ticket in tickets)), default=None)
