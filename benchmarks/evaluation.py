"""How long `evaluate` takes beside reading its facts once, and how much memory it needs.

    PYTHONPATH=src python -m benchmarks.evaluation [TEAMS] [--profile FILE]

Each team has 2 repositories of 200 commits, 40 pull requests and 60 deployments, 240 tickets, 26
sprints and 3 targets. The first evaluation works out reach and writes every result; the second
one finds nothing new. One scan reads every row of the facts' tables once, as the store gives them
(facts), or as the database's driver does (rows).
"""

import argparse
import cProfile
import gc
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.made_up import NOW, SPRINTS, keep_everything, plan
from benchmarks.quiet import Quiet
from evaluator.model.plan import Plan
from evaluator.team_standing import source_ids
from hearten.runs import jobs
from store.store import Store

_FACTS = ("commits", "events", "tickets", "sprints", "coverage")


def main() -> None:
    """Make so many teams up, evaluate them twice, and print the times beside those of a scan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("teams", type=int, nargs="?", default=1000)
    parser.add_argument("--profile", type=Path)
    asked = parser.parse_args()
    gc.freeze()  # both as the command does
    gc.set_threshold(50_000)
    made = plan(asked.teams)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hearten.db"
        with Store.open(f"sqlite:///{file}") as store:
            keep_everything(made, store)
            before = _most_memory()
            profile = cProfile.Profile()
            if asked.profile:
                profile.enable()
            first = _seconds(lambda: jobs.evaluate(made, store, Quiet(), now=NOW))
            profile.disable()
            later = NOW + timedelta(hours=1)
            again = _seconds(lambda: jobs.evaluate(made, store, Quiet(), now=later))
            after = _most_memory()
            facts = _seconds(lambda: _read(made, store))
        rows = _seconds(lambda: _scan(file))
        if asked.profile:
            profile.dump_stats(asked.profile)
    results = asked.teams * SPRINTS * len(made.targets)
    print(f"{asked.teams} teams, about {results:,} results")
    print(f"one scan: {facts:.1f} s as facts, {rows:.1f} s as bare rows")
    for name, seconds in (("first evaluation", first), ("second, nothing new", again)):
        print(
            f"{name}: {seconds:.1f} s, {seconds / facts:.1f} times the scan as facts, "
            f"{seconds / rows:.0f} times as bare rows"
        )
    print(f"most memory: {before} MiB before, {after} MiB after")


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _read(made: Plan, store: Store) -> None:
    for team in made.teams:
        store.facts.find(source_ids(team))


def _scan(file: Path) -> None:
    connection = sqlite3.connect(file)
    for table in _FACTS:
        for _ in connection.execute(f"SELECT * FROM {table}"):
            pass
    connection.close()


def _most_memory() -> int:
    """The most memory that this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
