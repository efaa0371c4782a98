"""Holding a run: its lease is renewed from a thread, its steps and its end are written down."""

import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome, Run
from hearten.runs.progress import Progress
from store.errors import StoreError
from store.store import Store

_RENEWALS = 4  # in the time of one lease, so that one or two may get lost


class StopError(Exception):
    """The process is to end; the run is to be handed back."""


class LostError(Exception):
    """The run belongs to another process by now: nothing more may be written of it."""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended, in a word and in sentences."""

    outcome: Outcome
    detail: str


class LeasedRun:
    """A run that this process has claimed, as the monitor of its job; use it as a context manager.

    What it is told of progress it passes on to `progress`.
    """

    def __init__(
        self,
        store: Store,
        run: Run,
        *,
        clock: Callable[[], datetime],
        lease: timedelta,
        progress: Progress,
        stop: threading.Event | None = None,
    ) -> None:
        self.run = run
        self._runs, self._claims = store.runs, store.claims
        self._clock = clock
        self._lease = lease
        self._progress = progress
        self._stop = stop or threading.Event()
        self._lost = threading.Event()
        self._over = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._renewing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._renewing.join()

    def begin(self, total: int, what: str) -> None:
        """`total` steps of `what` lie ahead."""
        self._runs.expect(self.run.id, total)
        self._progress.begin(total, what)

    def step(self, name: str, said: str) -> None:
        """One step is done; `said` is how it went."""
        self._progress.step(name, said)

    def record(self, name: str, reason: Reason | None) -> None:
        """Write a step down, with why it was not read."""
        self._runs.step(self.run.id, name, reason, self._clock())

    def attend(self) -> None:
        """Return at once where all is well. Errors: StopError, LostError."""
        if self._lost.is_set():
            raise LostError
        if self._stop.is_set():
            raise StopError

    def finish(
        self, ended: RunEnd, *, covers: Collection[str] = (), then: Job | None = None
    ) -> bool:
        """Write down how the run ended; False where it belongs to another process by now."""
        return self._claims.finish(
            self.run.id,
            self.run.holder,
            ended.outcome,
            ended.detail,
            self._clock(),
            covers=covers,
            then=then,
        )

    def hand_back(self) -> None:
        """Let go of the run, so that another process can take it at once."""
        self._claims.hand_back(self.run.id, self.run.holder)

    def _renew(self) -> None:
        while not self._over.wait(self._lease.total_seconds() / _RENEWALS):
            # A database that does not answer now may do so before the lease is over.
            with suppress(StoreError):
                now = self._clock()
                if not self._claims.renew(self.run.id, self.run.holder, now, self._lease):
                    self._lost.set()
                    return
