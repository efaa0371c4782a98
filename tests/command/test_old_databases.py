"""A database of an earlier version, opened by this one: nothing final is lowered.

But for what was not met and has no witness: that becomes No data, with its cause.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from tests.support.databases import on_both_engines
from tests.support.old_database import rewrite
from tests.support.organisation import NOW, Organisation, ago

FIRST = (NOW - timedelta(days=100)).date()
CADENCE = f"sprints: {{from: cadence, first_day: {FIRST}, length_days: 14}}"
TEAMS = f"""
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {{evidence: deployment, environments: [production]}}
    jira: {{project: HER}}
    {CADENCE}
  - id: linnet
    name: Linnet
    jira: {{project: LIN}}
    {CADENCE}
    not_applicable: {{reached-production: "No code.", commits: "No code."}}
"""
EXCUSED = f"""
excused:
  - team: heron
    from: {FIRST + timedelta(days=70)}
    to: {FIRST + timedelta(days=83)}
    reason: reduced_capacity
"""
Results = dict[tuple[str, str, str], dict[str, Any]]


def results(organisation: Organisation) -> Results:
    return {(r["team"], r["sprint"]["id"], r["target"]["id"]): r for r in organisation.results()}


@pytest.fixture
def old(organisation: Organisation, tmp_path: Path) -> Organisation:
    """Production and Done tickets are seen from 60 days ago on; of Linnet, none was ever Done."""
    shop = organisation.world.repository("acme/shop")
    site = organisation.world.sites["jira"]
    for number, days in enumerate((62, 34, 6), start=1):
        shop.deploy(shop.squash_merge(at=ago(days)), at=ago(days, hours=-1))
        site.issue(f"HER-{number}", created=ago(90), moves=[(ago(days), "Done")])
    site.issue("LIN-1", created=ago(90), moves=[(ago(40), "In Progress")])
    organisation.configure(TEAMS, excused=EXCUSED)
    today = replace(organisation, database_url=f"sqlite:///{tmp_path}/today.db")
    assert today.run("collect").code == 0
    assert today.run("evaluate").code == 0
    rewrite(create_engine(today.database_url), organisation.database_url)
    return organisation


@on_both_engines
def test_only_what_was_not_met_without_a_witness_becomes_no_data(old: Organisation) -> None:
    before = results(old)
    final = {place for place, r in before.items() if r["state"] == "final"}

    old.collect_and_evaluate()

    after = results(old)
    lowered = {place for place in final if after[place]["status"] != before[place]["status"]}
    assert {before[place]["status"] for place in lowered} == {"not_met"}
    assert {after[place]["status"] for place in lowered} == {"no_data"}
    for place in lowered:
        assert after[place]["version"] == 2
        assert after[place]["cause"].startswith("Judged again on ")
        assert (
            "nothing shows" in after[place]["cause"] or "no ticket of it" in after[place]["cause"]
        )
    for place in final - lowered:
        assert after[place] | {"checked_at": ""} == before[place] | {"checked_at": ""}
    kept = {(place[2], before[place]["status"]) for place in final - lowered}
    assert kept >= {
        ("reached-production", "not_met"),
        ("reached-production", "met"),
        ("tickets-done", "not_met"),
        ("tickets-done", "met"),
        ("reached-production", "excused"),
        ("reached-production", "not_applicable"),
    }
    assert {(place[0], place[2]) for place in lowered} == {
        ("heron", "reached-production"),
        ("heron", "commits"),
        ("heron", "tickets-done"),
        ("linnet", "tickets-done"),
    }
    old.collect_and_evaluate()
    again = results(old)
    assert {p: r | {"checked_at": ""} for p, r in again.items()} == {
        p: r | {"checked_at": ""} for p, r in after.items()
    }


def test_it_is_judged_at_once_by_what_is_known_and_nothing_is_lost(old: Organisation) -> None:
    """The first evaluation after an upgrade may come before the first collection."""
    before = results(old)

    assert old.run("evaluate").code == 0

    after = results(old)
    assert after.keys() == before.keys()
    for place, result in before.items():
        if result["state"] == "final" and result["status"] != "not_met":
            assert after[place]["status"] == result["status"]
            assert after[place]["value"] == result["value"]
