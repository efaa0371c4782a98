"""Parts of GitHub's GraphQL answers, asked for and turned into facts. Nobody's name leaves here."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from collector.errors import SourceUnavailableError
from collector.picking import instant, pick, pick_nullable
from evaluator.model.facts import Commit, Reason

PAGE = 100
_PULLS = "totalCount pageInfo { hasNextPage endCursor } nodes { number merged mergedAt baseRefName"
PULLS = _PULLS + " baseRepository { nameWithOwner } }"
COMMIT = (
    "oid committedDate messageHeadline parents(first: 50) { totalCount nodes { oid } } "
    "author { name email user { login } } "
    "associatedPullRequests(first: 10, orderBy: {field: CREATED_AT, direction: ASC}) "
    f"{{ {PULLS} }}"
)
_Merged = tuple[datetime, int, str]  # when, the pull request's number, its base branch
_REVERT = re.compile(r'Revert\b|revert(\(|:|\s")')


@dataclass(slots=True)
class Connection:
    """A connection read page by page: its nodes, whether there are more, and from where."""

    about: str
    nodes: list[Mapping[str, Any]] = field(default_factory=list)
    cursor: str | None = None
    more: bool = True
    total: int = 0
    _seen: set[str | None] = field(default_factory=lambda: {None})

    def take(self, page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Add a page and return its nodes; refuse a page that was seen, and a wrong total."""
        nodes = pick(page, "nodes", list)
        self.nodes += nodes
        self.total = pick(page, "totalCount", int)
        self.more = pick(page, "pageInfo.hasNextPage", bool)
        self.cursor = pick_nullable(page, "pageInfo.endCursor", str)
        if self.more and (self.cursor in self._seen or len(self.nodes) >= self.total):
            raise inconsistent(self.about, "repeats a page")
        if not self.more and len(self.nodes) < self.total:
            raise inconsistent(self.about, "says that there is more than it gave")
        self._seen.add(self.cursor)
        return nodes

    def arguments(self, first: int = PAGE) -> str:
        """Return the paging arguments of the next page."""
        return f"first: {first}" + (f', after: "{self.cursor}"' if self.cursor else "")


@dataclass(frozen=True, slots=True)
class ReadCommit:
    """A commit as read: the fact, when it was merged into which branch, and whether that is all."""

    commit: Commit
    merged_into: tuple[tuple[str, datetime], ...]  # (base branch, merged at), earliest first
    pulls_cut: bool  # more pull requests than one page shows
    unmerged: bool = False  # in a pull request that may still be merged

    def with_pulls(self, merged: Sequence[_Merged]) -> "ReadCommit":
        """Return the commit with these merged pull requests, as `merged_pulls` gives them."""
        commit = replace(self.commit, pull_request=_first(merged))
        unmerged = self.unmerged and not merged
        return ReadCommit(commit, _into(merged), pulls_cut=False, unmerged=unmerged)


def read_commit(
    node: Mapping[str, Any], repository: str, now_named: str, bots: Collection[str]
) -> ReadCommit:
    """Return a commit without its author: of people only "bot or not" is kept.

    `repository` is the configured name, `now_named` the one that GitHub uses today; `bots` are
    casefolded logins.
    """
    listed = pick(node, "parents", dict)
    parents = [pick(parent, "oid", str) for parent in pick(listed, "nodes", list)]
    if pick(listed, "totalCount", int) != len(parents):
        raise inconsistent(repository, "cut the parents of a commit")
    requested = pick(node, "associatedPullRequests", dict)
    pulls = pick(requested, "nodes", list)
    cut = pick(requested, "totalCount", int) > len(pulls)
    merged = merged_pulls(pulls, now_named) if pulls and not cut else []
    commit = Commit(
        repository=repository,
        sha=pick(node, "oid", str),
        parents=tuple(parents),
        committed_at=instant(node, "committedDate"),
        pull_request=_first(merged),
        bot=_is_bot(pick_nullable(node, "author", dict) or {}, bots),
        revert=_REVERT.match(pick(node, "messageHeadline", str)) is not None,
    )
    unmerged = not merged and not all(pick(pull, "merged", bool) for pull in pulls)
    return ReadCommit(commit, _into(merged), cut, unmerged)


def merged_pulls(nodes: Iterable[Mapping[str, Any]], now_named: str) -> list[_Merged]:
    """Return (merged at, number, base branch) of pull requests merged here, earliest first."""
    return sorted(
        (instant(pull, "mergedAt"), pick(pull, "number", int), pick(pull, "baseRefName", str))
        for pull in nodes
        if pick(pull, "merged", bool)
        and pick_nullable(pull, "baseRepository", dict) is not None
        and pick(pull, "baseRepository.nameWithOwner", str).casefold() == now_named.casefold()
    )


def _first(merged: Sequence[_Merged]) -> int | None:
    return merged[0][1] if merged else None


def _into(merged: Iterable[_Merged]) -> tuple[tuple[str, datetime], ...]:
    return tuple((base, at) for at, _, base in merged)


def _is_bot(actor: Mapping[str, Any], bots: Collection[str]) -> bool:
    user = actor.get("user")
    login = (user.get("login") or "" if user else "").casefold()
    name = (actor.get("name") or "").casefold()
    email = (actor.get("email") or "").casefold()
    return "[bot]" in f"{login} {name} {email}" or login in bots or name in bots


def inconsistent(about: str, what: str) -> SourceUnavailableError:
    """Return the error for answers that contradict each other, so that something may be lost."""
    return SourceUnavailableError(
        Reason.SOURCE_DOWN, f"GitHub {what} of {about}. The next run reads it again."
    )
