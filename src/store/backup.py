"""A copy of the database in a file, whole whatever is written meanwhile."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from store.database import address_of, as_store_error
from store.errors import StoreError


def back_up(url: str, file: Path) -> None:
    """Copy the SQLite database at `url` to `file`, as it was at one instant. It is not migrated.

    Until the copy is whole it has another name, so that `file` is never half a database.
    Errors: StoreError where there is no such database, where `file` is there already or cannot be
    written, and for PostgreSQL, which has its own program for this.
    """
    address = address_of(url)
    if address.drivername != "sqlite":
        raise StoreError(
            "This is a PostgreSQL database: copy it with pg_dump --format=custom, and put a copy "
            "back with pg_restore (docs/operations.md)."
        )
    kept = Path(address.database or "")
    if not kept.exists():
        raise StoreError(f"There is no database at {kept}.", "Check HEARTEN_DATABASE_URL.")
    if file.exists():
        raise StoreError(f"{file} is there already.", "Name another file, or move it away.")
    if not file.absolute().parent.is_dir():
        raise StoreError(f"There is no folder {file.parent}.", "Make it, or name another place.")
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").close()  # one file, with nothing beside it
        os.link(unfinished, file)  # unlike a renaming, it writes over nothing
    except (sqlite3.Error, OSError) as error:
        raise as_store_error(f"The copy {file} cannot be made", error) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
