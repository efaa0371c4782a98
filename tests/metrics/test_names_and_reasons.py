"""`/metrics` says names once, why there is no data by a code, and when versions begin."""

from dataclasses import replace
from datetime import UTC, date, datetime
from operator import itemgetter

import pytest

from evaluator.measures import MEASURES
from evaluator.model.days import Days
from evaluator.model.facts import Reason
from evaluator.model.plan import Cadence, Closure, Plan, Target, TargetVersion, Team, VersionStatus
from evaluator.model.results import Gap, Status
from store.store import Store
from tests.metrics.test_what_is_scraped import scrape
from tests.store.examples import RESULT
from tests.support.databases import on_both_engines
from tests.support.demo_record import NOW


@on_both_engines
@pytest.mark.parametrize(
    ("gaps", "codes"),
    [
        ((), ["too_few"]),
        ((Gap("b", Reason.STALE), Gap("a", Reason.NO_ACCESS), Gap("c", Reason.STALE)),
         ["no_access", "stale"]),
    ],
)  # fmt: skip
def test_where_there_is_no_data_it_says_why_by_a_code_and_never_in_a_sentence(
    store: Store, gaps: tuple[Gap, ...], codes: list[str]
) -> None:
    team = Team("heron", "Heron", Cadence(RESULT.sprint.first_day, 14))
    target = Target("reached-production", "", "", "changes_in_production", ())
    store.plans.save(Plan(teams=(team,), targets=(target,)), NOW)
    store.results.save([replace(RESULT, status=Status.NO_DATA, value=None, gaps=gaps)])

    series = scrape(store, RESULT.sprint.settled_at)

    of = {"team": "heron", "target": "reached-production", "period": "last_finished"}
    assert [s.labels for s in series["hearten_result_reason"]] == [
        {**of, "reason": code} for code in codes
    ]


def test_only_what_has_no_data_has_a_reason(demo: Store) -> None:
    series = scrape(demo)
    key = itemgetter("team", "target", "period")

    explained = {key(s.labels) for s in series["hearten_result_reason"]}
    lacking = [s for s in series["hearten_target_status"] if s.labels["status"] == "no_data"]
    assert explained == {key(s.labels) for s in lacking if s.value}
    assert {s.labels["reason"] for s in series["hearten_result_reason"]} <= {*Reason, "too_few"}


def test_teams_and_targets_have_their_names(demo: Store) -> None:
    plan, series = demo.plans.newest(), scrape(demo)
    assert plan

    assert [s.labels for s in series["hearten_team_info"]] == [
        {"team": t.id, "name": t.name, "group": t.group} for t in plan.teams
    ]
    assert [
        (s.labels["target"], s.labels["title"], s.labels["unit"], s.labels["stretch"])
        for s in series["hearten_target_info"]
    ] == [
        (t.id, t.title, MEASURES[t.measure].unit, "true" if t.stretch else "false")
        for t in plan.targets
    ]


def test_agreed_versions_and_closures_say_when_they_begin_in_local_time(store: Store) -> None:
    agreed = TargetVersion(date(2026, 7, 1), 2)
    idea = TargetVersion(date(2026, 9, 1), 3, status=VersionStatus.PROPOSED)
    target = Target("reached-production", "", "", "changes_in_production", (agreed, idea))
    closure = Closure(Days(date(2026, 12, 24), date(2026, 12, 31)), "Winter break")
    store.plans.save(Plan(teams=(), targets=(target,), closures=(closure, closure)), NOW)

    series = scrape(store)

    [version] = series["hearten_target_version_start_timestamp_seconds"]
    assert (version.labels["version"], version.labels["minimum"]) == ("2026-07-01", "2")
    assert version.value == datetime(2026, 6, 30, 23, tzinfo=UTC).timestamp()
    [closed] = series["hearten_closure_start_timestamp_seconds"]
    assert closed.labels == {
        "closure": "Winter break", "first_day": "2026-12-24", "last_day": "2026-12-31",
    }  # fmt: skip
    assert closed.value == datetime(2026, 12, 24, tzinfo=UTC).timestamp()
