"""The whole record from one database to another, SQLite or PostgreSQL, in one transaction.

The copy is there whole or not at all: whatever ends it early leaves the target without a row, and
it can be run again. It is compared before it is kept.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import randbits
from typing import Protocol

from sqlalchemy import Connection, Table, false, func, select, text

from store.copied_rows import OpenDatabase, copy_rows, same_rows
from store.database import Database
from store.errors import StoreError
from store.migrate import is_current, revision
from store.missing_file import missing_file
from store.tables import TableRow

_FROM, _TO = "HEARTEN_DATABASE_URL", "URL"  # what names the source, and what the target


class Progress(Protocol):
    """Who is told how far the copy has come."""

    def begin(self, total: int, what: str) -> None:
        """`total` steps of `what` lie ahead."""
        ...

    def step(self, name: str, said: str) -> None:
        """One step is done; `said` is how it went."""
        ...


@dataclass(frozen=True, slots=True)
class Copied:
    """A record that is in both databases, row for row.

    `before` says that it was already there. The places are without anything secret.
    """

    source: str
    target: str
    tables: int
    rows: int
    before: bool = False


def copy_record(source_url: str, target_url: str, progress: Progress) -> Copied:
    """Copy every row of every table of hearten's, and compare each with what came of it.

    The source is read as it is at one instant, whatever is written meanwhile, and is not changed.
    The target gets the tables of this version; libraries' own schemas are left alone. Where it
    holds the same record already, nothing is written.

    Errors: StoreError where one cannot be used, the source is of another version or the same
    database as the target, the target holds something else, or a row is not the same in both.
    """
    tables = TableRow.metadata.sorted_tables  # what others refer to comes first
    with _reading(source_url) as source, _writing(target_url) as target:
        places = (source.database.place, target.database.place)
        if _same_database(source.connection, target.connection):
            raise StoreError(f"{places[0]} is the database in {_FROM}.", f"Name another in {_TO}.")
        _keep_others_out(target, tables)
        if not all(target.is_empty(table) for table in tables):
            _refuse_another_record(tables, source, target)
            return Copied(*places, len(tables), sum(map(source.count, tables)), before=True)
        progress.begin(len(tables), "tables")
        rows = 0
        for table in tables:
            count = copy_rows(table, source, target)
            progress.step(table.name, f"{count:,} copied")
            rows += count
        _number_on(target, tables)
        _compare(tables, source, target, progress)
    return Copied(*places, len(tables), rows)


@contextmanager
def _reading(url: str) -> Iterator[OpenDatabase]:
    """Open the record that is copied, as it is."""
    if file := missing_file(url):
        raise StoreError(f"There is no database at {file}.", f"Check {_FROM}.")
    with closing(Database(url, as_it_is=True)) as database, database.reading() as connection:
        if not is_current(connection):
            _refuse_another_version(database, connection)
        yield OpenDatabase(database, connection)


@contextmanager
def _writing(url: str) -> Iterator[OpenDatabase]:
    """Open the database that is copied into, with its tables."""
    try:
        database = Database(url, named=_TO)
    except StoreError as error:
        what, remedy = (said.replace(_FROM, _TO) for said in (error.what, error.remedy))
        raise StoreError(what, remedy) from error
    with closing(database), database.writing() as connection:
        yield OpenDatabase(database, connection)


def _refuse_another_version(database: Database, connection: Connection) -> None:
    if revision(connection) is None:
        raise StoreError(f"{database.place} holds no record of hearten.", f"Check {_FROM}.")
    raise StoreError(
        f"The database {database.place} was written by an older version of hearten.",
        "`hearten status` brings it up to date; back it up before.",
    )


def _same_database(one: Connection, other: Connection) -> bool:
    if one.dialect.name != other.dialect.name:
        return False
    if one.dialect.name == "sqlite":
        files = (c.exec_driver_sql("PRAGMA database_list").all()[0][2] for c in (one, other))
        return Path(next(files)).samefile(next(files))
    schema = select(func.current_schema())
    if one.execute(schema).scalar_one() != other.execute(schema).scalar_one():
        return False
    # However the addresses are written: such a lock is one for the whole database.
    key = randbits(62)
    one.execute(select(func.pg_advisory_xact_lock(key)))
    return not other.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one()


def _keep_others_out(target: OpenDatabase, tables: Sequence[Table]) -> None:
    """Let nobody else write into the target until the copy is kept; SQLite does so by itself."""
    if target.dialect == "postgresql":
        quoted = target.connection.dialect.identifier_preparer.format_table
        names = ", ".join(map(quoted, tables))
        target.connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _refuse_another_record(
    tables: Sequence[Table], source: OpenDatabase, target: OpenDatabase
) -> None:
    """Raise unless the target, which is not empty, holds what the source does."""
    if not all(same_rows(table, source, target) for table in tables):
        raise StoreError(
            f"{target.database.place} holds another record already; it was not touched.",
            "Name a file that is not there yet, or a new database.",
        )


def _compare(
    tables: Sequence[Table], source: OpenDatabase, target: OpenDatabase, progress: Progress
) -> None:
    progress.begin(len(tables), "tables")
    for table in tables:
        if not same_rows(table, source, target):
            raise StoreError(
                f"The copy of the table `{table.name}` is not what was copied; nothing was kept.",
                "Run it again. If it says so again, report it: this is a defect in hearten.",
            )
        progress.step(table.name, "the same in both")


def _number_on(target: OpenDatabase, tables: Sequence[Table]) -> None:
    """Let PostgreSQL number new rows after those that came; SQLite does so by itself."""
    for table in tables:
        column = table.autoincrement_column
        if target.dialect == "postgresql" and column is not None:
            counter = func.pg_get_serial_sequence(table.name, column.name)
            after = func.coalesce(func.max(column), 0) + 1
            target.connection.execute(select(func.setval(counter, after, false())))
