"""Whether what a Jira calls its dropped tickets, or epics, may be none of the names left out.

Those that are left out unless a team writes its own are Jira's English ones.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence

from collector.jira.doctor_checks import DoneTicket
from evaluator.counted_tickets import is_named
from evaluator.model.plan import LeaveOut
from hearten.doctor.findings import KEEPER, Finding

_DEFAULT = LeaveOut()
_MOST = 10  # names that a finding lists
# English names of resolutions that Jira brings along, or that say plainly that work is finished.
_ENGLISH_RESOLUTIONS = (
    *("Done", "Fixed", "Resolved", "Complete", "Completed", "Closed", "Finished", "Implemented"),
    *("Delivered", "Released", "Deployed", "Shipped", "Live", "Accepted", "Approved", "Answered"),
    *("Incomplete", "Known Error", "Hardware failure", "Software failure"),
)
_ENGLISH_TYPES = (
    *("Story", "User Story", "Task", "Bug", "Defect", "Improvement", "New Feature", "Feature"),
    *("Spike", "Change", "Incident", "Problem", "Service Request", "Technical Task", "Tech Debt"),
)


def in_doubt(names: Sequence[str], default: Sequence[str]) -> bool:
    """Return whether names may be those of another language than the one that Jira is asked in.

    They are the default, or hold none of it. Who writes no name leaves nothing out on purpose.
    """
    return bool(names) and (names == default or not any(is_named(one, default) for one in names))


def not_named(
    about: str, tickets: Collection[DoneTicket], leave_outs: Sequence[LeaveOut]
) -> Iterator[Finding]:
    """Yield the names on a source's newest Done tickets, where none left out is among them.

    `leave_outs` are those of the teams' entries of that source. A team that wrote its own names
    knows what its Jira calls them, unless Jira's English ones are seen and none of its own.
    """
    resolutions = {ticket.resolution for ticket in tickets if ticket.resolution}
    # Where Jira says the level of a type, an epic is told by that.
    types = {each.type for each in tickets if each.level is None and not each.sub_task}
    if _unnamed(resolutions, [each.resolutions for each in leave_outs], _DEFAULT.resolutions):
        unknown = [each for each in resolutions if not is_named(each, _ENGLISH_RESOLUTIONS)]
        yield from _finding(about, "resolutions", unknown, "mean dropped")
    english = any(is_named(each, _ENGLISH_TYPES) for each in types)
    if not english and _unnamed(types, [each.types for each in leave_outs], _DEFAULT.types):
        yield from _finding(about, "types", types, "are epics or objectives")


def _unnamed(
    found: Collection[str], written: Iterable[Sequence[str]], default: Sequence[str]
) -> bool:
    """Whether there is doubt about what some team wrote, and nothing that was found is of it."""
    english = any(is_named(each, default) for each in found)
    return any(
        in_doubt(names, default)
        and english == (names != default)
        and not any(is_named(each, names) for each in found)
        for names in written
    )


def _finding(about: str, kind: str, found: Collection[str], which: str) -> Iterator[Finding]:
    if not found:
        return
    listed = sorted(found, key=str.casefold)[:_MOST]
    words = " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))
    what = f"Its newest Done tickets have the {kind} {words}, and none that is left out."
    write = f"leave_out: {{{kind}: {json.dumps(listed, ensure_ascii=False)}}}"
    remedy = f"Beside it in teams.yaml, keep those of these that {which}: `{write}`."
    yield Finding(about, what, KEEPER, f"{remedy} If none does, write what this Jira calls them.")
