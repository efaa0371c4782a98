"""The threads that read sources, as many for each service as it is to be asked at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from collector.client import CONNECTIONS_PER_HOST
from collector.source_read import Task
from evaluator.model.facts import Reading
from hearten.runs.reading_plan import read_whole, with_known
from store.store import Store

_LONGEST_SILENCE = 0.5  # seconds for which nobody asks whether to stop
_AT_HAND = 2 * CONNECTIONS_PER_HOST  # so that no thread waits while a reading is being kept


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
            running[pool.submit(read_whole, read, with_known(store, task))] = service

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
