"""Evidence `merge`: each commit on the first-parent line of the production branch is an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.github.graph import Graph
from evaluator.model.facts import Evidence, ProductionEvent


@dataclass(frozen=True, slots=True)
class MergeLine:
    """The new events on the line, oldest first; `cut` where the line goes on unread behind them."""

    events: tuple[ProductionEvent, ...]
    cut: bool


def merge_line(
    graph: Graph,
    *,
    head: str,
    branch: str,
    since: datetime,
    known: Mapping[str, datetime],
    commit_url: str,
) -> MergeLine:
    """Return the events from `head` back to the seed or to a stored one.

    `at` is when the commit's pull request was merged into `branch`, else its committer date, and
    never earlier than the one before it on the line. The seed is the newest one before `since`.
    `known` has the times of stored events by sha: the line behind such a one is stored too.
    """
    line: list[str] = []
    sha: str | None = head or None
    while sha and sha in graph.read and sha not in known:
        line.append(sha)
        sha = next(iter(graph.read[sha].commit.parents), None)
    earliest = known.get(sha) if sha else None
    cut = sha is not None and earliest is None
    dated: list[tuple[datetime, ProductionEvent]] = []
    for sha in reversed(line):
        item = graph.read[sha]
        at = next((at for base, at in item.merged_into if base == branch), item.commit.committed_at)
        earliest = at if earliest is None else max(at, earliest)
        event = ProductionEvent(
            repository=item.commit.repository,
            kind=Evidence.MERGE,
            ident=sha,
            sha=sha,
            name=branch,
            at=earliest,
            url=f"{commit_url}/{sha}",
        )
        dated.append((earliest, event))
    before = [index for index, (at, _) in enumerate(dated) if at < since]
    kept = dated[before[-1] :] if before else dated
    return MergeLine(tuple(event for _, event in kept), cut and not before)
