"""A repository's name is given to another one, between two runs."""

import json

from sandbox.github.repository import SandboxRepository
from tests.support.databases import on_both_engines
from tests.support.organisation import Organisation, ago

TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {evidence: deployment, environments: [production]}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
"""
API = """      - name: acme/api
        production: {evidence: deployment, environments: [production]}
"""


def ship(repo: SandboxRepository, *days: int) -> None:
    for day in days:
        repo.deploy(repo.squash_merge(at=ago(day, hours=1)), at=ago(day))


@on_both_engines
def test_its_pull_requests_are_new_and_the_results_of_the_former_one_stay(
    organisation: Organisation,
) -> None:
    ship(organisation.world.repository("acme/shop"), 120, 90, 75, 60)
    organisation.configure(TEAMS)
    organisation.collect_and_evaluate()
    before = [r for r in organisation.results("--target", "commits") if r["status"] == "met"]

    ship(organisation.world.another_repository("acme/shop", former="acme/shop-legacy"), 3, 2, 1)
    organisation.collect_and_evaluate()

    results = organisation.results("--target", "reached-production")
    counted = {item["label"]: item["at"] for r in results for item in r["evidence"]}
    new = [r for r in results if r["value"] and r["state"] != "final"]
    assert sum(r["value"] for r in new) == 3
    assert len(counted) == 4  # the new #1 to #3 beside the old ones
    after = [r for r in organisation.results("--target", "commits") if r["status"] == "met"]
    said = ("status", "value", "evidence", "state", "version", "reason")
    assert [{k: r[k] for k in said} for r in after[: len(before)]] == [
        {k: r[k] for k in said} for r in before
    ]
    doctor = json.loads(organisation.run("doctor", "--format", "json").out)
    found = [f for section in doctor for f in section["findings"] if f["about"] == "acme/shop"]
    assert any("the name means another repository" in f["what"] for f in found)
    assert not any("--since" in f["mend"] for f in found)  # it would bring nothing


def test_a_repository_made_late_under_a_used_name_was_not_missing_before(
    organisation: Organisation,
) -> None:
    quiet = organisation.world.repository("acme/api")
    ship(quiet, 400)
    ship(organisation.world.repository("acme/shop"), 120, 90, 60, 30)
    organisation.configure(TEAMS.replace("    sprints:", f"{API}    sprints:"))
    assert organisation.run("collect").code == 0
    anew = organisation.world.another_repository("acme/shop", former="acme/shop-legacy")
    anew.created_at = ago(3)
    ship(anew, 2)

    organisation.collect_and_evaluate()

    results = organisation.results("--target", "reached-production")
    ended = [r for r in results if r["status"] != "in_progress"]
    assert len(ended) >= 8
    assert {r["status"] for r in ended} <= {"no_data", "met"}
    for result in (r for r in ended if r["status"] == "no_data"):
        assert "github:acme/shop" in {gap["source"] for gap in result["gaps"]}
