"""Deployments that may still come to count: asked for by their ids until they are old."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from collector.github.evidence.base import PendingNodes
from collector.github.evidence.deployment_place import FIELDS, merged_since
from collector.github.repository_bookmark import RepositoryBookmark
from collector.json_fields import pick, pick_nullable
from evaluator.model.facts import Place, ProductionEvent

LATEST = "latestStatus { state }"
UNFINISHED = {None, "PENDING", "QUEUED", "IN_PROGRESS", "WAITING"}
BEGUN = {None, "PENDING", "IN_PROGRESS"}  # the others wait for a runner, or for approval
UNMERGED = "unmerged_deployments"  # of a mark


def latest_state(node: Mapping[str, Any]) -> str | None:
    """Return the state of a deployment's newest status, None where it has none yet."""
    if pick_nullable(node, "latestStatus", dict) is None:
        return None
    return pick(node, "latestStatus.state", str)


def still_to_end(
    nodes: Mapping[str, Mapping[str, Any]], events: Iterable[ProductionEvent]
) -> dict[str, Any]:
    """Return, for a mark, when each of those was made that may still come to count."""
    unfinished = (ident for ident, node in nodes.items() if latest_state(node) in UNFINISHED)
    unmerged = (event.ident for event in events if event.place is Place.UNMERGED)
    return {
        "pending": {ident: pick(nodes[ident], "createdAt", str) for ident in unfinished},
        UNMERGED: {ident: pick(nodes[ident], "createdAt", str) for ident in unmerged},
    }


class PendingDeployments(PendingNodes):
    """Deployments younger than 35 days that may still succeed, or whose pull request may merge."""

    fields = f"... on Deployment {{ id {LATEST} {FIELDS} }}"

    def ids(self, bookmark: RepositoryBookmark, now: datetime) -> tuple[str, ...]:
        """Return the ids of those that a read left behind."""
        return (*bookmark.unfinished("pending", now), *bookmark.unfinished(UNMERGED, now))

    def ended(self, node: Mapping[str, Any] | None, bookmark: RepositoryBookmark) -> bool:
        """Return whether one has ended, was merged, or was removed."""
        if node is None:
            return True
        if pick(node, "id", str) in bookmark.mark.get(UNMERGED, {}):
            return merged_since(node)
        return latest_state(node) not in UNFINISHED
