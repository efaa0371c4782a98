"""Reach: at which production event each commit arrived. Derived, and replaced as a whole."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from evaluator.model.facts import ClosedIssue, ProductionEvent, Reached
from store import coverage, former_sources, row_mapping
from store.database import Database
from store.tables import CLOSED_ISSUES, COMMITS, COVERAGE, REACH, REACH_BASIS, TICKET_KEYS
from store.upsert import insert, upsert

_METHOD = "2"  # another number, once reach is computed another way, makes what is stored void


class ReachStore:
    """Reach, derived from the facts and kept so that it is computed once.

    Each method is one transaction, and may be run twice.
    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_read(self, source: str) -> datetime | None:
        """When the last complete read of a repository ended; to be asked before its facts are."""
        with self._database.reading() as connection:
            return _read_finished(connection, source)

    def save(
        self,
        source: str,
        fingerprint: str,
        reached: Mapping[str, Mapping[str, ProductionEvent]],
        *,
        read_finished: datetime | None,
    ) -> None:
        """Replace a repository's reach: for each delivery, by its key, each sha with its event.

        It counts as computed under `fingerprint` from the facts of the read that ended at
        `read_finished`. What another process computed from a later read stays, and nothing is kept
        that was computed from what had the name before.
        """
        with self._database.writing() as connection:
            coverage.last_read(connection, source)  # of two processes one waits for the other
            basis = _Basis(_basis(fingerprint), read_finished)
            current = _Basis(basis.fingerprint, _read_finished(connection, source))
            if basis != current == _stored_basis(connection, source):
                return
            if former_sources.is_of_former(connection, source, read_finished):
                return
            connection.execute(delete(REACH).where(REACH.c.source == source))
            insert(
                connection,
                REACH,
                (
                    row_mapping.from_reach(source, delivery, sha, event)
                    for delivery, by_sha in reached.items()
                    for sha, event in by_sha.items()
                ),
            )
            upsert(connection, REACH_BASIS, [{"source": source, **basis._asdict()}])

    def is_current(self, source: str, fingerprint: str) -> bool:
        """Whether the stored reach is that of the last complete read under `fingerprint`."""
        with self._database.reading() as connection:
            current = _Basis(_basis(fingerprint), _read_finished(connection, source))
            return _stored_basis(connection, source) == current


def reached(
    connection: Connection,
    sources: Collection[str],
    deliveries: Collection[str] | None,
    found: Iterable[ProductionEvent],
) -> Iterator[Reached]:
    """The commits that arrived, each with its event, which is one of `found`.

    They arrived as one of `deliveries`, by their keys, or as any where that is None.
    """
    by_key = {_event_key(event): event for event in found}
    key = (REACH.c.source, REACH.c.kind, REACH.c.ident, REACH.c.event_sha, REACH.c.dated_by)
    query = (
        select(REACH.c.delivery, *key, COMMITS)
        .join(REACH, (COMMITS.c.source == REACH.c.source) & (COMMITS.c.sha == REACH.c.sha))
        .where(REACH.c.source.in_(sources))
    )
    if deliveries is not None:
        query = query.where(REACH.c.delivery.in_(deliveries))
    named = _ticket_keys(connection, sources)
    issues = _closed_issues(connection, sources)
    for row in connection.execute(query).all():
        delivery, of_event, stored = row[0], row[1 : len(key) + 1], row[len(key) + 1 :]
        commit = row_mapping.to_commit(stored)
        if keys := named.get((of_event[0], commit.sha)):
            commit = replace(commit, ticket_keys=tuple(keys))
        if closes := issues.get((of_event[0], commit.sha)):
            commit = replace(commit, closes=tuple(closes))
        yield Reached(commit, by_key[of_event], delivery)


def _ticket_keys(
    connection: Connection, sources: Collection[str]
) -> dict[tuple[str, str], list[str]]:
    """Return, by source and sha, the keys of tickets that a commit's pull requests name."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    query = select(TICKET_KEYS).where(TICKET_KEYS.c.source.in_(sources))
    for source, sha, key in connection.execute(query.order_by(TICKET_KEYS.c.key)):
        found[source, sha].append(key)
    return found


def _closed_issues(
    connection: Connection, sources: Collection[str]
) -> dict[tuple[str, str], list[ClosedIssue]]:
    """Return, by source and sha, the issues that a commit's pull requests close."""
    found: defaultdict[tuple[str, str], list[ClosedIssue]] = defaultdict(list)
    query = select(CLOSED_ISSUES).where(CLOSED_ISSUES.c.source.in_(sources))
    for row in connection.execute(query.order_by(*CLOSED_ISSUES.primary_key)):
        found[row[0], row[1]].append(row_mapping.to_closed_issue(row))
    return found


def carry_over(connection: Connection, source: str, before: datetime | None) -> None:
    """Let a reach that was current at the read `before` stay so: the newest brought nothing."""
    connection.execute(
        update(REACH_BASIS)
        .where(REACH_BASIS.c.source == source, REACH_BASIS.c.read_finished == before)
        .values(read_finished=_read_finished(connection, source))
    )


def _basis(fingerprint: str) -> str:
    return f"{fingerprint}, method {_METHOD}"


class _Basis(NamedTuple):
    """What a reach is computed from: a configuration, and a read."""

    fingerprint: str
    read_finished: datetime | None


def _stored_basis(connection: Connection, source: str) -> _Basis | None:
    query = select(REACH_BASIS.c.fingerprint, REACH_BASIS.c.read_finished).where(
        REACH_BASIS.c.source == source
    )
    row = connection.execute(query).first()
    return _Basis(*row) if row else None


def _event_key(event: ProductionEvent) -> tuple[str, ...]:
    row = row_mapping.from_event(event)
    return (row["source"], row["kind"], row["ident"], row["sha"], row["dated_by"])


def _read_finished(connection: Connection, source: str) -> datetime | None:
    """When the last complete read of `source` ended, None where none did."""
    query = select(COVERAGE.c.read_finished).where(COVERAGE.c.source == source)
    return connection.execute(query).scalar_one_or_none()
