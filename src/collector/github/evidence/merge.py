"""Evidence `merge`: each commit on the first-parent line of the production branch is an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from collector.github.bots import BotRules
from collector.github.commits import commit_asked, read_commits
from collector.github.detection.candidates import SHOWN, RepositoryDetection
from collector.github.evidence.base import (
    BranchRead,
    EventSource,
    EvidenceKind,
    FollowUp,
    ReadRequest,
    Unmatched,
)
from collector.github.evidence.other_names import OtherNames
from collector.github.graph import Graph
from collector.github.graphql import quoted
from collector.github.repository_bookmark import RepositoryBookmark
from collector.json_fields import pick, pick_nullable
from evaluator.model.evidence import Production
from evaluator.model.facts import Commit, Evidence, ProductionEvent

_EVER = datetime.min.replace(tzinfo=UTC)
_MOST_PAGES = 3  # of a history, where branches of many commits are merged
_HISTORY = 40  # commits of a page
_AT_ONCE = 5  # over pull requests of commits GitHub takes longest


@dataclass(frozen=True, slots=True)
class MergeLine:
    """The new events on the line, oldest first; `cut` where the line goes on unread behind them."""

    events: tuple[ProductionEvent, ...]
    cut: bool


class _OnLine(NamedTuple):
    """A commit, when it came, and whether nobody can tell that but by when the branch was read."""

    commit: Commit
    at: datetime
    moved: bool


def merge_line(
    graph: Graph,
    *,
    head: str,
    branch: str,
    since: datetime,
    until: datetime,
    known: Mapping[str, datetime],
    commit_url: str,
    read_until: datetime | None = None,
) -> MergeLine:
    """Return the events from `head` back to the seed or to a stored one.

    `at` is when the commit's pull request was merged into `branch`, else its committer date, and
    never earlier than the one before it on the line. The seed is the newest one before `since`.
    `known` has the times of stored events by sha: the line behind such a one is stored too.

    A committer's clock may be wrong, GitHub's is not: what was read is on the branch by `until`,
    and what lies behind a merged pull request was there before that was merged. So a committer
    date counts as no later than either; else one in the future would hold all that follows. Nor
    is it earlier than `read_until`, when the last read was complete that went back to it and did
    not show it: the branch may be pushed forward to commits that are older.
    """
    line: list[_OnLine] = []
    sha: str | None = head or None
    latest = until
    while sha and sha in graph.read and sha not in known:
        item = graph.read[sha]
        merged = next((at for base, at in item.merged_into if base == branch), None)
        latest = min(latest, merged or latest)
        at = merged or min(item.commit.committed_at, latest)
        moved = not merged and read_until is not None and since <= at < read_until <= latest
        line.append(_OnLine(item.commit, read_until if moved and read_until else at, moved))
        sha = next(iter(item.commit.parents), None)
    earliest = min(known[sha], latest) if sha and sha in known else None
    cut = sha is not None and earliest is None
    dated: list[tuple[datetime, ProductionEvent]] = []
    for commit, at, moved in reversed(line):
        earliest = at if earliest is None else max(at, earliest)
        event = ProductionEvent(
            repository=commit.repository,
            kind=Evidence.MERGE,
            ident=commit.sha,
            sha=commit.sha,
            name=branch,
            at=earliest,
            url=f"{commit_url}/{commit.sha}",
            not_before=earliest if moved else None,
            seen_by=until if moved else None,
        )
        dated.append((earliest, event))
    before = [index for index, (at, _) in enumerate(dated) if at < since]
    kept = dated[before[-1] :] if before else dated
    return MergeLine(tuple(event for _, event in kept), cut and not before)


@dataclass(slots=True)
class MergeRead:
    """The production branch's first-parent line, as far as the branch was read."""

    request: ReadRequest
    listed: None = None

    def events(self, branch: BranchRead, /) -> tuple[ProductionEvent, ...]:
        """Return the new events on the line, oldest first."""
        return self._line(branch).events

    def needs_more_of(self, branch: BranchRead, /) -> bool:
        """Return whether the line goes on unread."""
        return self._line(branch).cut

    def mark(self, branch: BranchRead, /) -> dict[str, Any]:
        """Return the head of the branch."""
        return {"head": branch.head}

    def others(self, _branch: BranchRead, /) -> OtherNames:
        """Return nothing: there is one branch."""
        return OtherNames()

    def _line(self, branch: BranchRead) -> MergeLine:
        source = self.request.source
        return merge_line(
            branch.graph,
            head=branch.head,
            branch=branch.name,
            since=self.request.since,
            until=branch.answered_at,
            known={event.sha: event.at for event in self.request.known_events if event.at},
            read_until=self.request.read_until,
            commit_url=f"{source.html}/{source.repository}/commit",
        )


