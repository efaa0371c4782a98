"""Commits of GitHub's GraphQL answers, asked for and turned into facts without anybody's name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from collector.github.bots import (
    GIT_AUTHOR,
    PULL_AUTHOR,
    BotRules,
    GitAuthor,
    PullAuthor,
    account_of,
)
from collector.github.closed_issues import ClosingIssues, Issues, PullsIssues, in_order, selection
from collector.github.paging import inconsistent
from collector.github.reverts import takes_back
from collector.github.ticket_keys import TicketKeys
from collector.json_fields import Flag, Instant, Number, OddAnswerError, Text, shaped
from evaluator.model.facts import ClosedIssue, Commit

_PULL = (
    "number merged mergedAt baseRefName headRefName title "
    f"baseRepository {{ nameWithOwner }} {PULL_AUTHOR} mergeCommit {{ oid }}"
)
PARENTS = "totalCount pageInfo { hasNextPage endCursor } nodes { oid }"
_NO_ISSUES = ClosingIssues()
_Merged = tuple[datetime, int, str]  # when, the pull request's number, its base branch


def pulls_asked(issues: ClosingIssues = _NO_ISSUES) -> str:
    """Return what is asked of a page of pull requests."""
    return f"totalCount pageInfo {{ hasNextPage endCursor }} {_pulls(issues)}"


def commit_asked(issues: ClosingIssues = _NO_ISSUES) -> str:
    """Return what is asked of a commit."""
    return (
        "oid authoredDate committedDate messageHeadline "
        "parents(first: 50) { totalCount nodes { oid } } "
        f"{GIT_AUTHOR} "
        "associatedPullRequests(first: 10, orderBy: {field: CREATED_AT, direction: ASC}) "
        f"{{ totalCount {_pulls(issues)} }}"
    )


def _pulls(issues: ClosingIssues) -> str:
    return f"nodes {{ {_PULL} {selection()} }}" if issues.labels else f"nodes {{ {_PULL} }}"


class _Sha(TypedDict):
    oid: Text


class _Parents(TypedDict):
    totalCount: Number
    nodes: list[_Sha]


class _Repository(TypedDict):
    nameWithOwner: Text


class _Pull(TypedDict):
    number: Number
    merged: Flag
    mergedAt: Instant | None
    baseRefName: Text
    headRefName: Text
    title: Text
    baseRepository: _Repository | None
    author: PullAuthor | None
    mergeCommit: _Sha | None
    createdAt: NotRequired[Instant]  # this and what follows only where issues are asked for
    closingIssuesReferences: NotRequired[Issues | None]


class _Pulls(TypedDict):
    totalCount: Number
    nodes: list[_Pull]


class _Commit(TypedDict):
    """What `commit_asked` asks for."""

    oid: Text
    authoredDate: Instant
    committedDate: Instant
    messageHeadline: Text
    parents: _Parents
    author: GitAuthor | None
    associatedPullRequests: _Pulls


_NO_KEYS = TicketKeys()
# A first read takes tens of thousands: looked at one field after the other they cost most of it.
_COMMITS = TypeAdapter(list[_Commit])
_LISTED_PULLS = TypeAdapter(list[_Pull])


@dataclass(slots=True)
class ReadCommit:
    """A commit as read: the fact, when it was merged into which branch, and whether that is all."""

    commit: Commit
    merged_into: tuple[tuple[str, datetime], ...]  # (base branch, merged at), earliest first
    pulls_cut: bool  # more pull requests than one page shows
    unmerged: bool = False  # in a pull request that may still be merged
    unlinked: bool = False  # in no pull request at all
    account: str = ""  # of its author, casefolded: with it whose it is can be told
    issues_cut: tuple[int, ...] = ()  # pull requests that close more than one page shows

    def with_pulls(
        self,
        nodes: object,
        now_named: str,
        bots: BotRules,
        keys: TicketKeys,
        issues: ClosingIssues = _NO_ISSUES,
    ) -> "ReadCommit":
        """Return the commit with all of its pull requests, `nodes` as `pulls_asked` shows them."""
        pulls: list[_Pull] = shaped(nodes, _LISTED_PULLS)
        merged = _merged(pulls, now_named)
        bot = self.commit.bot or _squashed_by_a_bot(self.commit, pulls, self.account, bots)
        named = _ticket_keys(pulls, merged, keys)
        closed, issues_cut = _closed(pulls, merged, issues, self.commit.repository, now_named)
        commit = replace(
            self.commit, pull_request=_first(merged), bot=bot, ticket_keys=named, closes=closed
        )
        unmerged = self.unmerged and not merged
        return ReadCommit(
            commit, _into(merged), pulls_cut=False, unmerged=unmerged, issues_cut=issues_cut
        )

    def with_issues(self, found: Mapping[int, PullsIssues]) -> "ReadCommit":
        """Return the commit with all that its pull requests close, of those that were cut."""
        whole = {number: found[number].issues for number in self.issues_cut}
        kept = (issue for issue in self.commit.closes if issue.pull_request not in whole)
        closes = in_order((*kept, *(one for each in whole.values() for one in each)))
        return replace(self, commit=replace(self.commit, closes=closes), issues_cut=())


def read_commits(
    nodes: object,
    repository: str,
    now_named: str,
    bots: BotRules,
    keys: TicketKeys = _NO_KEYS,
    *,
    issues: ClosingIssues = _NO_ISSUES,
) -> list[ReadCommit]:
    """Return commits without their authors: of people only "bot or not" is kept.

    `repository` is the configured name, `now_named` the one that GitHub uses today. Of titles and
    branches only the `keys` of tickets are kept, and of `issues` those labels alone that they name.
    Errors: SourceError for what is missing, odd or cut.
    """
    found = shaped(nodes, _COMMITS)
    return [_read_commit(node, repository, now_named, bots, keys, issues=issues) for node in found]


def _read_commit(
    node: _Commit,
    repository: str,
    now_named: str,
    bots: BotRules,
    keys: TicketKeys,
    *,
    issues: ClosingIssues,
) -> ReadCommit:
    parents = node["parents"]["nodes"]
    if node["parents"]["totalCount"] != len(parents):
        raise inconsistent(repository, "cut the parents of a commit")
    pulls = node["associatedPullRequests"]["nodes"]
    cut = node["associatedPullRequests"]["totalCount"] > len(pulls)
    merged = _merged(pulls, now_named) if pulls and not cut else []
    unmerged = bool(pulls) and not merged and not all(pull["merged"] for pull in pulls)
    closed, issues_cut = _closed(pulls, merged, issues, repository, now_named)
    commit = Commit(
        repository=repository,
        sha=node["oid"],
        parents=tuple([parent["oid"] for parent in parents]),
        committed_at=node["committedDate"].astimezone(UTC),
        pull_request=_first(merged),
        bot=bots.wrote(node["author"]),
        revert=takes_back(node["messageHeadline"]),
        written_at=node["authoredDate"].astimezone(UTC),
        ticket_keys=_ticket_keys(pulls, merged, keys) if merged else (),
        closes=closed,
    )
    account = account_of(node["author"])
    if not commit.bot and _squashed_by_a_bot(commit, pulls, account, bots):
        commit = replace(commit, bot=True)
    unlinked = not pulls and not cut
    into = _into(merged) if merged else ()
    return ReadCommit(commit, into, cut, unmerged, unlinked, account, issues_cut)


def _squashed_by_a_bot(
    commit: Commit, pulls: Iterable[_Pull], account: str, bots: BotRules
) -> bool:
    """Whether the commit is what a merge made of the pull request of a bot."""
    return len(commit.parents) == 1 and any(
        bots.opened(pull["author"], account)
        for pull in pulls
        if pull["merged"] and pull["mergeCommit"] and pull["mergeCommit"]["oid"] == commit.sha
    )


def _merged(pulls: Iterable[_Pull], now_named: str) -> list[_Merged]:
    """(merged at, number, base branch) of pull requests merged here, earliest first."""
    found: list[_Merged] = []
    for pull in pulls:
        base = pull["baseRepository"]
        if not pull["merged"] or base is None:
            continue
        if base["nameWithOwner"].casefold() != now_named.casefold():
            continue
        if pull["mergedAt"] is None:
            raise OddAnswerError("`mergedAt` is no date")
        found.append((pull["mergedAt"].astimezone(UTC), pull["number"], pull["baseRefName"]))
    return sorted(found)


def _ticket_keys(
    pulls: Iterable[_Pull], merged: Iterable[_Merged], keys: TicketKeys
) -> tuple[str, ...]:
    """Return the keys that the merged pull requests name: a revert does not bring their tickets."""
    here = {number for _, number, _ in merged}
    named = (
        keys.named_in(pull["title"], pull["headRefName"])
        for pull in pulls
        if pull["number"] in here and not takes_back(pull["title"])
    )
    return tuple(sorted(set[str]().union(*named)))


def _closed(
    pulls: Iterable[_Pull],
    merged: Iterable[_Merged],
    issues: ClosingIssues,
    here: str,
    now_named: str,
) -> tuple[tuple[ClosedIssue, ...], tuple[int, ...]]:
    """Return what the merged pull requests close, and the numbers of those that close more."""
    if not merged or not issues.labels:
        return (), ()
    numbers = {number for _, number, _ in merged}
    found = {
        pull["number"]: issues.of_pull(pull["number"], pull, here, now_named)
        for pull in pulls
        if pull["number"] in numbers and not takes_back(pull["title"])
    }
    closed = in_order(issue for each in found.values() for issue in each.issues)
    return closed, tuple(number for number, each in found.items() if each.cut)


def _first(merged: Sequence[_Merged]) -> int | None:
    return merged[0][1] if merged else None


def _into(merged: Iterable[_Merged]) -> tuple[tuple[str, datetime], ...]:
    return tuple([(base, at) for at, _, base in merged])
