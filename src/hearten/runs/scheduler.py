"""The schedule: asks for what is due, once for all replicas, and lets the runner do it."""

import logging
import random
import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from evaluator.model.runs import Job
from hearten.cron import Cron, slot_text
from hearten.redaction import without_secrets
from hearten.runs.runner import Runner
from store.errors import StoreError
from store.store import Store

_LOOK_BACK = timedelta(days=14)  # for sprints that ended while nothing ran
_LOOK_AHEAD = timedelta(days=1)
_LOOKS = 12  # at what is due, in the time of one lease
_ZONE = ZoneInfo("Europe/London")  # until there is a plan that says another

log = logging.getLogger("hearten.runs.scheduler")


class Schedule:
    """Asks for the hour that is due and for each sprint that ended or settled; runs what is due.

    It ticks by the monotonic clock, so that no other one that is set holds it up. Who does what is
    decided in the store alone, so that any number of replicas may tick. A late or missed tick
    changes no slot.
    """

    def __init__(
        self,
        store: Store,
        runner: Runner,
        *,
        cron: str,
        clock: Callable[[], datetime],
        lease: timedelta,
    ) -> None:
        self._store = store
        self._runner = runner
        self._cron = cron
        self._clock = clock
        self._lease = lease
        self._moments: list[datetime] = []
        self._asked: set[str] = set()
        self._looked: datetime | None = None
        self._asking = threading.Lock()
        self._over = threading.Event()

    def start(self) -> None:
        """Begin, in threads of its own."""
        for tick in (self._ask, self._run):
            threading.Thread(target=self._repeat, args=(tick,), name="tick", daemon=True).start()
        log.info("The schedule runs; it collects at %s", self._cron)

    def stop(self, seconds: float) -> None:
        """After the runner was told to stop: tick no more, and wait so long for what goes."""
        until = time.monotonic() + seconds
        self._over.set()
        try:
            self._runner.let_go(seconds)
        except StoreError as error:
            log.error("The run could not be handed back: %s", error)  # noqa: TRY400
        if self._asking.acquire(timeout=max(0, until - time.monotonic())):
            self._asking.release()

    def ask(self) -> None:
        """Ask for what is due and was not asked for, and for the next hour ahead of its time.

        Of hours that were missed the latest is enough; of sprints each is asked for.
        """
        now = self._clock()
        plan = self._store.plans.newest()
        cron = Cron(self._cron, plan.zone if plan else _ZONE)
        latest, following = cron.latest(now), cron.following(now)
        self._look(now, following)
        for slot in filter(None, (latest, following)):
            self._ask_for(slot, "schedule")
        for moment in self._moments:
            if moment <= now or (following and moment <= following):
                self._ask_for(moment, "sprint")

    def _ask_for(self, slot: datetime, asked_by: str) -> None:
        key = f"{asked_by} {slot_text(slot)}"
        if key not in self._asked:
            self._store.runs.ask(Job.COLLECT, slot_text(slot), asked_by=asked_by, due_at=slot)
            self._asked.add(key)

    def _look(self, now: datetime, following: datetime | None) -> None:
        """Look up when sprints end or settle: after each lease, as evaluations tell."""
        if self._looked is not None and abs(now - self._looked) < self._lease:
            return
        self._store.runs.take_back(now, following=following or now)
        begin = now - _LOOK_BACK
        self._moments = self._store.results.sprint_moments(begin, now + _LOOK_AHEAD)
        known = self._store.runs.slots(Job.COLLECT, "sprint", begin)
        self._asked = {f"sprint {slot}" for slot in known}
        self._looked = now

    def _repeat(self, tick: Callable[[], None]) -> None:
        """Tick at once and from then on, until it is over."""
        seconds = self._lease.total_seconds() / _LOOKS
        while not self._over.is_set():
            try:
                tick()
            except Exception:  # noqa: BLE001 - whatever it is, the next tick is to come
                log.error("%s", without_secrets(traceback.format_exc()))  # noqa: TRY400
            # With jitter, so that replicas that started together do not come to the store together.
            self._over.wait(seconds + random.uniform(0, seconds / 2))  # noqa: S311 - no secret

    def _ask(self) -> None:
        with self._asking:
            if self._over.is_set():
                return
            try:
                self.ask()
            except StoreError as error:
                log.error("What is due could not be asked for: %s", error)  # noqa: TRY400

    def _run(self) -> None:
        try:
            self._runner.run_due()
        except StoreError as error:
            log.error("A run could not go on: %s", error)  # noqa: TRY400
