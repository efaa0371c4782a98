"""Facts: what GitHub and Jira said, without a person, a title or a text that people wrote.

A fact belongs to a *source* (a repository, a Jira project or JQL, a board), never to a team.
Every instant is an aware UTC datetime.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Evidence(StrEnum):
    """The ways in which a repository shows that something reached production."""

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


class Place(StrEnum):
    """Where the commit of a deployment stood when it was read.

    UNTOLD is of a deployment that was read before this was told apart, and of other kinds.
    """

    UNTOLD = ""
    BRANCH = "branch"  # on the production branch, or on one that configuration names
    TAG = "tag"
    MERGED = "merged"  # of a pull request that was merged by then
    NO_PULL_REQUEST = "no_pull_request"  # off the branch, as a release branch is
    MERGED_LATER = "merged_later"
    UNMERGED = "unmerged"  # head of a pull request that was not merged
    UNKNOWN = "unknown"  # its ref is gone
    UNFINISHED = "unfinished"  # on the branch, and GitHub was never told how it ended
    FINISHED = "finished"  # the same, until GitHub was told


class Gone(StrEnum):
    """How a ticket that was open is no more among all that its source lists."""

    LISTED = ""  # it is still there
    MOVED = "moved"  # it answers elsewhere: in another project, past a filter, in the archive
    UNSEEN = "unseen"  # deleted, hidden, or Done since where a filter does not show that
    HIDDEN = "hidden"  # with most others at once, so that it was not they that were deleted


@dataclass(frozen=True, slots=True)
class ClosedIssue:
    """An issue of GitHub that a merged pull request closes, as it stood when that was first read.

    `repository` is the one that the issue is in; `labels` those of it that are kept. `created` is
    when it was made, `started` when the pull request was. `declined` is whether it was closed as
    not planned.
    """

    repository: str
    number: int
    pull_request: int
    labels: tuple[str, ...]
    created: datetime
    started: datetime
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `paths` holds those of the configured folders that it touches.

    `ticket_keys` are those of tickets that its merged pull requests name, as far as they were read
    since hearten looks for them: where there are none, nothing is known. `closes` are the issues
    that these close, likewise, of repositories of teams without Jira.

    `written_at` is when it was first made, which stays where it is made anew. `rewrites` is the
    sha that it had before the branch was pushed with force; of a commit that is older than all
    that was read, that of the oldest one known. It is empty where nothing was rewritten.
    """

    repository: str
    sha: str
    parents: tuple[str, ...]
    committed_at: datetime
    pull_request: int | None = None
    bot: bool = False
    revert: bool = False
    paths: frozenset[str] = frozenset()
    written_at: datetime | None = None
    rewrites: str = ""
    ticket_keys: tuple[str, ...] = ()
    closes: tuple[ClosedIssue, ...] = ()

    @property
    def first_sha(self) -> str:
        """The sha that the commit had when it was first known."""
        return self.rewrites or self.sha

    @property
    def merge(self) -> bool:
        """Whether the commit joins two lines of history."""
        return len(self.parents) > 1


class Written(NamedTuple):
    """When a known commit was first made, and the sha that it was first known by."""

    at: datetime
    first_sha: str


