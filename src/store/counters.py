"""Counters: counts that only grow, written in the transaction of what they count.

One of them is a gauge: what is left of GitHub's rate limit, by the newest answer.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from evaluator.model.facts import Coverage
from evaluator.model.runs import Counter
from store.database import Database
from store.tables import TALLIES
from store.upsert import Row, upsert

Key = tuple[str, str, str]  # counter, source, label

READS, ITEMS, SECONDS, TIMED = "reads", "items", "read_seconds", "reads_timed"
LEFT = "github_requests_left"
READ = "read"  # the label of a read that closed; others have their reason
_LONGEST = 86_400  # seconds that a read may take
BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)  # seconds


class CounterStore:
    """The counters. Errors: StoreError where the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Counter]:
        """The counts of what was read, for Prometheus."""
        with self._database.reading() as connection:
            return [Counter(*row) for row in connection.execute(select(TALLIES))]


def of_read(coverage: Coverage, items: Mapping[str, int]) -> dict[Key, float]:
    """What one read adds: its outcome, its items by kind, and how long it took."""
    label = coverage.reason.value if coverage.reason else READ
    found: dict[Key, float] = {(READS, coverage.source, label): 1}
    found |= {(ITEMS, coverage.source, kind): count for kind, count in items.items() if count}
    if coverage.attempt_started and coverage.attempt_finished:
        took = (coverage.attempt_finished - coverage.attempt_started).total_seconds()
        bucket = next((str(bound) for bound in BUCKETS if took <= bound), "+Inf")
        if 0 <= took <= _LONGEST:  # else the clock was set meanwhile
            found |= {(TIMED, "", bucket): 1, (SECONDS, "", ""): took}
    return found


def add(connection: Connection, amounts: Mapping[Key, float]) -> None:
    """Add to each counter. In one order, so that two writers never wait for each other for ever."""
    if not amounts:
        return
    rows = [_row(key, value) for key, value in sorted(amounts.items())]
    upsert(connection, TALLIES, rows, add="value")


def now_left(connection: Connection, requests: int | None) -> None:
    """Put what is left of the rate limit in place of what was; None changes nothing."""
    if requests is not None:
        upsert(connection, TALLIES, [_row((LEFT, "", ""), requests)])


def _row(key: Key, value: float) -> Row:
    counter, source, label = key
    return {"tally": counter, "source": source, "label": label, "value": value}
