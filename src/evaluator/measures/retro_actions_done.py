"""Retro actions done: docs/measures/retro_actions_done.md."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from evaluator.labelled import first_seen, had_label
from evaluator.measures import closed_issues, production
from evaluator.measures.closed_issues import DECLINED, OTHERS_OPEN, done_issues, earliest
from evaluator.measures.context import Counted, MeasureContext
from evaluator.measures.done_tickets import DoneTickets, done_tickets, tickets_of, unproven_of
from evaluator.measures.labelled_tickets import (
    as_of,
    every_ticket,
    labelled_late,
    never_named,
    sources_of,
)
from evaluator.model.facts import Ticket
from evaluator.model.results import EvidenceItem, LeftOut
from evaluator.retro_actions import of_any_type, was_open

_EVER = datetime.min.replace(tzinfo=UTC)
_BEFORE = 2  # sprints before the one that is judged, whose actions count in it too
_NONE_OPEN = "none of the last three sprints' retro actions was open at its end or done in it"
_NO_OTHER_OPEN = "no other of the last three sprints' retro actions was open at its end"
_DECIDED = "decided not to do: "
_TOO_OLD = "made before the two sprints before this one"


def retro_actions_done(context: MeasureContext) -> Counted:
    """Return the retro actions that moved to Done in the window and are of it or the two before.

    Units: retro actions, tickets with the label of the plan, each once. Too few say something only
    where another one was still open at the window's end. Of a team without Jira they are issues.
    """
    if not context.team.jira:
        return _of_issues(context)
    label = context.plan.labels.retro_action
    entries = [of_any_type(entry) for entry in tickets_of(context)]
    every = [ticket for _, ticket in every_ticket(context, entries)]
    first = first_seen(every, label)
    if first is None or first > as_of(context):
        sources = sources_of(entries)
        return Counted(sources, (), (), nothing_matched=never_named(entries, label))
    (since, open_since), at = _windows(context), as_of(context)

    def labelled(ticket: Ticket) -> bool:
        return had_label(ticket, label, at)

    young = done_tickets(context, entries, lambda t: t.created >= since and labelled(t))
    old = done_tickets(context, entries, lambda t: t.created < since and labelled(t))
    late = done_tickets(context, entries, lambda t: t.created >= since and not labelled(t))
    evidence = [
        EvidenceItem("retro_action", move.ticket.key, move.url, move.at) for move in young.counted
    ]
    silent = ""
    if not any(_is_open(context, ticket, open_since) for ticket in every if labelled(ticket)):
        silent = _NO_OTHER_OPEN if evidence else _NONE_OPEN
    return Counted(
        sources_of(entries),
        evidence,
        [*_left_out(young), *_too_old(old)],
        young.undecided,
        unproven=unproven_of(context, entries),
        silent=silent,
        late_notes=tuple(labelled_late(context, [move.ticket for move in late.counted], label)),
    )


def _of_issues(context: MeasureContext) -> Counted:
    """Return the same of issues in GitHub, which nobody sees before a change closes them."""
    label = context.plan.labels.retro_action
    labelled = [one for one in done_issues(context) if one.has(label)]
    first = earliest(labelled)
    if first is None or first >= context.window.end:
        none = closed_issues.never_named(context, label)
        return replace(production.counted(context, (), ()), nothing_matched=none)
    since, _ = _windows(context)
    evidence: list[EvidenceItem] = []
    left_out: list[LeftOut] = []
    start, end = context.inside
    for one in labelled:
        if not start <= one.at < end:
            continue
        if one.issue.declined:
            left_out.append(one.left_out(context, f"{_DECIDED}{DECLINED}", one.at))
        elif one.issue.created < since:
            left_out.append(one.left_out(context, _TOO_OLD, one.at))
        else:
            evidence.append(EvidenceItem("retro_action", one.label, one.url(context), one.at))
    found = production.counted(context, evidence, left_out)
    return replace(found, silent=OTHERS_OPEN)


def _windows(context: MeasureContext) -> tuple[datetime, datetime]:
    """Return from when on an action counts, and from when on one that is open does.

    What was made between two sprints is of the next one, and so is what was made before the first.
    But nobody knows how long that has waited.
    """
    earlier = context.before[-_BEFORE - 1 :]
    if len(earlier) > _BEFORE:
        return earlier[0].end, earlier[0].end
    return _EVER, (*earlier, context.window)[0].start


def _is_open(context: MeasureContext, ticket: Ticket, since: datetime) -> bool:
    """Whether a ticket that was made at `since` or later was open at the window's end."""
    end = min(context.window.end, context.now)
    return since <= ticket.created and was_open(ticket, end)


def _left_out(found: DoneTickets) -> Iterator[LeftOut]:
    """Yield what does not count; what was dropped is an action that was decided about."""
    decided = {move.left_out() for move in found.declined}
    for item in found.left_out:
        said = f"{_DECIDED}{item.reason}" if item in decided else item.reason
        yield replace(item, reason=said)


def _too_old(found: DoneTickets) -> Sequence[LeftOut]:
    return [*_left_out(found), *(move.left_out(_TOO_OLD) for move in found.counted)]
