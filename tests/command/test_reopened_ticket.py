"""The one ticket of a filter that was ever Done is reopened, after sprints were judged by it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from evaluator.model.results import Result, State, Status
from hearten.wiring import MAIN_SITE
from sandbox.world import World
from store.store import Store
from tests.support.told_worlds import day, judged

TEAMS = """
teams:
  - id: heron
    name: Heron
    jira: {jql: 'labels = web'}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {reached-production: "No code.", commits: "No code."}
"""


def story(world: World) -> Iterator[datetime]:
    site = world.sites[MAIN_SITE]
    yield day("2026-01-06")
    issue = site.issue("HER-1", created=day("2026-01-06"), labels=["web"])
    yield day("2026-01-12")
    site.move(issue, day("2026-01-12"), "Done")
    yield day("2026-02-16")
    site.move(issue, day("2026-02-16"), "In Progress")


def test_what_was_not_met_with_that_witness_stays(store: Store, tmp_path: Path) -> None:
    reads = [day("2026-01-13"), day("2026-02-10"), day("2026-02-17"), day("2026-03-10")]

    results = judged(story, TEAMS, reads, date(2026, 1, 1), store=store, config=tmp_path)

    by_day = {r.sprint.first_day.isoformat(): r for r in results if r.target == "tickets-done"}
    ended = [by_day[one] for one in ("2026-01-19", "2026-02-02", "2026-02-16")]
    assert [_said(one) for one in ended] == [(Status.NOT_MET, State.FINAL, 1)] * 3
    assert by_day["2026-01-05"].status is Status.MET


def _said(result: Result) -> tuple[Status, State, int]:
    return result.status, result.state, result.version
