"""Running: claims what is due, does it, and writes down how it ended."""

import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan
from evaluator.model.runs import Job, Outcome, Run
from evaluator.team_standing import source_ids
from evaluator.wording import amount, instant_words
from hearten import wiring
from hearten.config.faults import ConfigError
from hearten.logs import LoggedProgress
from hearten.redaction import without_secrets
from hearten.runs import jobs
from hearten.runs.backoff import left_out
from hearten.runs.holder import holder_name
from hearten.runs.lease import LeasedRun, LostError, RunEnd, StopError
from hearten.settings import AUDIT_DAYS, Settings
from hearten.settings_faults import SettingsError
from store.errors import StoreError
from store.store import Store

_SCHEDULED = ("schedule", "sprint")
_NAMED = 10  # of the sources that were not read, so many are named in a run's detail
_STEPS_KEPT = timedelta(days=14)

log = logging.getLogger("hearten.runs.runner")


class Queue(Protocol):
    """Where the sources of a run may be read instead of in this process."""

    def spread(self, held: LeasedRun) -> jobs.Spread:
        """Return what reads sources for a run, in other processes."""
        ...


class Runner:
    """Does the runs that are due, one after the other, in whatever thread calls it.

    `read_settings` is called for each run, so that a token may be renewed meanwhile. When `stop`
    is set, the run that goes is handed back. Lines of the audit log are kept for `audit_kept`.
    """

    def __init__(
        self,
        store: Store,
        read_settings: Callable[[], Settings],
        *,
        clock: Callable[[], datetime],
        lease: timedelta,
        stop: threading.Event,
        audit_kept: timedelta = timedelta(days=AUDIT_DAYS),
        queue: Queue | None = None,
    ) -> None:
        self._store = store
        self._read_settings = read_settings
        self._clock = clock
        self._lease = lease
        self._stop = stop
        self._audit_kept = audit_kept
        self._queue = queue
        self._holder = holder_name()
        self._going: Run | None = None
        self._idle = threading.Event()
        self._idle.set()

    def run_due(self) -> None:
        """Do every run that is due, until none is left or `stop` is set.

        Errors: StoreError where the database does not answer; the lease of what went runs out.
        """
        self._idle.clear()
        try:
            while not self._stop.is_set():
                run = self._store.claims.claim(self._holder, self._clock(), self._lease)
                if run is None:
                    return
                self._going = run
                self._do(run)
                self._going = None
        finally:
            self._idle.set()

    def let_go(self, seconds: float) -> None:
        """After `stop`: wait so long for the run that goes, and then hand it back unasked."""
        if not self._idle.wait(seconds) and (run := self._going):
            self._store.claims.hand_back(run.id, run.holder)

    def _do(self, run: Run) -> None:
        name = f"{run.job.value} {run.slot}"
        log.info("%s: begun", name)
        with LeasedRun(
            self._store,
            run,
            clock=self._clock,
            lease=self._lease,
            progress=LoggedProgress(),
            stop=self._stop,
        ) as held:
            skips: Mapping[str, datetime] = {}
            try:
                if run.job is Job.COLLECT:
                    skips = self._left_out(run)
                    ended = self._collect(held, skips)
                else:
                    ended = self._evaluate(held)
            except StopError:
                held.hand_back()
                log.info("%s: handed back", name)
                return
            except LostError:
                log.info("%s: another process has taken it over", name)
                return
            except (ConfigError, SettingsError) as error:
                ended = RunEnd(Outcome.UNREAD, f"Nothing was done: {_first_of(error)}")
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the next run is to begin
                log.error("%s", without_secrets(traceback.format_exc()))  # noqa: TRY400
                ended = RunEnd(
                    Outcome.DEFECT, f"A defect in hearten ({type(error).__name__}); see its log."
                )
            self._finish(held, ended, complete=not skips)

    def _finish(self, held: LeasedRun, ended: RunEnd, *, complete: bool) -> None:
        run = held.run
        scheduled = run.asked_by in _SCHEDULED
        covers: tuple[str, ...] = ()
        if scheduled and ended.outcome is not Outcome.DEFECT:
            # What left sources out does not do for a sprint, which is to be judged by all.
            covers = _SCHEDULED if complete else ("schedule",)
        then = Job.EVALUATE if scheduled and run.job is Job.COLLECT else None
        kept = held.finish(ended, covers=covers, then=then)
        said = ended.outcome.value if kept else "another process has taken it over"
        log.info("%s %s: %s. %s", run.job.value, run.slot, said, ended.detail)
        self._store.runs.forget_steps(self._clock() - _STEPS_KEPT)
        self._store.audit.forget(self._clock() - self._audit_kept)

    def _collect(self, held: LeasedRun, skips: Mapping[str, datetime]) -> RunEnd:
        run, settings = held.run, self._read_settings()
        plan, fault = wiring.plan_in_force(settings, self._store)
        collectors = wiring.connect(settings, plan)
        try:
            done = jobs.collect(
                plan,
                self._store,
                collectors,
                held,
                clock=self._clock,
                team=run.team,
                since=run.since,
                leave_out=skips,
                spread=self._queue.spread(held) if self._queue else None,
            )
        finally:
            collectors.close()
        return collected(done, plan, fault, skips)

    def _evaluate(self, held: LeasedRun) -> RunEnd:
        run, settings = held.run, self._read_settings()
        plan, fault = wiring.plan_in_force(settings, self._store)
        done = jobs.evaluate(
            plan,
            self._store,
            held,
            now=self._clock(),
            team=run.team,
            clock=self._clock,
        )
        return evaluated(done, fault)

    def _left_out(self, run: Run) -> dict[str, datetime]:
        """What an hourly collection leaves out; every other one asks for everything."""
        plan = self._store.plans.newest()
        if run.asked_by != "schedule" or plan is None:
            return {}
        return left_out(source_ids(*plan.teams), self._store.facts.coverage(), self._clock())