@dataclass(frozen=True, slots=True)
class ProductionEvent:
    """Something that put `sha` into production at `at`.

    `sha` is empty where a release's tag leads to no commit: nobody can tell what it brought.
    `ident` tells two events of one kind apart: a deployment's, release's or run's id, a tag's
    name, a commit's sha. `name` is what people call it: environment, tag, workflow or branch.
    `dated_by` is empty where `at` is GitHub's own date, else the strptime format that read it
    from the name. `at` is None where that format does not fit: such an event is left out.

    Where GitHub cannot say when it happened, it was in `not_before` < t <= `seen_by`, and `at` is
    the earliest instant that is possible; both are None where `at` is sure. `place` and
    `merged_at` (when its pull request was merged, if later than `at`) are of deployments.
    """

    repository: str
    kind: Evidence
    ident: str
    sha: str
    name: str
    at: datetime | None
    url: str
    dated_by: str = ""
    place: Place = Place.UNTOLD
    merged_at: datetime | None = None
    not_before: datetime | None = None
    seen_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class OtherEvidence:
    """A name that the configuration does not have, although it brought out what those have not.

    `name` is an environment's or a workflow's file; of tags and releases it is their style, with
    each number as `#`, and `example` the newest of them. `first_at` is when the first of the name
    was, as far as GitHub was asked; `first_known` is whether there is none before it. `sha` is a
    commit of the production branch that it brought at `newest_at`, and nothing that counts had by
    then.
    """

    repository: str
    kind: Evidence
    name: str
    example: str
    first_at: datetime
    first_known: bool
    newest_at: datetime
    sha: str
    url: str


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A ticket's move from one status to another, by status id, with their categories.

    `to_name` is the name of the status it led to, empty where it was read before names were kept.
    """

    at: datetime
    from_id: str
    to_id: str
    from_category: StatusCategory
    to_category: StatusCategory
    to_name: str = ""


@dataclass(frozen=True, slots=True)
class LabelChange:
    """When one of the kept labels came to a ticket (`added`) or went from it."""

    at: datetime
    label: str
    added: bool


@dataclass(frozen=True, slots=True)
class LinkedTicket:
    """What was read of a ticket that another one links to, for feedback: when it was made.

    `labels` are those of it that are kept. `created` is None where nobody may read it, or it is
    gone.
    """

    created: datetime | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A link of a ticket to another one, as it stood when the ticket was read.

    `ident` is the link's own id, `type` what the site calls its kind ("Blocks"), and `outward`
    whether it leads from the ticket ("blocks") or to it ("is blocked by"). `key`, `issue_id` and
    `status_category` are the other ticket's. `linked` is what was read of that one, None where
    nothing was asked of it.
    """

    ident: str
    type: str
    outward: bool
    key: str
    issue_id: str
    status_category: StatusCategory
    linked: LinkedTicket | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """One Jira issue of one source. `issue_id` is stable where `key` moves with the project.

    `status` is the name of its status. `resolved_at` dates no move, and is only a witness that
    there was one. `here_since` is when it came into its project from another one, whose id is
    `came_from`. `gone` is how it left its source: the last whole list with it began at
    `gone_after`, the first one without it at `gone_by`. `listed_done` is when it was updated that
    it was first listed as Done, as it stood: it may have been reopened since. `epic` is whether its
    type is on the level of epics, whatever its name; where Jira names no level it is False.
    `due` is the day by which it is to be done. `label_changes` are those of `labels`, by time.
    `planned` is whether it was in a sprint that had not begun, when that was asked last.
    """

    source: str
    issue_id: str
    key: str
    project: str
    type: str
    sub_task: bool
    labels: tuple[str, ...]  # those alone that the plan names
    created: datetime
    updated: datetime
    status_id: str
    status_category: StatusCategory
    resolution: str | None
    changes: tuple[StatusChange, ...] = ()
    status: str = ""
    resolved_at: datetime | None = None
    here_since: datetime | None = None
    came_from: str = ""
    gone: Gone = Gone.LISTED
    gone_after: datetime | None = None
    gone_by: datetime | None = None
    listed_done: datetime | None = None
    epic: bool = False
    due: date | None = None
    label_changes: tuple[LabelChange, ...] = ()
    links: tuple[TicketLink, ...] = ()
    planned: bool = False


class KnownTicket(NamedTuple):
    """What the store knows of a ticket: when it was updated, and how many moves it has.

    `open` is whether it was open when it was last read, and is listed still.
    """

    updated: datetime
    moves: int
    open: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class GoneTicket:
    """A known ticket that was open and left its source: how, after when and by when."""

    issue_id: str
    how: Gone
    after: datetime
    by: datetime


