"""Production events: their order in time, and what the first one of a repository leaves out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from evaluator.model.facts import Evidence, ProductionEvent

BASELINE_DAYS = 14
_BASELINE = timedelta(days=BASELINE_DAYS)


def too_old(committed_at: datetime, baseline: datetime) -> bool:
    """Return whether a commit of the baseline, the first event of a repository, does not count.

    What was made 14 days before it or earlier may have reached production long before.
    """
    return committed_at <= baseline - _BASELINE


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
