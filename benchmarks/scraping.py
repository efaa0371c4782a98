"""How long `/metrics` takes beside prometheus_client rendering as many samples.

    PYTHONPATH=src python -m benchmarks.scraping [TEAMS] [--postgresql URL]

Each team has 8 targets, 26 sprints and 3 sources. Both are in one process, in turns: the answer of
the app to a request, and `generate_latest` over gauges with the same labels and values.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

import httpx
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.dependencies import Service
from benchmarks.made_up import LENGTH, NOW, SPRINTS, plan
from evaluator.model.facts import Coverage, Reading
from evaluator.model.plan import Plan, Target, TargetVersion
from evaluator.model.results import Result, Sprint, State, Status
from evaluator.team_standing import source_ids
from store.store import Store

TARGETS, TURNS = 8, 5
_A_SPRINT = timedelta(days=LENGTH)


def main() -> None:
    """Make so many teams up, scrape them in turns with the baseline, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("teams", type=int, nargs="?", default=1000)
    parser.add_argument("--postgresql", help="the URL of an empty database, in place of SQLite")
    asked = parser.parse_args()
    made = _with_targets(plan(asked.teams))
    with tempfile.TemporaryDirectory() as folder:
        url = asked.postgresql or f"sqlite:///{folder}/hearten.db"
        with Store.open(url) as store:
            _keep(made, store)
            app = create_app(Service(store, lambda: NOW, version="1"))
            body = asyncio.run(_scrape(app))
            registry, samples = _same_samples(body)
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(TURNS):
                ours.append(_seconds(lambda: asyncio.run(_scrape(app))))
                theirs.append(_seconds(lambda: generate_latest(registry)))
    print(f"{asked.teams} teams, {TARGETS} targets: {samples:,} samples, {len(body):,} bytes")
    print(f"/metrics: {median(ours):.2f} s; prometheus_client alone: {median(theirs):.2f} s")
    print(f"ratio of the medians of {TURNS} turns: {median(ours) / median(theirs):.2f}")


async def _scrape(app: object) -> str:
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://hearten") as client:
        answer = await client.get("/metrics", headers={"Accept-Encoding": "identity"})
    answer.raise_for_status()
    return answer.text


def _same_samples(body: str) -> tuple[CollectorRegistry, int]:
    """Gauges with the labels and values of `body`, set beforehand, and how many samples they are.

    A histogram's and a counter's samples are gauges here too: they are few.
    """
    registry = CollectorRegistry()
    count = 0
    for family in text_string_to_metric_families(body):
        by_name: dict[str, Gauge] = {}
        for sample in family.samples:
            if sample.name not in by_name:
                by_name[sample.name] = Gauge(
                    sample.name, family.documentation, list(sample.labels), registry=registry
                )
            gauge = by_name[sample.name]
            (gauge.labels(**sample.labels) if sample.labels else gauge).set(sample.value)
            count += 1
    return registry, count


def _with_targets(made: Plan) -> Plan:
    version = TargetVersion(date(2021, 10, 1), minimum=1)
    return replace(
        made,
        targets=tuple(
            Target(f"target-{n}", f"Target {n}", "", "changes_in_production", (version,))
            for n in range(TARGETS)
        ),
    )


def _keep(made: Plan, store: Store) -> None:
    """Keep the plan, one read of every source, and every team's results."""
    store.plans.save(made, NOW)
    for team in made.teams:
        for source in source_ids(team):
            store.facts.keep(
                Reading(
                    Coverage(
                        source,
                        fingerprint="f",
                        since=NOW - SPRINTS * _A_SPRINT,
                        read_started=NOW,
                        read_finished=NOW,
                        attempt_started=NOW,
                        attempt_finished=NOW + timedelta(seconds=1),
                    )
                )
            )
        store.results.save(_results(team.id, [target.id for target in made.targets]))


def _results(team: str, targets: list[str]) -> Iterator[Result]:
    statuses = list(Status)
    for number in range(SPRINTS):
        start = NOW - timedelta(days=3) - (SPRINTS - 1 - number) * _A_SPRINT
        end = start + _A_SPRINT
        sprint = Sprint(
            start.date().isoformat(), f"Sprint {number}", start, end, start.date(),
            end + timedelta(days=1), end,
        )  # fmt: skip
        for which, target in enumerate(targets):
            yield Result(
                team=team,
                sprint=sprint,
                target=target,
                target_version=date(2021, 10, 1),
                status=statuses[(which + number) % len(statuses)],
                value=which,
                minimum=1,
                unit="changes",
                coverage=1.0,
                reason="Made up.",
                evidence=(),
                left_out=(),
                gaps=(),
                sources=(),
                state=State.FINAL,
                evaluated_at=end,
                checked_at=end,
            )


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
