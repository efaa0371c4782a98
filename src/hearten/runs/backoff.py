"""Leaving out a source that could not be read several times in a row, for a while."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from evaluator.model.facts import Coverage

_IN_A_ROW = 3
_FIRST_PAUSE = timedelta(hours=1)
_LONGEST_PAUSE = timedelta(hours=12)
_MOST_DOUBLINGS = 4  # more would be longer than the longest


def asked_again(coverage: Coverage) -> datetime | None:
    """Return before when a source need not be asked again; None where it may be at any time.

    From the third time in a row that it could not be read: one hour, then two, four, eight, and
    twelve from then on.
    """
    doublings = coverage.unread_in_a_row - _IN_A_ROW
    if doublings < 0 or coverage.attempt_finished is None:
        return None
    pause = _FIRST_PAUSE * (1 << min(doublings, _MOST_DOUBLINGS))
    return coverage.attempt_finished + min(pause, _LONGEST_PAUSE)


def left_out(
    sources: Iterable[str], coverage: Mapping[str, Coverage], now: datetime
) -> dict[str, datetime]:
    """Return those of `sources` that are to be left out at `now`, each with until when."""
    found: dict[str, datetime] = {}
    for source in sources:
        until = asked_again(coverage[source]) if source in coverage else None
        if until is not None and now < until:
            found[source] = until
    return found
