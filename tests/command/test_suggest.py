"""`hearten suggest`: from a repository's name to its stanza, with what that would count."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from hearten.cli import app
from sandbox.demo.world import demo_world
from sandbox.github.records import TokenAccess
from sandbox.github.repository import SandboxRepository
from sandbox.people import personal_strings
from sandbox.world import World
from store.store import Store
from tests.support.organisation import NOW, TOKEN, Organisation, Ran, ago
from tests.support.sandbox_servers import serve

TEAM = """
teams:
  - id: heron
    name: Heron
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
    repositories:
"""
SHOP = "acme/shop"
Build = Callable[[SandboxRepository], object]


@pytest.fixture
def organisation(tmp_path: Path, sqlite_tables: Path) -> Iterator[Organisation]:
    world = World(NOW)
    world.site()
    with serve(world) as sandbox:
        database = f"sqlite:///{tmp_path}/hearten.db"
        yield Organisation(world, sandbox, database, tmp_path / "config", tables=sqlite_tables)


@pytest.fixture
def shop(organisation: Organisation) -> SandboxRepository:
    """A repository with two commits that are older than all that ships them."""
    repo = organisation.world.repository(SHOP)
    repo.commit(at=ago(100))
    repo.commit(at=ago(95))
    return repo


def stanzas(ran: Ran) -> list[dict[str, Any]]:
    """What the output says as YAML: comments are none of it."""
    found: list[dict[str, Any]] = yaml.safe_load(ran.out)
    return found


def deployed(repo: SandboxRepository) -> None:
    for day in range(20, 5, -1):
        repo.deploy(repo.branches["main"], "Production-EU", at=ago(day))
        repo.deploy(repo.branches["main"], "live", at=ago(day))
        repo.deploy(repo.branches["main"], "pre-production", at=ago(day))
        repo.deploy(repo.branches["main"], "staging", at=ago(day))
    repo.release("v1.0", repo.branches["main"], at=ago(5))


def deployed_until_releases_began(repo: SandboxRepository) -> None:
    for day in (150, 140, 130):
        repo.deploy(repo.branches["main"], "production", at=ago(day))
    for number in range(4):
        repo.release(f"v2.{number}", repo.branches["main"], at=ago(30 - number))


def never_deployed_and_released(repo: SandboxRepository) -> None:
    repo.deploy(repo.branches["main"], at=ago(9), statuses=[("failure", ago(9))])
    repo.release("v1.0", repo.branches["main"], at=ago(8))
    repo.release("v1.1", repo.branches["main"], at=ago(7))
    repo.release("v1.2-rc1", repo.branches["main"], at=ago(6))


def released_long_ago_and_tagged(repo: SandboxRepository) -> None:
    repo.release("v1.0", repo.branches["main"], at=ago(400))
    for day in (14, 13, 12):
        repo.tag(f"dev-{ago(day):%Y-%m-%d}.{day}", repo.branches["main"])
        repo.tag(f"production-{ago(day):%Y-%m-%d}.{day}", repo.branches["main"])


def pre_releases_and_tags(repo: SandboxRepository) -> None:
    repo.release("2.0", repo.branches["main"], at=ago(4), prerelease=True)
    for number in range(8, 12):
        repo.tag(f"1.{number}.0", repo.branches["main"])


def run_workflows(repo: SandboxRepository) -> None:
    for day in (9, 8):
        repo.run("ci.yml", repo.branches["main"], at=ago(day))
        repo.run("deploy-staging.yml", repo.branches["main"], at=ago(day))
        repo.run("deploy.yml", repo.branches["main"], at=ago(day))
        repo.run("release-prod.yml", repo.branches["main"], at=ago(day))
    repo.run("a-deploy.yml", repo.branches["main"], at=ago(7), conclusion="failure")
    repo.run("release-prod.yml", repo.branches["main"], at=ago(6), event="pull_request", fork=None)


def merged(repo: SandboxRepository) -> None:
    repo.deploy(repo.branches["main"], "staging", at=ago(3))
    repo.tag("nightly", repo.branches["main"])
    repo.run("ci.yml", repo.branches["main"], at=ago(2))


@pytest.mark.parametrize(
    ("build", "production"),
    [
        pytest.param(
            deployed,
            {"evidence": "deployment", "environments": ["Production-EU", "live"]},
            id="deployments to what is called production",
        ),
        pytest.param(
            deployed_until_releases_began,
            {"evidence": "release", "tags": r"v\d+(\.\d+)*"},
            id="releases, where deployments ended before they began",
        ),
        pytest.param(
            never_deployed_and_released,
            {"evidence": "release", "tags": r"v\d+(\.\d+)*"},
            id="releases, where no deployment succeeded",
        ),
        pytest.param(
            released_long_ago_and_tagged,
            {"evidence": "tag", "tags": r"production-\d{4}-\d{2}-\d{2}.*", "at": "%Y-%m-%d"},
            id="dated tags, where releases were given up",
        ),
        pytest.param(
            pre_releases_and_tags,
            {"evidence": "tag", "tags": r"\d+(\.\d+)*"},
            id="version tags, where nothing is fully released",
        ),
        pytest.param(
            run_workflows,
            {"evidence": "workflow", "workflow": "release-prod.yml"},
            id="a workflow, where there is nothing else",
        ),
        pytest.param(merged, {"evidence": "merge"}, id="merges otherwise"),
    ],
)
def test_the_best_of_what_there_is_can_be_pasted_and_counts_exactly_what_is_shown(
    organisation: Organisation, shop: SandboxRepository, build: Build, production: dict[str, Any]
) -> None:
    build(shop)

    ran = organisation.run("suggest", SHOP)
    shown = json.loads(organisation.run("suggest", SHOP, "--format", "json").out)
    organisation.configure(TEAM + ran.out)
    organisation.collect_and_evaluate()
    with Store.open(organisation.database_url) as store:
        kept = sorted((e.at, e.url, e.sha) for e in store.facts.events(f"github:{SHOP}") if e.at)

    assert ran.code == 0
    assert stanzas(ran) == [{"name": SHOP, "production": production}]
    assert shown[0]["stanza"] == stanzas(ran)[0]
    events = [(e["at"], e["url"], e["sha"]) for e in shown[0]["candidates"][0]["events"]]
    assert events
    assert sorted(events) == [
        (at.isoformat().replace("+00:00", "Z"), url, sha) for at, url, sha in kept[-10:]
    ]


def merged_after_the_deployment(repo: SandboxRepository) -> None:
    for day in (9, 6):
        commit = repo.commit(at=ago(day), branch=f"work-{day}", parents=[repo.branches["main"]])
        repo.deploy(commit, at=ago(day), ref=f"work-{day}")
        repo.pull_request([commit], merged_at=ago(day - 1), head=f"work-{day}")


def run_on_release_branches(repo: SandboxRepository) -> None:
    for day in (9, 6):
        repo.run("deploy.yml", repo.branches["main"], at=ago(day), branch=f"release/{day}")


@pytest.mark.parametrize(
    ("build", "entry", "said"),
    [
        pytest.param(
            merged_after_the_deployment,
            {
                "production": {
                    "evidence": "deployment",
                    "environments": ["production"],
                    "before_merge": True,
                }
            },
            "# 2 of 2 deployments are of pull requests that were merged only later.",
            id="deployed and then merged",
        ),
        pytest.param(
            run_on_release_branches,
            {
                "branch": "release/.*",
                "production": {"evidence": "workflow", "workflow": "deploy.yml"},
            },
            "# It succeeded on `release/6`, `release/9`, and never on `main`.",
            id="run on release branches",
        ),
    ],
)
def test_what_it_takes_to_count_can_be_pasted_too_and_is_explained(
    organisation: Organisation,
    shop: SandboxRepository,
    build: Build,
    entry: dict[str, Any],
    said: str,
) -> None:
    build(shop)

    ran = organisation.run("suggest", SHOP)
    shown = json.loads(organisation.run("suggest", SHOP, "--format", "json").out)
    organisation.configure(TEAM + ran.out)
    checked = organisation.run("config", "check")

    assert stanzas(ran) == [{"name": SHOP, **entry}]
    assert shown[0]["stanza"] == stanzas(ran)[0]
    assert said in ran.out
    assert checked.code == 0, checked.messages


def test_what_is_in_its_place_is_explained_as_well(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    for environment in ("prod-eu", "prod-us"):
        shop.deploy(shop.branches["main"], environment, at=ago(200))
    shop.deploy(shop.branches["main"], "github-pages", at=ago(5))
    run_on_release_branches(shop)

    ran = organisation.run("suggest", SHOP, "--all")

    assert "# In its place, if that is not what your production is:" in ran.out
    assert "the first of these counts. List only the last, `prod-us`," in ran.out
    assert "# `github-pages` is a site that shows pages" in ran.out
    assert "long before what is newest there" in ran.out


def test_an_address_that_all_events_share_is_told_once(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    for number in range(3):
        shop.deploy(shop.branches["main"], "production", at=ago(9 - number))

    out = organisation.run("suggest", SHOP).out

    assert f"the newest 3, at {organisation.sandbox.github_url}/{SHOP}/deployments/" in out
    assert out.count("/deployments/") == 1


def test_the_newest_ten_and_the_alternatives_stand_beside_it_as_comments(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    deployed(shop)

    ran = organisation.run("suggest", SHOP)

    comments = [line.strip() for line in ran.out.splitlines() if line.strip().startswith("#")]
    assert "# 30 of the deployments looked at would count; the newest 10:" in comments
    assert sum("/deployments/" in line for line in comments) == 10
    assert any("{evidence: release, tags: 'v\\d+(\\.\\d+)*'}" in line for line in comments)
    assert any("{evidence: merge}  # not looked at; --all does" in line for line in comments)
    assert any("Environments seen: " in line and "staging" in line for line in comments)


def test_with_all_workflows_and_merges_are_looked_at_as_well(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    deployed(shop)
    run_workflows(shop)

    ran = organisation.run("suggest", SHOP, "--all", "--format", "json")

    (found,) = json.loads(ran.out)
    kinds = [candidate["production"]["evidence"] for candidate in found["candidates"]]
    assert kinds == ["deployment", "release", "tag", "workflow", "workflow", "merge"]
    assert found["candidates"][-1]["seen"] == 2


def test_a_repository_that_is_not_shown_spoils_none_of_the_others(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    deployed(shop)
    organisation.world.repository("acme/hidden", access=TokenAccess.MISSING)
    organisation.world.repository("acme/closed", access=TokenAccess.FORBIDDEN)

    ran = organisation.run("suggest", "acme/hidden", SHOP, "acme/closed")

    assert ran.code == 1
    assert [stanza["name"] for stanza in stanzas(ran)] == [SHOP]
    assert "Not read: acme/hidden: GitHub does not show acme/hidden to this token" in ran.messages
    assert "Not read: acme/closed: GitHub does not let this token read acme/closed" in ran.messages


def test_renamed_archived_and_empty_repositories_are_said_to_be_so(
    organisation: Organisation,
) -> None:
    world = organisation.world
    world.repository("acme/new", former_names=("acme/old",)).commit(at=ago(3))
    archived = world.repository("acme/archived")
    archived.archived = True
    archived.commit(at=ago(900))
    world.repository("acme/empty")

    ran = organisation.run("suggest", "acme/old", "acme/archived", "acme/empty")

    assert ran.code == 0
    assert [stanza["name"] for stanza in stanzas(ran)] == [
        "acme/new",
        "acme/archived",
        "acme/empty",
    ]
    assert "# acme/old is called acme/new today." in ran.out
    assert "# It is archived: nothing new reaches production from it." in ran.out
    assert "# It is empty: nothing was ever committed to it." in ran.out


def test_an_organisation_is_looked_at_whole_without_archived_repositories_and_forks(
    organisation: Organisation,
) -> None:
    for number in range(105):
        repo = organisation.world.repository(f"acme/service-{number:03}")
        repo.deploy(repo.commit(at=ago(9)), at=ago(8))
    organisation.world.repositories["acme/service-004"].archived = True
    organisation.world.repositories["acme/service-007"].fork = True
    organisation.world.repository("other/thing").commit(at=ago(9))

    ran = organisation.run("suggest", "--organisation", "acme")

    names = [stanza["name"] for stanza in stanzas(ran)]
    assert ran.code == 0
    assert len(names) == 103
    assert names == sorted(names)
    assert not {"acme/service-004", "acme/service-007", "other/thing"} & set(names)
    assert "this token sees: 105. Left out: 1 archived, 1 forked." in ran.messages
    assert organisation.sandbox.count("github") == 24  # 2 to list, 2 for each 10 repositories


def test_an_organisation_that_is_not_shown_is_said_plainly(organisation: Organisation) -> None:
    ran = organisation.run("suggest", "--organisation", "nobody")

    assert (ran.code, ran.out) == (1, "")
    assert "to be pasted" not in ran.messages
    assert "Not read: nobody: GitHub shows this token no organisation nobody." in ran.messages


def test_production_hidden_behind_a_hundred_other_deployments_is_found(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    shop.deploy(shop.branches["main"], at=ago(9))
    for minutes in range(120):
        at = ago(8) + timedelta(minutes=minutes)
        shop.deploy(shop.branches["main"], "dev", at=at)

    ran = organisation.run("suggest", SHOP)

    (stanza,) = stanzas(ran)
    assert stanza["production"] == {"evidence": "deployment", "environments": ["production"]}
    assert "# Environments seen: dev, production" in ran.out


def test_workflows_that_may_not_be_read_are_not_taken_for_none(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    run_workflows(shop)
    message = {"message": "Resource not accessible by personal access token"}
    organisation.sandbox.fail("GET .*/actions/workflows", status=403, body=message)

    ran = organisation.run("suggest", SHOP)

    assert ran.code == 1
    assert stanzas(ran) == [{"name": SHOP, "production": {"evidence": "merge"}}]
    assert "# Not looked at: GitHub does not let this token read the workflows" in ran.out


def test_it_needs_nothing_but_github(
    organisation: Organisation, shop: SandboxRepository, tmp_path: Path
) -> None:
    deployed(shop)
    env = {
        "HEARTEN_CONFIG": str(tmp_path / "nowhere"),
        "HEARTEN_DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/hearten.db",
        "HEARTEN_GITHUB_URL": organisation.sandbox.github_url,
        "HEARTEN_GITHUB_TOKEN": TOKEN,
    }

    ran = CliRunner().invoke(app, ["suggest", SHOP], env=env)

    assert ran.exit_code == 0
    assert TOKEN not in ran.output
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param([], "Name repositories as owner/name", id="nothing named"),
        pytest.param(["shop"], "shop is not a repository", id="no owner"),
        pytest.param([f"{SHOP}.git"], "name, without .git", id="the address of a clone"),
    ],
)
def test_wrong_use_asks_nothing_of_github(
    organisation: Organisation, arguments: list[str], message: str
) -> None:
    ran = organisation.run("suggest", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.messages
    assert organisation.sandbox.log == []


def test_without_a_token_it_says_what_to_set(organisation: Organisation) -> None:
    env = {"HEARTEN_GITHUB_URL": organisation.sandbox.github_url, "HEARTEN_GITHUB_TOKEN": ""}

    ran = CliRunner().invoke(app, ["suggest", SHOP], env=env)

    assert ran.exit_code == 2
    assert "HEARTEN_GITHUB_TOKEN is not set" in ran.stderr


def test_names_that_look_like_other_things_in_yaml_stay_texts(
    organisation: Organisation, shop: SandboxRepository
) -> None:
    shop.deploy(shop.branches["main"], "prod: #1, [blue]", at=ago(3))
    shop.deploy(shop.branches["main"], "live's", at=ago(2))

    ran = organisation.run("suggest", SHOP)
    organisation.configure(TEAM + ran.out)

    assert stanzas(ran)[0]["production"]["environments"] == ["live's", "prod: #1, [blue]"]
    assert organisation.run("config", "check").code == 0


def test_nothing_of_a_person_is_shown(tmp_path: Path) -> None:
    world = demo_world(NOW)
    with serve(world) as sandbox:
        organisation = Organisation(world, sandbox, "sqlite://", tmp_path)
        ran = [
            organisation.run("suggest", *world.repositories, "--all", *form)
            for form in ([], ["--format", "json"])
        ]

    said = "".join(each.out + each.messages for each in ran)
    assert len(said) > 10_000
    assert not {text for text in personal_strings() if text in said}
