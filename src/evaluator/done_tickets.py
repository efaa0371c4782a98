"""Which tickets count, and which count as done: by what a team's configuration leaves out."""

from functools import lru_cache

from evaluator.model.facts import StatusCategory, StatusChange, Ticket
from evaluator.model.plan import LeaveOut


def moves_to_done(change: StatusChange) -> bool:
    """Return whether a ticket became Done by the change: from one Done to another is no move."""
    done = StatusCategory.DONE
    return change.to_category is done and change.from_category is not done


def why_not_work(ticket: Ticket, leave_out: LeaveOut) -> str:
    """Return why a ticket, open or Done, is not looked at; empty where it is."""
    if _plain(ticket.type) in map(_plain, leave_out.types):
        return f"its type is {ticket.type}"
    if ticket.sub_task and leave_out.sub_tasks:
        return "a sub-task"
    return ""


def why_not_done(ticket: Ticket, leave_out: LeaveOut) -> str:
    """Return why a ticket that is Done does not count as done; empty where it counts.

    Of one that is open its resolution says nothing: many keep theirs when they are reopened.
    """
    if why := why_not_work(ticket, leave_out):
        return why
    if ticket.resolution and _plain(ticket.resolution) in map(_plain, leave_out.resolutions):
        return f"its resolution is {ticket.resolution}"
    return ""


@lru_cache
def _plain(words: str) -> str:
    """Return the words without case, and with one kind of apostrophe."""
    return words.casefold().replace("’", "'")
