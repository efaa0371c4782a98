"""How old the data are: "data as of", and what to say where it is too old."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.presenters.parts import words
from api.pages.presenters.parts.words import When, moment
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan
from evaluator.working_days import is_working_day

_TOO_OLD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Freshness:
    """`as_of` is None where nothing was read; `stale` is empty, or what a banner says."""

    as_of: When | None
    stale: str


def freshness(coverage: Iterable[Coverage], plan: Plan, now: datetime) -> Freshness:
    """Return how old the oldest of what is read regularly is.

    Sources that cannot be read at all are gaps, and listed as such; they do not count here. On a
    day that is no working day, old data surprise nobody.
    """
    reads = [c.read_started for c in coverage if c.reason is None and c.read_started]
    if not reads:
        return Freshness(None, "")
    oldest = min(reads)
    as_of = moment(oldest, plan.zone)
    today = now.astimezone(plan.zone).date()
    if now - oldest <= _TOO_OLD or not is_working_day(today, plan):
        return Freshness(as_of, "")
    days = words.count((now - oldest).days, "day")
    old = sum(1 for at in reads if now - at > _TOO_OLD)
    said = f"Nothing was read for {days}: these results are as of {as_of.words}."
    if old < len(reads):
        were = "was" if old == 1 else "were"
        of_all = f"{old:,} of {words.count(len(reads), 'source')} {were}"
        said = f"{of_all} last read {days} ago, at {as_of.words}."
    return Freshness(as_of, f"{said} No status changes because of that.")
