"""Claims: which process holds a run, how it holds on, and how it lets go.

A run is claimed by one process, and taken over when that dies.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    update,
)

from evaluator.model.runs import Job, Outcome, Run, RunState
from store import runs
from store.database import Database
from store.tables import RUNS

_LOCK_KEY = 0x72756E73  # any number, the same in every process
_AHEAD = 2  # leases: who holds one for longer had a clock that ran ahead
_WAITING, _RUNNING, _DONE = (state.value for state in RunState)


class ClaimStore:
    """Who does which run. Each method is one transaction.

    `by_server` lets leases go by PostgreSQL's clock in place of `now`, so that replicas whose own
    clocks are far apart do not take each other's runs. SQLite has no other clock than theirs.
    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database, *, by_server: bool = False) -> None:
        self._database = database
        self._by_server = by_server

    def begin(
        self,
        job: Job,
        slot: str,
        holder: str,
        now: datetime,
        lease: timedelta,
        *,
        team: str | None = None,
        since: date | None = None,
    ) -> Run:
        """Begin a run of the command line; return it, or the run of its job that goes already.

        Whose it is shows its `holder`. Where another goes, nothing is written of this one.
        """
        with self._claiming(now, lease) as (connection, at):
            going = select(RUNS.c.id).where(
                RUNS.c.job == job.value, RUNS.c.state == _RUNNING, not_(_is_over(at, lease))
            )
            found = connection.execute(going.order_by(RUNS.c.id).limit(1)).scalar_one_or_none()
            if found is None:
                runs.add_waiting(
                    connection, job, slot, asked_by="command", due_at=now, team=team, since=since
                )
                mine = RUNS.c.job == job.value, RUNS.c.slot == slot
                found = connection.execute(
                    update(RUNS)
                    .where(*mine)
                    .values(_held(holder, now, at + lease))
                    .returning(RUNS.c.id)
                ).scalar_one()
            return runs.the_one(connection, found)

    def claim(self, holder: str, now: datetime, lease: timedelta) -> Run | None:
        """Give `holder` the oldest run that is due; None where there is none.

        Of each job one run goes at a time. One whose lease ran out is taken over, but for a run of
        the command line: whoever typed it saw it end, so it is set down as stopped. A lease that
        reaches further ahead than leases do is over, and what was due at once when it was asked
        for is due, whatever the clock showed then.
        """
        with self._claiming(now, lease) as (connection, at):
            busy = RUNS.alias()
            free = ~exists().where(
                busy.c.job == RUNS.c.job,
                busy.c.id != RUNS.c.id,
                busy.c.state == _RUNNING,
                not_(_is_over(at, lease, busy.c.lease_until)),
            )
            at_once = or_(RUNS.c.job == Job.EVALUATE.value, RUNS.c.asked_by == "api")
            due = or_(
                and_(RUNS.c.state == _WAITING, or_(RUNS.c.due_at <= now, at_once)),
                and_(RUNS.c.state == _RUNNING, _is_over(at, lease)),
            )
            wanted = and_(due, free, RUNS.c.asked_by != "command")
            # In order of due_at: what is to be judged was to be collected before.
            query = select(RUNS.c.id).where(wanted).order_by(RUNS.c.due_at, RUNS.c.id).limit(1)
            found = connection.execute(query).scalar_one_or_none()
            if found is None:
                return None
            changed = connection.execute(
                update(RUNS)
                # Said again, because its holder may have renewed or finished it a moment ago.
                .where(RUNS.c.id == found, due)
                .values(_held(holder, now, at + lease))
            )
            if changed.rowcount != 1:
                return None
            return runs.one(connection, found)

    @contextmanager
    def _claiming(self, now: datetime, lease: timedelta) -> Iterator[tuple[Connection, datetime]]:
        """One transaction in which nobody else claims, once what was cut short is set down.

        With the instant by which leases go.
        """
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            at = self._now(connection, now)
            _set_down_stopped(connection, now, at, lease)
            yield connection, at

    def _now(self, connection: Connection, now: datetime) -> datetime:
        """Return the instant by which leases go, where the process's clock shows `now`."""
        if not self._by_server or connection.dialect.name != "postgresql":
            return now
        at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return at

    def renew(self, run: int, holder: str, now: datetime, lease: timedelta) -> bool:
        """Hold on to a run for another lease; False where it is no longer this holder's."""
        with self._database.writing() as connection:
            until = self._now(connection, now) + lease
            changed = connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run, RUNS.c.holder == holder, RUNS.c.state == _RUNNING)
                .values(lease_until=until)
            )
            return changed.rowcount == 1

    def finish(
        self,
        run: int,
        holder: str,
        outcome: Outcome,
        detail: str,
        now: datetime,
        *,
        covers: Collection[str] = (),
        then: Job | None = None,
    ) -> bool:
        """A run is over; False where it is no longer this holder's, and then nothing is written.

        Runs of the same job that were due when it began, and were asked for by one of `covers`,
        are done with it. For the slot of each, `then` is asked for: all of it or nothing.
        """
        with self._database.writing() as connection:
            over: dict[str, Any] = {
                "state": _DONE,
                "outcome": outcome.value,
                "finished_at": now,
                "lease_until": None,
            }
            mine = connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run, RUNS.c.holder == holder, RUNS.c.state == _RUNNING)
                .values(detail=detail, **over)
                .returning(RUNS)
            ).one_or_none()
            if mine is None:
                return False
            covered = connection.execute(
                update(RUNS)
                .where(_waits_for_the_same(mine, covers))
                .values(
                    detail=f"Done together with {mine.slot}.",
                    holder=holder,
                    started_at=mine.started_at,
                    **over,
                )
                .returning(RUNS)
            ).all()
            for done in sorted([mine, *covered], key=lambda row: (row.due_at, row.id)):
                if then is not None:
                    runs.add_waiting(
                        connection, then, done.slot, asked_by=done.asked_by, due_at=now
                    )
            return True

    def hand_back(self, run: int, holder: str) -> None:
        """Let go of a run that was not finished, so that another process can claim it at once."""
        with self._database.writing() as connection:
            connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run, RUNS.c.holder == holder, RUNS.c.state == _RUNNING)
                .values(state=_WAITING, holder="", lease_until=None)
            )


