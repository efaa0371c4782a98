"""Results: every version is kept, and the newest one is what people see."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
    tuple_,
    union,
    update,
)

from evaluator.model.results import (
    EvidenceItem,
    LeftOut,
    Result,
    ResultSummary,
    Sprint,
    State,
    Status,
)
from store.joined_texts import from_gap, to_gap, to_notes, to_reason
from store.tables import RESULTS
from store.types import UtcDateTime
from store.upsert import Row, upsert

Place = tuple[str, datetime, str, str]  # team, sprint start, sprint id, target

_EVIDENCE = TypeAdapter(tuple[EvidenceItem, ...])
_LEFT_OUT = TypeAdapter(tuple[LeftOut, ...])
_LISTS = ("evidence", "left_out", "sources", "notes")  # what explains a result: most of its bytes
_SPRINT = [field.name for field in fields(Sprint)]
_GLANCE = (
    *("team", "sprint_start", "sprint_id", "target", "status", "state", "value", "minimum"),
    *("sprint_name", "sprint_end", "sprint_settled_at"),
)
_PLAIN = [
    f.name for f in fields(Result) if f.name not in {"sprint", "gaps", "corrections", *_LISTS}
]
_EVER = datetime.min.replace(tzinfo=UTC)
# Rows are read by place, in this order: by name costs as much as the query.
_BRIEF = (*_PLAIN, "gaps", *(f"sprint_{name}" for name in _SPRINT))
_BRIEF_OR_WHOLE = {True: _BRIEF, False: (*_BRIEF, *_LISTS)}
# Made once: to put a statement together takes longer than to answer it.
_CHECK = (
    update(RESULTS)
    .where(
        RESULTS.c.team == bindparam("of"),
        RESULTS.c.sprint_id == bindparam("in"),
        RESULTS.c.target == bindparam("by"),
        RESULTS.c.version == bindparam("as"),
    )
    .values(checked_at=bindparam("at"))
)

_WITHDRAW = delete(RESULTS).where(
    RESULTS.c.team == bindparam("of"),
    RESULTS.c.sprint_id == bindparam("in"),
    RESULTS.c.target == bindparam("by"),
    RESULTS.c.state == State.PROVISIONAL.value,
)


def save(connection: Connection, results: Iterable[Result]) -> None:
    """Add results, or overwrite those of the same team, sprint, target and version."""
    upsert(connection, RESULTS, map(_to_row, results))


def check(connection: Connection, results: Iterable[Result]) -> None:
    """Write of results that say what is stored only when they were checked."""
    if rows := [
        {"of": r.team, "in": r.sprint.id, "by": r.target, "as": r.version, "at": r.checked_at}
        for r in results
    ]:
        connection.execute(_CHECK, rows)


def withdraw(connection: Connection, results: Iterable[Result]) -> None:
    """Take away provisional results; final ones are never taken away."""
    if rows := [{"of": r.team, "in": r.sprint.id, "by": r.target} for r in results]:
        connection.execute(_WITHDRAW, rows)


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
    found = [_to_result(row) for row in connection.execute(query)]
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
    query = _select(brief=False).where(~_has_newer_version())
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
    rows = connection.execute(query.order_by(*order).limit(limit))
    return [_to_result(row) for row in rows]


def shown(
    connection: Connection, now: datetime, teams: Collection[str] | None, *, brief: bool
) -> list[Result]:
    """Each team's last finished, just closed and current sprint at `now`, in order."""
    query = _shown_of(_BRIEF_OR_WHOLE[brief], some=teams is not None)
    given = {"now": now} | ({} if teams is None else {"teams": list(teams)})
    found = [_to_result(row) for row in connection.execute(query, given)]
    return sorted(found, key=place)


def recent(connection: Connection, team: str, now: datetime, finished: int) -> list[Result]:
    """Briefly, every version of a team's last so many finished sprints and of all later ones."""
    which = {"of": team, "now": now, "skipped": finished - 1}
    found = [_to_result(row) for row in connection.execute(_recent(), which)]
    return sorted(found, key=lambda r: (*place(r), r.version))


def glances(
    connection: Connection,
    *,
    shown_at: datetime | None,
    teams: Collection[str] | None,
    sprint_from: datetime | None,
    sprint_to: datetime | None,
) -> list[ResultSummary]:
    """The newest versions of results at a glance, in order: for many, a tenth of `find`'s work."""
    c, given = RESULTS.c, {}
    if shown_at is not None:
        query, given = _shown_of(_GLANCE, some=False), {"now": shown_at}
    else:
        query = select(*(c[name] for name in _GLANCE)).where(~_has_newer_version())
    if teams is not None:
        query = query.where(c.team.in_(teams))
    if sprint_from is not None:
        query = query.where(c.sprint_start >= sprint_from)
    if sprint_to is not None:
        query = query.where(c.sprint_start < sprint_to)
    return sorted(
        ResultSummary(team, start, sprint, target, Status(status), State(state), *others)
        for team, start, sprint, target, status, state, *others in connection.execute(query, given)
    )


