"""Parts of GitHub's GraphQL answers, asked for and turned into facts. Nobody's name leaves here."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from collector.errors import SourceUnavailableError
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
_REVERT = re.compile(r'Revert\b|revert(\(|:|\s")')


@dataclass(slots=True)
class Connection:
    """A connection read page by page: its nodes, whether there are more, and from where."""

    about: str
    nodes: list[Mapping[str, Any]] = field(default_factory=list)
    cursor: str | None = None
    more: bool = True
    total: int | None = None

    def take(self, page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Add a page and return its nodes; refuse a page that was seen, and a short total."""
        nodes = list(page["nodes"])
        self.nodes += nodes
        self.more = page["pageInfo"]["hasNextPage"]
        end = page["pageInfo"]["endCursor"]
        if self.more and (end is None or end == self.cursor):
            raise _inconsistent(self.about, "repeats a page")
        self.cursor = end
        self.total = page["totalCount"]
        if not self.more and len(self.nodes) < page["totalCount"]:
            raise _inconsistent(self.about, "says that there is more than it gave")
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

    def with_pulls(self, merged: Sequence[tuple[datetime, int, str]]) -> "ReadCommit":
        """Return the commit with these merged pull requests, as `merged_pulls` gives them."""
        first = merged[0][1] if merged else None
        into = tuple((base, at) for at, _, base in merged)
        return ReadCommit(replace(self.commit, pull_request=first), into, pulls_cut=False)


def instant(text: str) -> datetime:
    """Return GitHub's date as an aware datetime."""
    return datetime.fromisoformat(text)


def read_commit(
    node: Mapping[str, Any], repository: str, now_named: str, bots: Collection[str]
) -> ReadCommit:
    """Return a commit without its author: of people only "bot or not" is kept.

    `repository` is the configured name, `now_named` the one that GitHub uses today; `bots` are
    casefolded logins.
    """
    parents = node["parents"]
    if parents["totalCount"] != len(parents["nodes"]):
        raise _inconsistent(repository, "cut the parents of a commit")
    pulls = node["associatedPullRequests"]
    commit = Commit(
        repository=repository,
        sha=node["oid"],
        parents=tuple(parent["oid"] for parent in parents["nodes"]),
        committed_at=instant(node["committedDate"]),
        bot=_is_bot(node["author"] or {}, bots),
        revert=_REVERT.match(node["messageHeadline"]) is not None,
    )
    read = ReadCommit(commit, (), pulls["totalCount"] > len(pulls["nodes"]))
    return read if read.pulls_cut else read.with_pulls(merged_pulls(pulls["nodes"], now_named))


def merged_pulls(
    nodes: Iterable[Mapping[str, Any]], now_named: str
) -> list[tuple[datetime, int, str]]:
    """Return (merged at, number, base branch) of pull requests merged here, earliest first."""
    return sorted(
        (instant(pull["mergedAt"]), pull["number"], pull["baseRefName"])
        for pull in nodes
        if pull["merged"]
        and pull["baseRepository"] is not None
        and pull["baseRepository"]["nameWithOwner"].casefold() == now_named.casefold()
    )


def _is_bot(actor: Mapping[str, Any], bots: Collection[str]) -> bool:
    login = ((actor.get("user") or {}).get("login") or "").casefold()
    name = (actor.get("name") or "").casefold()
    email = (actor.get("email") or "").casefold()
    return any("[bot]" in text for text in (login, name, email)) or login in bots or name in bots


def _inconsistent(about: str, what: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        Reason.SOURCE_DOWN, f"GitHub {what} of {about}. The next run reads it again."
    )
