"""Bringing a database to the tables that this version of the code expects."""

import threading
from collections.abc import Iterable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from store.errors import StoreError

_FOLDER = Path(__file__).parent / "migrations"
_SCRIPTS = ScriptDirectory(_FOLDER)
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
    with _alembic_is_one_per_process, writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if not is_current(connection):
            _refuse_another_programs(connection)
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
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _SCRIPTS.walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"The database was written by a newer version of hearten (revision {found}).",
            "Install that version, or use another database.",
        )
    return found == _SCRIPTS.get_current_head()
