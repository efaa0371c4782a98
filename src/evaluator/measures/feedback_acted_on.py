"""Feedback acted on: docs/measures/feedback_acted_on.md."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evaluator.completeness import lost_gap
from evaluator.counted_tickets import moves_to_done, why_not_done, why_not_work
from evaluator.labelled import first_had_label, had_label
from evaluator.measures import closed_issues, production
from evaluator.measures.closed_issues import OTHERS_UNDER_WAY, DoneIssue, done_issues, earliest
from evaluator.measures.context import Counted, MeasureContext
from evaluator.measures.done_tickets import browse_url, tickets_of, unproven_of
from evaluator.measures.feedback_chain import Heard, Work, after_what, unseen_deployments
from evaluator.measures.labelled_tickets import (
    as_of,
    every_ticket,
    labelled_late,
    never_named,
    sources_of,
)
from evaluator.model.evidence import event_label
from evaluator.model.facts import StatusCategory, StatusChange, Ticket, TicketLink
from evaluator.model.plan import Source, TeamJira
from evaluator.model.results import EvidenceItem, EvidenceStep, GapKind, LeftOut
from evaluator.ticket_shipped import ShippedByKey, shipped, shipped_by_key
from evaluator.witness import not_made

_BEGINS = (StatusCategory.IN_PROGRESS, StatusCategory.DONE)
_UNKNOWN = StatusCategory.UNKNOWN
_BEGUN_UNSEEN = "Jira does not show when work on it began"
_UNREADABLE = "the linked ticket cannot be read"


def feedback_acted_on(context: MeasureContext) -> Counted:
    """Return the work that was first taken up in the window, on feedback about what was deployed.

    Units: feedback items, tickets that have the label of the plan or a link to feedback, each once
    for ever. What was deployed before the feedback was heard lies in the three sprints before. Of a
    team without Jira they are issues.
    """
    if not context.team.jira:
        return _of_issues(context)
    entries = tickets_of(context)
    repositories = production.sources(context)
    if not entries or not repositories:
        return Counted((), (), ())
    names = context.plan.labels
    every = list(every_ticket(context, entries))
    asked: list[Source] = [*sources_of(entries), *repositories]
    first = min(
        filter(None, (_first_named(ticket, names.user_feedback) for _, ticket in every)),
        default=None,
    )
    if first is None or first > as_of(context):
        lab = [LeftOut(key, reason, url) for key, reason, url in _from_a_lab(context, every)]
        none = never_named(entries, names.user_feedback, _lab_alone(context) if lab else "")
        return Counted(asked, (), lab, nothing_matched=none)
    started = [found for entry, ticket in every if (found := _started(context, entry, ticket))]
    judged = [replace(each, work=_judged(context, each)) for each in started]
    of_team = production.parts(context)
    later = not_made(repositories, of_team, context.window, context.known, context.plan.zone)
    unseen = (_begun_unseen(context, entry, ticket) for entry, ticket in every)
    works = [*(each.work for each in judged), *(work for work in unseen if work is not None)]
    return Counted(
        asked,
        _evidence(context, [each for each in judged if not each.work.why_not]),
        [
            *(work.left_out() for work in works if work.why_not),
            *(LeftOut(key, why, url) for key, why, url in _from_a_lab(context, every, inside=True)),
        ],
        [work.doubt for work in works if work.doubt is not None],
        unproven=[
            *unproven_of(context, entries),
            *(unseen_deployments(context) if any(work.unplaced for work in works) else ()),
        ],
        not_made=later,
        late_notes=tuple(_late(context, every)),
    )


def _of_issues(context: MeasureContext) -> Counted:
    """Return the same of issues in GitHub, which nobody sees before a change closes them."""
    names = context.plan.labels
    every = done_issues(context)
    heard = [one for one in every if one.has(names.user_feedback)]
    lab = [one for one in every if one.has(names.user_research) and one not in heard]
    first = earliest(heard)
    if first is None or first >= context.window.end:
        more = _lab_alone(context) if lab else ""
        none = closed_issues.never_named(context, names.user_feedback, more)
        left_out = [_issue_from_a_lab(context, one) for one in lab]
        return replace(production.counted(context, (), left_out), nothing_matched=none)
    judged = [(one, _taken_up(context, one)) for one in heard if _begins_here(context, one)]
    found = production.counted(
        context,
        [work.as_evidence(context, _shipped(one)) for one, work in judged if not work.why_not],
        [
            *(work.left_out() for _, work in judged if work.why_not),
            *(_issue_from_a_lab(context, one) for one in lab if _begins_here(context, one)),
        ],
    )
    unseen = unseen_deployments(context) if any(work.unplaced for _, work in judged) else ()
    return replace(found, unproven=[*found.unproven, *unseen], silent=OTHERS_UNDER_WAY)


def _begins_here(context: MeasureContext, one: DoneIssue) -> bool:
    """Whether it was taken up in the window, as far as that is known when the window settles."""
    started = context.inside[0] <= one.issue.started < context.inside[1]
    return started and one.at <= as_of(context)


def _taken_up(context: MeasureContext, one: DoneIssue) -> Work:
    issue, url = one.issue, one.url(context)
    begun = f"#{issue.pull_request}", one.pull_url(context)
    heard = (Heard(issue.created, one.label, url),)
    work = Work(one.label, url, issue.started, heard, begun=begun)
    if issue.declined:
        return replace(work, why_not=closed_issues.DECLINED)
    return after_what(context, work)


def _shipped(one: DoneIssue) -> Iterator[EvidenceStep]:
    if one.event.seen_by is None:
        yield EvidenceStep("shipped", event_label(one.event), one.event.url, one.at)


def _issue_from_a_lab(context: MeasureContext, one: DoneIssue) -> LeftOut:
    return LeftOut(one.label, _lab(context), one.url(context))


def _lab(context: MeasureContext) -> str:
    return f"{context.plan.labels.user_research}: from a lab, not from people who use the service"


def _lab_alone(context: MeasureContext) -> str:
    return f"; {context.plan.labels.user_research} alone does not count"


@dataclass(frozen=True, slots=True)
class _Item:
    """A ticket that was taken up in the window, with the work that it is."""

    ticket: Ticket
    entry: TeamJira
    work: Work


def _first_named(ticket: Ticket, label: str) -> datetime | None:
    linked = ticket.created if _links(ticket) else None
    return min(filter(None, (first_had_label(ticket, label), linked)), default=None)


def _links(ticket: Ticket) -> list[TicketLink]:
    return [link for link in ticket.links if link.linked is not None]


def _started(context: MeasureContext, entry: TeamJira, ticket: Ticket) -> _Item | None:
    """Return the ticket where it answers feedback and was first taken up in the window."""
    move = _first_move(ticket)
    if move is None or not context.inside[0] <= move.at < context.inside[1]:
        return None
    heard = tuple(_heard(context, entry, ticket))
    if not heard:
        return None
    url = browse_url(context, entry.tickets, ticket.key)
    work = Work(ticket.key, url, move.at, heard, _why_not(entry, ticket, move))
    return _Item(ticket, entry, work)


def _begun_unseen(context: MeasureContext, entry: TeamJira, ticket: Ticket) -> Work | None:
    """Return the ticket where it may have been taken up in the window, by a move nobody shows.

    It was under way before its first move, or without any: made so, or the log was cut.
    """
    moves = sorted(ticket.changes, key=lambda change: change.at)
    first = moves[0].from_category if moves else ticket.status_category
    until = moves[0].at if moves else min(ticket.updated, context.now)
    start, end = context.inside
    if first not in _BEGINS or ticket.created >= end or until < start:
        return None
    if why_not_work(ticket, replace(entry.leave_out, sub_tasks=True)):
        return None
    heard = tuple(_heard(context, entry, ticket))
    if not heard:
        return None
    url = browse_url(context, entry.tickets, ticket.key)
    doubt = lost_gap(GapKind.UNSEEN_START, entry.tickets, ticket.key)
    return Work(ticket.key, url, until, heard, _BEGUN_UNSEEN, doubt=doubt)


def _first_move(ticket: Ticket) -> StatusChange | None:
    moves = sorted(ticket.changes, key=lambda change: change.at)
    if moves and moves[0].from_category in _BEGINS:
        return None  # work had begun before
    return next((m for m in moves if m.to_category in _BEGINS and _begins(m)), None)


def _begins(move: StatusChange) -> bool:
    return move.to_category is StatusCategory.IN_PROGRESS or moves_to_done(move)


def _why_not(entry: TeamJira, ticket: Ticket, move: StatusChange) -> str:
    work = replace(entry.leave_out, sub_tasks=True)
    if why := why_not_work(ticket, work):
        return why
    if ticket.here_since and move.at < ticket.here_since:
        return "taken up before it came into this project"
    if move.to_category is StatusCategory.DONE:
        return why_not_done(ticket, work)
    return ""


def _heard(context: MeasureContext, entry: TeamJira, ticket: Ticket) -> Iterator[Heard]:
    """Yield the feedback that the ticket answers: each linked one, else itself."""
    names = context.plan.labels
    links = [link for link in _links(ticket) if not _is_lab(link, names.user_research)]
    readable = [link for link in links if link.linked and link.linked.created]
    for link in readable or links:
        url = browse_url(context, entry.tickets, link.key)
        yield Heard(link.linked.created if link.linked else None, link.key, url)
    if not readable and had_label(ticket, names.user_feedback, as_of(context)):
        url = browse_url(context, entry.tickets, ticket.key)
        yield Heard(ticket.created, ticket.key, url)


def _is_lab(link: TicketLink, label: str) -> bool:
    return link.linked is not None and label.casefold() in link.linked.labels


def _judged(context: MeasureContext, item: _Item) -> Work:
    """Return the work with what was deployed before it was heard, or why it does not count."""
    work = item.work
    if any(c.to_category is _UNKNOWN and c.at < work.at for c in item.ticket.changes):
        doubt = lost_gap(GapKind.LOST_STATUS, item.entry.tickets, item.ticket.key)
        return replace(work, why_not="its status is unknown to Jira", doubt=doubt)
    if work.why_not:
        return work
    if all(each.at is None for each in work.heard):
        return replace(work, why_not=_UNREADABLE)
    return after_what(context, work)


def _evidence(context: MeasureContext, items: Sequence[_Item]) -> list[EvidenceItem]:
    if not items:  # spares the rest its time
        return []
    changes = shipped_by_key(context.team, context.known, context.plan.zone, as_of(context))
    return [item.work.as_evidence(context, _ends(context, item, changes)) for item in items]


def _ends(context: MeasureContext, item: _Item, changes: ShippedByKey) -> Iterator[EvidenceStep]:
    if (there := shipped(item.ticket, changes)) is not None:
        yield EvidenceStep("shipped", event_label(there.event), there.event.url, there.at)
        return
    past = [c for c in item.ticket.changes if c.at < as_of(context)]
    done = [c.at for c in past if moves_to_done(c)]
    if done and max(past, key=lambda c: c.at).to_category is StatusCategory.DONE:
        yield EvidenceStep("done", item.ticket.key, item.work.url, max(done))


def _from_a_lab(
    context: MeasureContext, every: Sequence[tuple[TeamJira, Ticket]], *, inside: bool = False
) -> Iterator[tuple[str, str, str]]:
    """Yield key, reason and address of what has the label of research alone."""
    names = context.plan.labels
    for entry, ticket in sorted(every, key=lambda one: one[1].key):
        lab = had_label(ticket, names.user_research, as_of(context))
        lab |= any(_is_lab(link, names.user_research) for link in ticket.links)
        move = _first_move(ticket)
        now = move is not None and context.inside[0] <= move.at < context.inside[1]
        if lab and (now or not inside) and not list(_heard(context, entry, ticket)):
            yield ticket.key, _lab(context), browse_url(context, entry.tickets, ticket.key)


def _late(context: MeasureContext, every: Iterable[tuple[TeamJira, Ticket]]) -> Iterator[str]:
    taken_up = [
        ticket
        for entry, ticket in every
        if (move := _first_move(ticket)) and context.inside[0] <= move.at < context.inside[1]
        if not list(_heard(context, entry, ticket))
    ]
    yield from labelled_late(context, taken_up, context.plan.labels.user_feedback)
