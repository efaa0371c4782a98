"""Writing many rows at once, twice if need be."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, or_
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]
_Insert = postgresql.Insert | sqlite.Insert

_CHUNK = 5_000  # rows held in memory at a time


def upsert(
    connection: Connection,
    table: Table,
    rows: Iterable[Row],
    *,
    overwrite: Collection[str] | None = None,
    earliest: str | None = None,
) -> int:
    """Add each row, or overwrite the one with the same primary key; return how many came.

    `overwrite` names the columns that an old row takes from the new one, None all of them; the
    column `earliest`, if any, keeps the earlier instant of the two. All rows have the same
    columns. A row may come twice, and the later one then holds.
    """
    count = 0
    for chunk in _chunks(rows):
        count += len(chunk)
        columns = tuple(chunk[0] if overwrite is None else overwrite)
        connection.execute(_statement(connection.dialect.name, table, columns, earliest), chunk)
    return count


def insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Add rows whose keys are known to be new."""
    for chunk in _chunks(rows):
        connection.execute(table.insert(), chunk)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


@cache  # building one costs as much as writing a hundred rows
def _statement(
    dialect: str, table: Table, columns: tuple[str, ...], earliest: str | None
) -> _Insert:
    statement: _Insert = (
        postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    )
    key = [column.name for column in table.primary_key]
    change: dict[str, ColumnElement[Any]] = {
        name: statement.excluded[name] for name in columns if name not in key
    }
    if earliest is not None:
        change[earliest] = _earlier(table.c[earliest], statement.excluded[earliest])
    return statement.on_conflict_do_update(index_elements=key, set_=change)


def _earlier(old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((or_(old.is_(None), new < old), new), else_=old)
