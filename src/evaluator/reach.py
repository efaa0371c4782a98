"""Reach: which production event brought a commit to production first."""

from collections.abc import Iterable, Mapping, Sequence

from evaluator.model.facts import ProductionEvent
from evaluator.model.production_events import in_order


def reach(
    parents: Mapping[str, Sequence[str]], events: Iterable[ProductionEvent]
) -> dict[str, ProductionEvent]:
    """Return, for each commit that reached production, the event that brought it there first.

    `parents` maps the known shas of one repository to their parents. A commit goes to the first
    event whose sha it equals or is an ancestor of; shas outside `parents` are ignored. Events
    need no ancestry between them, and the cost is linear in commits and edges.
    """
    reached: dict[str, ProductionEvent] = {}
    for _, event in in_order(events, parents):
        frontier = [event.sha]
        while frontier:
            sha = frontier.pop()
            if sha in reached or sha not in parents:
                continue  # the ancestors of a reached commit were all reached with it
            reached[sha] = event
            frontier.extend(parents[sha])
    return reached
