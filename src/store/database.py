"""Opening a database, and transactions on it. SQLite and PostgreSQL, told apart here only."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from tenacity import retry, retry_if_exception_message, stop_after_delay, wait_random

from store import migrate
from store.errors import StoreError

_WHAT_TO_WRITE = (
    "Write sqlite:///folder/file.db or postgresql://user:password@host/database "
    "(HEARTEN_DATABASE_URL)."
)
_BUSY_SECONDS = 30
_compact_json = partial(json.dumps, separators=(",", ":"), ensure_ascii=False)


class Database:
    """A migrated database: `reading()` and `writing()` each give one transaction.

    Errors: StoreError where the database does not answer. Safe to use from several threads.
    """

    def __init__(self, url: str) -> None:
        address = _address(url)
        self._said = _said(address)
        self._writer = _engine(address)
        # A snapshot, so that facts and coverage read one after the other belong together.
        self._reader = self._writer.execution_options(
            **{"read_only": True}
            if address.drivername == "sqlite"
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        try:
            _make_folder(address)
            migrate.to_head(self._reader, self._writer)
        except (DBAPIError, OSError) as exc:
            self.close()
            raise StoreError(f"The database {self._said} cannot be opened: {_why(exc)}") from exc
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection."""
        self._writer.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees the database as it was when it began, and changes nothing."""
        with self._speaking(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: everything is kept, or, where the block raises, nothing."""
        with self._speaking(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, DataError, ProgrammingError):
            raise  # the code's fault, not the database's
        except (DBAPIError, PoolTimeoutError) as exc:
            raise StoreError(f"The database {self._said} does not answer: {_why(exc)}") from exc


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # The original error quotes the URL, and so perhaps a password.
        raise StoreError(f"The database URL is not a URL. {_WHAT_TO_WRITE}") from None
    match address.drivername:
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return address.set(drivername="postgresql+psycopg")
        case "sqlite" if address.database not in {None, "", ":memory:"}:
            return address
        case _:
            raise StoreError(f"The database {_said(address)} cannot be used. {_WHAT_TO_WRITE}")


def _said(address: URL) -> str:
    """The address without anything secret: PostgreSQL takes a password among the parameters too."""
    return address.set(query={}).render_as_string(hide_password=True)


def _make_folder(address: URL) -> None:
    if address.drivername == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)


def _engine(address: URL) -> Engine:
    sqlite = address.drivername == "sqlite"
    patience = {} if sqlite or "connect_timeout" in address.query else {"connect_timeout": 10}
    engine = create_engine(
        address,
        connect_args=patience,
        json_serializer=_compact_json,
        hide_parameters=True,
        pool_pre_ping=not sqlite,
    )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by _begin_sqlite: the driver would begin them too late, at the first
    # write, when what was read before may no longer hold.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}").close()
    connection.execute("PRAGMA foreign_keys = ON").close()
    connection.execute("PRAGMA synchronous = NORMAL").close()
    _use_wal(connection)


# SQLite does not wait for a lock when it changes the journal's mode, whatever busy_timeout says:
# two processes that open a new file at once would get in each other's way.
@retry(
    retry=retry_if_exception_message(match="database is locked"),
    stop=stop_after_delay(_BUSY_SECONDS),
    wait=wait_random(0.01, 0.1),
    reraise=True,
)
def _use_wal(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL").close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _why(exc: Exception) -> str:
    """The driver's own words, without the statement, in one line."""
    cause = exc.orig if isinstance(exc, DBAPIError) else exc
    return " ".join(str(cause).split())
