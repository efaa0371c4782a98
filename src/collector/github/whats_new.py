"""The question "anything new?", for many repositories in one request."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from collector.errors import SourceError
from collector.full_relist import ALL_AGAIN_AFTER
from collector.github.evidence.feeds import (
    LATE,
    NEWEST,
    PENDING,
    connection_of,
    digest,
    latest_state,
)
from collector.github.graphql import GraphQL, quoted, repository_field, understood
from collector.github.paging import PAGE
from collector.github.renamed_repository import refuse_second
from collector.json_fields import pick, pick_nullable
from evaluator.model.facts import Evidence
from evaluator.model.plan import RepositorySource

REPOSITORIES_AT_ONCE = 50


class WhatsNew(Enum):
    """What there is to read of a repository that was read before."""

    NOTHING = "nothing"
    SOMETHING = "something"
    EVERYTHING = "everything"  # what it was read without is back: it must be read anew


_SHORT = {
    Evidence.DEPLOYMENT: "id latestStatus { state }",
    Evidence.RELEASE: "id isDraft isPrerelease publishedAt tagCommit { oid }",
    Evidence.TAG: "name target { oid }",
}


@dataclass(frozen=True, slots=True)
class RepositoryBookmark:
    """What a complete read stores for the next one."""

    read_at: datetime
    listed_at: datetime  # when its releases or tags were last read to the end
    mark: dict[str, Any]

    def text(self) -> str:
        """Return the bookmark as it is stored."""
        times = [at.isoformat() for at in (self.read_at, self.listed_at)]
        return json.dumps({"times": times, "mark": self.mark})

    @classmethod
    def of(cls, text: str) -> "RepositoryBookmark":
        """Return the bookmark that `text` holds."""
        stored = json.loads(text)
        read_at, listed_at = map(datetime.fromisoformat, stored["times"])
        return cls(read_at, listed_at, stored["mark"])

    def pending(self, now: datetime) -> tuple[str, ...]:
        """The deployments that may still succeed: without an end, and younger than 35 days."""
        pending = self.mark.get("pending", {})
        return tuple(
            ident for ident, at in pending.items() if now - datetime.fromisoformat(at) < LATE
        )

    def unmerged(self, now: datetime) -> tuple[str, ...]:
        """The commits that shipped before their pull request was merged, younger than 35 days."""
        unmerged = self.mark.get("unmerged", {})
        return tuple(sha for sha, at in unmerged.items() if now - datetime.fromisoformat(at) < LATE)

    @property
    def unlinked(self) -> tuple[str, ...]:
        """The commits that were so young when read that GitHub may yet link a pull request."""
        return tuple(self.mark.get("unlinked", ()))

    @property
    def gone(self) -> tuple[str, ...]:
        """The commits that GitHub did not have, although something led to them."""
        return tuple(self.mark.get("gone", ()))

    def all_again(self, evidence: Evidence, now: datetime) -> bool:
        """Whether releases or tags are due to be read whole."""
        listed = evidence in (Evidence.RELEASE, Evidence.TAG)
        return listed and now - self.listed_at > ALL_AGAIN_AFTER


def whats_new(
    api: GraphQL,
    asked: Sequence[tuple[RepositorySource, RepositoryBookmark]],
    now: datetime,
    configured: Collection[str] = (),
) -> list[WhatsNew | SourceError]:
    """Say of each repository what is new since its bookmark, or why it cannot be read.

    At most 50 repositories. One that GitHub does not show spoils none of the others; where it does
    not say of which it gave no answer, those with a gap in theirs are to be read, each alone.
    """
    parts: list[str] = []
    pending = [_pending(bookmark, index, now) for index, (_, bookmark) in enumerate(asked)]
    for index, (source, bookmark) in enumerate(asked):
        gone = map(_still_gone, bookmark.gone)
        question = " ".join([_question(source), "nameWithOwner", *gone])
        parts.append(repository_field(source.repository, question, alias=f"r{index}"))
        for alias, idents in pending[index].items():
            ids = ", ".join(map(quoted, idents))
            status = "... on Deployment { latestStatus { state } }"
            parts.append(f"{alias}: nodes(ids: [{ids}]) {{ {status} }}")
    about = f"{len(asked)} repositories" if len(asked) > 1 else asked[0][0].repository
    answer = api.ask(f"query {{ {' '.join(parts)} }}", about=about)
    vague, answer = answer.vague, answer.located()
    found: list[WhatsNew | SourceError] = []
    for index, (source, bookmark) in enumerate(asked):
        if vague and any(map(answer.has_gap, [f"r{index}", *pending[index]])):
            found.append(WhatsNew.SOMETHING)
            continue
        try:
            with understood(source.repository):
                shown = answer.take(f"r{index}", about=source.repository)
                refuse_second(source.repository, pick(shown, "nameWithOwner", str), configured)
                again = (
                    node
                    for alias in pending[index]
                    for node in answer.by_id(alias, about=source.repository) or [None]
                )
                found.append(_news(source, bookmark, shown, again, now))
        except SourceError as exc:
            found.append(exc)
    return found


def _news(
    source: RepositorySource,
    bookmark: RepositoryBookmark,
    repository: dict[str, Any],
    again: Iterable[dict[str, Any] | None],
    now: datetime,
) -> WhatsNew:
    """What is new, by what GitHub says of the repository, and of deployments that were pending."""
    if any(pick(repository, f"o{sha}", object) for sha in bookmark.gone):
        return WhatsNew.EVERYTHING
    ended = any(node is None or latest_state(node) not in PENDING for node in again)
    same = _mark(source, repository) == _comparable(bookmark.mark)
    due = bookmark.all_again(source.production.evidence, now)
    nothing = same and not ended and not due and not bookmark.unlinked
    return WhatsNew.NOTHING if nothing else WhatsNew.SOMETHING


def _pending(bookmark: RepositoryBookmark, index: int, now: datetime) -> dict[str, tuple[str, ...]]:
    """The deployments to ask about again, by alias: GitHub takes no more than 100 ids at once."""
    idents = bookmark.pending(now)
    return {
        f"p{index}from{first}": idents[first : first + PAGE]
        for first in range(0, len(idents), PAGE)
    }


def _question(source: RepositorySource) -> str:
    if source.production.evidence is Evidence.MERGE:
        return f"head: {_head(source)}"
    short = _SHORT[source.production.evidence]
    return f"feed: {connection_of(source, short, f'first: {NEWEST}')}"


def _still_gone(sha: str) -> str:
    return f"o{sha}: object(oid: {quoted(sha)}) {{ oid }}"


def _head(source: RepositorySource) -> str:
    if source.production.branch is None:
        return "defaultBranchRef { target { oid } }"
    branch = quoted(f"refs/heads/{source.production.branch}")
    return f"ref(qualifiedName: {branch}) {{ target {{ oid }} }}"


def _mark(source: RepositorySource, answer: dict[str, Any]) -> dict[str, Any]:
    evidence = source.production.evidence
    if evidence is Evidence.MERGE:
        head = pick_nullable(answer, "head", dict)
        return {"head": pick(head, "target.oid", str) if head else ""}
    nodes = pick(answer, "feed.nodes", list)
    mark: dict[str, Any] = {"newest": [digest(evidence, node) for node in nodes]}
    if evidence is Evidence.TAG:
        mark["total"] = pick(answer, "feed.totalCount", int)
    return mark


# Of a mark: what is no answer to the question.
_NOT_ASKED = ("pending", "gone", "unmerged", "unlinked")


def _comparable(mark: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mark.items() if key not in _NOT_ASKED}
