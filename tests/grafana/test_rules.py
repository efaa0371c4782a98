"""Rules and alerts for Prometheus: right, tested one by one, and about hearten alone."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.metrics.registry import COUNTERS, GAUGES, HISTOGRAMS
from tests.grafana.dashboards import BANNED
from tests.support.prometheus_server import needs_promtool

FOLDER = Path("grafana/prometheus")
RULES = sorted(FOLDER.glob("*.y*ml"))
KNOWN = {*GAUGES, *HISTOGRAMS, *(f"{name}_total" for name in COUNTERS)}
RESULTS = {"hearten_target_status", "hearten_target_value", "hearten_streak_sprints"}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "hearten.alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def promtool(*arguments: str) -> str:
    ran = subprocess.run(
        ["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@needs_promtool
def test_promtool_finds_the_rules_right() -> None:
    assert "6 rules found" in promtool("check", "rules", "hearten.alerts.yaml")
    assert "3 rules found" in promtool("check", "rules", "hearten.rules.yaml")
    assert "is valid" in promtool("check", "config", "--syntax-only", "prometheus.yml")


@needs_promtool
def test_each_alert_fires_when_it_should_and_not_before() -> None:
    promtool("test", "rules", "tests/hearten.test.yaml")


def test_every_rule_has_a_test() -> None:
    tests = (FOLDER / "tests" / "hearten.test.yaml").read_text()
    names = [alert["alert"] for alert in alerts()]
    records = re.findall(r"record: (\S+)", (FOLDER / "hearten.rules.yaml").read_text())

    assert [name for name in names if f"alertname: {name}" not in tests] == []
    assert [name for name in records if name not in tests + str(alerts())] == []


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_goes_to_the_operator_says_what_to_do_and_is_about_no_result(
    alert: dict[str, Any],
) -> None:
    assert alert["labels"]["audience"] == "operator"
    assert alert["annotations"]["action"].endswith(".")
    assert not any(name in alert["expr"] for name in RESULTS)


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.name)
def test_the_rules_ask_only_for_metrics_that_there_are(file: Path) -> None:
    named = set(re.findall(r"(?<![:\w])hearten_\w+", file.read_text()))

    assert named <= KNOWN


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.name)
def test_only_words_that_hearten_uses_are_in_the_rules(file: Path) -> None:
    assert BANNED.findall(file.read_text()) == []
