"""Opening a database, and transactions on it. SQLite and PostgreSQL, told apart here only."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from tenacity import Retrying, retry_if_exception_message, stop_after_delay, wait_random

from store import migrate
from store.driver_remedies import DAMAGED, remedy
from store.errors import StoreError
from store.patience import OF_A_COMMAND, Patience
from store.private_file import make_private

_WHAT_TO_WRITE = (
    "Write sqlite:///folder/file.db or postgresql://user:password@host/database "
    "(HEARTEN_DATABASE_URL)."
)
_NAMED = "HEARTEN_DATABASE_URL"
# What is kept was written by us, and so can be read, unless something else changed it.
_UNREADABLE = (ValueError, TypeError, LookupError)
_NO_RIGHT = "42501"  # what PostgreSQL answers to a user who may not do what was asked


class Database:
    """A migrated database: `reading()` and `writing()` each give one transaction.

    `place` says where it is, without anything secret.
    Errors: StoreError where the database does not answer. Safe to use from several threads.
    """

    def __init__(
        self,
        url: str,
        *,
        as_it_is: bool = False,
        named: str = _NAMED,
        patience: Patience = OF_A_COMMAND,
    ) -> None:
        """Open the database at `url` and bring its tables up to date.

        `as_it_is` leaves all that is there as it is: for what only reads. `named` is where the
        address was given, for who is to correct it. `patience` is for how long it is waited for.
        """
        self._named = named
        address = address_of(url)
        self._said = _said(address)
        named_file = address.database if address.drivername == "sqlite" else None
        self.file = Path(named_file) if named_file and "uri" not in address.query else None
        self.place = str(Path(named_file).absolute()) if named_file else self._said
        self._watching = Lock()
        self._watcher: Connection | None = None
        self._watch = 0
        self._opened: os.stat_result | None = None
        self._writer = _engine(address, patience, as_it_is=as_it_is)
        # A snapshot, so that facts and coverage read one after the other belong together.
        self._reader = self._writer.execution_options(
            **{"read_only": True}
            if address.drivername == "sqlite"
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        if as_it_is:
            return
        try:
            _make_folder(address)
            make_private(address)
            migrate.to_head(self._reader, self._writer)
        except UnicodeDecodeError as exc:
            self.close()
            raise self._damaged(exc) from exc
        except (DBAPIError, OSError) as exc:
            self.close()
            raise as_store_error(f"The database {self._said} cannot be opened", exc) from exc
        except StoreError:
            self.close()
            raise
        self._opened = self.file.stat() if self.file else None

    def check_file(self) -> None:
        """Raise StoreError where SQLite's file is gone, or is another one than was opened.

        What is written then goes into a file that has no name any more, and is lost.
        """
        if self.file is None or self._opened is None:
            return
        try:
            found = self.file.stat()
        except OSError as exc:
            raise as_store_error(f"The database {self._said} is gone", exc) from exc
        if not os.path.samestat(found, self._opened):
            raise StoreError(
                f"The database {self._said} is another one than was opened.", "Start hearten again."
            )

    def close(self) -> None:
        """Close every connection."""
        with self._watching:
            self._stop_watching()
        self._writer.dispose()

    def revision(self) -> str:
        """A text that is another one after every commit of any process; quick to ask for.

        Where it is the same twice, whatever is read in between is the same too.
        """
        if self._writer.dialect.name == "postgresql":
            # Which transactions are seen: two snapshots that say the same see the same.
            with self.reading() as connection:
                query = text("SELECT pg_current_snapshot()::text")
                return str(connection.execute(query).scalar_one())
        with self._watching, self.speaking():
            try:
                if self._watcher is None:
                    # SQLite counts what others commit, as one connection sees it: always this one.
                    self._watcher, self._watch = self._reader.connect(), self._watch + 1
                with self._watcher.begin():
                    seen = self._watcher.exec_driver_sql("PRAGMA data_version").scalar_one()
            except DBAPIError:
                self._stop_watching()
                raise
            return f"{self._watch}.{seen}"

    def _stop_watching(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees the database as it was when it began, and changes nothing."""
        with self.speaking(), self._reader.begin() as connection:
            try:
                yield connection
            except _UNREADABLE as exc:
                raise self._damaged(exc) from exc

    def _damaged(self, exc: Exception) -> StoreError:
        what = str(exc).partition("\n")[0].rstrip(".")  # pydantic goes on with what it was given
        return StoreError(f"The database {self._said} is damaged: {what}.", DAMAGED)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: everything is kept, or, where the block raises, nothing."""
        with self.speaking(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Let what goes wrong in the block be said as StoreError that names this database."""
        try:
            yield
        except (IntegrityError, DataError, ProgrammingError) as exc:
            if getattr(exc.orig, "sqlstate", None) != _NO_RIGHT:
                raise  # the code's fault, not the database's
            raise self._error(f"The database {self._said} refuses", exc) from exc
        except (DBAPIError, PoolTimeoutError) as exc:
            raise self._error(f"The database {self._said} does not answer", exc) from exc

    def _error(self, what: str, exc: Exception) -> StoreError:
        error = as_store_error(what, exc)
        return StoreError(error.what, error.remedy.replace(_NAMED, self._named))


