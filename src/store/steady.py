"""What every page reads again and again, kept as long as it cannot have become another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from evaluator.model.results import Result
from store.database import Database

_T = TypeVar("_T")
_AT_MOST = timedelta(hours=1)  # a sprint may be known before it begins, by another clock


@dataclass(frozen=True, slots=True)
class _Kept(Generic[_T]):
    revision: str
    since: datetime
    until: datetime
    value: tuple[_T, ...]


class Steady(Generic[_T]):
    """One list that was read last, with the revision of the database that it is of.

    It may depend on the instant only by which sprints have ended and settled: it is read anew at
    the next instant at which one does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: _Kept[_T] | None = None

    def get(
        self,
        now: datetime,
        read: Callable[[], list[_T]],
        until: Callable[[list[_T]], datetime],
    ) -> list[_T]:
        """Return what `read` returns at `now`, without calling it where nothing changed since.

        `until` is when what was read becomes another by itself.
        """
        revision, kept = self._database.revision(), self._kept
        if kept is not None and kept.revision == revision and kept.since <= now < kept.until:
            return list(kept.value)
        value = read()
        self._kept = _Kept(revision, now, min(until(value), now + _AT_MOST), tuple(value))
        return value


def next_moment(results: Iterable[Result], now: datetime) -> datetime:
    """Return when the first of the results' sprints ends or settles after `now`; late if none."""
    sprints = {(r.sprint.end, r.sprint.settled_at) for r in results}
    return min((at for each in sprints for at in each if at > now), default=now + _AT_MOST)
