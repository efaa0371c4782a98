"""What a run asks of each source, and the threads that ask it.

A task says from when on, from which bookmark, and with what is known.
"""

import calendar
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

from collector.client import CONNECTIONS_PER_HOST
from collector.source_read import Task
from evaluator.model.facts import Coverage, Reading
from evaluator.model.plan import BoardSource, Plan, RepositorySource, Source, TicketSource
from store.store import Store

_FIRST_READ_MONTHS = 6
_LONGEST_SILENCE = 0.5  # seconds for which nobody asks whether to stop
_AT_HAND = 2 * CONNECTIONS_PER_HOST  # so that no thread waits while a reading is being kept


def to_read(
    plan: Plan, store: Store, sources: Sequence[Source], since: date | None, now: datetime
) -> list[Task]:
    """Return a task for each source.

    It begins at the earlier of `since` and where the last read began, else six months before.
    """
    coverage = store.facts.coverage([s.id for s in sources] if len(sources) == 1 else None)
    asked = plan.midnight(since) if since else None
    today = now.astimezone(plan.zone).date()
    first = plan.midnight(_months_before(today, _FIRST_READ_MONTHS))
    tasks: list[Task] = []
    for source in sources:
        known = coverage.get(source.id, Coverage(source.id))
        known_since = known.since if known.since and known.since <= now else None
        begin = min(filter(None, (known_since, asked)), default=first).astimezone(UTC)
        continues = known_since == begin and known.fingerprint == source.fingerprint
        bookmark = store.facts.bookmark(source.id) if continues else ""
        tasks.append(Task(source, begin, bookmark))
    return tasks


def with_known(store: Store, task: Task) -> Task:
    """The task with the stored facts that a continued read builds on."""
    if not task.bookmark:
        return task
    source: Source = task.source
    match source:
        case RepositorySource():
            return replace(
                task,
                known_commits=store.facts.commit_graph(source.id),
                known_events=tuple(store.facts.events(source.id)),
            )
        case TicketSource():
            return replace(task, known_tickets=store.facts.known_tickets(source.id))
        case BoardSource():
            return replace(task, known_sprints=tuple(store.facts.board_sprints(source.id)))


def in_threads(
    store: Store,
    work: Sequence[tuple[Sequence[Task], Callable[[Task], Reading]]],
    attend: Callable[[], None],
) -> Iterator[Reading]:
    """Yield readings as they come in, each service with its own 8 threads.

    What is known of a source is loaded only shortly before a thread is free for it, so that memory
    does not grow with the number of sources.
    """
    left = [(iter(tasks), read, ThreadPoolExecutor(CONNECTIONS_PER_HOST)) for tasks, read in work]
    running: dict[Future[Reading], int] = {}

    def start(service: int, most: int) -> None:
        tasks, read, pool = left[service]
        for task in islice(tasks, most):
            running[pool.submit(read, with_known(store, task))] = service

    try:
        for service in range(len(left)):
            start(service, _AT_HAND)
        while running:
            finished, _ = wait(running, timeout=_LONGEST_SILENCE, return_when=FIRST_COMPLETED)
            attend()
            for future in finished:
                start(running.pop(future), 1)
            for future in finished:
                yield future.result()
    finally:
        for _, _, pool in left:  # when interrupted: what has not begun never does
            pool.shutdown(wait=False, cancel_futures=True)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
