"""Jira's issues and change logs as tickets: no summary, no assignee, nobody's name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from collector.jira.inconsistency import inconsistent
from collector.jira.issue_links import read_links
from collector.json_fields import OddAnswerError, instant, pick, pick_or_none
from evaluator.model.facts import StatusCategory, TicketLink

FIELDS = (
    "status",
    "issuetype",
    "resolution",
    "resolutiondate",
    "labels",
    "created",
    "updated",
    "project",
    "duedate",
    "issuelinks",
)
FIELDS_LINKED = ("created", "labels", "status")  # of a ticket that a link leads to
FIELDS_BY_ID = (*FIELDS, "archiveddate")  # which a search does not find
LOGGED = ("status", "project", "labels")  # the fields whose changes are asked for
_UNTOUCHED = timedelta(minutes=1)  # after it was made; automation may touch a ticket at once
_EPIC = 1  # the level of a type right above that of stories and tasks: Cloud alone says it
_NO_CATEGORY = "undefined"
_SIDES = ("from", "to", "fromString", "toString")
_NO_CHANCE = 3  # so many tickets were not all made in Done, and then only commented on


@dataclass(frozen=True, slots=True)
class ParsedIssue:
    """An issue as a search lists it, without its change log.

    `status_category` is None where the status is known from the change log alone.
    """

    issue_id: str
    key: str
    project: str
    type: str
    sub_task: bool
    labels: tuple[str, ...]
    created: datetime
    updated: datetime
    status_id: str
    status_name: str
    status_category: StatusCategory | None
    resolution: str | None
    project_id: str = ""
    resolved_at: datetime | None = None
    archived: bool = False
    epic: bool = False
    due: date | None = None
    links: tuple[TicketLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A move between statuses as the change log has it: by id, without categories.

    After a migration an id may be missing (empty): then the name says which status it was.
    """

    at: datetime
    from_id: str
    to_id: str
    from_name: str = ""
    to_name: str = ""

    def leads_to(self, issue: ParsedIssue) -> bool:
        """Return whether the move ends in the issue's status."""
        if self.to_id:
            return self.to_id == issue.status_id
        return bool(self.to_name) and same_name(self.to_name) == same_name(issue.status_name)

    def with_ids(self, by_name: Mapping[str, str]) -> "Move":
        """Return the move with each missing id from `by_name`, as far as that has the name."""
        return replace(
            self,
            from_id=self.from_id or by_name.get(same_name(self.from_name), ""),
            to_id=self.to_id or by_name.get(same_name(self.to_name), ""),
        )


@dataclass(frozen=True, slots=True)
class ProjectMove:
    """A move from one project to another, by their ids."""

    at: datetime
    from_id: str
    to_id: str


@dataclass(frozen=True, slots=True)
class LabelMove:
    """A change of an issue's labels: those before it and those after it."""

    at: datetime
    before: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, slots=True)
class IssueHistory:
    """An issue with its moves, oldest first; `logged` says whether its change log showed anything.

    `moves` are those between statuses, `project_moves` those between projects, and `label_moves`
    say when labels changed.
    `doubtful` where the moves do not lead to the issue's status, and asking again did not help: an
    administrator may have replaced the status, Jira may be lagging behind, or keep the log to
    itself.
    """

    issue: ParsedIssue
    moves: tuple[Move, ...]
    doubtful: bool = False
    logged: bool = True
    project_moves: tuple[ProjectMove, ...] = ()
    label_moves: tuple[LabelMove, ...] = ()


def read_issue(answer: object) -> ParsedIssue:
    """Return the issue that Jira's JSON describes.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    fields = pick(answer, "fields", dict)
    resolution = pick_or_none(fields, "resolution", dict)
    return ParsedIssue(
        issue_id=pick(answer, "id", str),
        key=pick(answer, "key", str),
        project=pick(fields, "project.key", str),
        type=pick(fields, "issuetype.name", str),
        sub_task=pick(fields, "issuetype.subtask", bool),
        labels=tuple(str(label) for label in pick_or_none(fields, "labels", list) or []),
        created=instant(fields, "created"),
        updated=instant(fields, "updated"),
        status_id=pick(fields, "status.id", str),
        status_name=pick_or_none(pick(fields, "status", dict), "name", str) or "",
        status_category=read_category(pick(fields, "status", dict)),
        resolution=pick(resolution, "name", str) if resolution is not None else None,
        project_id=pick_or_none(pick(fields, "project", dict), "id", str) or "",
        resolved_at=instant(fields, "resolutiondate") if fields.get("resolutiondate") else None,
        archived=bool(fields.get("archiveddate")),
        epic=pick_or_none(fields["issuetype"], "hierarchyLevel", int) == _EPIC,
        due=_day(fields, "duedate"),
        links=read_links(pick_or_none(fields, "issuelinks", list) or []),
    )


def _day(fields: object, name: str) -> date | None:
    text = pick_or_none(fields, name, str)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise OddAnswerError(f"`{name}` is no date") from None


def read_category(status: object) -> StatusCategory:
    """Return the category of a status; one that hearten has never heard of is UNKNOWN.

    Jira's "No Category" has a key of its own, and means that nothing of it is done.
    """
    key = pick(status, "statusCategory.key", str)
    if key == _NO_CATEGORY:
        return StatusCategory.TO_DO
    return StatusCategory(key) if key in set(StatusCategory) else StatusCategory.UNKNOWN


def read_moves(histories: Iterable[object]) -> tuple[Move, ...]:
    """Return the moves between statuses in a change log, oldest first, each history once.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    return tuple(
        # Either side may be null: then nothing but its name tells which status it was.
        Move(at, *(pick_or_none(item, side, str) or "" for side in _SIDES))
        for at, item in _changes_of("status", histories)
    )


