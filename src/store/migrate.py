"""Bringing a database to the tables that this version of the code expects."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from store.errors import StoreError

_FOLDER = Path(__file__).parent / "migrations"
_SCRIPTS = ScriptDirectory(_FOLDER)
_LOCK_KEY = 0x68656172  # any number, the same in every process
_alembic_is_one_per_process = threading.Lock()


def to_head(reader: Engine, writer: Engine) -> None:
    """Run the migrations that are missing, in one transaction; several processes may try at once.

    Errors: StoreError where the database was written by a newer version of the code.
    """
    with reader.begin() as connection:
        if is_current(connection):
            return
    with _alembic_is_one_per_process, writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if not is_current(connection):
            config = Config()
            config.set_main_option("script_location", str(_FOLDER))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Whether the database has exactly the tables of this version of the code.

    Errors: StoreError where it was written by a newer version.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _SCRIPTS.walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"The database was written by a newer version of hearten (revision {found}). "
            "Install that version, or use another database."
        )
    return found == _SCRIPTS.get_current_head()
