"""The runs that somebody types: they wait for one of the same job, and say how they ended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from uuid import uuid4

from evaluator.model.runs import Job, Outcome, Run
from evaluator.wording import instant_words
from hearten.clock import now
from hearten.cron import slot_text
from hearten.runs.holder import holder_name, holder_words, is_gone
from hearten.runs.lease import LeasedRun, RunEnd
from hearten.runs.progress import Progress
from store.errors import StoreError
from store.store import Store

_LOOK = 1.0  # seconds between two looks at the run that goes
_CALLED = {Job.COLLECT: "collection", Job.EVALUATE: "evaluation"}


class CommandRun(LeasedRun):
    """A run of the command line; `ended` is to be set before its block ends."""

    ended = RunEnd(Outcome.DONE, "")

    def attend(self) -> None:
        """Nobody asks to stop: whoever typed it interrupts the process."""


@contextmanager
def typed(
    store: Store,
    job: Job,
    lease: timedelta,
    progress: Progress,
    *,
    tell: Callable[[str], None],
    team: str | None,
    since: date | None = None,
    clock: Callable[[], datetime] = now,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[CommandRun]:
    """Hold a run that somebody typed, once no other of its job goes; `tell` says what it waits for.

    Where the process ends without a word, the next one that claims sets it down as stopped.
    """
    holder = holder_name()
    told: set[int] = set()
    while True:
        at = clock()
        slot = f"{slot_text(at)} {uuid4().hex[:8]}"
        run = store.claims.begin(job, slot, holder, at, lease, team=team, since=since)
        if run.holder == holder:
            break
        if is_gone(run.holder):
            _set_down(store, run, clock())
            continue
        if run.id not in told:
            told.add(run.id)
            tell(_goes_already(store, run))
        pause(_LOOK)
    with CommandRun(store, run, clock=clock, lease=lease, progress=progress) as command:
        try:
            yield command
        except BaseException as error:
            with suppress(StoreError):
                command.finish(_cut_short(error, store.runs.one(run.id) or run))
            raise
        command.finish(command.ended)


def _goes_already(store: Store, run: Run) -> str:
    plan = store.plans.newest()
    since = run.started_at or run.due_at
    at = instant_words(since, plan.zone) if plan else slot_text(since)
    return (
        f"Another {_CALLED[run.job]} has been running since {at} ({holder_words(run.holder)}). "
        "This one waits until that has ended. Ctrl-C ends the wait."
    )


def _set_down(store: Store, run: Run, at: datetime) -> None:
    """Set down a run whose process was killed; one of the schedule is another's to go on with."""
    if run.asked_by == "command":
        said = f"Its process ended without a word, {run.so_far}."
        store.claims.finish(run.id, run.holder, Outcome.STOPPED, said, at)
    else:
        store.claims.hand_back(run.id, run.holder)


def _cut_short(error: BaseException, run: Run) -> RunEnd:
    match error:
        case KeyboardInterrupt():
            return RunEnd(Outcome.STOPPED, f"Stopped {run.so_far}.")
        case StoreError():
            return RunEnd(Outcome.STOPPED, str(error))
        case _:
            said = f"{type(error).__name__}: see what the command printed."
            return RunEnd(Outcome.DEFECT, said)
