"""Whether the database can do its work."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import false, update

from store.database import Database
from store.private_file import open_to_others
from store.tables import COVERAGE


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
        dialect, address = connection.dialect, connection.engine.url
    if dialect.name == "sqlite":
        file = Path(address.database or "")
        return Health("SQLite", file, tuple(open_to_others(file)))
    return Health("PostgreSQL", None)
