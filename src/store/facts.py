"""Facts and coverage: what is kept of each read, and what an evaluation needs of it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, update

from evaluator.model.facts import (
    BoardSprint,
    Commit,
    Coverage,
    Facts,
    ProductionEvent,
    StatusCategory,
    Ticket,
)
from store import reach, row_mapping
from store.tables import COMMITS, COVERAGE, EVENTS, SPRINTS, TICKETS
from store.upsert import upsert

_T = TypeVar("_T")

# Made once: to put a statement together takes longer than to answer it.
_LAST_READ = select(COVERAGE).where(COVERAGE.c.source == bindparam("of")).with_for_update()
_EVERY = select(COVERAGE)
_SOME = select(COVERAGE).where(COVERAGE.c.source.in_(bindparam("sources", expanding=True)))

_KNOWN = select(
    *(
        select(func.count()).where(table.c.source == bindparam("of")).scalar_subquery()
        for table in (COMMITS, EVENTS)
    )
)


def coverage(connection: Connection, sources: Collection[str] | None = None) -> dict[str, Coverage]:
    """What is known of every source, or of some, by source id."""
    if sources is None:
        found = connection.execute(_EVERY)
    else:
        found = connection.execute(_SOME, {"sources": list(sources)})
    return {each.source: each for each in map(row_mapping.to_coverage, found)}


def last_read(connection: Connection, source: str) -> Coverage:
    """What is known of one source; nobody else writes it until the transaction ends."""
    row = connection.execute(_LAST_READ, {"of": source}).first()
    return row_mapping.to_coverage(row) if row else Coverage(source)


def bookmark(connection: Connection, source: str) -> str:
    """The bookmark that the last complete read of a source left behind, else empty."""
    query = select(COVERAGE.c.bookmark).where(COVERAGE.c.source == source)
    return connection.execute(query).scalar_one_or_none() or ""


def keep_complete(connection: Connection, read: Coverage, bookmark: str) -> None:
    """Remember a read that closed. Facts refer to it, so it is written before them."""
    upsert(
        connection,
        COVERAGE,
        [row_mapping.attempt(read) | row_mapping.complete_read(read, bookmark)],
    )


def count_items(connection: Connection, source: str, items: int) -> None:
    """Remember how many facts the newest read brought; they can be counted only once kept."""
    if items:
        query = update(COVERAGE).where(COVERAGE.c.source == source).values(items=items)
        connection.execute(query)


def keep_attempt(connection: Connection, read: Coverage) -> None:
    """Remember a read that did not close; what is known of the last one that did stays."""
    nothing_read = row_mapping.complete_read(Coverage(read.source), bookmark="")
    newest = row_mapping.attempt(read)
    upsert(connection, COVERAGE, [newest | nothing_read], overwrite=newest.keys())
    connection.execute(
        update(COVERAGE)
        .where(COVERAGE.c.source == read.source)
        .values(unread_in_a_row=COVERAGE.c.unread_in_a_row + 1)
    )


def keep_facts(
    connection: Connection,
    commits: Iterable[Commit],
    events: Iterable[ProductionEvent],
    tickets: Iterable[Ticket],
    sprints: Iterable[BoardSprint],
) -> dict[str, int]:
    """Add or overwrite facts; return how many came of each kind.

    An event keeps the earliest `at` ever seen: a re-run moves none. A ticket keeps the most moves
    ever seen: it makes none undone.
    """
    return {
        "commit": upsert(connection, COMMITS, map(row_mapping.from_commit, commits)),
        "event": upsert(connection, EVENTS, map(row_mapping.from_event, events), earliest="at"),
        "ticket": upsert(
            connection, TICKETS, map(row_mapping.from_ticket, tickets), longest="changes"
        ),
        "sprint": upsert(connection, SPRINTS, map(row_mapping.from_sprint, sprints)),
    }


def known(connection: Connection, source: str) -> dict[str, int]:
    """How many facts of a source there are, of the kinds that are read again when nothing is new.

    A ticket or a sprint that comes again has changed.
    """
    commits, events = connection.execute(_KNOWN, {"of": source}).one()
    return {"commit": commits, "event": events}


def commit_graph(connection: Connection, source: str) -> dict[str, tuple[str, ...]]:
    """Each known sha of a repository with its parents."""
    query = select(COMMITS.c.sha, COMMITS.c.parents).where(COMMITS.c.source == source)
    return {sha: tuple(parents) for sha, parents in connection.execute(query)}


def events(connection: Connection, sources: Collection[str]) -> list[ProductionEvent]:
    """All production events of some repositories."""
    return _all(connection, EVENTS, sources, row_mapping.to_event)


def tickets(connection: Connection, sources: Collection[str]) -> list[Ticket]:
    """All tickets of some sources."""
    return _all(connection, TICKETS, sources, row_mapping.to_ticket)


def open_tickets(connection: Connection, sources: Collection[str]) -> list[Ticket]:
    """The tickets of some sources that are not in a category Done."""
    is_open = TICKETS.c.status_category != StatusCategory.DONE.value
    return _all(connection, TICKETS, sources, row_mapping.to_ticket, is_open)


def board_sprints(connection: Connection, sources: Collection[str]) -> list[BoardSprint]:
    """All sprints of some boards."""
    return _all(connection, SPRINTS, sources, row_mapping.to_sprint)


def known_tickets(connection: Connection, source: str) -> dict[str, tuple[datetime, int]]:
    """When each known ticket of a source was last updated, and how many moves it has, by id."""
    moves = func.json_array_length(TICKETS.c.changes).label("moves")
    query = select(TICKETS.c.issue_id, TICKETS.c.updated, moves).where(TICKETS.c.source == source)
    return {row.issue_id: (row.updated, row.moves) for row in connection.execute(query)}


def all_facts(connection: Connection, sources: Collection[str]) -> Facts:
    """Everything that is known of some sources."""
    found = events(connection, sources)
    return Facts(
        reached=tuple(reach.reached(connection, sources, found)),
        events=tuple(found),
        tickets=tuple(tickets(connection, sources)),
        sprints=tuple(board_sprints(connection, sources)),
        coverage=tuple(_all(connection, COVERAGE, sources, row_mapping.to_coverage)),
    )


def _all(
    connection: Connection,
    table: Table,
    sources: Collection[str],
    fact: Callable[[Sequence[Any]], _T],
    *conditions: ColumnElement[bool],
) -> list[_T]:
    query = select(table).where(table.c.source.in_(sources), *conditions)
    return list(map(fact, connection.execute(query).all()))
