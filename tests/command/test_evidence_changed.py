"""Production gets another name, and the configuration still has the former one."""

import json

import pytest

from tests.support.databases import on_both_engines
from tests.support.organisation import Organisation, ago

TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {PRODUCTION}BRANCH
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
"""
DEPLOYED = "evidence: deployment, environments: [production]"


def configured(organisation: Organisation, production: str = DEPLOYED, *, branch: str = "") -> None:
    written = f"\n        branch: '{branch}'" if branch else ""
    organisation.configure(TEAMS.replace("PRODUCTION", production).replace("BRANCH", written))


def told(organisation: Organisation) -> list[str]:
    """The days on which sprints began that say so, oldest first."""
    return [
        result["sprint"]["start"]
        for result in organisation.results("--target", "reached-production")
        if any(gap["reason"] == "evidence_changed" for gap in result["gaps"])
    ]


def findings(organisation: Organisation) -> list[str]:
    doctor = json.loads(organisation.run("doctor", "--format", "json").out)
    return [
        f["what"] for section in doctor for f in section["findings"] if f["about"] == "acme/shop"
    ]


@pytest.fixture
def moved(organisation: Organisation) -> Organisation:
    """Shipped to `production` until 100 days ago, then to `production-eu`."""
    repo = organisation.world.repository("acme/shop")
    for days in (300, 120, 100):
        repo.deploy(repo.squash_merge(at=ago(days, hours=2)), at=ago(days))
    for days in (80, 60, 40):
        change = repo.squash_merge(at=ago(days, hours=2))
        repo.deploy(change, at=ago(days), environment="production-eu")
    return organisation


@on_both_engines
def test_it_is_told_until_the_name_is_listed(moved: Organisation) -> None:
    configured(moved)
    moved.collect_and_evaluate()
    before, found = told(moved), findings(moved)

    configured(moved, DEPLOYED.replace("production]", "production, production-eu]"))
    moved.collect_and_evaluate()

    assert len(before) >= 5
    (once,) = (what for what in found if "production-eu" in what)
    assert once.startswith("`production-eu` shows production since")
    assert (told(moved), findings(moved)) == ([], [])
    assert sum(r["value"] for r in moved.results("--target", "reached-production")) == 5


def test_it_is_told_until_the_name_is_said_to_be_none_and_nothing_is_read_for_that(
    moved: Organisation,
) -> None:
    configured(moved)
    moved.collect_and_evaluate()
    before = told(moved)
    moved.sandbox.reset()

    configured(moved, f"{DEPLOYED}, not_production: ['production-.*']")
    moved.collect_and_evaluate()

    assert (bool(before), told(moved), moved.sandbox.count("github")) == (True, [], 1)
    assert findings(moved) == []


def test_a_preview_for_each_pull_request_and_a_stage_before_are_none(
    organisation: Organisation,
) -> None:
    repo = organisation.world.repository("acme/shop")
    for days in (300, 120, 100):
        repo.deploy(repo.squash_merge(at=ago(days, hours=2)), at=ago(days))
    for days in (80, 60, 40):
        pull = repo.merge(at=ago(days), written=[ago(days, hours=3)])
        head = repo.commits[pull.shas[0]]
        repo.deploy(head, at=ago(days, hours=2), environment=f"box-{days}", ref="gone")
        repo.deploy(repo.commits[pull.sha], at=ago(days), environment="staging")
    configured(organisation)

    organisation.collect_and_evaluate()

    assert (told(organisation), findings(organisation)) == ([], [])


@pytest.mark.parametrize(
    ("production", "name"),
    [
        (r"evidence: tag, tags: 'v\d+(\.\d+)*'", "release-1.5"),
        (r"evidence: release, tags: 'v\d+(\.\d+)*'", "release-1.5"),
        ("evidence: workflow, workflow: deploy.yml", "cd.yml"),
    ],
)
def test_tags_of_another_style_and_a_renamed_workflow_are_told_too(
    organisation: Organisation, production: str, name: str
) -> None:
    repo = organisation.world.repository("acme/shop")
    for number, days in enumerate((300, 120, 100, 80, 60, 40)):
        change = repo.squash_merge(at=ago(days, hours=2))
        repo.release(f"{'v' if days >= 100 else 'release-'}1.{number}", change, at=ago(days))
        repo.run("deploy.yml" if days >= 100 else "cd.yml", change, at=ago(days))
    repo.workflow_states["deploy.yml"] = "deleted"
    configured(organisation, production)

    organisation.collect_and_evaluate()

    assert len(told(organisation)) >= 5
    assert [what for what in findings(organisation) if name in what]


def test_a_workflow_that_succeeds_only_on_tags_by_now_is_told_until_they_are_written(
    organisation: Organisation,
) -> None:
    repo = organisation.world.repository("acme/shop")
    for days in (300, 120, 100, 80, 60, 40):
        change = repo.squash_merge(at=ago(days, hours=2))
        repo.run("deploy.yml", change, at=ago(days), branch="main" if days >= 100 else f"v{days}")
    production = "evidence: workflow, workflow: deploy.yml"
    configured(organisation, production)
    organisation.collect_and_evaluate()
    before, (found,) = told(organisation), findings(organisation)

    configured(organisation, production, branch="main|v.*")
    organisation.collect_and_evaluate()

    assert len(before) >= 5
    assert found.startswith("`deploy.yml` succeeds only on others than its `branch` since")
    assert (told(organisation), findings(organisation)) == ([], [])
    assert sum(r["value"] for r in organisation.results("--target", "reached-production")) == 5


def test_a_workflow_that_runs_only_once_pull_requests_are_merged_is_told_until_merges_are_listed(
    organisation: Organisation,
) -> None:
    repo = organisation.world.repository("acme/shop")
    for days in (300, 120, 100, 80, 60, 40):
        if days >= 100:
            repo.run("deploy.yml", repo.squash_merge(at=ago(days, hours=2)), at=ago(days))
            continue
        made = repo.commit(at=ago(days, hours=9), branch="work", parents=[repo.branches["main"]])
        left = repo.commit(at=ago(days, hours=1))
        repo.pull_request([made, left], merged_at=ago(days, hours=1), head="work")
        repo.run("deploy.yml", made, at=ago(days), branch="work", event="pull_request")
    ran = "evidence: workflow, workflow: deploy.yml"
    configured(organisation, ran)
    organisation.collect_and_evaluate()
    before, (found,) = told(organisation), findings(organisation)

    merges = f"{{evidence: merge, from: {ago(90):%Y-%m-%d}}}"
    stanzas = f"[{{{ran}, to: {ago(91):%Y-%m-%d}}}, {merges}]"
    organisation.configure(TEAMS.replace("{PRODUCTION}", stanzas).replace("BRANCH", ""))
    organisation.collect_and_evaluate()

    assert len(before) == 4  # from the sprint in which the first of them was
    assert found.startswith("`deploy.yml` runs only for pull requests, once they are merged")
    assert (told(organisation), findings(organisation)) == ([], [])
    assert sum(r["value"] for r in organisation.results("--target", "reached-production")) == 5


def test_a_folder_that_was_renamed_is_told_until_its_new_name_is_written(
    organisation: Organisation,
) -> None:
    repo = organisation.world.repository("acme/shop")
    repo.squash_merge(at=ago(310), files=("docs/index.md", "old/app.py"))
    for days in (300, 120, 100, 80, 60, 40, 20):
        file = "old/app.py" if days > 80 else "new/app.py"
        removed = ("old/app.py",) if days == 80 else ()
        change = repo.squash_merge(at=ago(days, hours=2), files=(file,), removed=removed)
        repo.deploy(change, at=ago(days))
    configured(organisation, f"{DEPLOYED}}}\n        paths: [old/] #")
    organisation.collect_and_evaluate()
    before = told(organisation)
    doctor = organisation.run("doctor").out

    configured(organisation, f"{DEPLOYED}}}\n        paths: [old/, new/] #")
    organisation.collect_and_evaluate()

    assert len(before) >= 4
    assert "Its folder is gone: old/, last touched on" in doctor
    assert told(organisation) == []
    assert sum(r["value"] for r in organisation.results("--target", "reached-production")) >= 5
