"""What runs until it is told to stop: serving, the schedule, and a worker of the queue."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import TYPE_CHECKING

from hearten import logs, wiring
from hearten.clock import now
from hearten.errors import UseError
from hearten.runs.runner import Runner
from hearten.runs.scheduler import Schedule
from hearten.settings import Settings, read_settings
from store.patience import OF_A_COMMAND, OF_A_REQUEST, Patience
from store.store import Store

if TYPE_CHECKING:
    from hearten.runs.source_queue import SourceQueue

_log = logging.getLogger(__name__)
_PATIENCE = 8  # seconds for which what goes may end by itself when the process is told to stop


class _Stop(threading.Event):
    """Set by SIGTERM and Ctrl-C; before the service has `begun` they end it there and then."""

    begun = False


def serve_all(settings: Settings) -> None:
    """Serve until told to stop, with the schedule if the settings ask for it."""
    with _stopping() as stop:
        # Here, because the schedule and workers serve nothing.
        from hearten import web  # noqa: PLC0415

        logs.set_up(settings)
        web.rules(settings)  # before anything is started: both may refuse
        with (
            web.listener(settings) as listens,
            _open_store(settings) as store,
            _open_store(settings, OF_A_REQUEST) as asked,  # a run may hold all connections of one
            _scheduled(settings, store, stop) if settings.schedule else nullcontext(),
        ):
            stop.begun = True
            web.serve(settings, asked, listens, stop=stop)


def run_schedule(settings: Settings) -> None:
    """Collect and evaluate when it is due, until told to stop."""
    with _stopping() as stop:
        logs.set_up(settings)
        with _open_store(settings) as store, _scheduled(settings, store, stop):
            stop.wait()


def run_worker(settings: Settings) -> None:
    """Read queued sources until told to stop. Errors: UseError where no queue is asked for."""
    with _stopping(_exit_soon) as stop:
        logs.set_up(settings)
        if not settings.queue:
            raise UseError(
                "Nothing is queued for workers. Set HEARTEN_QUEUE=on here and for the rest."
            )
        with _open_store(settings) as store:
            queue = _queue(settings, store)
            stop.begun = True
            queue.work(read_settings, stop)
            store.close()
            _exit()


def _open_store(settings: Settings, patience: Patience = OF_A_COMMAND) -> Store:
    """Open the store in a thread: SQLite waits for another's lock deaf to every signal."""
    opened: Future[Store] = Future()

    def open_it() -> None:
        try:
            url = settings.database_url.get_secret_value()
            opened.set_result(Store.open(url, patience, leases_by_server=True))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            opened.set_exception(error)

    threading.Thread(target=open_it, name="opening", daemon=True).start()
    return opened.result()


@contextmanager
def _scheduled(settings: Settings, store: Store, stop: _Stop) -> Iterator[None]:
    """Run the schedule beside the block; at its end, hand back what goes and end the process.

    Errors: ConfigError where there is no configuration to begin with, and never was one.
    """
    wiring.plan_in_force(settings, store)
    queue = _queue(settings, store) if settings.queue else None
    runner = Runner(
        store,
        read_settings,
        clock=now,
        lease=settings.lease_time,
        stop=stop,
        audit_kept=settings.audit_kept,
        queue=queue,
    )
    schedule = Schedule(
        store, runner, cron=settings.collect_cron, clock=now, lease=settings.lease_time
    )
    stop.begun = True
    schedule.start()
    try:
        yield
    finally:
        stop.set()
        schedule.stop(_PATIENCE)
    store.close()
    _exit()


def _queue(settings: Settings, store: Store) -> "SourceQueue":
    # Here, because few need it, and it would make every start slower.
    from hearten.runs.source_queue import SourceQueue  # noqa: PLC0415

    url = settings.database_url.get_secret_value()
    longest = settings.longest_run
    return SourceQueue(store, url, clock=now, lease=settings.lease_time, longest_run=longest)


@contextmanager
def _stopping(also: Callable[[], None] = lambda: None) -> Iterator[_Stop]:
    """An event that SIGTERM and Ctrl-C set."""
    stop = _Stop()

    def told(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            return
        stop.set()
        if not stop.begun:
            _log.info("Stopped while starting")
            raise SystemExit
        also()

    before = {sign: signal.signal(sign, told) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _exit_soon() -> None:
    """End the process after a while, whatever still goes: it is taken over by others."""
    timer = threading.Timer(_PATIENCE, _exit)
    timer.daemon = True
    timer.start()


def _exit() -> None:
    """End at once. Python would wait for threads that wait for an answer; they only read."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
