"""Runs: asked for once by job and slot, claimed by one process, taken over when that dies."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome, Run, RunState
from store.database import Database
from store.tables import RUN_STEPS, RUNS
from store.upsert import upsert

_LOCK_KEY = 0x72756E73  # any number, the same in every process
_WAITING, _RUNNING, _DONE = (state.value for state in RunState)


class RunStore:
    """The runs: what waits, what goes, how each ended. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self,
        job: Job,
        slot: str,
        *,
        asked_by: str,
        due_at: datetime,
        team: str | None = None,
        since: date | None = None,
    ) -> Run:
        """Add a run that waits, unless one of this job and slot is there; return what is there.

        One that waits for its hour and is asked for by a sprint's end too becomes the sprint's.
        """
        query = _runs().where(RUNS.c.job == job.value, RUNS.c.slot == slot)
        with self._database.reading() as connection:  # most of what is asked for is there already
            row = connection.execute(query).one_or_none()
        if row is not None and (asked_by != "sprint" or row.asked_by != "schedule"):
            return _to_run(row)
        with self._database.writing() as connection:
            _ask(connection, job, slot, asked_by=asked_by, due_at=due_at, team=team, since=since)
            if asked_by == "sprint":
                connection.execute(
                    update(RUNS)
                    .where(
                        RUNS.c.job == job.value,
                        RUNS.c.slot == slot,
                        RUNS.c.state == _WAITING,
                        RUNS.c.asked_by == "schedule",
                    )
                    .values(asked_by=asked_by)
                )
            return _to_run(connection.execute(query).one())

    def slots(self, job: Job, asked_by: str, since: datetime) -> set[str]:
        """The slots of a job that `asked_by` asked for, due at or after `since`, done or not."""
        with self._database.reading() as connection:
            query = select(RUNS.c.slot).where(
                RUNS.c.job == job.value, RUNS.c.asked_by == asked_by, RUNS.c.due_at >= since
            )
            return set(connection.execute(query).scalars())

    def claim(
        self, holder: str, now: datetime, lease: timedelta, *, only: int | None = None
    ) -> Run | None:
        """Give `holder` the oldest run that is due, or `only` that one; None where there is none.

        Of each job one run goes at a time. One whose lease ran out is taken over, but for a run of
        the command line: whoever typed it saw it end, so it is set down as stopped.
        """
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            _set_down_stopped(connection, now, lease)
            busy = RUNS.alias()
            free = ~exists().where(
                busy.c.job == RUNS.c.job,
                busy.c.id != RUNS.c.id,
                busy.c.state == _RUNNING,
                busy.c.lease_until > now,
            )
            due = or_(
                and_(RUNS.c.state == _WAITING, RUNS.c.due_at <= now),
                and_(RUNS.c.state == _RUNNING, RUNS.c.lease_until <= now),
            )
            wanted = (
                and_(due, free, RUNS.c.asked_by != "command")
                if only is None
                else and_(RUNS.c.id == only, RUNS.c.state == _WAITING)
            )
            # In order of due_at: what is to be judged was to be collected before.
            query = select(RUNS.c.id).where(wanted).order_by(RUNS.c.due_at, RUNS.c.id).limit(1)
            found = connection.execute(query).scalar_one_or_none()
            if found is None:
                return None
            changed = connection.execute(
                update(RUNS)
                # Said again, because its holder may have renewed or finished it a moment ago.
                .where(RUNS.c.id == found, wanted if only is not None else due)
                .values(
                    state=_RUNNING,
                    holder=holder,
                    lease_until=now + lease,
                    attempts=RUNS.c.attempts + 1,
                    started_at=func.coalesce(RUNS.c.started_at, now),
                )
            )
            if changed.rowcount != 1:
                return None
            return _one(connection, found)

    def renew(self, run: int, holder: str, until: datetime) -> bool:
        """Hold on to a run until `until`; False where it is no longer this holder's."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run, RUNS.c.holder == holder, RUNS.c.state == _RUNNING)
                .values(lease_until=until)
            )
            return changed.rowcount == 1

    def expect(self, run: int, total: int) -> None:
        """Say how many steps a run has."""
        with self._database.writing() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(total=total))

    def step(self, run: int, name: str, reason: Reason | None, at: datetime) -> None:
        """One step of a run is done, once however often it is said."""
        with self._database.writing() as connection:
            row = {
                "run_id": run,
                "step": name,
                "finished_at": at,
                "reason": reason and reason.value,
            }
            upsert(connection, RUN_STEPS, [row])

    def steps(self, run: int) -> dict[str, Reason | None]:
        """The steps of a run that are done, each with why it was not read, or None."""
        with self._database.reading() as connection:
            query = select(RUN_STEPS.c.step, RUN_STEPS.c.reason).where(RUN_STEPS.c.run_id == run)
            return {
                name: Reason(reason) if reason else None
                for name, reason in connection.execute(query)
            }

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
                    _ask(connection, then, done.slot, asked_by=done.asked_by, due_at=now)
            return True

    def hand_back(self, run: int, holder: str) -> None:
        """Let go of a run that was not finished, so that another process can claim it at once."""
        with self._database.writing() as connection:
            connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run, RUNS.c.holder == holder, RUNS.c.state == _RUNNING)
                .values(state=_WAITING, holder="", lease_until=None)
            )

    def forget_steps(self, before: datetime) -> None:
        """Drop the steps of runs that ended before; the runs stay, with how many steps they had."""
        old = select(RUNS.c.id).where(RUNS.c.state == _DONE, RUNS.c.finished_at < before)
        with self._database.writing() as connection:
            connection.execute(delete(RUN_STEPS).where(RUN_STEPS.c.run_id.in_(old)))

    def find(
        self, *, job: Job | None = None, before: int | None = None, limit: int = 100
    ) -> list[Run]:
        """Runs, the newest first; with `before`, those that were asked for before that id."""
        with self._database.reading() as connection:
            query = _runs().order_by(RUNS.c.id.desc()).limit(limit)
            if job is not None:
                query = query.where(RUNS.c.job == job.value)
            if before is not None:
                query = query.where(RUNS.c.id < before)
            return [_to_run(row) for row in connection.execute(query)]

    def one(self, run: int) -> Run | None:
        """One run by its id, None where there is none."""
        with self._database.reading() as connection:
            return _one(connection, run)

    def is_done(self, run: int) -> bool:
        """Whether a run is over, or was never there."""
        with self._database.reading() as connection:
            state = connection.execute(select(RUNS.c.state).where(RUNS.c.id == run)).scalar()
            return state in (None, _DONE)

    def newest(
        self,
    ) -> list[Run]:
        """Of each job the run that ended last, the one that goes, and the one that is due next."""
        with self._database.reading() as connection:
            by_job: list[Run] = []
            for job in Job:
                mine = _runs().where(RUNS.c.job == job.value).limit(1)
                for query in (
                    mine.where(RUNS.c.state == _DONE).order_by(
                        RUNS.c.finished_at.desc(), RUNS.c.id.desc()
                    ),
                    mine.where(RUNS.c.state == _RUNNING).order_by(RUNS.c.started_at.desc()),
                    mine.where(RUNS.c.state == _WAITING).order_by(RUNS.c.due_at, RUNS.c.id),
                ):
                    by_job += [_to_run(row) for row in connection.execute(query)]
            return by_job

    def outcomes(
        self,
    ) -> dict[tuple[Job, Outcome], tuple[int, datetime | None]]:
        """How often each job ended how, and when it last did."""
        with self._database.reading() as connection:
            query = (
                select(RUNS.c.job, RUNS.c.outcome, func.count(), func.max(RUNS.c.finished_at))
                .where(RUNS.c.state == _DONE)
                .group_by(RUNS.c.job, RUNS.c.outcome)
            )
            return {
                (Job(job), Outcome(outcome)): (count, last)
                for job, outcome, count, last in connection.execute(query)
            }


def _one(connection: Connection, run: int) -> Run | None:
    row = connection.execute(_runs().where(RUNS.c.id == run)).one_or_none()
    return None if row is None else _to_run(row)


def _ask(
    connection: Connection,
    job: Job,
    slot: str,
    *,
    asked_by: str,
    due_at: datetime,
    team: str | None = None,
    since: date | None = None,
) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {
        "job": job.value,
        "slot": slot,
        "asked_by": asked_by,
        "due_at": due_at,
        "state": _WAITING,
        "team": team,
        "since": since,
        "detail": "",
        "holder": "",
        "attempts": 0,
        "total": 0,
    }
    connection.execute(dialect.insert(RUNS).values(row).on_conflict_do_nothing())


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


def _set_down_stopped(connection: Connection, now: datetime, lease: timedelta) -> None:
    """Set down what the command line left behind when its process ended, begun or not."""
    stopped = {"state": _DONE, "outcome": Outcome.STOPPED.value}
    by_command = update(RUNS).where(RUNS.c.asked_by == "command")
    connection.execute(
        by_command.where(RUNS.c.state == _RUNNING, RUNS.c.lease_until <= now).values(
            finished_at=RUNS.c.lease_until, **stopped
        )
    )
    connection.execute(
        by_command.where(RUNS.c.state == _WAITING, RUNS.c.due_at <= now - lease).values(
            finished_at=RUNS.c.due_at, **stopped
        )
    )


def _runs() -> Select[tuple[object, ...]]:
    done = select(func.count()).where(RUN_STEPS.c.run_id == RUNS.c.id).scalar_subquery()
    return select(*RUNS.c, done.label("steps"))


def _to_run(row: Row[tuple[object, ...]]) -> Run:
    values = dict(row._mapping)  # noqa: SLF001 - its public name
    values |= {"job": Job(values["job"]), "state": RunState(values["state"])}
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    if values["outcome"] in (Outcome.DONE, Outcome.UNREAD):
        values["steps"] = values["total"]  # the steps themselves may be forgotten
    return Run(**values)
