"""Spans of local days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from `first` to `last`, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def shared_with(self, other: "Days") -> "Days | None":
        """Return the days that are of both, None where there is none."""
        first = max(filter(None, (self.first, other.first)), default=None)
        last = min(filter(None, (self.last, other.last)), default=None)
        return None if first and last and last < first else Days(first, last)


ALWAYS = Days()


def first_day_without(span: Days, spans: Iterable[Days]) -> date | None:
    """Return the first day of `span`, which has an end on both sides, that is of none of `spans`.

    None where each day is of one.
    """
    day = span.first
    for one in sorted(spans, key=lambda days: days.first or date.min):
        if day is not None and day in one:
            day = one.last + timedelta(days=1) if one.last and one.last < date.max else None
    return day if day is not None and day in span else None
