"""Whether the database can do its work."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import false, func, select, update

from store.database import Database, as_store_error, sqlstate_of
from store.errors import StoreError
from store.migrate import is_current
from store.private_file import open_to_others
from store.tables import COVERAGE

_ROOM = 64 * 1024  # bytes that can always be written
_FREE = 1024 * 1024  # bytes of a disk below which it is full
_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LEAST_MEMORY = 64  # kB that PostgreSQL sorts and joins in before it takes to the disk
_ROWS = 10_000  # some 140 kB on the disk
_LIMITED = "53400"  # what PostgreSQL answers where `temp_file_limit` allows no such file


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
    file = health(database).file
    try:
        _check_disk(file) if file is not None else _check_server(database)
    except OSError as exc:
        if exc.errno not in _FULL_DISK:
            raise as_store_error("The folder of the database cannot be written", exc) from exc
        raise StoreError(
            "The disk of the database is full.",
            "Make room on its disk; what was kept before is whole.",
        ) from exc


def _check_disk(file: Path) -> None:
    """Raise OSError where SQLite's disk has no room: what is tried is a file that has no name.

    In the database it would keep others from writing, and be tried in memory alone.
    """
    disk = os.statvfs(file)
    if disk.f_blocks and disk.f_bavail * disk.f_frsize < _FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with TemporaryFile(dir=file.parent) as tried:
        tried.write(os.urandom(_ROOM))
        tried.flush()


def _check_server(database: Database) -> None:
    """Raise StoreError where PostgreSQL has no room for what does not fit into its memory.

    It is gone when the transaction ends, and needs no write-ahead log.
    """
    try:
        with database.reading() as connection:
            connection.exec_driver_sql(f"SET LOCAL work_mem = {_LEAST_MEMORY}")
            rows = func.generate_series(1, _ROWS).table_valued("number")
            connection.execute(select(func.count()).select_from(rows))
    except StoreError as error:
        if sqlstate_of(error) != _LIMITED:
            raise
