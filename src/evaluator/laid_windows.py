"""Windows laid beside those that stay: no day is judged twice, and none is left between them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from evaluator.model.plan import Plan
from evaluator.model.results import Sprint
from evaluator.wording import day_of, last_day, span_words
from evaluator.working_days import after

_DAY = timedelta(days=1)


def of_a_cadence(sprint: Sprint) -> bool:
    """Return whether its id is its first local day, as a cadence has it, and not its board's."""
    return sprint.id == sprint.first_day.isoformat()


def laid_beside(kept: Iterable[Sprint], offered: Sequence[Sprint], plan: Plan) -> list[Sprint]:
    """Return `kept`, which stay as they are, and what of `offered` lies beside them, in order.

    An offered window that a kept one covers in part begins where that ends, or ends where that
    begins. Where that leaves less than half of it, what is left is joined to the next one; of a
    board's newest sprint it waits for that. Of a board's sprint one piece counts, the longest.
    """
    kept = sorted(kept, key=_in_order)
    if not kept:
        return list(offered)
    laid, since = list(kept), None
    for window, following in zip_longest(offered, offered[1:]):
        reach = window if since is None else replace(window, start=since)
        since = None
        for start, end in _free(reach, kept):
            if (start, end) == (window.start, window.end):
                laid.append(window)
            elif not _short(start, end, window):
                laid.append(_cut(window, start, end, plan))
            elif end == window.end and not _taken(end, kept) and _follows(window, following):
                since = start if following else None
            elif end - start >= _DAY:
                laid.append(_cut(window, start, end, plan))
    return _in_a_row(sorted(laid, key=_in_order))


def laid_after(kept: Sequence[Sprint], offered: Sequence[Sprint], plan: Plan) -> list[Sprint]:
    """Return `kept`, and what of `offered` lies beside them and not before the first of them.

    Where a cadence's sprints end before a board's begin, equal ones go on between. Where that
    leaves less than half of one, the board's begins so much earlier.
    """
    if not kept:
        return list(offered)
    first, last = kept[0], kept[-1]
    later = [window for window in offered if first.start < window.end]
    follows = next((window for window in later if last.end < window.end), None)
    if follows and of_a_cadence(last) and not of_a_cadence(follows):
        place = later.index(follows)
        later[place : place + 1] = _bridge(last, follows, plan)
    laid = laid_beside(kept, later, plan)
    return [sprint for sprint in laid if first.start <= sprint.start]


def _bridge(last: Sprint, follows: Sprint, plan: Plan) -> list[Sprint]:
    """Return the board's sprint that follows one of a cadence, after what goes on between."""
    between: list[Sprint] = []
    length = timedelta(days=round((last.end - last.start) / _DAY))
    start = last.end
    while start < follows.start:
        end = plan.midnight(start.astimezone(plan.zone).date() + length).astimezone(UTC)
        window = _cut(last, start, end, plan)
        if follows.start < end:
            if _short(start, follows.start, window):
                return [*between, _cut(follows, start, follows.end, plan)]
            window = _cut(window, start, follows.start, plan)
        between.append(window)
        start = window.end
    return [*between, follows]


def _in_order(sprint: Sprint) -> tuple[datetime, str]:
    return sprint.start, sprint.id


def _follows(window: Sprint, following: Sprint | None) -> bool:
    """Whether what is left of a window goes to a next one, or waits for it."""
    if following is None:
        return not of_a_cadence(window)
    return following.start == window.end


def _free(window: Sprint, kept: Sequence[Sprint]) -> list[tuple[datetime, datetime]]:
    """Return the parts of the window that no kept one covers; of a board's sprint the longest."""
    parts = list(_parts(window, kept))
    if of_a_cadence(window) or not parts:
        return parts
    return [max(parts, key=lambda part: part[1] - part[0])]


def _parts(window: Sprint, kept: Sequence[Sprint]) -> Iterator[tuple[datetime, datetime]]:
    start = window.start
    for each in kept:
        if each.end <= start or each.start >= window.end:
            continue
        if start < each.start:
            yield start, each.start
        start = each.end
    if start < window.end:
        yield start, window.end


def _taken(instant: datetime, kept: Sequence[Sprint]) -> bool:
    return any(each.start <= instant < each.end for each in kept)


def _short(start: datetime, end: datetime, window: Sprint) -> bool:
    """Whether it is less than half of the window, in whole days: clocks change."""
    return 2 * round((end - start) / _DAY) < round((window.end - window.start) / _DAY)


def _cut(window: Sprint, start: datetime, end: datetime, plan: Plan) -> Sprint:
    first_day = start.astimezone(plan.zone).date()
    settled_at = window.settled_at if end == window.end else after(end, plan.settle_days, plan)
    gap_end = window.gap_end if end == window.end else end
    cut = replace(
        window, start=start, end=end, first_day=first_day, settled_at=settled_at, gap_end=gap_end
    )
    if of_a_cadence(window):
        name = span_words(first_day, last_day(end, plan.zone))
        return replace(cut, id=first_day.isoformat(), name=name)
    if first_day == window.first_day:
        return cut
    note = f"Counted from {day_of(start, plan.zone)}, where the sprint before it ended"
    return replace(cut, notes=(*cut.notes, note))


def _in_a_row(sprints: Sequence[Sprint]) -> list[Sprint]:
    """Return the sprints; what falls between two ends where the second begins."""
    return [
        sprint
        if following is None or (sprint.gap_end and sprint.gap_end <= following.start)
        else replace(sprint, gap_end=max(sprint.end, following.start))
        for sprint, following in zip_longest(sprints, sprints[1:])
    ]
