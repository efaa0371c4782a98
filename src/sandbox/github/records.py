"""What a repository of the sandbox holds. All instants are aware UTC, to the second."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sandbox.people import Actor


class TokenAccess(StrEnum):
    """What the token may see of a repository."""

    OPEN = "open"
    FORBIDDEN = "forbidden"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class GitCommit:
    """A commit with the files that it changes, and those that it removes.

    `texts` are (file, what is in it now), of those files of which that is told.
    """

    sha: str
    parents: tuple[str, ...]
    authored_at: datetime
    committed_at: datetime
    author: Actor
    headline: str
    files: tuple[str, ...]
    removed: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of the repository of this name; `state_reason` is in GitHub's capitals."""

    repository: str
    number: int
    title: str
    created_at: datetime
    labels: tuple[str, ...] = ()
    state_reason: str | None = None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request and the commits that GitHub associates with it; the last one is `sha`.

    `head` is the branch that it was made from. Of one that was closed without being merged only
    that branch still tells. `closes` are the issues that are linked to it.
    """

    number: int
    title: str
    author: Actor
    base: str
    created_at: datetime
    merged_at: datetime | None
    shas: tuple[str, ...]
    base_repository: str
    head: str = ""
    closed: bool = False
    closes: tuple[Issue, ...] = ()

    @property
    def sha(self) -> str:
        """What the pull request left on its base branch."""
        return self.shas[-1]

    @property
    def head_sha(self) -> str:
        """The last commit of its own branch: of a merged one, what is before that it left."""
        return self.shas[-2] if self.merged_at and len(self.shas) > 1 else self.shas[-1]


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment with its statuses (state in GitHub's small letters, at), oldest first.

    `ref` is the branch or tag that it was made from, which may be gone by now.
    """

    ident: int
    environment: str
    sha: str
    created_at: datetime
    statuses: tuple[tuple[str, datetime], ...]
    ref: str


@dataclass(frozen=True, slots=True)
class GitTag:
    """A git tag: annotated where it has a tagger's date. `sha` is the commit's."""

    name: str
    sha: str
    tagged_at: datetime | None
    tagger: Actor
    oid: str


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a tag. A draft has no publication date."""

    ident: int
    tag: str
    created_at: datetime
    published_at: datetime | None
    draft: bool
    prerelease: bool
    author: Actor


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run of a workflow. `finished_at` is when it was last updated.

    `fork` is the repository that its branch is in, where that is another, as owner/name; None
    where that was removed. `earlier` are its attempts before the newest, each with its conclusion
    and when it was last updated; None stands for one that GitHub has no more. `calls` are the
    files of the reusable workflows that its own calls.
    """

    ident: int
    number: int
    workflow: str
    sha: str
    branch: str
    event: str
    conclusion: str | None
    created_at: datetime
    finished_at: datetime
    actor: Actor
    fork: str | None = ""
    earlier: tuple[tuple[str | None, datetime] | None, ...] = ()
    calls: tuple[str, ...] = ()

    def again(self, *, at: datetime, conclusion: str | None = "success") -> "WorkflowRun":
        """Return the run with one more attempt, which ended `at`."""
        earlier = (*self.earlier, (self.conclusion, self.finished_at))
        return replace(self, earlier=earlier, conclusion=conclusion, finished_at=at)

    def attempt(self, number: int) -> "WorkflowRun | None":
        """Return the run as its attempt `number` left it, None where GitHub does not have that."""
        if not 0 < number <= len(self.earlier):
            return self if number == len(self.earlier) + 1 else None
        shown = self.earlier[number - 1]
        if shown is None:
            return None
        before = self.earlier[: number - 1]
        return replace(self, conclusion=shown[0], finished_at=shown[1], earlier=before)