def read_project_moves(histories: Iterable[object]) -> tuple[ProjectMove, ...]:
    """Return the moves between projects in a change log, oldest first, each history once.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    return tuple(
        ProjectMove(at, *(pick_or_none(item, side, str) or "" for side in _SIDES[:2]))
        for at, item in _changes_of("project", histories)
    )


def read_label_moves(histories: Iterable[object]) -> tuple[LabelMove, ...]:
    """Return the changes of labels in a change log, oldest first, each history once.

    Errors: SourceUnavailableError that names a field that is missing or odd.
    """
    return tuple(
        LabelMove(
            at,
            # Jira has all labels in one text; none of them holds a space.
            *(frozenset((pick_or_none(item, side, str) or "").split()) for side in _SIDES[2:]),
        )
        for at, item in _changes_of("labels", histories)
    )


def _changes_of(name: str, histories: Iterable[object]) -> list[tuple[datetime, object]]:
    """Return each change of the field, oldest first, with its time."""
    once = {pick(history, "id", str): history for history in histories}
    found = [
        (instant(history, "created"), len(key), key, place, item)
        for key, history in once.items()
        for place, item in enumerate(pick(history, "items", list))
        if _is_of(name, item)
    ]
    # Ids grow with time: a shorter one is the older where two histories share a millisecond.
    found.sort(key=lambda change: change[:4])
    return [(at, item) for at, _, _, _, item in found]


def agree(issue: ParsedIssue, moves: Sequence[Move]) -> bool:
    """Return whether the newest move leads to the status; without moves nothing can be compared."""
    return not moves or moves[-1].leads_to(issue)


def reconciled(issue: ParsedIssue, log: Sequence[object]) -> IssueHistory:
    """Return issue and moves as Jira gave them in its change log, and no move that it did not give.

    Where the newest move is younger than the issue, the issue moved on since it was listed, and
    its status is that move's. The next run sees another `updated` and reads it again.
    """
    moves, between, labels = read_moves(log), read_project_moves(log), read_label_moves(log)
    if agree(issue, moves):
        doubtful = not moves and _touched_and_done(issue)
        logged = any(pick(each, "items", list) for each in log)
        return IssueHistory(issue, moves, doubtful, logged, between, labels)
    if moves[-1].at > issue.updated and moves[-1].to_id:
        moved = replace(
            issue,
            status_id=moves[-1].to_id,
            status_name=moves[-1].to_name,
            status_category=None,
        )
        return IssueHistory(moved, moves, project_moves=between, label_moves=labels)
    return IssueHistory(issue, moves, doubtful=True, project_moves=between, label_moves=labels)


def refuse_withheld(histories: Collection[IssueHistory], about: str) -> None:
    """Refuse what Jira gave of `about` where it seems to keep every change log to itself.

    Without logs no ticket has ever moved to Done, which would be believed. A ticket that was made
    in Done has no move either; but not every ticket of a project was, and one log that is shown,
    be it of an open ticket, says that logs are not kept back.
    """
    done = [h for h in histories if h.issue.status_category is StatusCategory.DONE]
    withheld = all(_touched_and_done(history.issue) for history in done)
    if len(done) >= _NO_CHANCE and withheld and not any(h.logged for h in histories):
        raise inconsistent(f"gives no change log of any of {len(done)} tickets, of {about}")


def _touched_and_done(issue: ParsedIssue) -> bool:
    touched = issue.updated - issue.created > _UNTOUCHED
    return touched and issue.status_category is StatusCategory.DONE


def _is_of(field: str, item: object) -> bool:
    """Whether an item is about Jira's own field, not about a custom one of that name."""
    field_id = pick_or_none(item, "fieldId", str)
    if field_id is not None:
        return field_id == field
    name, kind = pick(item, "field", str), pick(item, "fieldtype", str)
    return name.lower() == field and kind == "jira"


def same_name(status: str) -> str:
    """Return a status's name as Jira compares names: without case or spaces around it."""
    return status.strip().casefold()


def names_without_id(histories: Iterable[IssueHistory]) -> set[str]:
    """Return the names, as `same_name` has them, of statuses that moves mention by name alone."""
    moves = [move for history in histories for move in history.moves]
    before = {same_name(move.from_name) for move in moves if not move.from_id}
    return (before | {same_name(move.to_name) for move in moves if not move.to_id}) - {""}


def status_ids(histories: Iterable[IssueHistory]) -> set[str]:
    """Return every status id that the issues and their moves mention."""
    moves = (move for history in histories for move in history.moves)
    mentioned = {status for move in moves for status in (move.from_id, move.to_id) if status}
    return mentioned | {history.issue.status_id for history in histories}