class MergeEvidence(EvidenceKind):
    """A commit counts from when it was merged into the production branch."""

    evidence = Evidence.MERGE
    events = "merges"
    permission = "contents"
    pending = None
    relisted_daily = False
    over_rest = None
    detection_fields = ""

    def __init__(self) -> None:
        history = FollowUp(_history, _take_history, at_once=_AT_ONCE, last_resort=True)
        self.follow_ups = (history,) * _MOST_PAGES

    def question(self, production: Production, /) -> str:
        """Return what "anything new?" asks of a repository: the head of the branch."""
        if production.branch is None:
            return "head: defaultBranchRef { target { oid } }"
        branch = quoted(f"refs/heads/{production.branch}")
        return f"head: ref(qualifiedName: {branch}) {{ target {{ oid }} }}"

    def mark(self, answer: Mapping[str, Any], /) -> dict[str, Any]:
        """Return the head of the branch, empty where there is none."""
        head = pick_nullable(answer, "head", dict)
        return {"head": pick(head, "target.oid", str) if head else ""}

    def has_new_others(
        self, _production: Production, _answer: Mapping[str, Any], _mark: Mapping[str, Any], /
    ) -> bool:
        """Return False: nothing was asked of other names."""
        return False

    def relist_due(self, _bookmark: RepositoryBookmark, _now: datetime, /) -> bool:
        """Return False: the branch shows all."""
        return False

    def read(self, request: ReadRequest) -> MergeRead:
        """Return a read that begins."""
        return MergeRead(request)

    def check_fields(self, _production: Production, /) -> str:
        """Return nothing: every commit of the branch counts."""
        return ""

    def matched(self, _source: EventSource, _answer: Mapping[str, Any], /) -> bool:
        """Return True: every commit of the branch counts."""
        return True

    def looked_for(self, unmatched: Unmatched, /) -> str:
        """Return a sentence on the branch."""
        branch = unmatched.production.branch or unmatched.check.default_branch
        return f"Nothing was merged into `{branch}`."

    def there_is(self, _unmatched: Unmatched, /) -> str:
        """Return nothing: there are merges in every repository."""
        return ""

    def detect(self, found: RepositoryDetection, answer: Mapping[str, Any], /) -> None:
        """Add nothing: merges are asked for last."""


def _history(found: RepositoryDetection) -> str | None:
    """Return the question for the next page of history, None where enough merges are known."""
    if len(found.merges.events) >= SHOWN or not found.branch or not found.history.more:
        return None
    page = f"totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {commit_asked()} }}"
    history = f"history({found.history.arguments(_HISTORY)}) {{ {page} }}"
    return f"object(oid: {quoted(found.head)}) {{ ... on Commit {{ {history} }} }}"


def _take_history(
    found: RepositoryDetection, answer: Mapping[str, Any], answered_at: datetime
) -> None:
    commits = found.history.take(pick(answer, "object.history", dict))
    found.graph.add(read_commits(commits, found.name, found.name, BotRules()), on_branch=True)
    line = merge_line(
        found.graph,
        head=found.head,
        branch=found.branch,
        since=_EVER,
        until=answered_at,
        known={},
        commit_url=f"{found.html}/{found.name}/commit",
    )
    found.add_merges(line.events)
