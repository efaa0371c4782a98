"""A store, looked into and damaged behind its back."""

from sqlalchemy import select, update

from store.store import Store
from store.tables import TABLES


def everything_in(store: Store) -> str:
    """Return each row of each table as text."""
    with store._database.reading() as connection:
        return "\n".join(
            repr(row) for table in TABLES.values() for row in connection.execute(select(table))
        )


def spoil_the_results_of(store: Store, status: str) -> None:
    """Write a status into the results that hearten does not know."""
    with store._database.writing() as connection:
        connection.execute(update(TABLES["results"]).values(status=status))
