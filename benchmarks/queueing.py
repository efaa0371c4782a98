"""What the queue itself costs for each source: 5,000 queued, and drained by two workers.

    PYTHONPATH=src python -m benchmarks.queueing URL [--sources 5000]

URL is that of an empty PostgreSQL database. The sources are not in the plan, so that nothing is
read of them: a worker takes each, finds that out, writes the step down and is done with it. What
remains is the queue: queueing, taking, the step, the end, and the holder who waits for it.
"""

import argparse
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from benchmarks.quiet import Quiet
from collector.source_read import Task
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.plan import Plan, RepositorySource
from evaluator.model.runs import Job
from hearten.clock import now
from hearten.runs.lease import LeasedRun
from hearten.runs.source_queue import SourceQueue
from hearten.settings import Settings
from store.store import Store

LEASE = timedelta(seconds=60)
WORKERS = 2
_DELIVERY = Delivery((Production(Evidence.DEPLOYMENT, environments=("production",)),))


def tasks(sources: int) -> list[Task]:
    """Return what a collection would read."""
    names = [f"acme/service-{number}" for number in range(sources)]
    return [Task(RepositorySource(name, (_DELIVERY,)), now()) for name in names]


def work(url: str) -> None:
    """Be a worker until the process is ended."""
    with Store.open(url) as store:
        queue = SourceQueue(store, url, clock=now, lease=LEASE, longest_run=7200)
        print("ready", flush=True)
        queue.work(Settings, threading.Event())


@contextmanager
def workers(url: str) -> Iterator[None]:
    """Worker processes that have begun."""
    command = [sys.executable, "-m", "benchmarks.queueing", url, "--work"]
    environment = {**os.environ, "HEARTEN_GITHUB_TOKEN": "made-up"}  # noqa: TID251 - theirs
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(WORKERS)
    ]
    try:
        for process in started:
            assert process.stdout
            process.stdout.readline()
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def main() -> None:
    """Print how long all sources took, and each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--sources", type=int, default=5000)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        work(asked.url)
        return
    with Store.open(asked.url) as store:
        store.plans.save(Plan(teams=(), targets=()), now())
        queue = SourceQueue(store, asked.url, clock=now, lease=LEASE, longest_run=7200)
        store.runs.ask(Job.COLLECT, f"{now()}", asked_by="schedule", due_at=now())
        run = store.claims.claim("benchmark", now(), LEASE)
        assert run
        with (
            workers(asked.url),
            LeasedRun(store, run, clock=now, lease=LEASE, progress=Quiet()) as held,
        ):
            begin = time.perf_counter()
            list(queue.spread(held)(tasks(asked.sources)))
            seconds = time.perf_counter() - begin
            assert len(store.runs.steps(run.id)) == asked.sources
    spent = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in spent)
    print(
        f"{asked.sources} sources queued and drained by {WORKERS} workers in {seconds:.1f} s: "
        f"{1000 * seconds / asked.sources:.2f} ms each, "
        f"of which hearten's processes computed {1000 * cpu / asked.sources:.2f} ms"
    )


if __name__ == "__main__":
    main()
