"""A database as an earlier version left it: the tables of revision 0002, and what it kept there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, column, create_engine, insert, inspect, select
from sqlalchemy import table as lightweight

import store.migrate as migrate_module
from evaluator.model.results import Status
from store.joined_texts import to_gap
from store.tables import TABLES

_MIGRATIONS = Path(migrate_module.__file__).with_name("migrations")
_MOVE = 5  # a move had no name of the status it led to
_COUNTED_BY_THE_ENGINE = {"plans": {"id"}}
_OF_THE_SERVICE = {"runs", "run_steps", "tallies", "tokens", "audit"}


def rewrite(engine: Engine, old_url: str) -> None:
    """Make, at `old_url`, the database that revision 0002 would have instead of `engine`'s.

    A sprint in which nothing shows that zero was zero is "Not met" there, and final.
    """
    old = create_engine(old_url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with old.begin() as connection:
            newest = MetaData()
            newest.reflect(connection)
            newest.drop_all(connection)
            _make_tables(connection)
            with engine.connect() as newer:
                _fill(newer, connection)
    finally:
        old.dispose()


def _make_tables(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "0002")


def _fill(newer: Connection, older: Connection) -> None:
    made = inspect(older)
    known = set(made.get_table_names())
    for table in TABLES.values():  # in an order in which none refers to a later one
        if table.name not in known or table.name in _OF_THE_SERVICE:
            continue
        names = {column["name"] for column in made.get_columns(table.name)}
        names -= _COUNTED_BY_THE_ENGINE.get(table.name, set())
        found = newer.execute(select(table)).mappings()
        rows = [_as_it_was(table.name, dict(row)) for row in found]
        kept = [{name: row[name] for name in names} for row in rows]
        if kept:
            columns = (column(name, table.c[name].type) for name in names)
            older.execute(insert(lightweight(table.name, *columns)), kept)


def _as_it_was(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    was = dict(row)
    if table == "coverage" and was["source"].startswith("jira:"):
        mark = json.loads(was["bookmark"])
        was["bookmark"] = json.dumps(
            {k: mark[k] for k in mark.keys() - {"names", "projects", "form"}}
        )
    if table == "tickets":
        was["changes"] = [change[:_MOVE] for change in was["changes"]]
    if table == "results" and _was_believed(row):
        said = f"{Status.NOT_MET.words}: 0 {was['unit']}. The target is at least 1."
        was |= {"status": "not_met", "state": "final", "value": 0, "coverage": 1.0}
        was |= {"gaps": [], "reason": said}
    return was


def _was_believed(row: Mapping[str, Any]) -> bool:
    """Whether a zero was taken for one before a witness was asked for."""
    gaps = [to_gap(gap) for gap in row["gaps"]]
    settled = row["sprint_settled_at"] <= row["checked_at"]
    return row["status"] == "no_data" and settled and all(gap.no_witness for gap in gaps)
