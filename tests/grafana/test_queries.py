"""Every query of the dashboards, asked of a real Prometheus that scrapes the demonstration.

Two replicas are scraped, and the past was imported as docs/metrics.md says.
"""

import subprocess
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.dependencies import Service
from api.metrics.history import openmetrics
from evaluator.team_standing import source_ids
from grafana.build.words import STATUSES
from store.store import Store
from tests.grafana.dashboards import Asked, asked, variable_queries
from tests.support.demo_record import NOW
from tests.support.prometheus_server import (
    Prometheus,
    needs_prometheus,
    needs_promtool,
    prometheus,
)
from tests.support.served_app import served

pytestmark = [needs_prometheus, needs_promtool]
WORDS = {number: name for name, (number, _, _) in STATUSES.items()}
DAY = 86400


@pytest.fixture(scope="module")
def running(demo: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus that knows the past and scrapes two replicas."""
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "history.txt").write_bytes(openmetrics(demo, NOW))
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "history.txt", "data"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    app = create_app(Service(demo, lambda: NOW, version="1"))
    with served(app) as one, served(app) as two, prometheus(folder, one, two) as found:
        found.wait_for("count(count_over_time(hearten_build_info[5m]) >= 3) == 2")
        yield found


def of(dashboard: str, panel: str, ref: str = "A") -> str:
    """A query of the dashboards, for the team heron and cells of 14 days."""
    [query] = [q for q in asked() if (q.dashboard, q.panel, q.ref) == (dashboard, panel, ref)]
    return query.with_variables(team="heron", cell="14d")


@pytest.mark.parametrize("query", asked(), ids=str)
def test_every_query_answers(running: Prometheus, query: Asked) -> None:
    promql = query.with_variables(team="heron", cell="14d")

    if query.instant:
        found = running.wait_for(promql)  # a scrape that comes late leaves nothing for a moment
    else:
        now = _now(running)
        found = running.get("query_range", query=promql, start=now - DAY, end=now, step=60)[
            "result"
        ]

    assert found


@pytest.mark.parametrize(("dashboard", "series", "label"), variable_queries())
def test_the_variable_lists_every_team_that_has_a_sprint(
    running: Prometheus, demo: Store, dashboard: str, series: str, label: str
) -> None:
    listed = running.get(f"label/{label}/values", **{"match[]": series})

    assert dashboard == "one-team.json"
    assert listed == sorted({g.team for g in demo.results.summaries(shown_at=NOW)})


@pytest.mark.parametrize("period", ["current", "last_finished"])
def test_the_tiles_and_the_grid_say_what_the_record_says(
    running: Prometheus, demo: Store, period: str
) -> None:
    title = {"current": "Current sprint", "last_finished": "Last finished sprint"}[period]
    tiles = running.query(of("one-team.json", title))
    grid = running.query(of("all-teams.json", title))

    expected = {
        (g.team, g.target): g.status.value
        for g in demo.results.summaries(shown_at=NOW)
        if (g.settled_at <= NOW) == (period == "last_finished") and not g.end <= NOW < g.settled_at
    }
    found = {(s["metric"]["team"], s["metric"]["target"]): _word(s["value"][1]) for s in grid}
    assert found == expected
    assert {s["metric"]["target"]: _word(s["value"][1]) for s in tiles} == {
        target: status for (team, target), status in expected.items() if team == "heron"
    }


def test_each_cell_of_the_history_is_the_sprint_that_had_finished_by_then(
    running: Prometheus, demo: Store
) -> None:
    now = _now(running)
    step = 14 * DAY
    first = (now - 182 * DAY) // step * step
    query = of("one-team.json", "Status, sprint by sprint")
    found = running.get("query_range", query=query, start=first, end=now, step=step)["result"]

    by_target = defaultdict(list)
    for result in demo.results.find(team="heron"):
        if result.sprint.settled_at <= NOW:
            by_target[result.target].append(result)
    assert {series["metric"]["target"] for series in found} == set(by_target)
    for series in found:
        results = by_target[series["metric"]["target"]]
        ends = [result.sprint.end.timestamp() for result in results]
        for at, value in series["values"]:
            assert _word(value) == results[bisect_right(ends, at) - 1].status.value
        shown = [results[bisect_right(ends, at) - 1].sprint.id for at, _ in series["values"]]
        assert len(shown) >= 11
        assert len(set(shown)) == len(shown), "each cell is another sprint"


def test_the_history_goes_over_from_what_was_imported_to_what_is_scraped(
    running: Prometheus,
) -> None:
    query = of("one-team.json", "Status, sprint by sprint")
    long_ago = running.query(query, time=(NOW - timedelta(days=60)).timestamp())
    scraped = running.query(query)
    tiles = running.query(of("one-team.json", "Last finished sprint"))

    assert long_ago
    assert _by_target(scraped) == _by_target(tiles)


def test_data_as_of_is_the_oldest_of_the_team_s_sources(running: Prometheus, demo: Store) -> None:
    plan, coverage = demo.plans.newest(), demo.facts.coverage()
    assert plan
    expected: dict[str, float] = {}
    for team in plan.teams:
        known = [coverage[s].read_started for s in source_ids(team) if s in coverage]
        dates = [at.timestamp() for at in known if at is not None]
        if dates:
            expected[team.id] = 1000 * min(dates)

    found = running.query(of("all-teams.json", "What is known of each team"))

    assert {s["metric"]["team"]: float(s["value"][1]) for s in found} == expected


def test_without_a_scrape_the_panels_of_now_are_empty_and_so_say_no_data(tmp_path: Path) -> None:
    with prometheus(tmp_path) as alone:
        for panel in ("Current sprint", "Last finished sprint", "Data as of"):
            assert alone.query(of("one-team.json", panel)) == []


def _now(running: Prometheus) -> float:
    [answer] = running.query("vector(time())")
    return float(answer["value"][1])


def _word(value: str) -> str:
    return WORDS[int(float(value))]


def _by_target(series: list[dict[str, Any]]) -> dict[str, str]:
    return {s["metric"]["target"]: s["value"][1] for s in series}
