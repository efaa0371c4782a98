"""Commands beside the imports that they cannot do without: processor time of whole processes.

Each turn starts every process once, one after the other, so that whatever else the machine does
slows all; what is printed are medians, of the seconds and of each turn's ratio.

Run by hand: `PYTHONPATH=src .venv/bin/python -m benchmarks.startup`
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

import hearten
from benchmarks.made_up import NOW, keep_everything, plan
from benchmarks.quiet import Quiet
from hearten.config.files import init
from hearten.runs import jobs
from hearten.settings import Settings
from hearten.wiring import load_plan
from store.store import Store

TEAMS, TURNS = 12, 15
TERMINAL = "import typer, rich.table, rich.progress"
TABLES = "import typer, rich.table, sqlmodel"


@dataclass(frozen=True, slots=True)
class Case:
    """A command in a folder of its own, what it is held against, and at most how many times."""

    name: str
    arguments: Sequence[str]
    folder: Path
    beside: str
    most: float


def main() -> None:
    """Print how long each command takes, as a ratio to what it is held against."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        cases = _cases(Path(folder))
        took: dict[str, list[float]] = {each: [] for each in (TERMINAL, TABLES)}
        took |= {case.name: [] for case in cases}
        for _ in range(turns + 1):
            for imports in (TERMINAL, TABLES):
                took[imports].append(_seconds(["-c", imports], Path(folder)))
            for case in cases:
                took[case.name].append(_seconds(["-m", "hearten", *case.arguments], case.folder))
    took = {name: seconds[1:] for name, seconds in took.items()}  # the first one filled the caches
    for imports in (TERMINAL, TABLES):
        print(f"{imports}: {median(took[imports]):.3f} s")
    for case in cases:
        ratios = [mine / its for mine, its in zip(took[case.name], took[case.beside], strict=True)]
        print(
            f"{case.name}: {median(took[case.name]):.3f} s, {median(ratios):.2f} times "
            f"`{case.beside}`, at most {case.most}"
        )


def _cases(folder: Path) -> list[Case]:
    """The commands, with the configuration and the databases that they read."""
    files, checked, judged = (folder / name for name in ("files", "checked", "judged"))
    for each in (files, checked, judged):
        init(each / "config")
    with _store(checked) as store:
        settings = Settings(config=checked / "config", jira_url="https://jira.example.org")
        store.plans.save(load_plan(settings, None), NOW)
    with _store(judged) as store:
        made = plan(TEAMS)
        store.plans.save(made, NOW)
        keep_everything(made, store)
        jobs.evaluate(made, store, Quiet(), now=NOW)
    check = ("config", "check")
    return [
        Case("hearten --help", ("--help",), folder, TERMINAL, 3),
        Case("hearten config check, no database yet", check, files, TERMINAL, 6),
        Case("hearten config check", check, checked, TERMINAL, 6),
        Case(f"hearten status, {TEAMS} teams", ("status",), judged, TABLES, 1.6),
    ]


def _store(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder}/var/hearten.sqlite3")


def _seconds(arguments: Sequence[str], folder: Path) -> float:
    """The processor time of a whole process, its own and what the system did for it."""
    environment = {
        **os.environ,  # noqa: TID251 - the child's
        "PYTHONPATH": str(Path(hearten.__file__).parents[1]),
        "HEARTEN_JIRA_URL": "https://jira.example.org",
    }
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
