"""A repository of the sandbox, built call by call in the order of its history."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sandbox.github.history import git_order
from sandbox.github.records import (
    Deployment,
    GitCommit,
    GitTag,
    Issue,
    PullRequest,
    Release,
    TokenAccess,
    WorkflowRun,
)
from sandbox.people import CAST, TITLES, Actor

Target = GitCommit | PullRequest | str


@dataclass(slots=True)
class SandboxRepository:
    """A repository; `ids` gives numbers that no other thing in the world has.

    What a call leaves out is made up: an author and a title from the invented people's.
    """

    name: str  # owner/name
    ids: Iterator[int]
    ident: int = field(init=False)
    default_branch: str = "main"
    access: TokenAccess = TokenAccess.OPEN
    former_names: tuple[str, ...] = ()
    archived: bool = False
    fork: bool = False
    hashed_as: str = ""  # in place of the name, where another repository has that too
    created_at: datetime = datetime(2016, 1, 4, tzinfo=UTC)
    commits: dict[str, GitCommit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    pull_requests: dict[int, PullRequest] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    issues_hidden: bool = False  # from the token, which shows the rest
    deployments: list[Deployment] = field(default_factory=list)
    tags: dict[str, GitTag] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    runs: list[WorkflowRun] = field(default_factory=list)
    idle_workflows: list[str] = field(default_factory=list)  # files that never ran by themselves
    workflow_states: dict[str, str] = field(default_factory=dict)  # by file, where not active
    _pulls_of: dict[str, list[PullRequest]] = field(default_factory=dict)
    _orders: dict[str, list[str]] = field(default_factory=dict)
    _folders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ident = next(self.ids)

    def commit(
        self,
        *,
        at: datetime,
        headline: str = "",
        author: Actor | None = None,
        files: Sequence[str] = ("src/app.py",),
        branch: str | None = None,
        parents: Sequence[str] | None = None,
        authored_at: datetime | None = None,
        removed: Sequence[str] = (),
        texts: Mapping[str, str] | None = None,
    ) -> GitCommit:
        """Commit on `branch` (the default one), at the committer's date `at`, and move it there.

        `texts` are further files that it changes, with what is in them.
        """
        branch = branch or self.default_branch
        head = self.branches.get(branch)
        commit = GitCommit(
            sha=_hash(self.hashed_as or self.name, "commit", len(self.commits)),
            parents=tuple(parents if parents is not None else [head] if head else []),
            authored_at=authored_at or at,
            committed_at=at,
            author=author or self._somebody(),
            headline=headline or TITLES[len(self.commits) % len(TITLES)],
            files=(*files, *(texts or ())),
            removed=tuple(removed),
            texts=tuple((texts or {}).items()),
        )
        self._folders |= {file.partition("/")[0] for file in commit.files}
        self.commits[commit.sha] = commit
        self.branches[branch] = commit.sha
        return commit

    def squash_merge(
        self,
        *,
        at: datetime,
        title: str = "",
        author: Actor | None = None,
        files: Sequence[str] = ("src/app.py",),
        base: str | None = None,
        removed: Sequence[str] = (),
        texts: Mapping[str, str] | None = None,
        head: str = "",
        opened: datetime | None = None,
        closes: Sequence[Issue] = (),
    ) -> PullRequest:
        """Merge a pull request, made from the branch `head`, as one new commit on `base`.

        It was `opened` then, and `closes` issues.
        """
        number, title, author = (
            self._next_number(),
            title or self._title(),
            author or self._somebody(),
        )
        commit = self.commit(
            at=at,
            headline=f"{title} (#{number})",
            author=author,
            files=files,
            branch=base,
            removed=removed,
            texts=texts,
        )
        return self.pull_request(
            [commit],
            title=title,
            author=author,
            base=base,
            merged_at=at,
            number=number,
            head=head,
            created_at=opened,
            closes=closes,
        )

    def rebase_merge(
        self,
        *,
        at: datetime,
        written: Sequence[datetime],
        title: str = "",
        author: Actor | None = None,
        files: Sequence[str] = ("src/app.py",),
        base: str | None = None,
    ) -> PullRequest:
        """Merge a pull request by putting a copy of each commit, written then, on `base`."""
        author = author or self._somebody()
        commits = [
            self.commit(at=at, authored_at=when, author=author, files=files, branch=base)
            for when in written
        ]
        return self.pull_request(commits, title=title, author=author, base=base, merged_at=at)

    def merge(
        self,
        *,
        at: datetime,
        written: Sequence[datetime],
        title: str = "",
        author: Actor | None = None,
        files: Sequence[str] = ("src/app.py",),
        base: str | None = None,
        start: Target | None = None,
    ) -> PullRequest:
        """Merge a branch, begun at `start` (the base's head) with commits written then."""
        base, number, author = (
            base or self.default_branch,
            self._next_number(),
            author or self._somebody(),
        )
        side = f"branch-{number}"
        self.branches[side] = self._sha(start) if start else self.branches[base]
        commits = [
            self.commit(at=when, author=author, files=files, branch=side) for when in written
        ]
        joined = self.commit(
            at=at,
            headline=f"Merge pull request #{number} from {self.name.partition('/')[0]}/{side}",
            author=author,
            files=(),
            branch=base,
            parents=[self.branches[base], self.branches.pop(side)],
        )
        return self.pull_request(
            [*commits, joined], title=title, author=author, base=base, merged_at=at, number=number
        )

    def pull_request(
        self,
        commits: Sequence[Target],
        *,
        merged_at: datetime | None,
        created_at: datetime | None = None,
        title: str = "",
        author: Actor | None = None,
        base: str | None = None,
        base_repository: str = "",
        head: str = "",
        closed: bool = False,
        number: int | None = None,
        closes: Sequence[Issue] = (),
    ) -> PullRequest:
        """Associate `commits` with a pull request, open where `merged_at` is None.

        `head`, `closed` and `closes` are as for `PullRequest`.
        """
        shas = tuple(self._sha(commit) for commit in commits)
        pull = PullRequest(
            number=number or self._next_number(),
            title=title or self._title(),
            author=author or self._somebody(),
            base=base or self.default_branch,
            created_at=created_at or self._written(shas[0]),
            merged_at=merged_at,
            shas=shas,
            base_repository=base_repository or self.name,
            head=head,
            closed=closed,
            closes=tuple(closes),
        )
        self.pull_requests[pull.number] = pull
        for sha in shas:
            self._pulls_of.setdefault(sha, []).append(pull)
        return pull

    def issue(
        self,
        title: str = "",
        *,
        at: datetime,
        labels: Sequence[str] = (),
        state_reason: str | None = "COMPLETED",
    ) -> Issue:
        """Make an issue, which is closed for that reason by now; None where it is open."""
        number = self._next_number()
        title = title or self._title()
        issue = Issue(self.name, number, title, at, tuple(labels), state_reason)
        self.issues[number] = issue
        return issue

    def merged(self, pull: PullRequest, *, at: datetime, shas: Sequence[Target]) -> PullRequest:
        """Merge an open pull request, which adds these commits to it."""
        added = tuple(self._sha(commit) for commit in shas)
        later = replace(pull, merged_at=at, shas=(*pull.shas, *added))
        self.pull_requests[pull.number] = later
        for sha in later.shas:
            others = [known for known in self._pulls_of.get(sha, []) if known.number != pull.number]
            self._pulls_of[sha] = [*others, later]
        return later

    def deploy(
        self,
        target: Target,
        environment: str = "production",
        *,
        at: datetime,
        statuses: Sequence[tuple[str, datetime]] | None = None,
        ref: str | None = None,
    ) -> Deployment:
        """Deploy `target`; without `statuses` it succeeds at once. Deploy again to repeat it.

        Without `ref`, the branch or tag that it is made from, it is from the default branch.
        """
        given = [("success", at)] if statuses is None else statuses
        deployment = Deployment(
            ident=next(self.ids),
            environment=environment,
            sha=self._sha(target),
            created_at=at,
            statuses=tuple(given),
            ref=ref or self.default_branch,
        )
        self.deployments.append(deployment)
        return deployment

    def add_statuses(self, deployment: Deployment, *statuses: tuple[str, datetime]) -> Deployment:
        """Let time pass for a deployment: it is superseded, approved late, and so on."""
        later = replace(deployment, statuses=(*deployment.statuses, *statuses))
        self.deployments[self.deployments.index(deployment)] = later
        return later

    def tag(self, name: str, target: Target, *, tagged_at: datetime | None = None) -> GitTag:
        """Tag `target`, or move the tag there; annotated where `tagged_at` is given."""
        sha = self._sha(target)
        oid = _hash(self.hashed_as or self.name, "tag", name, sha) if tagged_at else sha
        self.tags[name] = tag = GitTag(name, sha, tagged_at, self._somebody(), oid)
        return tag

    def release(
        self,
        tag: str,
        target: Target,
        *,
        at: datetime,
        created_at: datetime | None = None,
        draft: bool = False,
        prerelease: bool = False,
    ) -> Release:
        """Publish a release of a lightweight tag on `target`; a draft's tag is not there yet."""
        if not draft and tag not in self.tags:
            self.tag(tag, target)
        published = None if draft else at
        release = Release(
            ident=next(self.ids),
            tag=tag,
            created_at=created_at or at,
            published_at=published,
            draft=draft,
            prerelease=prerelease,
            author=self._somebody(),
        )
        self.releases.append(release)
        return release

    def run(
        self,
        workflow: str,
        target: Target,
        *,
        at: datetime,
        finished_at: datetime | None = None,
        conclusion: str | None = "success",
        branch: str | None = None,
        event: str = "push",
        fork: str | None = "",
        calls: Sequence[str] = (),
    ) -> WorkflowRun:
        """Run `workflow`, for example `deploy.yml`; without a conclusion it still runs.

        `fork` and `calls` are as for `WorkflowRun`.
        """
        run = WorkflowRun(
            ident=next(self.ids),
            number=len(self.runs) + 1,
            workflow=workflow,
            sha=self._sha(target),
            branch=branch or self.default_branch,
            event=event,
            conclusion=conclusion,
            created_at=at,
            finished_at=finished_at or at + timedelta(minutes=6),
            actor=self._somebody(),
            fork=fork,
            calls=tuple(calls),
        )
        self.runs.append(run)
        return run

    def history(self, sha: str) -> list[str]:
        """Return `sha` and its ancestors in git's order; remembered, since no commit changes."""
        if sha not in self._orders:
            self._orders[sha] = git_order(self.commits, sha)
        return self._orders[sha]

    def files_in(self, sha: str, folder: str) -> dict[str, str]:
        """Return the files that a commit has in a folder, each with its text, made up if need be.

        It is told by the newest commit that touches each.
        """
        if folder and folder.partition("/")[0] not in self._folders:
            return {}
        start = f"{folder}/" if folder else ""
        found: dict[str, str | None] = {}
        for commit in map(self.commits.__getitem__, self.history(sha)):
            texts = dict(commit.texts)
            for file in commit.files:
                if file.startswith(start):
                    found.setdefault(file, texts.get(file, f"{commit.sha}\n"))
            for file in commit.removed:
                found.setdefault(file, None)
        return {
            file: text
            for file, text in found.items()
            if text is not None and file.startswith(start)
        }

    def pulls_of(self, sha: str) -> list[PullRequest]:
        """Return the pull requests that GitHub associates with a commit."""
        return [pull for pull in self._pulls_of.get(sha, []) if not pull.closed]

    def _sha(self, target: Target) -> str:
        return target if isinstance(target, str) else target.sha

    def _written(self, sha: str) -> datetime:
        return self.commits[sha].authored_at - timedelta(hours=2)

    def _next_number(self) -> int:
        return max((*self.pull_requests, *self.issues), default=0) + 1

    def _title(self) -> str:
        return TITLES[(len(self.pull_requests) + 3) % len(TITLES)]

    def _somebody(self) -> Actor:
        return CAST[len(self.commits) % len(CAST)]


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:40]
