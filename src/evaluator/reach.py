"""Reach: which production event brought a commit to production first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from evaluator.model.facts import Evidence, ProductionEvent


def in_order(
    events: Iterable[ProductionEvent], parents: Mapping[str, Sequence[str]]
) -> list[tuple[datetime, ProductionEvent]]:
    """Return the events that have a time, each with it, by (at, kind, name, sha).

    Merges of one instant are in the order of their branch, by the `parents` of their commits.
    Ties that remain are ordered by ident and url, so that the order of the input never matters.
    """
    dated = [(event.at, event) for event in events if event.at is not None]
    steps = _steps_along_the_branch(dated, parents)
    return sorted(
        dated,
        key=lambda entry: (
            entry[0],
            entry[1].kind,
            steps.get((entry[0], entry[1].sha), 0),
            entry[1].name,
            entry[1].sha,
            entry[1].ident,
            entry[1].url,
        ),
    )


def _steps_along_the_branch(
    dated: Iterable[tuple[datetime, ProductionEvent]], parents: Mapping[str, Sequence[str]]
) -> dict[tuple[datetime, str], int]:
    """Return, for each merge, how many of the same instant lie straight before it on the branch."""
    at_once: defaultdict[datetime, set[str]] = defaultdict(set)
    for at, event in dated:
        if event.kind is Evidence.MERGE:
            at_once[at].add(event.sha)
    steps: dict[tuple[datetime, str], int] = {}
    for at, shas in at_once.items():
        for last in shas:
            line: list[str] = []
            sha = last
            while sha in shas and (at, sha) not in steps:
                line.append(sha)
                sha = next(iter(parents.get(sha, ())), "")  # a branch goes on at the first parent
            first = steps.get((at, sha), -1) + 1
            steps |= {(at, one): step for step, one in enumerate(reversed(line), start=first)}
    return steps


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