def collected(
    done: jobs.Collected,
    plan: Plan,
    fault: ConfigError | None = None,
    skips: Mapping[str, datetime] | None = None,
) -> RunEnd:
    """Return how a collection ended: what was not read and why, and what was left out."""
    skips = skips or {}
    total = len(done.coverage) + len(skips)
    said = [f"Read {total - len(done.unread) - len(skips)} of {amount(total, 'sources')}."]
    said += _named([_unread(c) for c in sorted(done.unread, key=lambda c: c.source)])
    said += _named(
        [
            f"Left out: {source}, unread several times; "
            f"asked again {instant_words(until, plan.zone)}."
            for source, until in sorted(skips.items())
        ]
    )
    outcome = Outcome.UNREAD if done.unread or skips else Outcome.DONE
    return RunEnd(outcome, " ".join([*said, *_in_force(fault)]))


def evaluated(done: jobs.Judged, fault: ConfigError | None = None) -> RunEnd:
    """Return how an evaluation ended: what it wrote, and what stays as it was."""
    found = f"{amount(done.changed, 'results')} new or changed, {done.checked:,} found the same"
    said = []
    if done.unread:
        teams = amount(len(done.unread), "teams")
        said.append(f"Nothing was read yet of {teams}: {_listed(done.unread)}.")
    if done.teams or not done.unread:
        said.append(f"Judged {amount(done.teams, 'teams')}: {found}.")
    if done.withdrawn:
        said.append(
            f"{amount(done.withdrawn, 'results')} of sprints that are no longer their team's "
            f"{'was' if done.withdrawn == 1 else 'were'} withdrawn."
        )
    if done.with_other_sources:
        said.append(
            f"{amount(done.with_other_sources, 'final results')} "
            f"{'was' if done.with_other_sources == 1 else 'were'} judged with other "
            "repositories or projects than teams.yaml names now, and keep them; `hearten explain` "
            "shows which. Give what came later a first day with `from`, and what left a last day "
            "with `to`; while you are still setting up, begin anew: see docs/operations.md."
        )
    return RunEnd(Outcome.DONE, " ".join([*said, *_in_force(fault)]))


def _unread(coverage: Coverage) -> str:
    return f"Not read: {coverage.source}: {coverage.detail}"


def _listed(teams: list[str]) -> str:
    more = len(teams) - _NAMED
    return f"{', '.join(teams[:_NAMED])}{f' and {more} more' if more > 0 else ''}"


def _named(lines: list[str]) -> list[str]:
    more = len(lines) - _NAMED
    return [*lines[:_NAMED], *([f"And {more} more."] if more > 0 else [])]


def _in_force(fault: ConfigError | None) -> list[str]:
    if fault is None:
        return []
    return [f"The last good configuration stays in force: {_first_of(fault)}"]


def _first_of(error: ConfigError | SettingsError) -> str:
    more = len(error.faults) - 1
    return f"{error.faults[0]}{f' (and {more} more)' if more else ''}"
