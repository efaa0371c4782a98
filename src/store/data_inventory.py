"""What the database holds, by name: so that people can be told of every column."""

from store.tables import TABLES


def columns() -> dict[str, tuple[str, ...]]:
    """Return each table with its columns, in the order in which they are declared."""
    return {name: tuple(column.name for column in table.columns) for name, table in TABLES.items()}
