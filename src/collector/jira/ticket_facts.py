"""Issues with their histories as facts, with what each status and each project means."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from collector.jira.issue_links import looked_at
from collector.jira.issue_parser import IssueHistory, LabelMove, ProjectMove
from evaluator.model.facts import LabelChange, LinkedTicket, StatusCategory, StatusChange, Ticket
from evaluator.model.plan import TicketSource
from evaluator.model.ticket_labels import named

_NOTHING: Mapping[str, LinkedTicket] = MappingProxyType({})
_SAME_MOMENT = timedelta(seconds=1)  # Jira dates a move and the ticket that moved by two clocks


def tickets(
    source: TicketSource,
    histories: Collection[IssueHistory],
    categories: Mapping[str, StatusCategory],
    own_projects: Collection[str] = (),
    linked: Mapping[str, LinkedTicket] = _NOTHING,
) -> tuple[Ticket, ...]:
    """Return the facts of `source`, in order of issue id; unknown statuses are UNKNOWN.

    `own_projects` are the ids of the projects among which a ticket may move without leaving it,
    and `linked` has, by the id of a link, what was read of the ticket to which it leads.
    """
    ordered = sorted(histories, key=lambda history: history.issue.issue_id)
    return tuple(_ticket(source, history, categories, own_projects, linked) for history in ordered)


def _ticket(
    source: TicketSource,
    history: IssueHistory,
    categories: Mapping[str, StatusCategory],
    own_projects: Collection[str],
    linked: Mapping[str, LinkedTicket],
) -> Ticket:
    def category(status: str) -> StatusCategory:
        return categories.get(status, StatusCategory.UNKNOWN)

    issue = history.issue
    came = _arrival(history, own_projects)
    changes = (
        StatusChange(m.at, m.from_id, m.to_id, category(m.from_id), category(m.to_id), m.to_name)
        for m in history.moves
    )
    return Ticket(
        source=source.id,
        issue_id=issue.issue_id,
        key=issue.key,
        project=issue.project,
        type=issue.type,
        sub_task=issue.sub_task,
        labels=named(issue.labels, source.labels),
        created=issue.created,
        updated=issue.updated,
        status_id=issue.status_id,
        status_category=category(issue.status_id),
        resolution=issue.resolution,
        changes=tuple(changes),
        status=issue.status_name,
        resolved_at=issue.resolved_at,
        here_since=came.at if came else None,
        came_from=came.from_id if came else "",
        listed_done=_listed_done(history, category(issue.status_id)),
        epic=issue.epic,
        due=issue.due,
        label_changes=tuple(_label_changes(history.label_moves, source.labels)),
        links=looked_at(issue.links, linked),
    )


def _label_changes(moves: Iterable[LabelMove], kept: Collection[str]) -> Iterator[LabelChange]:
    for move in moves:
        before, after = set(named(move.before, kept)), set(named(move.after, kept))
        for label in sorted(before ^ after):
            yield LabelChange(move.at, label, label in after)


def _listed_done(history: IssueHistory, category: StatusCategory) -> datetime | None:
    """Return when the issue was updated that is Done, None where a newer move is not listed yet."""
    updated = history.issue.updated
    newest = max((move.at for move in history.moves), default=updated)
    as_it_is = newest <= updated + _SAME_MOMENT
    return updated if category is StatusCategory.DONE and as_it_is else None


def _arrival(history: IssueHistory, own_projects: Collection[str]) -> ProjectMove | None:
    """Return the newest move with which the issue came from a project that is not its source's."""
    here = history.issue.project_id
    arrivals = [
        move
        for move in history.project_moves
        if move.from_id not in own_projects and (move.to_id == here or move.to_id in own_projects)
    ]
    return arrivals[-1] if arrivals else None
