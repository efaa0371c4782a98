"""Rows made up for every table from its columns alone, so that a new table or column has some too.

Keys are such that languages order them in another way than computers; texts are not plain ASCII.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Table, select
from sqlalchemy.types import TypeDecorator

from store.store import Store
from store.tables import TableRow

_KEYS = ("b", "A", "a-c", "ab", "B", "é", "_", "Z")
_JSON: tuple[Any, ...] = ([], ["é ’", None], [["1", "2"], ["3"]], [{"n": 10**17, "x": 0.1}])
_START = datetime(2021, 10, 31, 0, 59, 59, 999999, tzinfo=UTC)  # an hour that comes twice here

Rows = dict[str, list[dict[str, Any]]]


def fill(store: Store, rows: int = len(_KEYS)) -> None:
    """Put so many rows into every table."""
    made: Rows = {}
    with store._database.writing() as connection:
        for table in TableRow.metadata.sorted_tables:
            made[table.name] = [_row(table, number, made) for number in range(rows)]
            connection.execute(table.insert(), made[table.name])


def rows_of(store: Store) -> dict[str, list[str]]:
    """Return every row of every table, as sorted texts."""
    with store._database.reading() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in TableRow.metadata.sorted_tables
        }


def _row(table: Table, number: int, made: Rows) -> dict[str, Any]:
    row = {column.name: _value(column, number) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        referred = made[constraint.referred_table.name][number]
        for element in constraint.elements:
            row[element.parent.name] = referred[element.column.name]
    return row


def _value(column: Column[Any], number: int) -> Any:
    if column.nullable and number % 3 == 1:
        return None
    if isinstance(column.type, JSON):
        return _JSON[number % len(_JSON)]
    of = column.type
    kind = (of.impl_instance if isinstance(of, TypeDecorator) else of).python_type
    values: dict[type, Any] = {
        bool: number % 2 == 0,
        int: number * 7 + 1,
        float: number / 10,
        date: date(2024, 2, 29) + timedelta(days=number),
        datetime: _START + timedelta(minutes=number * 7),
        str: f"{_KEYS[number % len(_KEYS)]}{number // len(_KEYS) or ''}",
    }
    return values[kind]
