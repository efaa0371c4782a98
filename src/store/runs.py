"""Runs: asked for once by job and slot, with their steps and how each ended."""

from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    select,
    update,
)

from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome, Run, RunState
from store.clock_ahead import SKEW
from store.database import Database
from store.tables import RUN_STEPS, RUNS
from store.upsert import insert_into, upsert

_WAITING, _RUNNING, _DONE = (state.value for state in RunState)
_DAY = timedelta(days=1)
_AGAIN = 2  # attempts of what was taken back, which happens once
_AS_ASKED = {
    "state": _WAITING,
    "outcome": None,
    "detail": "",
    "holder": "",
    "attempts": _AGAIN,
    "started_at": None,
    "finished_at": None,
}
_SCHEDULED = RUNS.c.asked_by.in_(("schedule", "sprint"))


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
            add_waiting(
                connection, job, slot, asked_by=asked_by, due_at=due_at, team=team, since=since
            )
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

    def take_back(self, now: datetime, *, following: datetime) -> None:
        """Take back what a clock that ran ahead wrote of the schedule's runs.

        Slots that are yet to come wait again, and are evaluated again: once only, because to a
        replica whose clock is late all that others did lies ahead. What waits for later than the
        `following` slot and a day is taken away. What ended later than now ended now.
        """
        ahead = now + SKEW
        of_schedule = and_(RUNS.c.job == Job.COLLECT.value, _SCHEDULED)
        early = and_(RUNS.c.state == _DONE, RUNS.c.due_at > ahead, RUNS.c.attempts < _AGAIN)
        with self._database.writing() as connection:
            again = update(RUNS).where(of_schedule, early).values(_AS_ASKED).returning(RUNS.c.slot)
            if slots := connection.execute(again).scalars().all():
                judged = and_(RUNS.c.job == Job.EVALUATE.value, RUNS.c.slot.in_(slots))
                _take_away(connection, and_(_SCHEDULED, judged, RUNS.c.state != _RUNNING))
            late = RUNS.c.due_at > max(following, now + _DAY)
            _take_away(connection, and_(of_schedule, RUNS.c.state == _WAITING, late))
            begun = case((RUNS.c.started_at > now, now), else_=RUNS.c.started_at)
            connection.execute(
                update(RUNS)
                .where(RUNS.c.state == _DONE, RUNS.c.finished_at > ahead)
                .values(started_at=begun, finished_at=now)
            )

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
            return one(connection, run)

    def is_done(self, run: int) -> bool:
        """Whether a run is over, or was never there."""
        with self._database.reading() as connection:
            state = connection.execute(select(RUNS.c.state).where(RUNS.c.id == run)).scalar()
            return state in (None, _DONE)

    def newest(self) -> list[Run]:
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

    def outcomes(self) -> dict[tuple[Job, Outcome], tuple[int, datetime | None]]:
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


def one(connection: Connection, run: int) -> Run | None:
    """One run by its id, None where there is none."""
    row = connection.execute(_runs().where(RUNS.c.id == run)).one_or_none()
    return None if row is None else _to_run(row)


def the_one(connection: Connection, run: int) -> Run:
    """One run by its id, which is there."""
    return _to_run(connection.execute(_runs().where(RUNS.c.id == run)).one())


def _take_away(connection: Connection, which: ColumnElement[bool]) -> None:
    """Delete runs with their steps."""
    of = select(RUNS.c.id).where(which)
    connection.execute(delete(RUN_STEPS).where(RUN_STEPS.c.run_id.in_(of)))
    connection.execute(delete(RUNS).where(which))


def add_waiting(
    connection: Connection,
    job: Job,
    slot: str,
    *,
    asked_by: str,
    due_at: datetime,
    team: str | None = None,
    since: date | None = None,
) -> None:
    """Add a run that waits, unless one of this job and slot is there."""
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
    adding = insert_into(RUNS, connection.dialect.name)
    connection.execute(adding.values(row).on_conflict_do_nothing())


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
