"""Writing many rows at once, twice if need be."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Insert, Table, case, func, literal_column, or_
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_T = TypeVar("_T")
Row = dict[str, Any]
_Stored = Callable[[Any], Any]  # from a value to what the database keeps

_CHUNK = 5_000  # rows held in memory at a time
_AT_ONCE = 250  # rows in one of SQLite's statements, which takes 32,766 values


def upsert(
    connection: Connection,
    table: Table,
    rows: Iterable[Row],
    *,
    overwrite: Collection[str] | None = None,
    earliest: str | None = None,
    unless: str | None = None,
    longest: str | None = None,
    add: str | None = None,
    once: str | None = None,
) -> int:
    """Add each row, or overwrite the one with the same primary key; return how many came.

    `overwrite` names the columns that an old row takes from the new one, None all of them. The
    column `earliest`, if any, keeps the earlier instant of the two, but the old one where the old
    row has something in the column `unless`; the column `longest` keeps the list with more in it
    (of two alike the new one), the column `add` their sum, and the column `once` the text that it
    had, if any. All rows have the same columns. A
    row may come twice, and the later one then holds.
    """
    count = 0
    for chunk in _chunks(rows, _CHUNK):
        count += len(chunk)
        change = tuple(chunk[0] if overwrite is None else overwrite)
        statement = _upserting(
            connection.dialect.name,
            table,
            change,
            earliest=earliest,
            unless=unless,
            longest=longest,
            add=add,
            once=once,
        )
        _write(connection, table, statement, chunk)
    return count


def insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Add rows whose keys are known to be new."""
    for chunk in _chunks(rows, _CHUNK):
        _write(connection, table, _inserting(table), chunk)


def insert_into(table: Table, dialect: str) -> "postgresql.Insert | sqlite.Insert":
    """Return the dialect's own INSERT, which can say what is to be done with what is there."""
    if dialect == "postgresql":
        # Here, because on SQLite nobody need wait for it.
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table)
    return sqlite.insert(table)


def _chunks(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


@cache  # building a statement costs as much as writing a hundred rows
def _inserting(table: Table) -> Insert:
    return table.insert()


@cache
def _upserting(
    dialect: str,
    table: Table,
    change: tuple[str, ...],
    *,
    earliest: str | None,
    unless: str | None,
    longest: str | None,
    add: str | None,
    once: str | None,
) -> Insert:
    statement = insert_into(table, dialect)
    key = [column.name for column in table.primary_key]
    changes: dict[str, ColumnElement[Any]] = {
        name: statement.excluded[name] for name in change if name not in key
    }
    if earliest is not None:
        earlier = _earlier(table.c[earliest], statement.excluded[earliest])
        if unless is not None:
            earlier = case((table.c[unless].is_not(None), table.c[earliest]), else_=earlier)
        changes[earliest] = earlier
    if longest is not None:
        changes[longest] = _longer(table.c[longest], statement.excluded[longest])
    if add is not None:
        changes[add] = table.c[add] + statement.excluded[add]
    if once is not None:
        had = func.nullif(table.c[once], literal_column("''"))
        changes[once] = func.coalesce(had, statement.excluded[once])
    if not changes:  # the key is all there is
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=changes)


def _earlier(old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((or_(old.is_(None), new < old), new), else_=old)


def _longer(old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((func.json_array_length(new) < func.json_array_length(old), old), else_=new)


def _write(connection: Connection, table: Table, statement: Insert, rows: Sequence[Row]) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(statement, rows)
        return
    # SQLite's driver lets go of the interpreter for each statement, and then waits for it while
    # other threads turn answers into facts: with a statement for each row, longer than it writes.
    columns, before, row, after = _for_sqlite(statement, frozenset(rows[0]))
    values: list[list[Any]] = list(map(list, map(itemgetter(*columns), rows)))
    for place, name in enumerate(columns):
        kind = table.columns[name].type.dialect_impl(connection.dialect)
        stored: _Stored | None = kind.bind_processor(connection.dialect)
        if stored is not None:
            for of_row in values:
                of_row[place] = stored(of_row[place])
    for some in _chunks(values, _AT_ONCE):
        text = f"{before}{', '.join([row] * len(some))}{after}"
        connection.exec_driver_sql(text, tuple(chain.from_iterable(some)))


@cache
def _for_sqlite(statement: Insert, columns: frozenset[str]) -> tuple[Sequence[str], str, str, str]:
    """The columns in the order of their values, and the text before, for and after one row."""
    compiled = statement.compile(dialect=sqlite.dialect(), column_keys=list(columns))
    row = f"({', '.join('?' * len(columns))})"
    before, _, after = str(compiled).partition(row)
    return compiled.positiontup or (), before, row, after
