"""What a database holds, without the times at which it came there: two can be compared."""

import json
from typing import Any

from sqlalchemy import select

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
    """Return each table's rows as sorted text: facts, coverage, reach, plans and results."""
    with Store.open(database_url) as store, store._database.reading() as connection:
        return {
            name: sorted(
                repr(_timeless(row)) for row in connection.execute(select(table)).mappings()
            )
            for name, table in TABLES.items()
            if name not in _OF_THE_SERVICE
        }


def _timeless(row: Any) -> dict[str, Any]:
    said = {key: value for key, value in row.items() if key not in _TIMES | _HOW_IT_WENT}
    if said.get("bookmark"):
        mark = json.loads(said["bookmark"])
        said["bookmark"] = {k: v for k, v in mark.items() if k not in ("read", "listed", "times")}
    return said
