"""Sources spread over worker processes, by procrastinate on the same PostgreSQL.

A thin layer over the same jobs: who holds a run asks GitHub what is new and queues what is to be
read, one job for each source; workers read and keep it and write the step down; the holder waits
for the steps. A job that is lost with its worker is queued again.
"""

import asyncio
import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import procrastinate
from procrastinate import JobContext, RetryStrategy, exceptions
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager

from collector.errors import run_is_over
from collector.source_read import Task, not_closed
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import Plan, Source
from hearten import wiring
from hearten.redaction import without_secrets
from hearten.runs import jobs
from hearten.runs.lease import LeasedRun
from hearten.settings import Settings
from hearten.wiring import Collectors
from store.errors import StoreError
from store.patience import Patience
from store.queue_connector import OF_THE_QUEUE, as_store_errors, connector
from store.store import Store

# Named by the library's version, whose tables they are: another version has others.
SCHEMA = f"hearten_queue_{procrastinate.__version__.replace('.', '_')}"
# Taking a job asks whether another of its source goes on; without this, of all that are queued.
_INDEX = "CREATE INDEX hearten_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing');"
_NAME = "sources"
_READ = "read"
_AT_ONCE = 8  # jobs of one worker; as many connections as one process has to a service
_MORE_TRIES = 2  # where a service was unavailable
_FIRST_WAIT = 5  # seconds before the next, and five times as long before the one after it
_REQUEUED = 3  # how often a job that was lost is queued again before that is called a defect
_SILENCE = timedelta(hours=1)  # without any step, after which nobody seems to read
_BATCH = 500  # jobs queued with one statement
_LOOK = 0.2  # seconds between two looks at the steps, or
_PAUSE = 20  # times as long as one takes: many steps are not to be looked at all the time
_LATER = frozenset({Reason.RATE_LIMITED, Reason.SOURCE_DOWN})

log = logging.getLogger("hearten.runs.source_queue")


class QueueError(Exception):
    """Workers do not do what they are to do; the text says what to look at."""


class _UnavailableError(Exception):
    """A service may answer later."""


