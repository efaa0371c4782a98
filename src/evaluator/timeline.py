"""Things in order of time, and those of them that lie in a window."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timeline(Generic[T]):
    """Things with their times, in order. Built by who knows how ties are broken."""

    entries: Sequence[tuple[datetime, T]] = ()

    def between(self, start: datetime, end: datetime) -> Sequence[tuple[datetime, T]]:
        """Return the entries with start <= time < end, in order."""
        first = bisect_left(self.entries, start, key=_time)
        return self.entries[first : bisect_left(self.entries, end, key=_time)]


def _time(entry: tuple[datetime, object]) -> datetime:
    return entry[0]
