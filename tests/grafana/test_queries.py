"""Every query of the dashboards, asked of a real Prometheus that scrapes the demonstration.

Two replicas are scraped, and the past was imported as docs/metrics.md says.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from evaluator.model.results import ResultSummary, Status
from evaluator.team_standing import source_ids
from grafana.build.words import REASONS, STATUSES
from store.store import Store
from tests.grafana import dashboards
from tests.grafana.conftest import RETRO, UNSEEN, Asked
from tests.grafana.dashboards import Variable, annotations, asked, variable_queries, with_variables
from tests.pages.html import Page
from tests.support.demo_record import NOW
from tests.support.prometheus_server import needs_prometheus, needs_promtool, prometheus

pytestmark = [needs_prometheus, needs_promtool]
WORDS = {number: word for number, word, _ in STATUSES.values()}
DAY = 86400


def of(dashboard: str, panel: str, ref: str = "A") -> str:
    """A query of the dashboards, for the team heron and cells of 14 days."""
    [query] = [q for q in asked() if (q.dashboard, q.panel, q.ref) == (dashboard, panel, ref)]
    return query.with_variables()


@pytest.mark.parametrize("query", asked(), ids=str)
def test_every_query_answers(running: Asked, query: dashboards.Asked) -> None:
    # heron lacks nothing: of the panel that says why, another team has something to say
    team = "unseen" if query.panel == "Why there is no data" else "heron"
    promql = query.with_variables(team=team)

    found = running.now(promql) if query.instant else running.over(promql, running.at - DAY, 60)

    assert found


@pytest.mark.parametrize("variable", variable_queries(), ids=lambda v: f"{v.dashboard}-{v.name}")
def test_a_variable_lists_names_and_takes_ids(
    running: Asked, demo: Store, variable: Variable
) -> None:
    plan = demo.plans.newest()
    assert plan
    teams = (*plan.teams, UNSEEN)
    listed = {
        "group": {(t.group, t.group) for t in teams if t.group},
        "team": {(t.name, t.id) for t in teams},
        "target": {(t.title, t.id) for t in (*plan.targets, RETRO)},
        "cell": {("14", "14")},
    }

    if variable.label:
        path = f"label/{variable.label}/values"
        values = running.prometheus.get(path, **{"match[]": variable.series})
        found = {(each, each) for each in values}
    else:
        answer = running.now(with_variables(variable.series))
        found = {each for s in answer for each in variable.read(s["metric"], s["value"][1])}

    assert found == listed[variable.name]


def test_a_team_whose_sprints_nobody_knows_has_cells_of_a_fortnight(running: Asked) -> None:
    [cell] = [v for v in variable_queries() if v.name == "cell"]

    [answer] = running.now(with_variables(cell.series, team="unseen"))

    assert answer["value"][1] == "14"


@pytest.mark.parametrize("period", ["current", "last_finished"])
def test_the_tiles_and_the_grids_say_what_the_record_says(
    running: Asked, demo: Store, period: str
) -> None:
    title = {"current": "Current sprint", "last_finished": "Last finished sprint"}[period]
    names, titles = _names(demo)
    stretch = f"To stretch for, {title.lower()}"
    tiles = [s for panel in (title, stretch) for s in running.now(of("one-team.json", panel))]
    grids = [title, stretch] if period == "last_finished" else [title]
    grid = [s for panel in grids for s in running.now(of("all-teams.json", panel))]

    expected = {
        (names[g.team], titles[g.target]): g.status.words for g in _shown(demo) if _in(g, period)
    }
    assert {(s["metric"]["title"]): _word(s["value"][1]) for s in tiles} == {
        target: status for (team, target), status in expected.items() if team == "Heron"
    }
    shown = {
        (names[s["metric"]["team"]], s["metric"]["title"]): _word(s["value"][1])
        for s in grid
        if s["metric"]["team"] != UNSEEN.id
    }
    kept = {s["metric"]["title"] for s in grid}
    assert shown == {key: status for key, status in expected.items() if key[1] in kept}
    if period == "last_finished":
        assert kept == {*titles.values(), RETRO.title}


@pytest.mark.parametrize(
    "panel",
    ["Last finished sprint", "Current sprint", "To stretch for, last finished sprint"],
)
def test_a_team_whose_board_cannot_be_read_has_its_row_in_every_grid(
    running: Asked, panel: str
) -> None:
    rows = [s["metric"] for s in running.now(of("all-teams.json", panel, "T"))]
    statuses = running.now(of("all-teams.json", panel))

    assert {"team": "unseen", "name": "Unseen board", "group": "Elsewhere"} in rows
    said = [_word(s["value"][1]) for s in statuses if s["metric"]["team"] == "unseen"]
    assert set(said) == {"No data"}


def test_a_group_that_is_chosen_leaves_only_its_teams(running: Asked) -> None:
    [query] = [
        q
        for q in asked()
        if (q.dashboard, q.panel, q.ref) == ("all-teams.json", "Current sprint", "T")
    ]

    found = running.now(query.with_variables(group="(Elsewhere|Nowhere)"))

    assert [s["metric"]["name"] for s in found] == ["Unseen board"]


def test_why_there_is_no_data_is_said_by_name_and_in_words(running: Asked) -> None:
    found = [s["metric"] for s in running.now(of("all-teams.json", "Why there is no data"))]

    assert {m["name"] for m in found} >= {"Unseen board"}
    unseen = [m for m in found if m["team"] == "unseen"]
    assert {m["reason"] for m in unseen} == {"no_access"}
    assert RETRO.title in {m["title"] for m in unseen}
    assert {m["reason"] for m in found} <= set(REASONS)


@pytest.mark.parametrize("team", ["heron", "fulmar", "knot"])
def test_a_team_s_panels_say_what_its_pages_say(running: Asked, demo: Store, team: str) -> None:
    browser = TestClient(create_app(Service(demo, lambda: NOW, version="1")))
    titles, last = _names(demo)[1], "Last finished sprint"
    panels = (last, f"To stretch for, {last.lower()}")
    queries = [q for q in asked() if q.dashboard == "one-team.json"]

    def shown(panel: str, ref: str = "A") -> dict[str, str]:
        [query] = [q for q in queries if (q.panel, q.ref) == (panel, ref)]
        answer = running.now(query.with_variables(team=team))
        return {s["metric"]["title"]: s["value"][1] for s in answer}

    words = {t: _word(value) for panel in panels for t, value in shown(panel).items()}
    counted, least = (shown("Counted, and asked for at least", ref) for ref in "CD")
    compared = 0
    for g in _shown(demo):
        if g.team == team and _in(g, "last_finished"):
            html = browser.get(f"/teams/{team}/sprints/{g.sprint_id}/{g.target}").text
            page, title = Page(html), titles[g.target]
            tags = [e.text for e in page.all("strong") if "nhsuk-tag" in e.attributes["class"]]
            assert words[title] == tags[0].strip()
            if g.status in {Status.MET, Status.NOT_MET}:
                said = rf"\b{counted[title]} \w+ .*The target is at least {least[title]}\."
                assert re.search(said, " ".join(page.words.split()))
            compared += 1
    assert compared == len(words) > 0


def test_each_cell_of_the_history_is_the_sprint_that_had_finished_by_then(
    running: Asked, demo: Store
) -> None:
    step = 14 * DAY
    first = (running.at - 182 * DAY) // step * step
    panels = ("Status, sprint by sprint", "To stretch for, sprint by sprint")
    found = [s for panel in panels for s in running.over(of("one-team.json", panel), first, step)]

    by_target = _settled(demo)
    assert {series["metric"]["target"] for series in found} == set(by_target)
    for series in found:
        results = by_target[series["metric"]["target"]]
        ends = [result.sprint.end.timestamp() for result in results]
        for at, value in series["values"]:
            assert _word(value) == results[bisect_right(ends, at) - 1].status.words
        shown = [results[bisect_right(ends, at) - 1].sprint.id for at, _ in series["values"]]
        assert len(shown) >= 11
        assert len(set(shown)) == len(shown), "each cell is another sprint"


@pytest.mark.parametrize(("ref", "what"), [("A", "value"), ("B", "minimum")])
def test_each_bar_and_its_line_are_of_the_sprint_that_had_finished_by_then(
    running: Asked, demo: Store, ref: str, what: str
) -> None:
    step = 14 * DAY
    first = (running.at - 182 * DAY) // step * step
    [series] = running.over(of("one-team.json", "${target:text}", ref), first, step)

    results = _settled(demo)["reached-production"]
    ends = [result.sprint.end.timestamp() for result in results]
    assert len(series["values"]) >= 11
    for at, value in series["values"]:
        assert int(value) == getattr(results[bisect_right(ends, at) - 1], what)


def test_the_history_goes_over_from_what_was_imported_to_what_is_scraped(running: Asked) -> None:
    query = of("one-team.json", "Status, sprint by sprint")
    before = (NOW - timedelta(days=60)).timestamp()
    tiles = running.now(of("one-team.json", "Last finished sprint"))

    assert {s["values"][0][0] for s in running.over(query, before, DAY)} == {before}
    assert _by_target(running.now(query)) == _by_target(tiles)


def test_marks_stand_at_each_sprint_s_end_and_where_targets_change(
    running: Asked, demo: Store
) -> None:
    plan = demo.plans.newest()
    assert plan
    marks = {
        each["name"]: {
            (tuple(sorted(s["metric"].items())), float(value) / 1000)
            for s in running.over(with_variables(each["expr"]), running.at - 182 * DAY, DAY)
            for _, value in s["values"]
        }
        for each in annotations()
    }

    ends = {
        ((("sprint_name", r.sprint.name),), r.sprint.end.timestamp())
        for r in _settled(demo)["reached-production"]
        if r.sprint.end.timestamp() > running.at - 182 * DAY
    }
    assert marks["Sprint ends"] == ends
    titles = {dict(labels)["title"] for labels, _ in marks["Targets change"]}
    assert titles == {target.title for target in (*plan.targets, RETRO)}
    assert {dict(labels)["closure"] for labels, _ in marks["Closed"]} == {
        closure.name for closure in plan.closures
    }


def test_data_as_of_is_the_oldest_of_the_team_s_sources(running: Asked, demo: Store) -> None:
    plan, coverage = demo.plans.newest(), demo.facts.coverage()
    assert plan
    expected: dict[str, float] = {}
    for team in plan.teams:
        known = [coverage[s].read_started for s in source_ids(team) if s in coverage]
        dates = [at.timestamp() for at in known if at is not None]
        if dates:
            expected[team.name] = 1000 * min(dates)

    found = running.now(of("all-teams.json", "What is known of each team"))

    shown = {s["metric"]["name"]: float(s["value"][1]) for s in found}
    assert shown.pop(UNSEEN.name)
    assert shown == expected


def test_without_a_scrape_the_panels_of_now_are_empty_and_so_say_no_data(tmp_path: Path) -> None:
    with prometheus(tmp_path) as alone:
        for panel in ("Current sprint", "Last finished sprint", "Data as of"):
            assert alone.query(of("one-team.json", panel)) == []


def _shown(demo: Store) -> list[ResultSummary]:
    return demo.results.summaries(shown_at=NOW)


def _in(glance: ResultSummary, period: str) -> bool:
    settled = glance.settled_at <= NOW
    return settled if period == "last_finished" else not settled and glance.end > NOW


def _names(demo: Store) -> tuple[dict[str, str], dict[str, str]]:
    """The teams' names and the targets' titles, by id."""
    plan = demo.plans.newest()
    assert plan
    return {t.id: t.name for t in plan.teams}, {t.id: t.title for t in plan.targets}


def _settled(demo: Store) -> dict[str, list[Any]]:
    """The results of heron's settled sprints, in order, by target."""
    by_target = defaultdict(list)
    for result in demo.results.find(team="heron"):
        if result.sprint.settled_at <= NOW:
            by_target[result.target].append(result)
    return by_target


def _word(value: str) -> str:
    return WORDS[int(float(value))]


def _by_target(series: list[dict[str, Any]]) -> dict[str, str]:
    return {s["metric"]["target"]: s["value"][1] for s in series}