@dataclass(frozen=True, slots=True)
class BoardSprint:
    """A sprint of a Jira board. `start` is when it was activated, else when it was planned to.

    `origin_board` is the board that it was made on, None where Jira does not say.
    """

    source: str
    sprint_id: int
    name: str
    state: str  # future, active or closed; deleted where Jira has it no more
    start: datetime | None
    planned_end: datetime | None
    completed: datetime | None
    origin_board: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What a team wrote of one of its sprints, in a file of its repository, for others to read.

    It is the one text of people that is kept. `target` is the id of the target that it is about,
    empty where it names none; `cut` is whether the file goes on.
    """

    source: str
    sprint_id: str
    oid: str
    text: str  # Markdown
    target: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class StoriesRead:
    """The stories of a repository: of which sprints there are any, and those that are new."""

    there: frozenset[str]
    new: tuple[Story, ...] = ()


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
    LEFT_UNSEEN = "left_unseen"
    EVIDENCE_CHANGED = "evidence_changed"


class GoneFolder(NamedTuple):
    """A configured folder that the production branch has no more, and when it was last touched.

    `beside` are the other configured folders that the last commit touches which touches this one:
    one that takes its place is among them.
    """

    path: str
    last_touched: datetime
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one source: its last complete read, and how the newest attempt went.

    The last complete read covers `since` <= t < `read_started`, under `fingerprint`; all three
    are None/empty where no read ever closed. `reason`, `what` happened and its `remedy` are those
    of the newest attempt, None or empty where it closed, and `requests` how many it took. By the
    store's count, `items` is how many facts it brought that were new or had changed, and
    `unread_in_a_row` how many of the newest attempts did not close. `number` is the id that the
    service gave the source at the last complete read, and `created` when a repository was made.
    `older_paths` are those of the configured folders that a commit touches which is older than all
    that was read, and `gone_folders` those that are there no more; both are None where nobody
    looked.
    """

    source: str
    fingerprint: str = ""
    since: datetime | None = None
    read_started: datetime | None = None
    read_finished: datetime | None = None
    attempt_started: datetime | None = None
    attempt_finished: datetime | None = None
    reason: Reason | None = None
    what: str = ""  # before both were kept apart, with the remedy
    remedy: str = ""
    items: int = field(default=0, compare=False)
    requests: int = 0
    unread_in_a_row: int = field(default=0, compare=False)
    number: str = ""
    created: datetime | None = None
    older_paths: frozenset[str] | None = None
    gone_folders: tuple[GoneFolder, ...] | None = None

    @property
    def detail(self) -> str:
        """What happened and the remedy as one text."""
        return f"{self.what} {self.remedy}".strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """One source, read: facts to keep (new or changed), coverage, and the next bookmark.

    `gone` are the known tickets that left it, of which nothing else is known now. `planned` are the
    ids of all its tickets that are in a sprint that has not begun, None where nobody asked.
    Where `coverage.reason` is set, the read did not close: there are no facts and no bookmark.
    `stories` is None where they are as they were.
    `anew` is whether it was read from the beginning although the task brought a bookmark.
    `clock_ahead` is by how much our clock is ahead of the service's, `requests_left` what is left
    of its rate limit, None where it did not say.
    """

    coverage: Coverage
    bookmark: str = ""
    commits: tuple[Commit, ...] = ()
    events: tuple[ProductionEvent, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    gone: tuple[GoneTicket, ...] = ()
    planned: frozenset[str] | None = None
    sprints: tuple[BoardSprint, ...] = ()
    others: tuple[OtherEvidence, ...] = ()
    stories: StoriesRead | None = None
    clock_ahead: timedelta = timedelta()
    requests_left: int | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """A commit, and the production event that brought it there first.

    `delivery` is the key of the delivery as which it did: entries of a repository may ship apart.
    """

    commit: Commit
    event: ProductionEvent
    delivery: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts that one team's evaluation needs. Order and repetition do not matter."""

    reached: tuple[Reached, ...] = ()
    events: tuple[ProductionEvent, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    sprints: tuple[BoardSprint, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    others: tuple[OtherEvidence, ...] = ()
