"""Facts: what GitHub and Jira said, without a person, a title or a text that people wrote.

A fact belongs to a *source* (a repository, a Jira project or JQL, a board), never to a team.
Every instant is an aware UTC datetime.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Evidence(StrEnum):
    """The five ways in which a repository shows that something reached production."""

    MERGE = "merge"
    DEPLOYMENT = "deployment"
    RELEASE = "release"
    TAG = "tag"
    WORKFLOW = "workflow"


class StatusCategory(StrEnum):
    """Jira's status categories; UNKNOWN where the site no longer knows the status."""

    TO_DO = "new"
    IN_PROGRESS = "indeterminate"
    DONE = "done"
    UNKNOWN = "undefined"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `paths` holds those of the configured folders that it touches."""

    repository: str
    sha: str
    parents: tuple[str, ...]
    committed_at: datetime
    pull_request: int | None = None
    bot: bool = False
    revert: bool = False
    paths: frozenset[str] = frozenset()

    @property
    def merge(self) -> bool:
        """Whether the commit joins two lines of history."""
        return len(self.parents) > 1


@dataclass(frozen=True, slots=True)
class ProductionEvent:
    """Something that put `sha` into production at `at`.

    `sha` is empty where a release's tag leads to no commit: nobody can tell what it brought.
    `ident` tells two events of one kind apart: a deployment's, release's or run's id, a tag's
    name, a commit's sha. `name` is what people call it: environment, tag, workflow or branch.
    `dated_by` is empty where `at` is GitHub's own date, else the strptime format that read it
    from the name. `at` is None where that format does not fit: such an event is left out.
    """

    repository: str
    kind: Evidence
    ident: str
    sha: str
    name: str
    at: datetime | None
    url: str
    dated_by: str = ""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A ticket's move from one status to another, by status id, with their categories."""

    at: datetime
    from_id: str
    to_id: str
    from_category: StatusCategory
    to_category: StatusCategory


@dataclass(frozen=True, slots=True)
class Ticket:
    """One Jira issue of one source. `issue_id` is stable where `key` moves with the project."""

    source: str
    issue_id: str
    key: str
    project: str
    type: str
    sub_task: bool
    labels: tuple[str, ...]
    created: datetime
    updated: datetime
    status_id: str
    status_category: StatusCategory
    resolution: str | None
    changes: tuple[StatusChange, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardSprint:
    """A sprint of a Jira board. `start` is when it was activated, else when it was planned to."""

    source: str
    sprint_id: int
    name: str
    state: str  # future, active or closed; deleted where Jira has it no more
    start: datetime | None
    planned_end: datetime | None
    completed: datetime | None


class Reason(StrEnum):
    """Why a source was not completely read for a period."""

    NOT_SET_UP = "not_set_up"
    NOTHING_MATCHED = "nothing_matched"
    NO_ACCESS = "no_access"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    SOURCE_DOWN = "source_down"
    STALE = "stale"
    HISTORY_BEFORE_START = "history_before_start"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one source: its last complete read, and how the newest attempt went.

    The last complete read covers `since` <= t < `read_started`, under `fingerprint`; all three
    are None/empty where no read ever closed. `reason` and `detail` are those of the newest
    attempt, None where it closed, and `requests` how many it took. By the store's count, `items`
    is how many facts it brought that were new or had changed, and `unread_in_a_row` how many of
    the newest attempts did not close.
    """

    source: str
    fingerprint: str = ""
    since: datetime | None = None
    read_started: datetime | None = None
    read_finished: datetime | None = None
    attempt_started: datetime | None = None
    attempt_finished: datetime | None = None
    reason: Reason | None = None
    detail: str = ""
    items: int = field(default=0, compare=False)
    requests: int = 0
    unread_in_a_row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """One source, read: facts to keep (new or changed), coverage, and the next bookmark.

    Where `coverage.reason` is set, the read did not close: there are no facts and no bookmark.
    `clock_ahead` is by how much our clock is ahead of the service's, `requests_left` what is left
    of its rate limit, None where it did not say.
    """

    coverage: Coverage
    bookmark: str = ""
    commits: tuple[Commit, ...] = ()
    events: tuple[ProductionEvent, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    sprints: tuple[BoardSprint, ...] = ()
    clock_ahead: timedelta = timedelta()
    requests_left: int | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A commit, and the production event that brought it there first."""

    commit: Commit
    event: ProductionEvent


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts that one team's evaluation needs. Order and repetition do not matter."""

    reached: tuple[Reached, ...] = ()
    events: tuple[ProductionEvent, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    sprints: tuple[BoardSprint, ...] = ()
    coverage: tuple[Coverage, ...] = ()
