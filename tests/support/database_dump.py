"""A database looked into past the store: compared with another, searched, or spoilt."""

import json
from typing import Any

from sqlalchemy import select, update

from store.store import Store
from store.tables import TABLES

_TIMES = {
    "attempt_finished",
    "attempt_started",
    "checked_at",
    "evaluated_at",
    "read_finished",
    "read_started",
    "saved_at",
}
_HOW_IT_WENT = {"id", "items", "requests"}
_OF_THE_SERVICE = {"runs", "run_steps", "tallies", "tokens", "audit"}  # how often, not what


def kept(database_url: str) -> dict[str, list[str]]:
    """Return each table's rows as sorted text: facts, coverage, reach, plans and results.

    Without the times at which they came there, so that two databases can be compared.
    """
    with Store.open(database_url) as store, store._database.reading() as connection:
        return {
            name: sorted(
                repr(_timeless(name, row)) for row in connection.execute(select(table)).mappings()
            )
            for name, table in TABLES.items()
            if name not in _OF_THE_SERVICE
        }


def everything_in(store: Store) -> str:
    """Return each row of each table as text."""
    with store._database.reading() as connection:
        return "\n".join(
            repr(row) for table in TABLES.values() for row in connection.execute(select(table))
        )


def spoil_the_results_of(store: Store, value: str) -> None:
    """Write a text into the results where numbers stand, which SQLite allows."""
    with store._database.writing() as connection:
        connection.execute(update(TABLES["results"]).values(value=value, minimum=value))


def _timeless(table: str, row: Any) -> dict[str, Any]:
    times = {"at"} if table == "first_evaluations" else _TIMES
    said = {key: value for key, value in row.items() if key not in times | _HOW_IT_WENT}
    if said.get("bookmark"):
        mark = json.loads(said["bookmark"])
        said["bookmark"] = {k: v for k, v in mark.items() if k not in ("read", "listed", "times")}
    return said
