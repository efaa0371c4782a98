"""Runs: asked for once by job and slot, claimed by one process, taken over when that dies."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Row, Select, and_, exists, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome, Run, RunState
from store.database import Database
from store.tables import RUN_STEPS, RUNS
from store.upsert import upsert

_LOCK_KEY = 0x72756E73  # any number, the same in every process
_WAITING, _RUNNING, _DONE = (state.value for state in RunState)


class Runs:
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
        """Add a run that waits, unless one of this job and slot is there; return what is there."""
        with self._database.writing() as connection:
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
            query = _runs().where(RUNS.c.job == job.value, RUNS.c.slot == slot)
            return _to_run(connection.execute(query).one())

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
            _set_down_stopped(connection, now)
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
                and_(due, free, RUNS.c.asked_by != "command") if only is None else RUNS.c.id == only
            )
            # In order of due_at: what is to be judged was to be collected before.
            query = select(RUNS.c.id).where(wanted).order_by(RUNS.c.due_at, RUNS.c.id).limit(1)
            found = connection.execute(query).scalar_one_or_none()
            if found is None:
                return None
            connection.execute(
                update(RUNS)
                .where(RUNS.c.id == found)
                .values(
                    state=_RUNNING,
                    holder=holder,
                    lease_until=now + lease,
                    attempts=RUNS.c.attempts + 1,
                    started_at=func.coalesce(RUNS.c.started_at, now),
                )
            )
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

    def finish(self, run: int, holder: str, outcome: Outcome, detail: str, now: datetime) -> bool:
        """A run is over; False where it is no longer this holder's, and then nothing is written."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run, RUNS.c.holder == holder, RUNS.c.state == _RUNNING)
                .values(
                    state=_DONE,
                    outcome=outcome.value,
                    detail=detail,
                    finished_at=now,
                    lease_until=None,
                )
            )
            return changed.rowcount == 1

    def hand_back(self, run: int, holder: str) -> None:
        """Let go of a run that was not finished, so that another process can claim it at once."""
        with self._database.writing() as connection:
            connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run, RUNS.c.holder == holder, RUNS.c.state == _RUNNING)
                .values(state=_WAITING, holder="", lease_until=None)
            )

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


def _set_down_stopped(connection: Connection, now: datetime) -> None:
    connection.execute(
        update(RUNS)
        .where(RUNS.c.asked_by == "command", RUNS.c.state == _RUNNING, RUNS.c.lease_until <= now)
        .values(state=_DONE, outcome=Outcome.STOPPED.value, finished_at=RUNS.c.lease_until)
    )


def _runs() -> Select[tuple[object, ...]]:
    done = select(func.count()).where(RUN_STEPS.c.run_id == RUNS.c.id).scalar_subquery()
    return select(*RUNS.c, done.label("steps"))


def _to_run(row: Row[tuple[object, ...]]) -> Run:
    values = dict(row._mapping)  # noqa: SLF001 - its public name
    values |= {"job": Job(values["job"]), "state": RunState(values["state"])}
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Run(**values)
