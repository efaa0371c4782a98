"""How long `collect` takes beside the least that its requests can take.

    PYTHONPATH=src python -m benchmarks.collection [--latency-ms 50] [--profile FILE]

100 repositories of 200 commits and 20 Jira projects of 120 issues, on a server that answers
after a fixed time. Imports are done and the server has given each answer once before. GitHub and
Jira are two services, each asked by 8 connections at once: the floor is that of the slower one,
(requests / 8) x latency.
"""

import argparse
import cProfile
import gc
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from math import ceil
from pathlib import Path

import httpx

from benchmarks.quiet import Quiet
from benchmarks.served import PROJECTS, REPOSITORIES
from collector.client import CONNECTIONS_PER_HOST
from collector.github.connection import GitHubConnection
from collector.jira.site import JiraSite
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.plan import (
    Cadence,
    Plan,
    RepositorySource,
    Team,
    TeamJira,
    TeamRepository,
    TicketSource,
)
from hearten.clock import now
from hearten.runs import jobs
from hearten.wiring import Collectors, collectors_of
from store.store import Store

_DELIVERY = Delivery((Production(Evidence.DEPLOYMENT, environments=("production",)),))


def plan() -> Plan:
    """Return one team that has every repository and project."""
    names = [f"acme/service-{number}" for number in range(REPOSITORIES)]
    team = Team(
        id="heron",
        name="Heron",
        sprints=Cadence(date(2026, 1, 5), 14),
        repositories=tuple(map(TeamRepository, names)),
        jira=tuple(TeamJira(TicketSource("jira", project=f"P{n}")) for n in range(PROJECTS)),
    )
    sources = tuple(RepositorySource(name, (_DELIVERY,)) for name in names)
    return Plan(teams=(team,), targets=(), sources=sources)


def collect_once(collectors: Collectors) -> tuple[float, jobs.Collected]:
    """Return the seconds of one first collection into an empty SQLite file, and what it read."""
    made = plan()
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/hearten.db") as store,
    ):
        begin = time.perf_counter()
        done = jobs.collect(made, store, collectors, Quiet(), clock=now)
        return time.perf_counter() - begin, done


@contextmanager
def connected(address: str) -> Iterator[Collectors]:
    """Collectors for the served sandbox."""
    github = GitHubConnection(api_url=address, token="made-up")
    jira = JiraSite("jira", f"{address}/jira/jira", "someone@example.org", "made-up")
    collectors = collectors_of(github, [jira], plan())
    try:
        yield collectors
    finally:
        collectors.close()


@contextmanager
def served(latency_ms: float) -> Iterator[str]:
    """The address of a server in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.served", f"--port={port}"]
    with subprocess.Popen([*command, f"--latency-ms={latency_ms}"]) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{address}/requests")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def main() -> None:
    """Collect once to warm the server, then five times, and print the times beside the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--profile", type=Path)
    asked = parser.parse_args()
    profile = cProfile.Profile()
    gc.freeze()  # both as the command does
    gc.set_threshold(50_000)
    with served(asked.latency_ms) as address:
        with connected(address) as collectors:
            collect_once(collectors)
        for _ in range(5):
            with connected(address) as collectors:
                if asked.profile:
                    profile.enable()
                seconds, done = collect_once(collectors)
                profile.disable()
            _print(seconds, done, asked.latency_ms / 1000)
    if asked.profile:
        profile.dump_stats(asked.profile)


def _print(seconds: float, done: jobs.Collected, latency: float) -> None:
    assert not done.unread, done.unread[0].detail
    requests = {"github": 0, "jira": 0}
    for coverage in done.coverage:
        requests[coverage.source.partition(":")[0]] += coverage.requests
    floors = {name: ceil(n / CONNECTIONS_PER_HOST) * latency for name, n in requests.items()}
    floor = max(floors.values())
    print(
        f"{requests['github']} requests to GitHub, {requests['jira']} to Jira; "
        f"floor {floor:.2f} s; took {seconds:.2f} s, {seconds / floor:.2f} times the floor"
    )


if __name__ == "__main__":
    main()
