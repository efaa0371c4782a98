"""Rows of any table as they are stored, streamed from one database into another and compared.

All of it goes by the tables' metadata, so that a table of a later version needs nothing here.
"""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Text,
    cast,
    collate,
    func,
    literal,
    select,
)
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.database import Database
from store.errors import StoreError
from store.upsert import insert

_AT_ONCE = 2_000  # rows that are fetched together


class _JsonText(TypeDecorator[str]):
    """JSON as the text that the database has: neither NULL nor a large number is lost on the way.

    `kept_as` is what PostgreSQL makes of the text; None leaves it a text, as SQLite does.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kept_as: TypeEngine[Any] | None = None) -> None:
        super().__init__()
        self.kept_as = kept_as

    def bind_expression(self, bindparam: BindParameter[str]) -> ColumnElement[Any]:
        """What is written."""
        return bindparam if self.kept_as is None else cast(bindparam, self.kept_as)

    def column_expression(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """What is read."""
        return cast(column, Text)


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """A database with the transaction that is open on it."""

    database: Database
    connection: Connection

    @property
    def dialect(self) -> str:
        """Which engine it is: `sqlite` or `postgresql`."""
        return self.connection.dialect.name

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        with self.database.speaking():
            query = select(func.count()).select_from(table)
            return int(self.connection.execute(query).scalar_one())

    def is_empty(self, table: Table) -> bool:
        """Whether a table has no row."""
        query = select(literal(1)).select_from(table).limit(1)
        return self.connection.execute(query).first() is None

    @contextmanager
    def rows(self, query: Select[Any]) -> Iterator[Iterator[Row[Any]]]:
        """Give what a query finds, never all of it at once."""
        with closing(self._fetched(query)) as rows:
            yield rows

    def _fetched(self, query: Select[Any]) -> Generator[Row[Any]]:
        with (
            self.database.speaking(),
            self.connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as result,
        ):
            yield from result


def copy_rows(table: Table, source: OpenDatabase, target: OpenDatabase) -> int:
    """Write every row of the source's table into the target's empty one; return how many.

    Errors: StoreError where the target cannot keep one, such as a number that is too large.
    """
    count = 0
    names = [column.name for column in table.columns]

    def counted(rows: Iterator[Row[Any]]) -> Iterator[dict[str, Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield dict(zip(names, row, strict=True))

    try:
        with source.rows(select(_mirror(table, source.dialect))) as rows:
            insert(target.connection, _mirror(table, target.dialect), counted(rows))
    except (IntegrityError, DataError) as exc:
        said = " ".join(str(exc.orig).split()).rstrip(".")
        raise StoreError(
            f"A row of the table `{table.name}` cannot be kept there: {said}.",
            "Nothing was copied. This is a defect in hearten: report it.",
        ) from exc
    return count


def same_rows(table: Table, source: OpenDatabase, target: OpenDatabase) -> bool:
    """Whether a table has the same rows in both, none more and none less."""
    json = [place for place, c in enumerate(table.columns) if _is(JSON, c.type)]
    one_by_one = [_in_order(table, side.dialect) for side in (source, target)]
    with source.rows(one_by_one[0]) as ones, target.rows(one_by_one[1]) as others:
        return all(
            one is not None and other is not None and (one == other or _same(one, other, json))
            for one, other in zip_longest(ones, others)
        )


@cache  # so that SQLAlchemy need not work out the same statements again
def _mirror(table: Table, dialect: str) -> Table:
    """Return the table with its JSON columns as texts."""

    def kind(column: Column[Any]) -> TypeEngine[Any]:
        if not _is(JSON, column.type):
            return column.type
        return _JsonText(column.type if dialect == "postgresql" else None)

    columns = (Column(column.name, kind(column)) for column in table.columns)
    return Table(table.name, MetaData(), *columns)


@cache
def _in_order(table: Table, dialect: str) -> Select[Any]:
    """Return the query for all rows by their keys, in the same order on each engine."""
    mirror = _mirror(table, dialect)
    keys: list[ColumnElement[Any]] = [mirror.c[key.name] for key in table.primary_key]
    if dialect == "postgresql":  # its order of texts depends on the language it was made for
        keys = [collate(key, "C") if _is(String, key.type) else key for key in keys]
    return select(mirror).order_by(*keys)


def _same(one: Row[Any], other: Row[Any], json: list[int]) -> bool:
    """Whether two rows say the same, however their JSON is written."""
    return _meant(one, json) == _meant(other, json)


def _meant(row: Row[Any], json: list[int]) -> list[Any]:
    values = list(row)
    for place in json:
        if values[place] is not None:
            values[place] = (from_json(values[place]),)  # JSON's null is not SQL's
    return values


def _is(what: type, kind: TypeEngine[Any]) -> bool:
    """Whether a column's type is `what`, also where another one is wrapped around it."""
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, what)