def address_of(url: str) -> URL:
    """Return the address that `url` is; StoreError where it names no database we can use."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # The original error quotes the URL, and so perhaps a password.
        raise StoreError("The database URL is not a URL.", _WHAT_TO_WRITE) from None
    match address.drivername:
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return address.set(drivername="postgresql+psycopg")
        case "sqlite" if address.database not in {None, "", ":memory:"} and not address.host:
            return address
        case _:
            raise StoreError(f"The database {_said(address)} cannot be used.", _WHAT_TO_WRITE)


def _said(address: URL) -> str:
    """The address without anything secret: PostgreSQL takes a password among the parameters too."""
    return address.set(query={}).render_as_string(hide_password=True)


def _make_folder(address: URL) -> None:
    """Make the folder of SQLite's file, for its owner alone; leave one that is there as it is."""
    if address.drivername == "sqlite" and address.database:
        folder = Path(address.database).parent
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)


def _engine(address: URL, patience: Patience, *, as_it_is: bool) -> Engine:
    make = partial(
        create_engine,
        address,
        json_serializer=_json,
        json_deserializer=from_json,
        hide_parameters=True,
        pool_timeout=patience.lock,
    )
    if address.drivername == "sqlite":
        engine = make()
        busy = float(str(address.query.get("timeout", patience.lock)))
        event.listen(engine, "connect", partial(_prepare_sqlite, busy=busy, as_it_is=as_it_is))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    from store import postgresql  # noqa: PLC0415 - its driver takes a moment to load

    engine = make(connect_args=postgresql.network(address, patience), pool_pre_ping=True)
    postgresql.limit_time(engine, patience)
    return engine


def _json(value: Any) -> str:
    """The value as JSON; dataclasses as objects, instants as ISO 8601."""
    return to_json(value).decode()


def _prepare_sqlite(
    connection: sqlite3.Connection, _record: object, *, busy: float, as_it_is: bool
) -> None:
    # Transactions are begun by _begin_sqlite: the driver would begin them too late, at the first
    # write, when what was read before may no longer hold.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {round(busy * 1000)}").close()
    connection.execute("PRAGMA foreign_keys = ON").close()
    connection.execute("PRAGMA synchronous = NORMAL").close()
    if as_it_is:  # the journal's mode would stay in the file
        connection.execute("PRAGMA query_only = ON").close()
        return
    tables = (name for (name,) in connection.execute(migrate.SQLITE_TABLES).fetchall())
    if migrate.another_programs(tables):
        return  # it will be refused, and the journal's mode would stay in the file
    # SQLite does not wait for a lock when it changes the journal's mode, whatever busy_timeout
    # says: two processes that open a new file at once would get in each other's way.
    patiently = Retrying(
        retry=retry_if_exception_message(match="database is locked"),
        stop=stop_after_delay(busy),
        wait=wait_random(0.01, 0.1),
        reraise=True,
    )
    patiently(lambda: connection.execute("PRAGMA journal_mode = WAL").close())


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def sqlstate_of(error: StoreError) -> str:
    """Return PostgreSQL's code of what `error` says, empty where there is none."""
    cause = error.__cause__
    return getattr(cause.orig, "sqlstate", None) or "" if isinstance(cause, DBAPIError) else ""


def as_store_error(what: str, exc: Exception) -> StoreError:
    """Return the error that says `what` and, in one line, why, in the driver's own words.

    They are without the statement, and it is by them that the remedy is found.
    """
    cause = exc.orig if isinstance(exc, DBAPIError) else exc
    words = cause.strerror if isinstance(cause, OSError) else cause  # without a path
    said = " ".join(str(words).split()).rstrip(".")
    return StoreError(f"{what}: {said}{'' if said.endswith('?') else '.'}", remedy(said))
