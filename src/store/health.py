"""Whether the database can do its work."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, false, update

from store.database import Database
from store.errors import StoreError
from store.migrate import is_current
from store.private_file import open_to_others
from store.tables import COVERAGE

_ROOM = 64 * 1024  # bytes that can always be written
_FREE = 1024 * 1024  # bytes of a disk below which it is full
_KEPT_IN_MEMORY = 4  # pages; what is more goes to the disk before it is kept


@dataclass(frozen=True, slots=True)
class Health:
    """A database that can be read and written.

    `file` is where SQLite keeps it, else None; of its files, `open_to_others` are those that any
    user of this machine may read or write.
    """

    engine: str
    file: Path | None
    open_to_others: tuple[Path, ...] = ()


def health(database: Database) -> Health:
    """Return what the database is, after a write that changes nothing.

    Errors: StoreError where it cannot be written.
    """
    nothing = update(COVERAGE).where(false()).values(source=COVERAGE.c.source)
    with database.writing() as connection:
        connection.execute(nothing)
        dialect = connection.dialect
    if dialect.name == "sqlite":
        file = database.file
        return Health("SQLite", file, tuple(open_to_others(file)) if file else ())
    return Health("PostgreSQL", None)


def check_ready(database: Database) -> None:
    """Raise StoreError where the database cannot do the work of this version of the code."""
    database.check_file()  # first: where it is gone, SQLite would make an empty one
    with database.reading() as connection:
        if not is_current(connection):
            raise StoreError("The database has tables of another version of hearten.")
    if health(database).file is not None:
        _check_room(database)


def _check_room(database: Database) -> None:
    """Raise StoreError where SQLite has no room: what is tried is never kept, nor seen by others.

    A change that is not kept would not come so far as the disk, but for being more than is held in
    memory.
    """
    if database.file is not None:
        disk = os.statvfs(database.file)
        if disk.f_blocks and disk.f_bavail * disk.f_frsize < _FREE:
            raise StoreError(
                "The disk of the database is full.",
                "Make room on its disk; what was kept before is whole.",
            )
    with suppress(_NotKeptError), database.writing() as connection:
        held = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
        connection.exec_driver_sql(f"PRAGMA cache_size = {_KEPT_IN_MEMORY}")
        try:
            _take_room(connection)
        finally:
            connection.exec_driver_sql(f"PRAGMA cache_size = {held}")


def _take_room(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE hearten_room (held BLOB)")
    connection.exec_driver_sql("INSERT INTO hearten_room VALUES (randomblob(?))", (_ROOM,))
    raise _NotKeptError


class _NotKeptError(Exception):
    """All went well, and is taken back."""
