"""History for Prometheus: OpenMetrics text that promtool takes and Prometheus answers from."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics import parser
from prometheus_client.samples import Sample
from typer.testing import CliRunner

from api.metrics.history import openmetrics
from evaluator.model.plan import Cadence, Plan, Target, Team
from evaluator.model.results import Status
from hearten.cli import app
from store.store import Store
from tests.store.examples import RESULT
from tests.support.demo_record import NOW
from tests.support.prometheus_server import needs_prometheus, needs_promtool, prometheus

_parse: Any = parser.text_string_to_metric_families
LAST = 'last_over_time(hearten_target_status{job="", period="last_finished"}[35d])'


def samples(text: bytes, name: str) -> list[Sample]:
    return [s for family in _parse(text.decode()) for s in family.samples if s.name == name]


@pytest.fixture
def one_result(store: Store) -> Store:
    """One team with one result, of a sprint that ended on 17 March 2026."""
    team = Team("heron", "Heron", Cadence(RESULT.sprint.first_day, 14))
    target = Target(RESULT.target, "", "", "changes_in_production", ())
    store.plans.save(Plan(teams=(team,), targets=(target,)), NOW)
    store.results.save([RESULT])
    return store


def test_a_result_is_one_sample_at_its_sprint_s_end(one_result: Store) -> None:
    text = openmetrics(one_result, NOW)

    statuses = samples(text, "hearten_target_status")
    assert {s.labels["status"]: s.value for s in statuses} == {
        status.value: float(status is Status.MET) for status in Status
    }
    ended = RESULT.sprint.end.timestamp()
    everything = [s for family in _parse(text.decode()) for s in family.samples]
    assert {float(s.timestamp or 0) for s in everything} == {ended}
    assert [s.value for s in samples(text, "hearten_target_value")] == [2]
    assert [s.labels["sprint_id"] for s in samples(text, "hearten_sprint_info")] == ["jira-8"]


def test_a_sprint_that_has_not_settled_is_no_history_yet(one_result: Store) -> None:
    before = openmetrics(one_result, RESULT.sprint.settled_at - timedelta(seconds=1))
    settled = openmetrics(one_result, RESULT.sprint.settled_at)

    assert samples(before, "hearten_target_status") == []
    assert len(samples(settled, "hearten_target_status")) == 6


def test_of_two_sprints_that_end_at_once_a_series_has_one_value(one_result: Store) -> None:
    one_result.results.save([replace(RESULT, sprint=replace(RESULT.sprint, id="jira-9"), value=5)])

    text = openmetrics(one_result, NOW)

    assert [s.value for s in samples(text, "hearten_target_value")] == [5]
    assert [s.labels["sprint_id"] for s in samples(text, "hearten_sprint_info")] == ["jira-9"]


def test_every_settled_result_of_the_demonstration_is_there_in_order_of_time(demo: Store) -> None:
    settled = [r for r in demo.results.find() if r.sprint.settled_at <= NOW]

    text = openmetrics(demo, NOW)

    ones = [s for s in samples(text, "hearten_target_status") if s.value == 1]
    assert {
        (s.labels["team"], s.labels["target"], float(s.timestamp or 0), s.labels["status"])
        for s in ones
    } == {(r.team, r.target, r.sprint.end.timestamp(), r.status.value) for r in settled}
    series: dict[str, list[float]] = {}
    for family in _parse(text.decode()):
        for s in family.samples:
            series.setdefault(f"{s.name}{s.labels}", []).append(float(s.timestamp))
    assert all(times == sorted(set(times)) for times in series.values())
    assert text.endswith(b"# EOF\n")


def test_the_command_writes_the_days_asked_for_to_a_file_or_to_standard_output(
    demo_url: str, tmp_path: Path
) -> None:
    def run(*options: str) -> Any:
        env = {"HEARTEN_DATABASE_URL": demo_url}
        return CliRunner().invoke(app, ["export", "openmetrics", *options], env=env)

    everything, none = run(), run("--to", "2021-01-01")
    late = run("--from", f"{NOW - timedelta(days=60):%Y-%m-%d}", "-o", str(tmp_path / "late.txt"))
    nowhere = run("-o", str(tmp_path / "no" / "folder"))

    assert (everything.exit_code, none.exit_code, late.exit_code) == (0, 0, 0)
    assert samples(none.stdout.encode(), "hearten_target_status") == []
    written = samples((tmp_path / "late.txt").read_bytes(), "hearten_target_status")
    assert 0 < len(written) < len(samples(everything.stdout.encode(), "hearten_target_status"))
    assert (tmp_path / "late.txt").stat().st_mode & 0o777 == 0o600
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (2, True)


def test_before_anything_was_read_the_command_says_what_to_run(tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app,
        ["export", "openmetrics"],
        env={"HEARTEN_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"},
    )

    assert (ran.exit_code, "hearten collect" in ran.stderr) == (2, True)


@needs_prometheus
@needs_promtool
def test_prometheus_answers_sprint_by_sprint_from_blocks_that_promtool_made(
    demo: Store, tmp_path: Path
) -> None:
    (tmp_path / "history.txt").write_bytes(openmetrics(demo, NOW))
    blocks = ["create-blocks-from", "--max-block-duration=768h"]  # of two hours there are thousands
    command = ["promtool", "tsdb", *blocks, "openmetrics", "history.txt", "data"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    settled = [r for r in demo.results.find(team="heron") if r.sprint.settled_at <= NOW]

    with prometheus(tmp_path) as running:
        for result in settled:
            just_after = result.sprint.end + timedelta(minutes=1)
            found = running.query(
                f"max by (team, target, status) ({LAST} == 1)", time=just_after.timestamp()
            )
            said = {
                f["metric"]["target"]: f["metric"]["status"]
                for f in found
                if f["metric"]["team"] == "heron"
            }
            assert said[result.target] == result.status.value
    assert len({result.sprint.id for result in settled}) > 10
