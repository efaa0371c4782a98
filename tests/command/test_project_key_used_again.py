"""A Jira project's key is given to another project, between two days."""

import json
from datetime import datetime

import pytest

from collector.github.connection import GitHubConnection
from collector.jira.site import JiraSite
from evaluator.measures import MEASURES
from evaluator.retro_actions import is_open
from hearten.config.loading import load
from hearten.runs import jobs
from hearten.wiring import collectors_of
from sandbox.jira.site import Site
from store.store import Store
from tests.support.organisation import EMAIL, TOKEN, Organisation, ago
from tests.support.quiet import Quiet

TEAMS = """
teams:
  - id: heron
    name: Heron
    jira: {project: HER, site: SITE}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {reached-production: "No code.", commits: "No code."}
"""
SITES = pytest.mark.parametrize("name", ["jira", "legacy"], ids=["Cloud", "Data Center"])


def judge(organisation: Organisation, now: datetime) -> None:
    """Run both jobs as they were at `now`."""
    urls = {name: organisation.sandbox.jira_url(name) for name in ("jira", "legacy")}
    github = GitHubConnection(organisation.sandbox.github_url, token=TOKEN)
    plan = load(
        organisation.config,
        sites={"jira": urls["jira"]},
        github_html=github.html_url,
        measures=MEASURES,
        today=now.date(),
    )
    sites = [
        JiraSite("jira", urls["jira"], EMAIL, TOKEN),
        JiraSite("legacy", urls["legacy"], "", TOKEN),
    ]
    organisation.world.now, real = now, organisation.world.now
    collectors = collectors_of(github, sites, plan, clock=lambda: now)
    store = Store.open(organisation.database_url)
    try:
        jobs.collect(plan, store, collectors, Quiet(), clock=lambda: now)
        jobs.evaluate(plan, store, Quiet(), now=now)
    finally:
        store.close()
        collectors.close()
        organisation.world.now = real


def open_work(organisation: Organisation, name: str) -> set[str]:
    store = Store.open(organisation.database_url)
    try:
        return {t.key for t in store.facts.tickets([f"jira:{name}:HER"]) if is_open(t)}
    finally:
        store.close()


def of_former(site: Site) -> None:
    for number, days in enumerate((150, 120, 90, 60), start=1):
        site.issue(f"HER-{number}", created=ago(160), moves=[(ago(days), "Done")])
    for number in range(5, 12):
        site.issue(f"HER-{number}", created=ago(50), moves=[(ago(40), "In Progress")])


def configure(organisation: Organisation, name: str) -> Site:
    url = organisation.sandbox.jira_url("legacy")
    hearten = f"jira_sites: {{legacy: {{url: '{url}', token_env: HEARTEN_JIRA_TOKEN}}}}"
    organisation.configure(TEAMS.replace("SITE", name), hearten=hearten)
    return organisation.world.sites[name]


@SITES
@pytest.mark.parametrize(
    ("former", "created"),
    [("HERON", 1), ("", 20)],
    ids=["renamed, and new tickets", "deleted, and tickets of before"],
)
def test_the_former_ones_tickets_are_no_work_and_its_results_stay(
    organisation: Organisation, name: str, former: str, created: int
) -> None:
    site = configure(organisation, name)
    of_former(site)
    judge(organisation, ago(2))
    finals = [r for r in organisation.results("--target", "tickets-done") if r["state"] == "final"]
    assert any(r["status"] == "met" for r in finals)

    site.another_project("HER", former=former)
    site.issue("HER-1", created=ago(created), moves=[(ago(0, hours=12), "Done")])
    site.issue("HER-2", created=ago(created), moves=[(ago(0, hours=11), "In Progress")])
    organisation.collect_and_evaluate()

    assert open_work(organisation, name) == {"HER-2"}
    after = {r["sprint"]["id"]: r for r in organisation.results("--target", "tickets-done")}
    said = ("status", "value", "evidence", "state", "version", "reason")
    for result in finals:
        again = after[result["sprint"]["id"]]
        assert [again[key] for key in said] == [result[key] for key in said]
    newest = [r for r in after.values() if r["state"] != "final" and r["value"]]
    assert [item["label"] for r in newest for item in r["evidence"]] == ["HER-1"]
    doctor = json.loads(organisation.run("doctor", "--format", "json").out)
    found = [f["what"] for section in doctor for f in section["findings"]]
    assert any("the name means another Jira project: its number was" in what for what in found)
