"""Facts as rows, and rows as facts.

Rows are read by place, in the order of the table's columns: by name costs as much as the query.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from evaluator.model.facts import (
    BoardSprint,
    ClosedIssue,
    Commit,
    Coverage,
    Evidence,
    Gone,
    GoneFolder,
    LabelChange,
    LinkedTicket,
    OtherEvidence,
    Place,
    ProductionEvent,
    Reason,
    StatusCategory,
    StatusChange,
    Ticket,
    TicketLink,
)
from evaluator.model.plan import RepositorySource
from evaluator.model.source_id import SourceId
from evaluator.model.web_addresses import web_address
from store.types import as_utc
from store.upsert import Row


@lru_cache  # a repository has many rows
def _source(repository: str) -> str:
    return RepositorySource(repository).id


@lru_cache
def _repository(source: str) -> str:
    return SourceId.parse(source).name


def from_commit(commit: Commit) -> Row:
    """The row of a commit."""
    return {
        "source": _source(commit.repository),
        "sha": commit.sha,
        "parents": list(commit.parents),
        "committed_at": commit.committed_at,
        "pull_request": commit.pull_request,
        "bot": commit.bot,
        "revert": commit.revert,
        "paths": sorted(commit.paths),
        "written_at": commit.written_at,
        "rewrites": commit.rewrites,
    }


def from_ticket_keys(commit: Commit) -> Iterator[Row]:
    """The rows of the tickets that a commit's pull requests name."""
    source = _source(commit.repository)
    for key in commit.ticket_keys:
        yield {"source": source, "sha": commit.sha, "key": key}


def from_closed_issues(commit: Commit) -> Iterator[Row]:
    """The rows of the issues that a commit's pull requests close."""
    of_commit = {"source": _source(commit.repository), "sha": commit.sha}
    for issue in commit.closes:
        yield of_commit | asdict(issue) | {"labels": list(issue.labels)}


def to_closed_issue(row: Sequence[Any]) -> ClosedIssue:
    """The issue of a row."""
    _, _, pull_request, repository, number, labels, created, started, declined = row
    return ClosedIssue(repository, number, pull_request, tuple(labels), created, started, declined)


def to_commit(row: Sequence[Any]) -> Commit:
    """The commit of a row."""
    source, sha, parents, committed_at, pull_request, bot, revert, *more = row
    paths, written_at, rewrites = more
    return Commit(
        repository=_repository(source),
        sha=sha,
        parents=tuple(parents),
        committed_at=committed_at,
        pull_request=pull_request,
        bot=bot,
        revert=revert,
        paths=frozenset(paths),
        written_at=written_at,
        rewrites=rewrites,
    )


def from_event(event: ProductionEvent) -> Row:
    """The row of a production event."""
    return {
        "source": _source(event.repository),
        "kind": event.kind.value,
        "ident": event.ident,
        "sha": event.sha,
        "dated_by": event.dated_by,
        "name": event.name,
        "at": event.at,
        "url": event.url,
        "place": event.place.value,
        "merged_at": event.merged_at,
        "not_before": event.not_before,
        "seen_by": event.seen_by,
    }


def to_event(row: Sequence[Any]) -> ProductionEvent:
    """The production event of a row."""
    source, kind, ident, sha, dated_by, name, at, url, place, merged_at, not_before, seen_by = row
    return ProductionEvent(
        repository=_repository(source),
        kind=Evidence(kind),
        ident=ident,
        sha=sha,
        name=name,
        at=at,
        url=web_address(url),
        dated_by=dated_by,
        place=Place(place),
        merged_at=merged_at,
        not_before=not_before,
        seen_by=seen_by,
    )


def from_other(other: OtherEvidence) -> Row:
    """The row of evidence that the configuration lacks."""
    return {
        "source": _source(other.repository),
        "kind": other.kind.value,
        "name": other.name,
        "example": other.example,
        "first_at": other.first_at,
        "first_known": other.first_known,
        "newest_at": other.newest_at,
        "sha": other.sha,
        "url": other.url,
    }


