"""What a Jira site of the sandbox holds. All instants are aware UTC."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sandbox.people import Actor


@dataclass(frozen=True, slots=True)
class JiraStatus:
    """A status; `category` is Jira's key (new, indeterminate, done). Unlisted: deleted since."""

    ident: str
    name: str
    category: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Project:
    """A project; without `readable` the token may not see that it exists."""

    ident: str
    key: str
    name: str
    readable: bool = True


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field's change: ids and what people see of them."""

    field: str
    before: str | None
    shown_before: str | None
    after: str | None
    shown_after: str | None


@dataclass(frozen=True, slots=True)
class ChangeLogEntry:
    """What somebody changed at one instant."""

    ident: str
    author: Actor
    at: datetime
    items: tuple[ChangedField, ...]


@dataclass(slots=True)
class JiraIssue:
    """An issue as it is now, with its histories, oldest first."""

    ident: str
    key: str
    project: Project
    type: str
    summary: str
    reporter: Actor
    assignee: Actor
    created: datetime
    updated: datetime
    status: JiraStatus
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    parent: "JiraIssue | None" = None
    resolution: str = ""
    resolved: datetime | None = None
    histories: list[ChangeLogEntry] = field(default_factory=list)
    archived: datetime | None = None  # found by its id or key, and by no search
    due: date | None = None
    planned: bool = False  # in a sprint that has not begun
    links: list["IssueLink"] = field(default_factory=list)

    @property
    def sub_task(self) -> bool:
        """Whether the issue is a part of another one."""
        return self.type == "Sub-task"


@dataclass(frozen=True, slots=True)
class IssueLink:
    """A link as one of its two issues shows it: the other one, and whether it leads there."""

    ident: str
    type: str
    outward: bool
    other: JiraIssue = field(compare=False)  # which links back


@dataclass(frozen=True, slots=True)
class JiraSprint:
    """A sprint. `state` is future, active or closed; a future one may lack dates."""

    ident: int
    board: int
    name: str
    state: str
    goal: str
    start: datetime | None
    end: datetime | None
    activated: datetime | None
    completed: datetime | None


@dataclass(slots=True)
class Board:
    """A board; a Kanban board has no sprints."""

    ident: int
    name: str
    project: Project
    kind: str = "scrum"
    readable: bool = True
    sprints: list[JiraSprint] = field(default_factory=list)
