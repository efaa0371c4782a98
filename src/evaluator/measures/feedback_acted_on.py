"""Feedback acted on: docs/measures/feedback_acted_on.md."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evaluator.completeness import gap, lost_gap
from evaluator.counted_tickets import moves_to_done, why_not_done, why_not_work
from evaluator.labelled import first_had_label, had_label
from evaluator.measures import production
from evaluator.measures.context import LOOK_BACK, Counted, MeasureContext
from evaluator.measures.done_tickets import browse_url, tickets_of, unproven_of
from evaluator.measures.labelled_tickets import (
    as_of,
    every_ticket,
    labelled_late,
    never_named,
    sources_of,
)
from evaluator.model.evidence import event_label
from evaluator.model.facts import ProductionEvent, StatusCategory, StatusChange, Ticket, TicketLink
from evaluator.model.plan import Source, TeamJira
from evaluator.model.results import EvidenceItem, EvidenceStep, Gap, GapKind, LeftOut, Sprint
from evaluator.ticket_shipped import ShippedByKey, shipped, shipped_by_key
from evaluator.witness import not_made, unproven
from evaluator.wording import short_day

_BEGINS = (StatusCategory.IN_PROGRESS, StatusCategory.DONE)
_UNKNOWN = StatusCategory.UNKNOWN
_NOT_DEPLOYED = (
    "nothing of the team reached production in the three sprints before, when it was heard"
)
_AT_ONCE = "heard and taken up in the sprint of the deployment that it follows"
_SAID = {"done": "Done on"}
_UNREADABLE = "the linked ticket cannot be read"


def feedback_acted_on(context: MeasureContext) -> Counted:
    """Return the work that was first taken up in the window, on feedback about what was deployed.

    Units: feedback items, tickets that have the label of the plan or a link to feedback, each once
    for ever. What was deployed before the feedback was heard lies in the three sprints before.
    """
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
    if first is None or first >= context.window.end:
        lab = [LeftOut(key, reason, url) for key, reason, url in _from_a_lab(context, every)]
        more = f"; {names.user_research} alone does not count" if lab else ""
        none = never_named(entries, names.user_feedback, more)
        return Counted(asked, (), lab, nothing_matched=none)
    started = [found for entry, ticket in every if (found := _started(context, entry, ticket))]
    judged = [_judged(context, each) for each in started]
    unplaced = [each for each in judged if each.why_not in {_NOT_DEPLOYED, _AT_ONCE}]
    of_team = production.parts(context)
    later = not_made(repositories, of_team, context.window, context.known, context.plan.zone)
    return Counted(
        asked,
        _evidence(context, [each for each in judged if not each.why_not]),
        [
            *(each.left_out(each.why_not) for each in judged if each.why_not),
            *(LeftOut(key, why, url) for key, why, url in _from_a_lab(context, every, inside=True)),
        ],
        [each.doubt for each in judged if each.doubt is not None],
        unproven=[
            *unproven_of(context, entries),
            *(_unseen_deployments(context) if unplaced else ()),
        ],
        not_made=later,
        late_notes=tuple(_late(context, every)),
    )


@dataclass(frozen=True, slots=True)
class _Heard:
    """Feedback: when it was heard, and what says so; `at` is None where nobody may read that."""

    at: datetime | None
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class _Item:
    """A ticket that was taken up in the window, and what it answers.

    `why_not` is empty where it counts. `deployed` is what reached production last before it was
    heard, and `told` which of the feedback that was.
    """

    ticket: Ticket
    entry: TeamJira
    url: str
    at: datetime
    heard: tuple[_Heard, ...]
    why_not: str = ""
    deployed: ProductionEvent | None = None
    told: _Heard | None = None
    doubt: Gap | None = None

    def left_out(self, reason: str) -> LeftOut:
        return LeftOut(self.ticket.key, reason, self.url, self.at)


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
    return _Item(ticket, entry, url, move.at, heard, _why_not(entry, ticket, move))


def _first_move(ticket: Ticket) -> StatusChange | None:
    moves = sorted(ticket.changes, key=lambda change: change.at)
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


def _heard(context: MeasureContext, entry: TeamJira, ticket: Ticket) -> Iterator[_Heard]:
    """Yield the feedback that the ticket answers: each linked one, else itself."""
    names = context.plan.labels
    links = [link for link in _links(ticket) if not _is_lab(link, names.user_research)]
    readable = [link for link in links if link.linked and link.linked.created]
    for link in readable or links:
        url = browse_url(context, entry.tickets, link.key)
        yield _Heard(link.linked.created if link.linked else None, link.key, url)
    if not readable and had_label(ticket, names.user_feedback, as_of(context)):
        url = browse_url(context, entry.tickets, ticket.key)
        yield _Heard(ticket.created, ticket.key, url)


def _is_lab(link: TicketLink, label: str) -> bool:
    return link.linked is not None and label.casefold() in link.linked.labels


def _judged(context: MeasureContext, item: _Item) -> _Item:
    """Return the item with what was deployed before it was heard, or why it does not count."""
    if any(c.to_category is _UNKNOWN and c.at < item.at for c in item.ticket.changes):
        doubt = lost_gap(GapKind.LOST_STATUS, item.entry.tickets, item.ticket.key)
        return replace(item, why_not="its status is unknown to Jira", doubt=doubt)
    if item.why_not:
        return item
    known = [each for each in item.heard if each.at is not None]
    if not known:
        return replace(item, why_not=_UNREADABLE)
    since = _first_window(context).start
    events = _events(context, since)
    for told in sorted(known, key=lambda each: (each.at, each.label)):
        before = [(at, e) for at, e in events if told.at is not None and at <= told.at]
        if before:
            return replace(item, deployed=before[-1][1], told=told)
    after = context.window.start
    late = any(each.at is not None and each.at >= after for each in known)
    return replace(item, why_not=_AT_ONCE if late and _deployed_inside(context) else _NOT_DEPLOYED)


def _deployed_inside(context: MeasureContext) -> bool:
    return any(part.history.events.between(*context.inside) for part in production.parts(context))


def _first_window(context: MeasureContext) -> Sprint:
    """Return the earliest of the three sprints before, else the window itself."""
    return (*context.before[-LOOK_BACK:], context.window)[0]


def _events(context: MeasureContext, since: datetime) -> Sequence[tuple[datetime, ProductionEvent]]:
    """Return what reached production in the three sprints before the window, in order."""
    found = [
        entry
        for part in production.parts(context)
        for entry in part.history.events.between(since, context.window.start)
    ]
    return sorted(found, key=lambda entry: (entry[0], entry[1].name, entry[1].sha))


def _unseen_deployments(context: MeasureContext) -> Iterator[Gap]:
    """Yield why nobody can tell that nothing reached production before."""
    first = _first_window(context)
    span = replace(context.window, start=first.start, first_day=first.first_day)
    for source in production.sources(context):
        found = gap(source, context.team, span, context.known, context.now)
        if found is not None:
            yield found
    yield from unproven(production.parts(context), span, context.known, context.plan.zone)


def _evidence(context: MeasureContext, items: Sequence[_Item]) -> list[EvidenceItem]:
    if not items:  # spares the rest its time
        return []
    zone = context.plan.zone
    changes = shipped_by_key(context.team, context.known, zone, as_of(context))
    found: list[EvidenceItem] = []
    for item in items:
        steps = tuple(_steps(context, item, changes))
        chain = ", ".join(f"{_SAID.get(s.what, s.what)} {short_day(s.at, zone)}" for s in steps)
        label = f"{item.ticket.key}: {chain}"
        found.append(EvidenceItem("feedback", label, item.url, item.at, steps=steps))
    return found


def _steps(context: MeasureContext, item: _Item, changes: ShippedByKey) -> Iterator[EvidenceStep]:
    if item.deployed is not None and item.deployed.at is not None:
        label = event_label(item.deployed)
        yield EvidenceStep("deployed", label, item.deployed.url, item.deployed.at)
    if item.told is not None and item.told.at is not None:
        yield EvidenceStep("heard", item.told.label, item.told.url, item.told.at)
    yield EvidenceStep("started", item.ticket.key, item.url, item.at)
    if (there := shipped(item.ticket, changes)) is not None:
        yield EvidenceStep("shipped", event_label(there.event), there.event.url, there.at)
        return
    past = [c for c in item.ticket.changes if c.at < as_of(context)]
    done = [c.at for c in past if moves_to_done(c)]
    if done and max(past, key=lambda c: c.at).to_category is StatusCategory.DONE:
        yield EvidenceStep("done", item.ticket.key, item.url, max(done))


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
            reason = f"{names.user_research}: from a lab, not from people who use the service"
            yield ticket.key, reason, browse_url(context, entry.tickets, ticket.key)


def _late(context: MeasureContext, every: Sequence[tuple[TeamJira, Ticket]]) -> Iterator[str]:
    taken_up = [
        ticket
        for entry, ticket in every
        if (move := _first_move(ticket)) and context.inside[0] <= move.at < context.inside[1]
        if not list(_heard(context, entry, ticket))
    ]
    yield from labelled_late(context, taken_up, context.plan.labels.user_feedback)
