"""A service that is killed, whose clock is set and whose sources fall silent, at random.

It runs where `TEST_SOAK_SECONDS` says for how long, such as 1800 for half an hour. Another
`TEST_SOAK_SEED` does other things.
"""

import socket
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import pytest
from pydantic_settings import BaseSettings

from evaluator.model.runs import Job, RunState
from hearten.clock import now
from store.store import Store
from tests.support.bare_app import bare_app
from tests.support.database_dump import kept
from tests.support.databases import on_both_engines
from tests.support.organisation import ago
from tests.support.service_processes import Process, Service, service, teams_with_boards, until


class SoakSettings(BaseSettings):
    """For how many seconds, and by which numbers."""

    test_soak_seconds: float = 0
    test_soak_seed: int = 0
    test_soak_longest_answer: float = 1  # seconds beyond those of an app that does nothing


SETTINGS = SoakSettings()
LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
OFFSETS = ("+0", "-2h", "+2h", "+2d", "+7300d")
SILENT = 3.0  # seconds, longer than the service waits
MOST_GROWTH = 64 << 20  # bytes in the life of a process
WARM = 5.0  # seconds after which one has what it needs


@dataclass
class Watched:
    """The service in a process, asked all the time whether it is there."""

    running: Service
    client: httpx.Client
    control: str  # the address of an app that only answers
    process: Process = field(init=False)
    ready_at: float | None = None
    memory: list[int] = field(default_factory=list)
    slowest: float = 0
    control_slowest: float = 0
    answers: int = 0
    grown: int = 0

    def start(self) -> None:
        """Start it anew."""
        self.process, self.ready_at, self.memory = self.running.start("serve"), None, []

    def watch(self) -> bool:
        """Ask once, and return whether it answers; before the first time it need not."""
        begun = time.monotonic()
        try:
            self.client.get("/healthz", timeout=10).raise_for_status()
        except httpx.HTTPError:
            assert self.ready_at is None, self.process.said
            return False
        took = time.monotonic() - begun
        if self.ready_at is None:
            self.ready_at = begun
            return True
        begun_control = time.monotonic()
        httpx.get(self.control, timeout=60).raise_for_status()
        self.control_slowest = max(self.control_slowest, time.monotonic() - begun_control)
        self.answers += 1
        self.slowest = max(self.slowest, took)
        if begun - self.ready_at > WARM:
            pages = Path(f"/proc/{self.process.process.pid}/statm").read_text().split()[1]
            self.memory.append(int(pages) * 4096)
            self.grown = max(self.grown, self.memory[-1] - self.memory[0])
        return True


@pytest.mark.slow
@pytest.mark.skipif(
    not SETTINGS.test_soak_seconds, reason="TEST_SOAK_SECONDS does not say for how long"
)
@pytest.mark.skipif(LIBRARY is None, reason="the library of faketime is not installed")
@on_both_engines
def test_whatever_happens_it_answers_and_ends_with_what_an_undisturbed_run_has(
    database_url: str, tmp_path: Path
) -> None:
    random = Random(f"{SETTINGS.test_soak_seed} {database_url[:6]}")
    offset = tmp_path / "offset"
    offset.write_text("+0")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    more = {
        "HEARTEN_PORT": str(port),
        "HEARTEN_LONGEST_WAIT": "1",
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with (
        service(database_url, tmp_path, cron="*/5 * * * * *", settings=more) as running,
        Store.open(database_url) as store,
        httpx.Client(base_url=f"http://127.0.0.1:{port}") as client,
        bare_app() as control,
    ):
        world, sandbox = running.organisation.world, running.organisation.sandbox
        running.organisation.configure(teams_with_boards(world, [ago(20), ago(6), ago(-8)]))
        running.organisation.collect_and_evaluate()
        facts = len(store.facts.commit_graph("github:acme/app-1"))
        watched = Watched(running, client, control)
        watched.start()

        def kill() -> None:
            if watched.ready_at is not None:
                watched.process.kill()
                watched.start()

        def set_the_clock() -> None:
            offset.write_text(random.choice(OFFSETS))

        def fall_silent() -> None:
            where = random.choice(["acme/app-1", "POST /graphql", "GET /jira"])
            sandbox.spoil(where, lambda answer: replace(answer, delay=SILENT))

        def ask() -> None:
            job = random.choice(list(Job))
            store.runs.ask(job, f"soak {random.random()}", asked_by="api", due_at=now())

        does = [kill, set_the_clock, set_the_clock, fall_silent, sandbox.reset, ask, ask]
        until(watched.watch, "it answers")
        end = time.monotonic() + SETTINGS.test_soak_seconds
        while time.monotonic() < end:
            random.choice(does)()
            pause = time.monotonic() + random.uniform(0.2, 3)
            while time.monotonic() < pause:
                watched.watch()
                time.sleep(0.1)
            assert len(store.facts.commit_graph("github:acme/app-1")) == facts
        sandbox.reset()
        offset.write_text("+0")
        heals = now()
        until(lambda: _evaluated_since(store, heals), "it goes on by the right clock")
        until(watched.watch, "it answers at the end")
        assert watched.process.stop() == 0
        running.organisation.collect_and_evaluate()

        clean = running.clean().database_url
        assert _kept(database_url) == _kept(clean)
        with Store.open(clean) as undisturbed:
            assert store.plans.newest() == undisturbed.plans.newest()
        assert watched.answers, watched.process.said
        # What an app that does nothing took meanwhile is the machine's.
        assert watched.slowest < SETTINGS.test_soak_longest_answer + watched.control_slowest
        assert watched.grown < MOST_GROWTH


def _evaluated_since(store: Store, since: datetime) -> bool:
    return any(
        run.state is RunState.DONE
        and run.asked_by == "schedule"
        and run.due_at > since
        and run.finished_at is not None
        and run.finished_at <= now() + timedelta(minutes=1)
        for run in store.runs.find(job=Job.EVALUATE, limit=1000)
    )


def _kept(database_url: str) -> dict[str, list[str]]:
    """What was read and judged, but not when a team was judged first, nor by which plans.

    Those know bank holidays of the years to come: under a clock 20 years ahead, more of them.
    """
    several = ("first_evaluations", "plans")
    return {name: rows for name, rows in kept(database_url).items() if name not in several}
