"""What `/metrics` says of a record, and what it never says."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.openmetrics import parser as openmetrics_parser
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from api.app import create_app
from api.dependencies import Service
from evaluator.model.days import Days
from evaluator.model.facts import Coverage, Reading, Reason
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Plan,
    Target,
    TargetVersion,
    Team,
    TeamJira,
    TicketSource,
)
from evaluator.model.results import Result, Sprint, State, Status
from evaluator.team_standing import team_standing
from store.store import Store
from tests.store.examples import COMMIT, READ, RESULT, UNREAD
from tests.support.databases import on_both_engines
from tests.support.demo_record import NOW

Series = dict[str, list[Sample]]


def scrape(store: Store, now: datetime = NOW) -> Series:
    answer = TestClient(create_app(Service(store, lambda: now, version="1.2"))).get("/metrics")
    assert answer.status_code == 200
    found: Series = defaultdict(list)
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found[sample.name].append(sample)
    return found


def values(series: Series, name: str, **labels: str) -> list[float]:
    return [s.value for s in series[name] if labels.items() <= s.labels.items()]


def test_every_result_that_a_team_stands_with_is_there_and_nothing_else(demo: Store) -> None:
    plan = demo.plans.newest()
    assert plan
    expected: dict[tuple[str, str, str], tuple[str, int | None, int | None]] = {}
    for team in plan.teams:
        stands = team_standing(
            team, plan, demo.results.find(team=team.id), demo.facts.coverage(), NOW
        )
        for period, found in (("current", stands.current), ("last_finished", stands.last_finished)):
            for r in found.results if found else ():
                expected[team.id, r.target, period] = (r.status.value, r.value, r.minimum)

    series = scrape(demo)

    def by_key(name: str) -> dict[tuple[str, str, str], float]:
        return {
            (s.labels["team"], s.labels["target"], s.labels["period"]): s.value
            for s in series[name]
            if s.labels.get("status") is None
        }

    ones = [s.labels for s in series["hearten_target_status"] if s.value == 1]
    assert {(o["team"], o["target"], o["period"]): o["status"] for o in ones} == {
        key: status for key, (status, _, _) in expected.items()
    }
    assert len(series["hearten_target_status"]) == 6 * len(ones)
    assert by_key("hearten_target_value") == {
        k: v for k, (_, v, _) in expected.items() if v is not None
    }
    assert by_key("hearten_target_minimum") == {
        k: m for k, (_, _, m) in expected.items() if m is not None
    }
    assert {status for status, _, _ in expected.values()} == set(Status)


def test_only_the_sprint_s_own_series_name_the_sprint(demo: Store) -> None:
    named = {
        name
        for name, samples in scrape(demo).items()
        if any("sprint_id" in sample.labels for sample in samples)
    }

    assert named == {"hearten_sprint_info"}


def test_streaks_are_there_only_of_a_team_that_opted_in(demo: Store) -> None:
    streaks = scrape(demo)["hearten_streak_sprints"]

    assert {sample.labels["team"] for sample in streaks} == {"heron"}
    assert max(sample.value for sample in streaks) > 1


def test_a_source_that_was_not_read_covers_nothing_and_counts_with_its_reason(demo: Store) -> None:
    unread = {s: c.reason for s, c in demo.facts.coverage().items() if c.reason is not None}
    series = scrape(demo)

    assert unread, "the demonstration has a repository that nobody may read"
    for source, reason in unread.items():
        assert set(values(series, "hearten_data_coverage_ratio", source=source)) == {0}
        assert reason
        counted = values(series, "hearten_collector_runs_total", source=source, outcome=reason)
        assert counted == [1]
    read = {s.labels["source"] for s in series["hearten_data_coverage_ratio"]} - set(unread)
    assert all(
        values(series, "hearten_data_coverage_ratio", source=s) == [1]
        for s in read
        if s.startswith("board")
    )


@pytest.fixture
def one_team(store: Store) -> Store:
    """A team with one target, in the sprint from 3 to 17 March 2026 that settles on the 20th."""
    team = Team("heron", "Heron", Cadence(date(2026, 3, 3), 14))
    target = Target("reached-production", "", "", "changes_in_production", ())
    store.plans.save(Plan(teams=(team,), targets=(target,)), NOW)
    store.results.save([RESULT])
    return store


@pytest.mark.parametrize(
    ("day", "period"),
    [(2, None), (3, "current"), (16, "current"), (17, None), (19, None), (20, "last_finished")],
)
def test_a_sprint_that_just_closed_is_neither_the_current_nor_the_last_finished(
    one_team: Store, day: int, period: str | None
) -> None:
    series = scrape(one_team, datetime(2026, 3, day, 9, tzinfo=UTC))

    assert {s.labels["period"] for s in series["hearten_target_status"]} == {period} - {None}
    assert {s.labels["period"] for s in series["hearten_sprint_info"]} == {period} - {None}


def test_two_sprints_that_start_at_once_never_give_one_series_twice(one_team: Store) -> None:
    twin = replace(RESULT.sprint, id="jira-9", name="Sprint 9")
    one_team.results.save([replace(RESULT, sprint=twin, value=5)])

    series = scrape(one_team, RESULT.sprint.settled_at)

    assert [s.labels["sprint_id"] for s in series["hearten_sprint_info"]] == ["jira-9"]
    assert values(series, "hearten_target_value") == [5]


def test_what_was_never_counted_has_no_value_rather_than_a_zero(one_team: Store) -> None:
    one_team.results.save([replace(RESULT, status=Status.NO_DATA, value=None)])

    series = scrape(one_team, RESULT.sprint.settled_at)

    assert values(series, "hearten_target_value") == []
    assert values(series, "hearten_target_status", status="no_data") == [1]


def test_teams_and_targets_that_are_configured_no_longer_are_not_shown(one_team: Store) -> None:
    one_team.results.save([replace(RESULT, team="wren"), replace(RESULT, target="old")])

    series = scrape(one_team, RESULT.sprint.settled_at)

    shown = {(s.labels["team"], s.labels["target"]) for s in series["hearten_target_status"]}
    assert shown == {("heron", "reached-production")}


@pytest.mark.parametrize("known", [False, True], ids=["never read", "read until lately"])
def test_a_team_whose_board_cannot_be_read_has_no_data(store: Store, *, known: bool) -> None:
    board = BoardSource("jira", 42)
    agreed = (TargetVersion(date(2021, 10, 1), 1),)
    target = Target("reached-production", "", "", "changes_in_production", agreed)
    store.plans.save(Plan(teams=(Team("heron", "Heron", board),), targets=(target,)), NOW)
    store.facts.keep(Reading(replace(UNREAD, source=board.id, reason=Reason.NO_ACCESS)))
    store.results.save([RESULT] if known else [])

    series = scrape(store, RESULT.sprint.settled_at)

    statuses = {
        (s.labels["team"], s.labels["target"], s.labels["period"], s.labels["status"]): s.value
        for s in series["hearten_target_status"]
    }
    assert len(statuses) == (6 if known else 1), "of what was never read, nothing is a zero"
    assert [key for key, value in statuses.items() if value] == [
        ("heron", "reached-production", "last_finished", "no_data")
    ]
    assert series["hearten_sprint_info"] == series["hearten_target_value"] == []
    assert [s.labels["reason"] for s in series["hearten_result_reason"]] == ["no_access"]


def test_of_a_team_of_which_nothing_was_read_there_is_no_data_and_nothing_to_add_up(
    one_team: Store,
) -> None:
    board = Team("wren", "Wren", BoardSource("jira", 42))
    plan = one_team.plans.newest()
    assert plan
    (heron,) = plan.teams
    heron = replace(heron, jira=(TeamJira(TicketSource("jira", "HER")),))
    target = replace(plan.targets[0], versions=(TargetVersion(date(2021, 10, 1), 1),))
    one_team.plans.save(Plan(teams=(heron, board), targets=(target,)), NOW)
    one_team.results.save([replace(RESULT, status=Status.NO_DATA, value=None)])

    series = scrape(one_team, RESULT.sprint.settled_at)

    assert [
        (s.labels["team"], s.labels["status"], s.value) for s in series["hearten_target_status"]
    ] == [
        ("heron", "no_data", 1),
        ("wren", "no_data", 1),
    ]
    for name in ("hearten_target_value", "hearten_target_minimum", "hearten_sprint_info"):
        assert series[name] == []
    assert {s.labels["reason"] for s in series["hearten_result_reason"]} == {"stale"}
    assert [s.value for s in series["hearten_data_coverage_ratio"]] == [0, 0], "which is so"


@pytest.mark.parametrize(("last", "there"), [(date(2026, 3, 20), True), (date(2026, 3, 19), False)])
def test_a_team_that_closed_is_in_no_metric_but_for_what_is_still_asked_for_it_alone(
    one_team: Store, last: date, *, there: bool
) -> None:
    plan = one_team.plans.newest()
    assert plan
    shared, own = (TeamJira(TicketSource("jira", key)) for key in ("BOTH", "HER"))
    heron = replace(plan.teams[0], streaks=True, jira=(shared, own), active=Days(last=last))
    wren = Team("wren", "Wren", Cadence(date(2026, 3, 3), 14), jira=(shared,))
    one_team.plans.save(replace(plan, teams=(heron, wren)), NOW)

    series = scrape(one_team, RESULT.sprint.settled_at)

    of_heron = {
        name
        for name, samples in series.items()
        if any(s.labels.get("team") == "heron" for s in samples)
    }
    assert ("hearten_target_status" in of_heron) is there
    assert ("hearten_streak_sprints" in of_heron) is there
    read = values(series, "hearten_data_coverage_ratio", team="heron")
    assert len(read) == (2 if there else 1)
    assert len(values(series, "hearten_data_coverage_ratio", team="wren")) == 1


@on_both_engines
def test_a_paused_streak_is_not_shown(store: Store) -> None:
    team = Team("heron", "Heron", Cadence(date(2026, 3, 3), 14), streaks=True)
    target = Target("reached-production", "", "", "changes_in_production", ())
    store.plans.save(Plan(teams=(team,), targets=(target,)), NOW)
    store.results.save([_sprint(0, Status.MET), _sprint(1, Status.MET)])
    running = scrape(store)
    store.results.save([_sprint(n, Status.NO_DATA) for n in (2, 3, 4)])

    assert values(running, "hearten_streak_sprints", team="heron") == [2]
    assert values(scrape(store), "hearten_streak_sprints") == []


def _sprint(number: int, status: Status) -> Result:
    old = RESULT.sprint
    move = timedelta(days=14 * number)
    sprint = Sprint(
        f"jira-{number}", f"Sprint {number}", old.start + move, old.end + move,
        old.first_day + move, old.settled_at + move, None,
    )  # fmt: skip
    state = State.PROVISIONAL if status is Status.NO_DATA else State.FINAL
    return replace(RESULT, sprint=sprint, status=status, state=state)


@on_both_engines
def test_reads_are_counted_whoever_made_them(store: Store) -> None:
    for took, coverage in ((1, READ), (100, READ), (1, UNREAD)):
        assert coverage.attempt_started
        ended = coverage.attempt_started + timedelta(seconds=took)
        store.facts.keep(Reading(replace(coverage, attempt_finished=ended), commits=(COMMIT,)))

    series = scrape(store)

    runs = {s.labels["outcome"]: s.value for s in series["hearten_collector_runs_total"]}
    assert runs == {"read": 2, "rate_limited": 1}
    assert values(series, "hearten_collector_items_total", kind="commit") == [1]
    buckets = {s.labels["le"]: s.value for s in series["hearten_collector_duration_seconds_bucket"]}
    assert (buckets["0.5"], buckets["1.0"], buckets["300.0"], buckets["+Inf"]) == (0, 2, 3, 3)
    assert values(series, "hearten_collector_duration_seconds_sum") == [102]


def test_the_rate_limit_is_the_newest_answer_s_also_of_a_read_that_did_not_close(
    store: Store,
) -> None:
    assert scrape(store)["hearten_github_rate_limit_remaining"] == []

    for left in (4990, 4980, None):
        store.facts.keep(Reading(READ, requests_left=left))
    assert values(scrape(store), "hearten_github_rate_limit_remaining") == [4980]

    store.facts.keep(Reading(Coverage("github:a/b", reason=Reason.RATE_LIMITED), requests_left=0))
    assert values(scrape(store), "hearten_github_rate_limit_remaining") == [0]


def test_what_the_collector_was_told_of_the_rate_limit_is_shown(demo: Store) -> None:
    [left] = values(scrape(demo), "hearten_github_rate_limit_remaining")

    assert 4000 < left < 5000


def test_openmetrics_is_given_where_it_is_asked_for_and_means_the_same(demo: Store) -> None:
    client = TestClient(create_app(Service(demo, lambda: NOW, version="1.2")))
    plain = client.get("/metrics", headers={"Accept-Encoding": "identity"})
    openmetrics = client.get(
        "/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}
    )

    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "content-encoding" not in plain.headers
    assert openmetrics.headers["content-encoding"] == "gzip"
    assert openmetrics.headers["content-type"].startswith("application/openmetrics-text")
    assert openmetrics.text.endswith("# EOF\n")
    as_plain = [s for f in text_string_to_metric_families(plain.text) for s in f.samples]
    parse: Any = openmetrics_parser.text_string_to_metric_families
    as_openmetrics = [s for f in parse(openmetrics.text) for s in f.samples]
    key = repr
    assert sorted(map(key, as_openmetrics)) == sorted(map(key, as_plain))


OPENMETRICS = "application/openmetrics-text; version=1.0.0"
PLAIN = "text/plain; version=0.0.4"


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        pytest.param("*/*", PLAIN, id="anything"),
        pytest.param("application/openmetrics-text", OPENMETRICS, id="any OpenMetrics"),
        pytest.param("text/plain; version=abc", PLAIN, id="a version that is no number"),
        pytest.param("application/openmetrics-text;version=x", PLAIN, id="no number either"),
        pytest.param("application/openmetrics-text;version=99.1", PLAIN, id="a later version"),
        pytest.param(
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4",
            OPENMETRICS,
            id="as Prometheus 3 asks",
        ),
    ],
)
def test_an_odd_wish_is_given_what_there_is(store: Store, accept: str, given: str) -> None:
    client = TestClient(create_app(Service(store, lambda: NOW, version="1.2")))

    answer = client.get("/metrics", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(given)


def test_an_empty_record_can_be_scraped_too(store: Store) -> None:
    series = scrape(store)

    assert [s.labels for s in series["hearten_build_info"]] == [{"version": "1.2"}]
    assert values(series, "hearten_runs_total", run="collect", outcome="done") == [0]
    assert "hearten_target_status" not in series