@cache
def _recent() -> Select[Any]:
    c, other = RESULTS.c, RESULTS.alias().c
    first = (
        select(other.sprint_start)
        .where(other.team == bindparam("of"))
        .where(other.sprint_settled_at <= bindparam("now", type_=UtcDateTime))
        .distinct()
        .order_by(other.sprint_start.desc())
        .offset(bindparam("skipped", type_=Integer))
        .limit(1)
        .scalar_subquery()
    )
    since = func.coalesce(first, literal(_EVER, UtcDateTime))  # where there are not so many
    return _select(brief=True).where(c.team == bindparam("of"), c.sprint_start >= since)


@cache  # to put such a statement together takes longer than to run it
def _shown_of(columns: tuple[str, ...], *, some: bool) -> Select[Any]:
    """The newest results of each team's last finished, just closed and current sprint at `now`.

    Of `some`: of `teams` only. Both the teams and the newest sprint of each kind are found by
    stepping through one index, from entry to entry: the length of the record adds nothing.
    """
    c, other, now = RESULTS.c, RESULTS.alias(), bindparam("now", type_=UtcDateTime)
    of = _teams(other, some=some).c.team

    def newest(which: ColumnElement[bool]) -> ScalarSelect[datetime]:
        found = select(other.c.sprint_start).where(other.c.team == of, which)
        return found.order_by(other.c.sprint_start.desc()).limit(1).scalar_subquery()

    finished = select(of, newest(other.c.sprint_settled_at <= now).label("start")).cte("finished")
    of = finished.c.team
    # What is not settled began after what is: the entries before that are not looked at.
    later = other.c.sprint_start > func.coalesce(finished.c.start, literal(_EVER, UtcDateTime))
    closed = and_(other.c.sprint_end <= now, other.c.sprint_settled_at > now)
    current = and_(other.c.sprint_start <= now, other.c.sprint_end > now)
    starts = union(
        select(of, finished.c.start),
        *(select(of, newest(and_(later, which))) for which in (closed, current)),
    ).subquery("newest")
    query = select(*(c[name] for name in columns)).where(~_has_newer_version())
    return query.join(starts, and_(c.team == starts.c.team, c.sprint_start == starts.c.start))


def _teams(other: FromClause, *, some: bool) -> CTE:
    """Those of `teams` that have results, or all that do, from one to the next."""
    c = RESULTS.alias().c
    if some:
        wanted: BindParameter[str] = bindparam("teams", expanding=True)
        return select(c.team).where(c.team.in_(wanted)).distinct().cte("every_team")
    first = select(func.min(c.team).label("team")).cte("every_team", recursive=True)
    following = select(func.min(other.c.team)).where(other.c.team > first.c.team)
    return first.union_all(select(following.scalar_subquery()).where(first.c.team.is_not(None)))


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
    return select(*(RESULTS.c[name] for name in _BRIEF_OR_WHOLE[brief]))


def _has_newer_version() -> ColumnElement[bool]:
    newer = RESULTS.alias()
    return exists().where(
        newer.c.team == RESULTS.c.team,
        newer.c.sprint_id == RESULTS.c.sprint_id,
        newer.c.target == RESULTS.c.target,
        newer.c.version > RESULTS.c.version,
    )


def _to_row(result: Result) -> Row:
    plain = {name: getattr(result, name) for name in (*_PLAIN, *_LISTS)}
    sprint = {f"sprint_{name}": getattr(result.sprint, name) for name in _SPRINT}
    words = {"status": result.status.value, "state": result.state.value}
    joined = {
        "reason": result.sentence,
        "gaps": list(map(from_gap, result.gaps)),
        "notes": result.all_notes,
    }
    return plain | sprint | words | joined


def _to_result(row: Sequence[Any]) -> Result:
    values = dict(zip(_PLAIN, row, strict=False))
    gaps, *of_sprint = row[len(_PLAIN) : len(_BRIEF)]
    sprint = dict(zip(_SPRINT, of_sprint, strict=True))
    sprint["notes"] = tuple(sprint["notes"])
    evidence, left_out, sources, stored_notes = row[len(_BRIEF) :] or ((), (), (), ())
    notes, corrections = to_notes(stored_notes)
    status, state = Status(values["status"]), State(values["state"])
    values |= {"status": status, "state": state, "reason": to_reason(values["reason"], status)}
    return Result(
        sprint=Sprint(**sprint),
        evidence=_EVIDENCE.validate_python(evidence) if evidence else (),
        left_out=_LEFT_OUT.validate_python(left_out) if left_out else (),
        gaps=tuple(map(to_gap, gaps)),
        sources=tuple(sources),
        notes=notes,
        corrections=corrections,
        **values,
    )
