"""The first event that is known of a repository: what is much older than it does not count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from evaluator.model.facts import ProductionEvent, Reached
from evaluator.model.production_events import too_old
from evaluator.reach import reach

_seen_by = attrgetter("seen_by")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The first event of a repository, and the commits it brought that are too old to count.

    `undated` is the newest event that came before it, of which nobody knows when, and `unsure` are
    those of the commits that this had not brought: they may count all the same.
    """

    at: datetime
    event: ProductionEvent
    too_old: Sequence[Reached]
    undated: ProductionEvent | None
    unsure: Sequence[Reached]


def baseline_of(
    ordered: Sequence[tuple[datetime, ProductionEvent]],
    brought: Sequence[tuple[datetime, Reached]],
    admitted: Iterable[ProductionEvent],
    since: datetime,
) -> Baseline | None:
    """Return the first of the `ordered` events, None where that is before `since`.

    `brought` is what they brought; `admitted` has the events of which nobody knows when, too.
    """
    if not ordered or ordered[0][0] < since:
        return None
    at, event = ordered[0]
    old = [one for _, one in brought if one.event == event and too_old(one.commit.committed_at, at)]
    earlier = [
        replace(each, at=each.seen_by)
        for each in admitted
        if each.at is None and each.seen_by is not None and each.seen_by <= at
    ]
    if not earlier:
        return Baseline(at, event, old, undated=None, unsure=())
    there = reach({one.commit.sha: one.commit.parents for _, one in brought}, earlier)
    new = [one for one in old if one.commit.sha not in there]
    undated = max(earlier, key=lambda each: (_seen_by(each), each.name, each.sha, each.ident))
    return Baseline(at, event, old, undated, unsure=new)
