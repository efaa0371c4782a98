"""Results: every version is kept, and the newest one is what people see."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    exists,
    func,
    literal,
    select,
    tuple_,
    union,
)

from evaluator.model.results import (
    EvidenceItem,
    Gap,
    Glance,
    LeftOut,
    Result,
    Sprint,
    State,
    Status,
)
from store.tables import RESULTS
from store.upsert import Row, upsert

Place = tuple[str, datetime, str, str]  # team, sprint start, sprint id, target

_LISTS: dict[str, TypeAdapter[Any]] = {
    "evidence": TypeAdapter(tuple[EvidenceItem, ...]),
    "left_out": TypeAdapter(tuple[LeftOut, ...]),
    "gaps": TypeAdapter(tuple[Gap, ...]),
    "sources": TypeAdapter(tuple[str, ...]),
    "notes": TypeAdapter(tuple[str, ...]),
}
_NO_LISTS: dict[str, tuple[()]] = {"evidence": (), "left_out": (), "sources": (), "notes": ()}
_SPRINT = [field.name for field in fields(Sprint)]
_GLANCE = (
    *("team", "sprint_start", "sprint_id", "target", "status", "state", "value", "minimum"),
    *("sprint_name", "sprint_end", "sprint_settled_at"),
)
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
    sprint: str | None,
    every_version: bool,
    brief: bool,
) -> list[Result]:
    """Results whose sprint starts in sprint_from <= start < sprint_to, in order."""
    query = _select(brief=brief)
    if sprint is not None:
        query = query.where(RESULTS.c.sprint_id == sprint)
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
    return sorted(found, key=lambda r: (*place(r), r.version))


def page(
    connection: Connection,
    *,
    teams: Collection[str] | None,
    target: str | None,
    statuses: Collection[Status],
    sprint_from: datetime | None,
    sprint_to: datetime | None,
    after: Place | None,
    limit: int,
) -> list[Result]:
    """The newest versions of at most `limit` results that come after a place, in order."""
    c = RESULTS.c
    query = select(RESULTS).where(~_has_newer_version())
    if teams is not None:
        query = query.where(c.team.in_(teams))
    if target is not None:
        query = query.where(c.target == target)
    if statuses:
        query = query.where(c.status.in_([status.value for status in statuses]))
    if sprint_from is not None:
        query = query.where(c.sprint_start >= sprint_from)
    if sprint_to is not None:
        query = query.where(c.sprint_start < sprint_to)
    # Databases disagree on how text is sorted; by code points they do not.
    by = "C" if connection.dialect.name == "postgresql" else "BINARY"
    order = [c.team.collate(by), c.sprint_start, c.sprint_id.collate(by), c.target.collate(by)]
    if after is not None:
        values = [literal(value, column.type) for value, column in zip(after, order, strict=True)]
        query = query.where(tuple_(*order) > tuple_(*values))
    rows = connection.execute(query.order_by(*order).limit(limit)).mappings()
    return [_to_result(row) for row in rows]


def shown(connection: Connection, now: datetime, teams: Collection[str] | None) -> list[Result]:
    """Briefly, each team's last finished, just closed and current sprint at `now`, in order."""
    c = RESULTS.c
    query = _select(brief=True).where(_is_shown(now), ~_has_newer_version())
    if teams is not None:
        query = query.where(c.team.in_(teams))
    found = [_to_result(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=place)


def glances(
    connection: Connection,
    *,
    shown_at: datetime | None,
    teams: Collection[str] | None,
    sprint_from: datetime | None,
    sprint_to: datetime | None,
) -> list[Glance]:
    """The newest versions of results at a glance, in order: for many, a tenth of `find`'s work."""
    c = RESULTS.c
    query = select(*(c[name] for name in _GLANCE)).where(~_has_newer_version())
    if shown_at is not None:
        query = query.where(_is_shown(shown_at))
    if teams is not None:
        query = query.where(c.team.in_(teams))
    if sprint_from is not None:
        query = query.where(c.sprint_start >= sprint_from)
    if sprint_to is not None:
        query = query.where(c.sprint_start < sprint_to)
    return sorted(
        Glance(team, start, sprint, target, Status(status), State(state), *others)
        for team, start, sprint, target, status, state, *others in connection.execute(query)
    )


def _is_shown(now: datetime) -> ColumnElement[bool]:
    """Whether a result is of its team's last finished, just closed or current sprint."""
    c = RESULTS.c
    settled = c.sprint_settled_at <= now
    closed = and_(c.sprint_end <= now, c.sprint_settled_at > now)
    current = and_(c.sprint_start <= now, c.sprint_end > now)
    newest = union(
        *(
            select(c.team, func.max(c.sprint_start)).where(which).group_by(c.team)
            for which in (settled, closed, current)
        )
    )
    return tuple_(c.team, c.sprint_start).in_(newest)


def sprints(
    connection: Connection, teams: Collection[str] | None, end_from: datetime | None
) -> list[tuple[str, Sprint, datetime]]:
    """Each team's sprints as they were last judged, and when they were last judged anew."""
    names = [name for name in _SPRINT if name != "notes"]
    columns = [RESULTS.c[f"sprint_{name}"] for name in names]
    checked, judged = func.max(RESULTS.c.checked_at), func.max(RESULTS.c.evaluated_at)
    query = select(RESULTS.c.team, judged, *columns).group_by(RESULTS.c.team, *columns)
    if teams is not None:
        query = query.where(RESULTS.c.team.in_(teams))
    if end_from is not None:
        query = query.where(RESULTS.c.sprint_end >= end_from)
    found: dict[tuple[str, str], tuple[str, Sprint, datetime]] = {}
    for team, at, *values in connection.execute(query.order_by(checked)):  # a board may move an end
        sprint = Sprint(**dict(zip(names, values, strict=True)))
        found[team, sprint.id] = (team, sprint, at)
    return sorted(found.values(), key=lambda each: (each[1].end, each[0], each[1].id))


def moments(connection: Connection, after: datetime, until: datetime) -> list[datetime]:
    """When sprints end and settle, in after < moment <= until, in order, each once."""
    found: set[datetime] = set()
    for column in (RESULTS.c.sprint_end, RESULTS.c.sprint_settled_at):
        query = select(column).where(column > after, column <= until).distinct()
        found.update(connection.execute(query).scalars())
    return sorted(found)


def place(result: Result) -> Place:
    """Where a result stands in the order of all: by team, sprint start, sprint id, target."""
    return (result.team, result.sprint.start, result.sprint.id, result.target)


def _select(*, brief: bool) -> Select[Any]:
    """All columns, or without what explains a result: for many, that is most of the work."""
    return select(*(column for column in RESULTS.c if not (brief and column.name in _NO_LISTS)))


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
    lists = _NO_LISTS | {name: row[name] for name in _LISTS if name in row}
    values |= {name: _LISTS[name].validate_python(found) for name, found in lists.items()}
    values |= {"status": Status(row["status"]), "state": State(row["state"])}
    return Result(sprint=Sprint(**sprint), **values)
