"""Statements about results that are made once: to put one together takes longer than to run it."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
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
    union,
    update,
)

from evaluator.model.results import State
from store.result_mapping import BRIEF
from store.tables import RESULTS
from store.types import UtcDateTime

_EVER = datetime.min.replace(tzinfo=UTC)

CHECK = (
    update(RESULTS)
    .where(
        RESULTS.c.team == bindparam("of"),
        RESULTS.c.sprint_id == bindparam("in"),
        RESULTS.c.target == bindparam("by"),
        RESULTS.c.version == bindparam("as"),
    )
    .values(checked_at=bindparam("at"))
)

TAKE_BACK = delete(RESULTS).where(
    RESULTS.c.team == bindparam("of"),
    RESULTS.c.evaluated_at > bindparam("later", type_=UtcDateTime),
)

TAKE_BACK_SPRINTS = delete(RESULTS).where(
    RESULTS.c.sprint_start > bindparam("later", type_=UtcDateTime),
    RESULTS.c.evaluated_at > bindparam("later", type_=UtcDateTime),
)

WITHDRAW = delete(RESULTS).where(
    RESULTS.c.team == bindparam("of"),
    RESULTS.c.sprint_id == bindparam("in"),
    RESULTS.c.target == bindparam("by"),
    RESULTS.c.state == State.PROVISIONAL.value,
)


def has_newer_version() -> ColumnElement[bool]:
    """Whether a result is not the newest version of itself."""
    newer = RESULTS.alias()
    return exists().where(
        newer.c.team == RESULTS.c.team,
        newer.c.sprint_id == RESULTS.c.sprint_id,
        newer.c.target == RESULTS.c.target,
        newer.c.version > RESULTS.c.version,
    )


@cache
def recent() -> Select[Any]:
    """Every version of the last so many finished sprints of a team and of all later ones.

    Of the team `of`, at `now`; `skipped` is one less than how many sprints.
    """
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
    query = select(*(c[name] for name in BRIEF))
    return query.where(c.team == bindparam("of"), c.sprint_start >= since)


@cache
def shown(columns: tuple[str, ...], *, some: bool) -> Select[Any]:
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
    query = select(*(c[name] for name in columns)).where(~has_newer_version())
    return query.join(starts, and_(c.team == starts.c.team, c.sprint_start == starts.c.start))


@cache
def past() -> Select[Any]:
    """The statuses of each team's last so many settled sprints at `now`, in order of start.

    Of every version, the newest last: to leave out the others here takes longer. `skipped` is one
    less than how many sprints. Stepped through as `shown`.
    """
    c, other = RESULTS.c, RESULTS.alias()
    teams = _teams(other, some=False)
    of, now = teams.c.team, bindparam("now", type_=UtcDateTime)
    first = (
        select(other.c.sprint_start)
        .where(other.c.team == of, other.c.sprint_settled_at <= now)
        .distinct()
        .order_by(other.c.sprint_start.desc())
        .offset(bindparam("skipped", type_=Integer))
        .limit(1)
        .scalar_subquery()
    )
    since = func.coalesce(first, literal(_EVER, UtcDateTime)).label("start")
    firsts = select(of, since).where(of.is_not(None)).cte("firsts")
    query = select(c.team, c.sprint_start, c.target, c.status).join(
        firsts, and_(c.team == firsts.c.team, c.sprint_start >= firsts.c.start)
    )
    return query.where(c.sprint_settled_at <= now).order_by(c.sprint_start, c.version)


def _teams(other: FromClause, *, some: bool) -> CTE:
    """Those of `teams` that have results, or all that do, from one to the next."""
    c = RESULTS.alias().c
    if some:
        wanted: BindParameter[str] = bindparam("teams", expanding=True)
        return select(c.team).where(c.team.in_(wanted)).distinct().cte("every_team")
    first = select(func.min(c.team).label("team")).cte("every_team", recursive=True)
    following = select(func.min(other.c.team)).where(other.c.team > first.c.team)
    return first.union_all(select(following.scalar_subquery()).where(first.c.team.is_not(None)))