class SourceQueue:
    """The queue in `store`'s database, whose address is `url`. Its tables are made if need be.

    After `longest_run` seconds what nobody has read by then is unread.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        *,
        clock: Callable[[], datetime],
        lease: timedelta,
        longest_run: float,
        patience: Patience = OF_THE_QUEUE,
    ) -> None:
        store.library_schema.make(SCHEMA, f"{SchemaManager.get_schema()}\n{_INDEX}")
        self._store = store
        self._clock = clock
        self._lease = lease
        self._longest_run = longest_run
        self.app = procrastinate.App(
            connector=connector(url, SCHEMA, connections=_AT_ONCE, patience=patience)
        )
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # it quotes what it was given

    def spread(self, held: LeasedRun) -> jobs.Spread:
        """Return what queues tasks of a held run, and yields coverage as the steps come in.

        Errors while it waits: what `held.attend` raises; QueueError; StoreError.
        """

        def read(tasks: Sequence[Task]) -> Iterator[Coverage]:
            return self._read(held, {task.source.id: task for task in tasks})

        return read

    def work(
        self, read_settings: Callable[[], Settings], stop: threading.Event, *, wait: bool = True
    ) -> None:
        """Read sources until `stop` is set, or, without `wait`, until none is queued."""
        worker = _Worker(self._store, read_settings, self._clock)
        self.app.task(
            name=_READ,
            queue=_NAME,
            pass_context=True,
            retry=RetryStrategy(max_attempts=_MORE_TRIES, exponential_wait=_FIRST_WAIT),
        )(worker.read)
        log.info("This worker waits for sources to read")
        while not stop.is_set():
            try:
                with as_store_errors():
                    asyncio.run(self._work(stop, wait=wait))
                break
            except StoreError as error:
                log.error("%s It is asked again.", error)  # noqa: TRY400 - it says enough
                stop.wait(_FIRST_WAIT)

    async def _work(self, stop: threading.Event, *, wait: bool) -> None:
        silence = self._lease.total_seconds() / 2
        async with self.app.open_async():
            working = asyncio.create_task(
                self.app.run_worker_async(
                    queues=[_NAME],
                    concurrency=_AT_ONCE,
                    wait=wait,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=min(silence, 5),
                    update_heartbeat_interval=silence / 3,
                    stalled_worker_timeout=silence,
                )
            )
            while not working.done():
                await asyncio.wait([working], timeout=_LOOK)
                if stop.is_set():
                    working.cancel()
                    await asyncio.wait([working])
            if not working.cancelled():
                working.result()

    def _read(self, held: LeasedRun, tasks: Mapping[str, Task]) -> Iterator[Coverage]:
        run, ends = held.run, time.monotonic() + self._longest_run
        missing = tasks.keys() - self._store.runs.steps(run.id).keys()
        yield from self._coverage(tasks.keys() - missing)
        with as_store_errors():
            asyncio.run(self._queue(run.id, run.since, missing))
        self._store.library_schema.analyse(SCHEMA, "procrastinate_jobs")
        queued = Counter(missing)
        heard = looked = time.monotonic()
        took = 0.0
        while missing:
            held.attend()
            time.sleep(max(_LOOK, _PAUSE * took))
            begin = time.monotonic()
            done = missing & self._store.runs.steps(run.id).keys()
            took = time.monotonic() - begin
            if done:
                heard = time.monotonic()
                missing -= done
                yield from self._coverage(done)
            elif time.monotonic() > ends:
                yield from self._unread(held, [tasks[source] for source in sorted(missing)])
                return
            elif time.monotonic() - heard > _SILENCE.total_seconds():
                raise QueueError(f"{len(missing)} sources wait for a worker. Is one running?")
            if time.monotonic() - looked > self._lease.total_seconds() / 4:
                looked = time.monotonic()
                with as_store_errors():
                    queued.update(asyncio.run(self._revive(run.id, run.since, missing)))
                if given_up := [s for s, times in queued.items() if times > _REQUEUED]:
                    raise QueueError(f"Workers could not read {given_up[0]}; see their logs.")

    def _unread(self, held: LeasedRun, tasks: Iterable[Task]) -> Iterator[Coverage]:
        """Keep of sources that nobody has read by the end of the run that they are unread."""
        for task in tasks:
            now = self._clock()
            reading = not_closed(task, run_is_over("a worker had read it"), now, now, 0)
            self._store.facts.keep(reading)
            held.record(task.source.id, reading.coverage.reason)
            yield reading.coverage

    def _coverage(self, sources: Collection[str]) -> Iterator[Coverage]:
        yield from self._store.facts.coverage(sources).values()

    async def _queue(self, run: int, since: date | None, sources: Collection[str]) -> None:
        async with self.app.open_async():
            await self._defer(run, since, sources)

    async def _defer(self, run: int, since: date | None, sources: Collection[str]) -> None:
        day = since.isoformat() if since else None
        queued = [
            Job(
                id=None,
                queue=_NAME,
                task_name=_READ,
                lock=source,  # never one source twice at once
                queueing_lock=f"{run} {source}",  # and for one run it waits once
                task_kwargs={"run": run, "source": source, "since": day},
            )
            for source in sorted(sources)
        ]
        for first in range(0, len(queued), _BATCH):
            batch = queued[first : first + _BATCH]
            try:
                await self.app.job_manager.batch_defer_jobs_async(batch)
            except exceptions.AlreadyEnqueued:  # whoever held the run before queued some of them
                for job in batch:
                    with suppress(exceptions.AlreadyEnqueued):
                        await self.app.job_manager.defer_job_async(job)

    async def _revive(self, run: int, since: date | None, missing: Collection[str]) -> list[str]:
        """Queue again what was lost with its worker; return what was not even queued any more."""
        async with self.app.open_async():
            manager = self.app.job_manager
            silence = self._lease.total_seconds() / 2
            for job in await manager.get_stalled_jobs(queue=_NAME, seconds_since_heartbeat=silence):
                log.info("%s: its worker is silent; another is to read it", job.lock)
                await manager.retry_job(job)
            there = {
                job.lock
                for job in await manager.list_jobs_async(queue=_NAME)
                if job.status in ("todo", "doing") and job.task_kwargs["run"] == run
            }
            lost = [source for source in missing if source not in there]
            await self._defer(run, since, lost)
            return lost


class _Worker:
    """Reads a source in whatever thread it is called."""

    def __init__(
        self, store: Store, read_settings: Callable[[], Settings], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._read_settings = read_settings
        self._clock = clock
        self._lock = threading.Lock()
        self._of: tuple[int, dict[str, Source], Plan, Collectors] | None = None

    def read(self, context: JobContext, *, run: int, source: str, since: str | None) -> None:
        """Read a source for a run, keep it, and write the step down."""
        if self._store.runs.is_done(run):
            return  # given up meanwhile
        try:
            reason = self._read(run, source, date.fromisoformat(since) if since else None)
        except Exception:
            log.error("%s: %s", source, without_secrets(traceback.format_exc()))  # noqa: TRY400
            raise
        if reason in _LATER and context.job.attempts < _MORE_TRIES:
            raise _UnavailableError(source)
        self._store.runs.step(run, source, reason, self._clock())

    def _read(self, run: int, source: str, since: date | None) -> Reason | None:
        sources, plan, collectors = self._connected(run)
        found = sources.get(source)
        if found is None:  # it was taken out of the configuration meanwhile
            return Reason.NOT_SET_UP
        coverage = jobs.collect_one(
            plan, self._store, collectors, found, since=since, now=self._clock()
        )
        log.info("%s: %s", source, coverage.detail or f"{coverage.items} new")
        return coverage.reason

    def _connected(self, run: int) -> tuple[dict[str, Source], Plan, Collectors]:
        """The plan that the holder saved, and connections for it: the same for all of a run."""
        with self._lock:
            if self._of is None or self._of[0] != run:
                plan = self._store.plans.newest()
                if plan is None:
                    raise QueueError("There is no plan yet.")
                sources = {source.id: source for source in plan.all_sources()}
                self._of = run, sources, plan, wiring.connect(self._read_settings(), plan)
            return self._of[1:]
