"""The question "anything new?", for many repositories in one request."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.errors import SourceError
from collector.github.answers import instant
from collector.github.feeds import LATE, NEWEST, PENDING, connection_of, digest
from collector.github.graphql import GraphQL, quoted, repository_field, understood
from evaluator.model.facts import Evidence
from evaluator.model.plan import RepositorySource

REPOSITORIES_AT_ONCE = 50
_SHORT = {
    Evidence.DEPLOYMENT: "id latestStatus { state }",
    Evidence.RELEASE: "id isDraft isPrerelease publishedAt",
    Evidence.TAG: "name target { oid }",
}
_ALL_AGAIN_AFTER = 20 * 3600  # seconds: tags and releases are read whole once a day


@dataclass(frozen=True, slots=True)
class Bookmark:
    """What a complete read leaves behind for the next one."""

    read_at: datetime
    listed_at: datetime  # when its releases or tags were last read to the end
    mark: dict[str, Any]

    def text(self) -> str:
        """Return the bookmark as it is stored."""
        times = [at.isoformat() for at in (self.read_at, self.listed_at)]
        return json.dumps({"times": times, "mark": self.mark})

    @classmethod
    def of(cls, text: str) -> "Bookmark":
        """Return the bookmark that `text` holds."""
        stored = json.loads(text)
        read_at, listed_at = map(datetime.fromisoformat, stored["times"])
        return cls(read_at, listed_at, stored["mark"])

    def pending(self, now: datetime) -> tuple[str, ...]:
        """The deployments that may still succeed: without an end, and younger than 35 days."""
        pending = self.mark.get("pending", {})
        return tuple(ident for ident, at in pending.items() if now - instant(at) < LATE)

    def all_again(self, evidence: Evidence, now: datetime) -> bool:
        """Whether releases or tags are due to be read whole."""
        listed = evidence in (Evidence.RELEASE, Evidence.TAG)
        return listed and (now - self.listed_at).total_seconds() > _ALL_AGAIN_AFTER


def unchanged(
    api: GraphQL, asked: Sequence[tuple[RepositorySource, Bookmark]], now: datetime
) -> list[bool | SourceError]:
    """Say of each repository whether nothing is new since its bookmark, or why it cannot be read.

    At most 50 repositories. One that GitHub does not show spoils none of the others.
    """
    parts: list[str] = []
    for index, (source, bookmark) in enumerate(asked):
        parts.append(repository_field(source.repository, _question(source), alias=f"r{index}"))
        ids = ", ".join(quoted(ident) for ident in bookmark.pending(now))
        if ids:
            status = "... on Deployment { latestStatus { state } }"
            parts.append(f"p{index}: nodes(ids: [{ids}]) {{ {status} }}")
    about = f"{len(asked)} repositories" if len(asked) > 1 else asked[0][0].repository
    answer = api.ask(f"query {{ {' '.join(parts)} }}", about=about)
    found: list[bool | SourceError] = []
    for index, (source, bookmark) in enumerate(asked):
        try:
            with understood(source.repository):
                repository = answer.take(f"r{index}", about=source.repository)
                ended = any(
                    node is None or (node["latestStatus"] or {}).get("state") not in PENDING
                    for node in answer.data.get(f"p{index}") or []
                )
                same = _mark(source, repository) == _comparable(bookmark.mark)
                due = bookmark.all_again(source.production.evidence, now)
                found.append(same and not ended and not due)
        except SourceError as exc:
            found.append(exc)
    return found


def _question(source: RepositorySource) -> str:
    if source.production.evidence is Evidence.MERGE:
        return f"head: {_head(source)}"
    short = _SHORT[source.production.evidence]
    return f"feed: {connection_of(source, short, f'first: {NEWEST}')}"


def _head(source: RepositorySource) -> str:
    if source.production.branch is None:
        return "defaultBranchRef { target { oid } }"
    branch = quoted(f"refs/heads/{source.production.branch}")
    return f"ref(qualifiedName: {branch}) {{ target {{ oid }} }}"


def _mark(source: RepositorySource, answer: dict[str, Any]) -> dict[str, Any]:
    evidence = source.production.evidence
    if evidence is Evidence.MERGE:
        return {"head": ((answer["head"] or {}).get("target") or {}).get("oid", "")}
    feed = answer["feed"]
    mark: dict[str, Any] = {"newest": [digest(evidence, node) for node in feed["nodes"]]}
    if evidence is Evidence.TAG:
        mark["total"] = feed["totalCount"]
    return mark


def _comparable(mark: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mark.items() if key != "pending"}