def _waits_for_the_same(run: Row[Any], asked_by: Collection[str]) -> ColumnElement[bool]:
    """Whether a run has waited since before `run` began, and asks for nothing else than that."""
    return and_(
        RUNS.c.job == run.job,
        RUNS.c.state == _WAITING,
        RUNS.c.asked_by.in_(asked_by),
        RUNS.c.due_at <= run.started_at,
        RUNS.c.team.is_(None),
        RUNS.c.since.is_(None),
    )


def _held(holder: str, now: datetime, until: datetime) -> dict[str, Any]:
    """What is written of a run that a process takes, and holds until then."""
    return {
        "state": _RUNNING,
        "holder": holder,
        "lease_until": until,
        "attempts": RUNS.c.attempts + 1,
        # Of a clock that ran ahead, it would do for what is due only from now on.
        "started_at": case((RUNS.c.started_at <= now, RUNS.c.started_at), else_=now),
    }


def _is_over(
    now: datetime, lease: timedelta, until: ColumnElement[datetime] = RUNS.c.lease_until
) -> ColumnElement[bool]:
    """Whether a lease ran out, or is of a clock that ran ahead: its holder renews no such one."""
    return or_(until <= now, until > now + _AHEAD * lease)


def _set_down_stopped(
    connection: Connection, now: datetime, at: datetime, lease: timedelta
) -> None:
    """Set down what the command line left behind when its process ended, begun or not.

    Leases go by `at`.
    """
    begun = and_(RUNS.c.state == _RUNNING, _is_over(at, lease))
    never = and_(RUNS.c.state == _WAITING, RUNS.c.due_at <= now - lease)
    left = select(RUNS.c.id).where(RUNS.c.asked_by == "command", or_(begun, never))
    for ident in connection.execute(left).scalars().all():
        run = runs.the_one(connection, ident)
        connection.execute(
            update(RUNS)
            .where(RUNS.c.id == ident)
            .values(
                state=_DONE,
                outcome=Outcome.STOPPED.value,
                detail=f"Its process ended without a word, {run.so_far}.",
                finished_at=min(run.lease_until or run.due_at, now),
            )
        )