def to_other(row: Sequence[Any]) -> OtherEvidence:
    """The evidence of a row."""
    source, kind, name, example, first_at, first_known, newest_at, sha, url = row
    return OtherEvidence(
        _repository(source),
        Evidence(kind),
        name,
        example,
        first_at,
        first_known,
        newest_at,
        sha,
        web_address(url),
    )


def from_reach(source: str, delivery: str, sha: str, event: ProductionEvent) -> Row:
    """The row that says at which event a commit reached production as one delivery."""
    return {
        "source": source,
        "delivery": delivery,
        "sha": sha,
        "kind": event.kind.value,
        "ident": event.ident,
        "event_sha": event.sha,
        "dated_by": event.dated_by,
    }


def from_ticket(ticket: Ticket) -> Row:
    """The row of a ticket."""
    return {
        "source": ticket.source,
        "issue_id": ticket.issue_id,
        "key": ticket.key,
        "project": ticket.project,
        "type": ticket.type,
        "sub_task": ticket.sub_task,
        "labels": list(ticket.labels),
        "created": ticket.created,
        "updated": ticket.updated,
        "status_id": ticket.status_id,
        "status_category": ticket.status_category.value,
        "resolution": ticket.resolution,
        "changes": [_from_change(change) for change in ticket.changes],
        "status": ticket.status,
        "resolved_at": ticket.resolved_at,
        "here_since": ticket.here_since,
        "came_from": ticket.came_from,
        "gone": ticket.gone.value,
        "gone_after": ticket.gone_after,
        "gone_by": ticket.gone_by,
        "listed_done": ticket.listed_done,
        "epic": ticket.epic,
        "due": ticket.due,
        "label_changes": [_from_label(change) for change in ticket.label_changes],
        "links": [_from_link(link) for link in ticket.links],
        "planned": ticket.planned,
    }


def to_ticket(row: Sequence[Any]) -> Ticket:
    """The ticket of a row."""
    source, issue_id, key, project, kind, sub_task, labels, created, updated, *after = row
    status_id, status_category, resolution, changes, status, *since = after
    resolved_at, here_since, came_from, gone, *left = since
    gone_after, gone_by, listed_done, epic, due, label_changes, links, planned = left
    return Ticket(
        source=source,
        issue_id=issue_id,
        key=key,
        project=project,
        type=kind,
        sub_task=sub_task,
        labels=tuple(labels),
        created=created,
        updated=updated,
        status_id=status_id,
        status_category=StatusCategory(status_category),
        resolution=resolution,
        changes=tuple(_to_change(change) for change in changes),
        status=status,
        resolved_at=resolved_at,
        here_since=here_since,
        came_from=came_from,
        gone=Gone(gone),
        gone_after=gone_after,
        gone_by=gone_by,
        listed_done=listed_done,
        epic=epic,
        due=due,
        label_changes=tuple(_to_label(change) for change in label_changes or ()),
        links=to_links(links or ()),
        planned=planned,
    )


def _from_label(change: LabelChange) -> list[object]:
    return [as_utc(change.at).isoformat(), change.label, change.added]


def _to_label(change: Sequence[Any]) -> LabelChange:
    at, label, added = change
    return LabelChange(datetime.fromisoformat(at), label, added)


def _from_link(link: TicketLink) -> list[object]:
    row: list[object] = [link.ident, link.type, link.outward, link.key, link.issue_id]
    row.append(link.status_category.value)
    if link.linked is not None:
        created = link.linked.created
        row.append([as_utc(created).isoformat() if created else None, list(link.linked.labels)])
    return row


def to_links(links: Sequence[Sequence[Any]]) -> tuple[TicketLink, ...]:
    """The links of a ticket's row."""
    return tuple(map(_to_link, links))


