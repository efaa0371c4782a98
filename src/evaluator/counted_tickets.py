"""Which tickets count, and which count as done: by what a team's configuration leaves out."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache

from evaluator.model.facts import StatusCategory, StatusChange, Ticket
from evaluator.model.plan import LeaveOut


def moves_to_done(change: StatusChange) -> bool:
    """Return whether a ticket became Done by the change: from one Done to another is no move."""
    done = StatusCategory.DONE
    return change.to_category is done and change.from_category is not done


def done_at(ticket: Ticket) -> datetime | None:
    """Return when a ticket that is Done last became that, where it is; None as far as is seen."""
    if ticket.status_category is not StatusCategory.DONE:
        return None
    here = [c for c in ticket.changes if ticket.here_since is None or c.at >= ticket.here_since]
    return max((c.at for c in here if moves_to_done(c)), default=None)


def why_not_work(ticket: Ticket, leave_out: LeaveOut) -> str:
    """Return why a ticket, open or Done, is not looked at; empty where it is."""
    if is_named(ticket.type, leave_out.types):
        return f"its type is {ticket.type}"
    if ticket.epic and is_named("Epic", leave_out.types):
        return f"its type is {ticket.type}, which is an epic"
    if ticket.sub_task and leave_out.sub_tasks:
        return "a sub-task"
    return ""


def why_not_done(ticket: Ticket, leave_out: LeaveOut, last: StatusChange | None = None) -> str:
    """Return why a ticket that is Done does not count as done; empty where it counts.

    Its status is the one that its `last` move led to, else the one of today. Of a ticket that is
    open its resolution says nothing: many keep theirs when they are reopened.
    """
    if why := why_not_work(ticket, leave_out):
        return why
    if ticket.resolution and is_named(ticket.resolution, leave_out.resolutions):
        return f"its resolution is {ticket.resolution}"
    status = status_after(ticket, last) if last else ticket.status
    if status and is_named(status, leave_out.statuses):
        return f"its status is {status}"
    return ""


def is_unnamed(ticket: Ticket, leave_out: LeaveOut, seen: Collection[str]) -> bool:
    """Return whether a ticket may have been dropped although no name that is left out is its own.

    Jira's English resolution for it says so, and what was written is neither English nor any of
    the resolutions `seen` on the source's tickets: then it may be of another language.
    """
    written, english = leave_out.resolutions, LeaveOut().resolutions
    return (
        bool(ticket.resolution and written)
        and is_named(ticket.resolution or "", english)
        and not any(is_named(one, english) for one in written)
        and not any(is_named(one, written) for one in seen)
    )


def status_after(ticket: Ticket, change: StatusChange) -> str:
    """Return the name of the status that the change led to, today's where it may have another."""
    return ticket.status if change.to_id == ticket.status_id else change.to_name


def is_named(name: str, names: Iterable[str]) -> bool:
    """Return whether Jira's name of something is among those that are configured."""
    return _plain(name) in map(_plain, names)


@lru_cache
def _plain(words: str) -> str:
    """Return the words without case, with one kind of apostrophe, and as the British spell them."""
    return re.sub(r"\bcanceled\b", "cancelled", words.casefold().replace("’", "'"))
