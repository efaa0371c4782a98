"""Reach: at which production event each commit arrived. Derived, and replaced as a whole."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from evaluator.model.facts import ProductionEvent, Reached
from store import row_mapping
from store.database import Database
from store.tables import COMMITS, COVERAGE, REACH, REACH_BASIS
from store.upsert import insert, upsert

_METHOD = "2"  # another number, once reach is computed another way, makes what is stored void


class ReachStore:
    """Reach, derived from the facts and kept so that it is computed once.

    Each method is one transaction, and may be run twice.
    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, source: str, fingerprint: str, reached: Mapping[str, ProductionEvent]) -> None:
        """Replace a repository's reach: each sha with the stored event that it reached first.

        It counts as computed under `fingerprint` from the last complete read.
        """
        with self._database.writing() as connection:
            connection.execute(delete(REACH).where(REACH.c.source == source))
            insert(
                connection,
                REACH,
                (row_mapping.from_reach(source, sha, event) for sha, event in reached.items()),
            )
            basis = {
                "source": source,
                "fingerprint": _basis(fingerprint),
                "read_finished": _read_finished(connection, source),
            }
            upsert(connection, REACH_BASIS, [basis])

    def is_current(self, source: str, fingerprint: str) -> bool:
        """Whether the stored reach is that of the last complete read under `fingerprint`."""
        query = select(REACH_BASIS.c.read_finished).where(
            REACH_BASIS.c.source == source, REACH_BASIS.c.fingerprint == _basis(fingerprint)
        )
        with self._database.reading() as connection:
            basis = connection.execute(query).first()
            return basis is not None and basis.read_finished == _read_finished(connection, source)


def reached(
    connection: Connection, sources: Collection[str], found: Iterable[ProductionEvent]
) -> Iterator[Reached]:
    """The commits that arrived, each with its event, which is one of `found`."""
    by_key = {_event_key(event): event for event in found}
    key = (REACH.c.source, REACH.c.kind, REACH.c.ident, REACH.c.event_sha, REACH.c.dated_by)
    query = (
        select(*key, COMMITS)
        .join(REACH, (COMMITS.c.source == REACH.c.source) & (COMMITS.c.sha == REACH.c.sha))
        .where(REACH.c.source.in_(sources))
    )
    for row in connection.execute(query).all():
        yield Reached(row_mapping.to_commit(row[len(key) :]), by_key[row[: len(key)]])


def carry_over(connection: Connection, source: str, before: datetime | None) -> None:
    """Let a reach that was current at the read `before` stay so: the newest brought nothing."""
    connection.execute(
        update(REACH_BASIS)
        .where(REACH_BASIS.c.source == source, REACH_BASIS.c.read_finished == before)
        .values(read_finished=_read_finished(connection, source))
    )


def _basis(fingerprint: str) -> str:
    return f"{fingerprint}, method {_METHOD}"


def _event_key(event: ProductionEvent) -> tuple[str, ...]:
    row = row_mapping.from_event(event)
    return (row["source"], row["kind"], row["ident"], row["sha"], row["dated_by"])


def _read_finished(connection: Connection, source: str) -> datetime | None:
    """When the last complete read of `source` ended, None where none did."""
    query = select(COVERAGE.c.read_finished).where(COVERAGE.c.source == source)
    return connection.execute(query).scalar_one_or_none()
