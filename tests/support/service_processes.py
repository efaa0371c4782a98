"""Processes of the service, each its own, over one organisation."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from evaluator.model.runs import Job, Run, RunState
from hearten.clock import now
from sandbox.world import World
from store.store import Store
from tests.support.organisation import NOW, Organisation, ago
from tests.support.sandbox_servers import serve

SOURCE = Path(__file__).parents[2] / "src"
_NEVER = "0 0 29 2 *"
_LONGEST = 240  # seconds: on a machine that does much else, a process alone needs twenty to begin


def until(done: Callable[[], object], what: str) -> None:
    """Wait until `done` says so."""
    end = now() + timedelta(seconds=_LONGEST)
    while not done():
        assert now() < end, f"waited in vain until {what}"
        time.sleep(0.05)


@dataclass
class Process:
    """One process, and where its log goes."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        """As if somebody pulled the plug."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Tell it to stop; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_LONGEST)


@dataclass
class Service:
    """An organisation and the processes that serve it."""

    organisation: Organisation
    folder: Path
    extra: dict[str, str]
    started: list[Process] = field(default_factory=list)

    def start(self, *command: str) -> Process:
        """Start `hearten COMMAND`."""
        log = self.folder / f"{len(self.started)}-{command[0]}.log"
        environment = self.organisation.environment | self.extra | {"PYTHONPATH": str(SOURCE)}
        with log.open("wb") as out:
            process = Process(
                subprocess.Popen(
                    [sys.executable, "-m", "hearten", *command],
                    env=environment,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                ),
                log,
            )
        self.started.append(process)
        return process

    def runs(self, store: Store, job: Job) -> dict[str, Run]:
        """Every run of a job that no command asked for, by slot."""
        found = store.runs.find(job=job, limit=10_000)
        return {run.slot: run for run in found if run.asked_by != "command"}

    def done(self, store: Store, job: Job) -> set[str]:
        """The slots of a job that are done."""
        found = self.runs(store, job)
        return {slot for slot, run in found.items() if run.state is RunState.DONE}

    def clean(self) -> Organisation:
        """The same organisation with a new database, read by the command line alone."""
        clean = replace(
            self.organisation, database_url=f"sqlite:///{self.folder}/clean-{len(self.started)}.db"
        )
        clean.collect_and_evaluate()
        return clean

    def log(self) -> str:
        """What all of them said."""
        return "\n".join(process.said for process in self.started)


@contextmanager
def service(
    database_url: str,
    folder: Path,
    *,
    cron: str = _NEVER,
    lease: int = 3,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Service]:
    """An organisation that is empty, with nothing running yet."""
    world = World(NOW)
    world.site()
    with serve(world) as sandbox:
        made = Organisation(world, sandbox, database_url, folder / "config")
        extra = {"HEARTEN_COLLECT_CRON": cron, "HEARTEN_LEASE": str(lease)}
        running = Service(made, folder, extra | dict(settings or {}))
        try:
            yield running
        finally:
            for process in running.started:
                if process.process.poll() is None:
                    process.kill()


def teams_with_boards(world: World, ends: list[datetime]) -> str:
    """Give each team a repository, a project and a board whose sprint ends at its time."""
    site = world.sites["jira"]
    lines = ["teams:"]
    for number, end in enumerate(ends, 1):
        repo = world.repository(f"acme/app-{number}")
        for days in (40, 20, 3):
            repo.squash_merge(at=ago(days))
        site.board(number, f"T{number}")
        site.issue(f"T{number}-1", created=ago(30), moves=[(ago(20), "Done")])
        for begin, finish in ((end - timedelta(days=14), end), (end, end + timedelta(days=14))):
            site.sprint(number, f"{begin:%d %B}", start=begin, end=finish, activated=begin)
        lines += [
            f"  - id: team-{number}",
            f"    name: Team {number}",
            f"    repositories: [{{name: acme/app-{number}}}]",
            f"    jira: {{project: T{number}, board: {number}}}",
            "    sprints: {from: board}",
        ]
    return "\n".join(lines) + "\n"
