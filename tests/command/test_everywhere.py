"""What the jobs found, wherever it is looked at: doctor, REST, metrics and pages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from collector.jira.collector import JiraCollector
from hearten import wiring
from hearten.runs import jobs
from hearten.settings import read_settings
from store.store import Store
from tests.command.doctor.examining import examined
from tests.support.organisation import NOW, Organisation, ago
from tests.support.quiet import Quiet

DAY = timedelta(days=1)
NO_CODE = '{reached-production: "No code.", commits: "No code."}'
SITES = pytest.mark.parametrize("site", ["jira", "legacy"], ids=["Cloud", "Data Center"])


@contextmanager
def looking(organisation: Organisation) -> Iterator[TestClient]:
    """Somebody who looks at what the jobs kept."""
    with Store.open(organisation.database_url) as store:
        yield TestClient(create_app(Service(store, lambda: NOW, version="1")))


def heron(organisation: Organisation, jira: str, sprints: str = "") -> None:
    """Configure one team with these entries below `jira`, and a Data Center site."""
    url = organisation.sandbox.jira_url("legacy")
    organisation.configure(
        f"teams:\n  - id: heron\n    name: Heron\n    jira: {jira}\n{sprints}"
        f"    not_applicable: {NO_CODE}\n",
        hearten=f"jira_sites: {{legacy: {{url: '{url}', token_env: HEARTEN_JIRA_TOKEN}}}}",
    )


def cadence(days_ago: int) -> str:
    first = ago(days_ago).date().isoformat()
    return f"    sprints: {{from: cadence, first_day: {first}, length_days: 14}}\n"


@pytest.mark.parametrize("known", [False, True], ids=["never read", "read until lately"])
def test_a_board_that_cannot_be_read_is_no_data_everywhere(
    organisation: Organisation, *, known: bool
) -> None:
    site = organisation.world.sites["jira"]
    site.issue("HER-1", created=ago(90), moves=[(ago(70), "Done")])
    board = site.board(7, "HER", readable=known)
    begun = ago(60)
    end = begun + 14 * DAY
    site.sprint(7, "Heron 1", start=begun, end=end, activated=begun, completed=end)
    heron(organisation, "{project: HER, board: 7}")
    if known:
        organisation.collect_and_evaluate()
        board.readable = False

    collected = organisation.run("collect")
    organisation.run("evaluate")

    assert collected.code == 1
    _, sections = examined(organisation)
    assert [f["about"] for f in sections["Jira `jira`"]["findings"]] == ["board 7"]
    with looking(organisation) as client:
        status = client.get("/api/v1/teams/heron/status").json()
        metrics = client.get("/metrics").text
        pages = {path: client.get(path).text for path in ("/", "/teams/heron", "/data")}
    assert status["unreadable"]["source"] == "board:jira:7"
    assert (status["unreadable"]["reason"], status["last_finished"]) == ("no_access", None)
    no_data = 'period="last_finished",status="no_data",target="tickets-done",team="heron"} 1'
    assert no_data in metrics.replace("1.0", "1")
    assert "No data" in pages["/"]
    assert "No data" in pages["/teams/heron"]
    assert "Jira board 7" in pages["/data"]


def test_a_source_that_every_team_has_left_is_missing_nowhere(organisation: Organisation) -> None:
    site = organisation.world.sites["jira"]
    for key in ("OLD", "HER"):
        site.issue(f"{key}-1", created=ago(170), moves=[(ago(160), "Done")])
        site.issue(f"{key}-2", created=ago(40), moves=[(ago(30), "Done")])
    last, following = (ago(days).date().isoformat() for days in (28, 27))
    heron(
        organisation,
        f"[{{project: OLD, to: {last}}}, {{project: HER, from: {following}}}]",
        cadence(56),
    )
    organisation.collect_and_evaluate()
    site.projects["OLD"] = replace(site.projects["OLD"], readable=False)
    for key in ("OLD-1", "OLD-2"):
        site.delete(key)

    organisation.collect_and_evaluate()

    _, sections = examined(organisation)
    assert sections["Jira `jira`"]["findings"] == []
    assert not any("OLD" in detail for detail in sections["Jira `jira`"]["details"])
    assert sections["Database"]["ok"]
    with looking(organisation) as client:
        coverage = client.get("/api/v1/coverage").json()["sources"]
        status = client.get("/api/v1/teams/heron/status").json()
        metrics = client.get("/metrics").text
        data = client.get("/data").text
    assert [each["source"] for each in coverage] == ["jira:jira:HER"]
    assert status["gaps"] == []
    read = 'hearten_collector_last_success_timestamp_seconds{source="jira:jira:%s"}'
    assert read % "HER" in metrics
    assert read % "OLD" not in metrics
    assert "Jira project HER" in data
    assert "Jira project OLD" not in data


def run_at(organisation: Organisation, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run both jobs by a clock that shows `at`."""
    for name, value in organisation.environment.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    plan = wiring.load_plan(settings, None)
    sites = {site.name: site for site in wiring.sites_at_hand(settings)}
    by_clock = JiraCollector(sites, clock=lambda: at)
    collectors = replace(wiring.connect(settings, plan), jira=by_clock)
    with Store.open(organisation.database_url) as store:
        collected = jobs.collect(plan, store, collectors, Quiet(), clock=lambda: at)
        collectors.close()
        assert collected.unread == []
        jobs.evaluate(plan, store, Quiet(), now=at)


@SITES
def test_tickets_that_left_their_project_are_no_open_work_and_no_open_action(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    jira = organisation.world.sites[site]
    jira.issue("HER-9", created=ago(150), moves=[(ago(140), "Done")])
    jira.issue("HER-1", created=ago(40), moves=[(ago(39), "In Progress")])
    for number in (2, 3, 4):
        action = jira.issue(f"HER-{number}", created=ago(40), labels=["retro-action"])
        jira.move(action, ago(39), "In Progress")
    archived = jira.issues["HER-4"]
    heron(organisation, f"{{project: HER, site: {site}}}", cadence(7))
    run_at(organisation, NOW - 2 * DAY, monkeypatch)
    jira.delete("HER-2")
    jira.transfer("HER-3", "OWL-1", ago(1))
    archived.archived = ago(1)

    run_at(organisation, NOW, monkeypatch)

    with looking(organisation) as client:
        work, retro = (client.get(f"/teams/heron/{page}").text for page in ("work", "retro"))
    assert "HER-1" in work
    assert [key for key in ("HER-2", "HER-3", "HER-4") if key in work + retro] == []
    by_start = sorted(organisation.results("--target", "tickets-done"), key=_start)
    left = [[item["label"] for item in each["left_out"]] for each in by_start]
    assert left[-1] == ["HER-2"]
    assert "no_access" not in json.dumps(by_start)


def _start(result: dict[str, dict[str, str]]) -> str:
    return result["sprint"]["start"]
