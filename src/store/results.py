"""Results: every version is kept, and the newest one is what people see."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, RowMapping, exists, select

from evaluator.model.results import EvidenceItem, Gap, LeftOut, Result, Sprint, State, Status
from store.tables import RESULTS
from store.upsert import Row, upsert

_LISTS: dict[str, TypeAdapter[Any]] = {
    "evidence": TypeAdapter(tuple[EvidenceItem, ...]),
    "left_out": TypeAdapter(tuple[LeftOut, ...]),
    "gaps": TypeAdapter(tuple[Gap, ...]),
    "sources": TypeAdapter(tuple[str, ...]),
    "notes": TypeAdapter(tuple[str, ...]),
}
_SPRINT = [field.name for field in fields(Sprint)]
_PLAIN = [field.name for field in fields(Result) if field.name not in {"sprint", *_LISTS}]


def save(connection: Connection, results: Iterable[Result]) -> None:
    """Add results, or overwrite those of the same team, sprint, target and version."""
    upsert(connection, RESULTS, map(_to_row, results))


def find(
    connection: Connection,
    *,
    team: str | None,
    target: str | None,
    sprint_from: datetime | None,
    sprint_to: datetime | None,
    every_version: bool,
) -> list[Result]:
    """Results whose sprint starts in sprint_from <= start < sprint_to, in order."""
    query = select(RESULTS)
    if team is not None:
        query = query.where(RESULTS.c.team == team)
    if target is not None:
        query = query.where(RESULTS.c.target == target)
    if sprint_from is not None:
        query = query.where(RESULTS.c.sprint_start >= sprint_from)
    if sprint_to is not None:
        query = query.where(RESULTS.c.sprint_start < sprint_to)
    if not every_version:
        query = query.where(~_has_newer_version())
    found = [_to_result(row) for row in connection.execute(query).mappings()]
    # Not ORDER BY: databases disagree on how text is sorted.
    return sorted(found, key=lambda r: (r.team, r.sprint.start, r.sprint.id, r.target, r.version))


def _has_newer_version() -> ColumnElement[bool]:
    newer = RESULTS.alias()
    return exists().where(
        newer.c.team == RESULTS.c.team,
        newer.c.sprint_id == RESULTS.c.sprint_id,
        newer.c.target == RESULTS.c.target,
        newer.c.version > RESULTS.c.version,
    )


def _to_row(result: Result) -> Row:
    plain = {name: getattr(result, name) for name in _PLAIN}
    sprint = {f"sprint_{name}": getattr(result.sprint, name) for name in _SPRINT}
    lists = {name: getattr(result, name) for name in _LISTS}
    words = {"status": result.status.value, "state": result.state.value}
    return plain | sprint | lists | words


def _to_result(row: RowMapping) -> Result:
    sprint = {name: row[f"sprint_{name}"] for name in _SPRINT}
    sprint["notes"] = tuple(sprint["notes"])
    values = {name: row[name] for name in _PLAIN}
    values |= {name: adapter.validate_python(row[name]) for name, adapter in _LISTS.items()}
    values |= {"status": Status(row["status"]), "state": State(row["state"])}
    return Result(sprint=Sprint(**sprint), **values)