def _to_link(link: Sequence[Any]) -> TicketLink:
    ident, kind, outward, key, issue_id, category, *linked = link
    other = _to_linked(*linked[0]) if linked else None
    return TicketLink(ident, kind, outward, key, issue_id, StatusCategory(category), other)


def _to_linked(created: str | None, labels: Sequence[str]) -> LinkedTicket:
    return LinkedTicket(datetime.fromisoformat(created) if created else None, tuple(labels))


def _from_change(change: StatusChange) -> list[str]:
    return [
        as_utc(change.at).isoformat(),
        change.from_id,
        change.to_id,
        change.from_category.value,
        change.to_category.value,
        change.to_name,
    ]


def _to_change(change: list[str]) -> StatusChange:
    at, from_id, to_id, from_category, to_category, *to_name = change
    return StatusChange(
        at=datetime.fromisoformat(at),
        from_id=from_id,
        to_id=to_id,
        from_category=StatusCategory(from_category),
        to_category=StatusCategory(to_category),
        to_name=to_name[0] if to_name else "",
    )


def from_sprint(sprint: BoardSprint) -> Row:
    """The row of a board's sprint."""
    return {
        "source": sprint.source,
        "sprint_id": sprint.sprint_id,
        "name": sprint.name,
        "state": sprint.state,
        "start": sprint.start,
        "planned_end": sprint.planned_end,
        "completed": sprint.completed,
        "origin_board": sprint.origin_board,
    }


def to_sprint(row: Sequence[Any]) -> BoardSprint:
    """The board's sprint of a row."""
    return BoardSprint(*row)


def attempt(coverage: Coverage) -> Row:
    """What a row of coverage says of the newest attempt, closed or not."""
    return {
        "source": coverage.source,
        "attempt_started": coverage.attempt_started,
        "attempt_finished": coverage.attempt_finished,
        "reason": coverage.reason.value if coverage.reason else None,
        "detail": coverage.what,
        "remedy": coverage.remedy,
        "items": 0,  # until the facts are counted
        "requests": coverage.requests,
    }


def complete_read(coverage: Coverage, bookmark: str) -> Row:
    """What a row of coverage says of the last complete read."""
    return {
        "fingerprint": coverage.fingerprint,
        "bookmark": bookmark,
        "since": coverage.since,
        "read_started": coverage.read_started,
        "read_finished": coverage.read_finished,
        "unread_in_a_row": 0,
        "number": coverage.number,
        "created": coverage.created,
        "older_paths": None if coverage.older_paths is None else sorted(coverage.older_paths),
        "gone_folders": _from_gone(coverage.gone_folders),
    }


def to_coverage(row: Sequence[Any]) -> Coverage:
    """The coverage of a row; its bookmark is left aside."""
    source, fingerprint, _, *times, reason, what, items, requests, unread, number = row[:-4]
    created, older_paths, gone_folders, remedy = row[-4:]
    since, read_started, read_finished, attempt_started, attempt_finished = times
    return Coverage(
        source=source,
        fingerprint=fingerprint,
        since=since,
        read_started=read_started,
        read_finished=read_finished,
        attempt_started=attempt_started,
        attempt_finished=attempt_finished,
        reason=Reason(reason) if reason else None,
        what=what,
        remedy=remedy,
        items=items,
        requests=requests,
        unread_in_a_row=unread,
        number=number,
        created=created,
        older_paths=None if older_paths is None else frozenset(older_paths),
        gone_folders=_to_gone(gone_folders),
    )


def _from_gone(folders: tuple[GoneFolder, ...] | None) -> list[list[Any]] | None:
    if folders is None:
        return None
    return [[one.path, one.last_touched.isoformat(), sorted(one.beside)] for one in folders]


def _to_gone(stored: Sequence[Sequence[Any]] | None) -> tuple[GoneFolder, ...] | None:
    if stored is None:
        return None
    return tuple(
        GoneFolder(path, datetime.fromisoformat(at), frozenset(beside))
        for path, at, beside in stored
    )
