"""A board's sprints: whether they can be used, and which cadence would serve in their place."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from evaluator.model.facts import BoardSprint
from evaluator.model.plan import Cadence

_DAY = timedelta(days=1)
_WEEK = 7
_REPEATEDLY = 2


def in_parallel(sprints: Iterable[BoardSprint]) -> str:
    """Return how sprints run beside each other, in a sentence; empty where they do not."""
    known = list(sprints)
    active = sum(sprint.state == "active" for sprint in known)
    if active > 1:
        return f"{active} sprints are active at once."
    starts = sorted(sprint.start for sprint in _started(known) if sprint.start)
    together = sum(later - earlier < _DAY for earlier, later in pairwise(starts))
    if together >= _REPEATEDLY:
        return f"{together} sprints started within 24 hours of another."
    return ""


def without_dates(sprints: Iterable[BoardSprint]) -> int:
    """Return how many sprints that have begun lack a start or a planned end."""
    return sum(not (sprint.start and sprint.planned_end) for sprint in _started(sprints))


def finished(sprints: Iterable[BoardSprint]) -> int:
    """Return how many sprints are closed."""
    return sum(sprint.state == "closed" for sprint in sprints)


def cadence_like(sprints: Iterable[BoardSprint], zone: ZoneInfo) -> Cadence | None:
    """Return the cadence that is most like the sprints, None where no dated one has begun.

    As long as most of them were planned, in whole weeks; it begins with the newest one's start.
    """
    dated = [
        (sprint.start, sprint.planned_end)
        for sprint in _started(sprints)
        if sprint.start and sprint.planned_end and sprint.planned_end > sprint.start
    ]
    if not dated:
        return None
    weeks = max(1, round(median((end - start) / _DAY for start, end in dated) / _WEEK))
    newest: datetime = max(start for start, _ in dated)
    return Cadence(newest.astimezone(zone).date(), weeks * _WEEK)


def _started(sprints: Iterable[BoardSprint]) -> Sequence[BoardSprint]:
    return [sprint for sprint in sprints if sprint.state != "future"]
