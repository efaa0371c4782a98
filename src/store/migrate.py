"""Bringing a database to the tables that this version of the code expects."""

import threading
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from store.errors import StoreError
from store.patience import LONG

_FOLDER = Path(__file__).parent / "migrations"
# Of the files in that folder, oldest first: written here too, so that only who migrates waits for
# Alembic to load. A test holds one against the other.
REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
)
_VERSION_TABLE = "alembic_version"  # as Alembic calls it
SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_TABLES = {
    "sqlite": SQLITE_TABLES,
    # Of the schema that ours are made in; what an extension brought is nobody's work.
    "postgresql": (
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = current_schema()::regnamespace AND NOT EXISTS ("
        "SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass "
        "AND objid = pg_class.oid AND deptype = 'e')"
    ),
}
_LOCK_KEY = 0x68656172  # any number, the same in every process
_alembic_is_one_per_process = threading.Lock()


def to_head(reader: Engine, writer: Engine) -> None:
    """Run the migrations that are missing, in one transaction; several processes may try at once.

    Errors: StoreError where the database was written by a newer version of the code, or is another
    program's; then nothing is written.
    """
    with reader.begin() as connection:
        if is_current(connection):
            return
    at_leisure = writer.execution_options(**{LONG: True})
    with _alembic_is_one_per_process, at_leisure.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if not is_current(connection):
            _refuse_another_programs(connection)
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - seldom needed, and slow to import
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def another_programs(tables: Iterable[str]) -> bool:
    """Whether a database with these tables is another program's."""
    found = set(tables)
    return bool(found) and _VERSION_TABLE not in found


def _refuse_another_programs(connection: Connection) -> None:
    found = connection.execute(text(_TABLES[connection.dialect.name])).scalars()
    if another_programs(found):
        raise StoreError(
            "The database in HEARTEN_DATABASE_URL is not hearten's.",
            "It holds another program's tables: make an empty database, and name that.",
        )


def is_current(connection: Connection) -> bool:
    """Whether the database has exactly the tables of this version of the code.

    Errors: StoreError where it was written by a newer version.
    """
    found = revision(connection)
    if found is not None and found not in REVISIONS:
        raise StoreError(
            f"The database was written by a newer version of hearten (revision {found}).",
            "Install that version, or use another database.",
        )
    return found == REVISIONS[-1]


def revision(connection: Connection) -> str | None:
    """Return the revision of the database's tables as Alembic wrote it, None where it never did."""
    if not connection.dialect.has_table(connection, _VERSION_TABLE):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
