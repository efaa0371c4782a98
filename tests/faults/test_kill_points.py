"""Kills a run at any moment, runs again, and compares with a database that saw no kill.

A handful of points by default; pytest on this file with `TEST_KILL_POINTS=200` tries that
many on each engine. The moments are random, from TEST_KILL_SEED; `--junitxml FILE` counts them.
"""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from pydantic_settings import BaseSettings

from sandbox.world import World
from tests.faults.growing import Growing
from tests.support.database_dump import kept
from tests.support.databases import on_both_engines
from tests.support.organisation import NOW, Organisation
from tests.support.sandbox_servers import serve

SOURCE = Path(__file__).parents[2] / "src"
A_SERIES = 20  # points on one database; the first of them finds it empty
JOBS = ("collect", "evaluate")


class KillSettings(BaseSettings):
    """How many points, and which."""

    test_kill_points: int = 3
    test_kill_seed: int = 0


SETTINGS = KillSettings()
SERIES = [
    min(A_SERIES, SETTINGS.test_kill_points - first)
    for first in range(0, SETTINGS.test_kill_points, A_SERIES)
]


@dataclass(frozen=True)
class Moment:
    """A moment of a run: so many requests or lines of its log after its start, and a little."""

    sign: str  # "start", "request" or "line": each line of the log is one commit
    number: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:.4f} s after {self.sign} {self.number}"


@dataclass
class Running:
    """A run in a process of its own."""

    process: subprocess.Popen[str]
    organisation: Organisation
    lines: int = 0

    def kill(self, moment: Moment) -> bool:
        """Kill it at `moment`; return whether it was still running."""
        while self._seen(moment.sign) < moment.number and self.process.poll() is None:
            time.sleep(0.0005)
        time.sleep(moment.seconds)
        self.process.kill()
        return self.process.wait() == -signal.SIGKILL

    def _seen(self, sign: str) -> int:
        match sign:
            case "request":
                return len(self.organisation.sandbox.log)
            case "line":
                return self.lines
            case _:
                return 0


@contextmanager
def running(organisation: Organisation, job: str) -> Iterator[Running]:
    """Run `hearten JOB` in a process of its own."""
    organisation.sandbox.reset()
    process = subprocess.Popen(
        [sys.executable, "-m", "hearten", job],
        env=organisation.environment | {"PYTHONPATH": str(SOURCE)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    run = Running(process, organisation)
    reader = threading.Thread(target=_count_lines, args=(run,))
    with process:
        reader.start()
        try:
            yield run
        finally:
            process.kill()
            reader.join()


def _count_lines(run: Running) -> None:
    assert run.process.stderr
    for _ in run.process.stderr:
        run.lines += 1


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an undisturbed run takes here, from the start of its process."""
    folder = tmp_path_factory.mktemp("pace")
    with organisation(f"sqlite:///{folder}/pace.db", folder) as (undisturbed, _):
        begin = time.monotonic()
        with running(undisturbed, "collect") as run:
            assert run.process.wait() == 0
        return time.monotonic() - begin


@contextmanager
def organisation(database_url: str, folder: Path) -> Iterator[tuple[Organisation, Growing]]:
    """An organisation that can grow, and its command."""
    world = World(NOW)
    world.site()
    growing = Growing(world)
    with serve(world) as sandbox:
        made = Organisation(world, sandbox, database_url, folder / "config")
        growing.configure(made)
        yield made, growing


@pytest.mark.slow
@pytest.mark.parametrize(
    ("series", "points"),
    [pytest.param(index, points, id=f"series {index}") for index, points in enumerate(SERIES)],
)
@on_both_engines
def test_after_a_kill_at_any_moment_the_next_run_ends_as_if_nothing_had_happened(
    database_url: str,
    tmp_path: Path,
    *,
    seconds: float,
    series: int,
    points: int,
    record_property: Callable[[str, object], None],
) -> None:
    random = Random(f"{SETTINGS.test_kill_seed} {database_url.partition(':')[0]} {series}")
    clean_url = f"sqlite:///{tmp_path}/clean.db"
    hit: Counter[str] = Counter()
    with organisation(database_url, tmp_path) as (disturbed, growing):
        clean = replace(disturbed, database_url=clean_url)
        while hit.total() < points:
            job = JOBS[(hit.total() + series) % len(JOBS)]
            moment = _moment(random, job, seconds)
            if job == "evaluate":
                assert disturbed.run("collect").code == 0
            with running(disturbed, job) as run:
                hit[f"{job} {moment.sign}"] += run.kill(moment)

            disturbed.collect_and_evaluate()
            clean.collect_and_evaluate()

            assert kept(database_url) == kept(clean_url), f"{job} was killed {moment}"
            growing.grow()
    record_property("killed", dict(hit))


def _moment(random: Random, job: str, seconds: float) -> Moment:
    signs = ("start", "line", "request") if job == "collect" else ("start", "line")
    match random.choice(signs):
        case "start":
            return Moment("start", 0, random.uniform(0, seconds))
        case sign:
            # Up to 20 ms later: within the commit of what comes next.
            return Moment(sign, random.randint(1, 9), random.choice((0, random.uniform(0, 0.02))))
