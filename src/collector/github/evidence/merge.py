"""Evidence `merge`: each commit on the first-parent line of the production branch is an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.github.graph import Graph
from evaluator.model.facts import Commit, Evidence, ProductionEvent


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
    until: datetime,
    known: Mapping[str, datetime],
    commit_url: str,
) -> MergeLine:
    """Return the events from `head` back to the seed or to a stored one.

    `at` is when the commit's pull request was merged into `branch`, else its committer date, and
    never earlier than the one before it on the line. The seed is the newest one before `since`.
    `known` has the times of stored events by sha: the line behind such a one is stored too.

    A committer's clock may be wrong, GitHub's is not: what was read is on the branch by `until`,
    and what lies behind a merged pull request was there before that was merged. So a committer
    date counts as no later than either; else one in the future would hold all that follows.
    """
    line: list[tuple[Commit, datetime]] = []
    sha: str | None = head or None
    latest = until
    while sha and sha in graph.read and sha not in known:
        item = graph.read[sha]
        merged = next((at for base, at in item.merged_into if base == branch), None)
        latest = min(latest, merged or latest)
        line.append((item.commit, merged or min(item.commit.committed_at, latest)))
        sha = next(iter(item.commit.parents), None)
    earliest = min(known[sha], latest) if sha and sha in known else None
    cut = sha is not None and earliest is None
    dated: list[tuple[datetime, ProductionEvent]] = []
    for commit, at in reversed(line):
        earliest = at if earliest is None else max(at, earliest)
        event = ProductionEvent(
            repository=commit.repository,
            kind=Evidence.MERGE,
            ident=commit.sha,
            sha=commit.sha,
            name=branch,
            at=earliest,
            url=f"{commit_url}/{commit.sha}",
        )
        dated.append((earliest, event))
    before = [index for index, (at, _) in enumerate(dated) if at < since]
    kept = dated[before[-1] :] if before else dated
    return MergeLine(tuple(event for _, event in kept), cut and not before)
