"""Names that the configuration lacks, where they bring out what those that it has do not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, OtherEvidence, Reading
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Clock, Read, at
from tests.faults.answers import edited

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
BY_PATTERN = Production(Evidence.DEPLOYMENT, environments=("live-trust-[ab]",))
RELEASED = Production(Evidence.RELEASE, pattern=r"v\d+(\.\d+)*")
RUN = Production(Evidence.WORKFLOW, workflows=("deploy.yml",))
TAGGED = Production(Evidence.TAG, pattern=r"v\d+(\.\d+)*")


def names(reading: Reading) -> list[str]:
    return [other.example for other in reading.others]


def test_a_first_read_sees_the_former_and_the_new_environment_at_once(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), at=at(5))
    first, second = repo.commit(at=at(9)), repo.commit(at=at(11))
    repo.deploy(first, at=at(10), environment="production-eu")
    repo.deploy(second, at=at(12), environment="production-eu")

    reading = read(DEPLOYED)

    assert reading.others == (
        OtherEvidence(
            SHOP,
            Evidence.DEPLOYMENT,
            "production-eu",
            "production-eu",
            first_at=at(10),
            first_known=True,
            newest_at=at(12),
            sha=second.sha,
            url=f"{sandbox.github_url}/acme/shop/deployments/production-eu",
        ),
    )
    assert sandbox.count("github") == 1


def test_a_new_environment_is_noticed_by_the_question_for_news(
    world: World, sandbox: Sandbox, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), at=at(5))
    before = names(read(DEPLOYED))
    repo.deploy(repo.commit(at=at(30)), at=at(31, 13), environment="production-eu")
    clock.now = at(31, 14)

    after = names(read(DEPLOYED))
    sandbox.reset()
    quiet = read(DEPLOYED)

    assert (before, after) == ([], ["production-eu"])
    assert (quiet.others, sandbox.count("github")) == ((), 1)


@pytest.mark.parametrize(
    "environment",
    ["staging", "pre-production", "pr-12", "preview-login", "review/cart", "github-pages"],
)
def test_places_before_production_and_previews_are_none_and_cost_no_request(
    world: World, sandbox: Sandbox, read: Read, environment: str
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), at=at(5))
    first = names(read(DEPLOYED))
    repo.deploy(repo.commits[repo.branches["main"]], at=at(6), environment=environment)
    sandbox.reset()

    reading = read(DEPLOYED)

    assert (first, reading.others, sandbox.count("github")) == ([], (), 1)


def test_what_was_deployed_from_a_pull_request_before_its_merge_is_none(
    world: World, read: Read
) -> None:
    """Later its commits are on the branch; a deployment of them then would be one."""
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), at=at(5))
    pull = repo.merge(at=at(10), written=[at(8)])
    repo.deploy(repo.commits[pull.shas[0]], at=at(9), environment="tryout")
    before = names(read(DEPLOYED))
    repo.deploy(repo.commits[pull.shas[0]], at=at(11), environment="tryout")

    assert (before, names(read(DEPLOYED))) == ([], ["tryout"])


def test_what_was_deployed_from_another_branch_is_none(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), at=at(5))
    repo.commit(at=at(6))
    side = repo.commit(at=at(7), branch="side", parents=[repo.branches["main"]])
    repo.deploy(side, at=at(8), environment="tryout", ref="side")
    repo.deploy(repo.commits[repo.branches["main"]], at=at(8), environment="tryout", ref="side")

    assert read(DEPLOYED).others == ()


def test_what_production_has_already_and_what_failed_are_none(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.deploy(commit := repo.commit(at=at(4)), at=at(5))
    repo.deploy(commit, at=at(6), environment="mirror")
    repo.deploy(
        repo.commit(at=at(7)), at=at(8), environment="tryout", statuses=[("failure", at(8))]
    )

    assert read(DEPLOYED).others == ()


def test_with_patterns_the_other_environments_are_in_the_list_itself(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), at=at(5), environment="live-trust-a")
    repo.deploy(repo.commit(at=at(9)), at=at(10), environment="live-trust-c")

    assert names(read(BY_PATTERN)) == ["live-trust-c"]
    assert sandbox.count("github") == 1


def previews(repo: SandboxRepository, *, month: int) -> None:
    """More deployments to previews, from a branch, than are listed of all environments."""
    repo.branches["x"] = repo.branches["main"]
    for hour in range(110):
        day, name = at(1, month=month) + timedelta(hours=hour), f"box-{month}-{hour}"
        repo.deploy(repo.branches["main"], at=day, environment=name, ref="x")


@pytest.fixture
def hidden(world: World) -> SandboxRepository:
    """Shipped to `production`, and then to `production-eu`, with many previews before and since."""
    repo = world.repository(SHOP)
    repo.commit(at=at(1, month=1))
    previews(repo, month=1)
    repo.deploy(repo.commit(at=at(4, month=2)), at=at(5, month=2))
    for day in (9, 11):
        shipped = repo.commit(at=at(day, month=2))
        repo.deploy(shipped, at=at(day + 1, month=2), environment="production-eu")
    previews(repo, month=3)
    return repo


def test_a_new_environment_behind_many_previews_is_found_by_a_first_read(
    hidden: SandboxRepository, sandbox: Sandbox, read: Read
) -> None:
    (other,) = read(DEPLOYED).others

    assert (other.example, other.first_at, other.first_known) == (
        "production-eu",
        at(10, month=2),
        True,
    )
    assert other.sha == hidden.branches["main"]
    assert sandbox.count("github") == 1 + 3 + 1  # three pages of names, and the one that may be
    sandbox.reset()
    read(DEPLOYED)
    assert sandbox.count("github") == 1


@pytest.mark.usefixtures("hidden")
def test_a_token_that_may_not_see_the_environments_reads_all_the_rest(
    sandbox: Sandbox, read: Read
) -> None:
    def refuse(answer: dict[str, Any]) -> None:
        answer["data"]["perhaps"] = None
        error = {"type": "FORBIDDEN", "path": ["perhaps", "environments"], "message": "No."}
        answer["errors"] = [error]

    sandbox.spoil("environments", edited(refuse))

    reading = read(DEPLOYED)

    assert (reading.others, reading.coverage.reason) == ((), None)
    assert len(reading.events) == 1


@pytest.mark.parametrize("production", [RELEASED, TAGGED])
def test_tags_of_another_style_are_one_name(
    world: World, read: Read, production: Production
) -> None:
    repo = world.repository(SHOP)
    for day, name in ((4, "v1.9"), (6, "release-1.10"), (8, "release-1.11")):
        repo.release(name, repo.commit(at=at(day)), at=at(day + 1))
    repo.release("v1.12-rc1", repo.commit(at=at(12)), at=at(13))

    (other,) = read(production).others

    assert (other.name, other.example, other.first_known) == ("release-#", "release-1.11", True)
    assert (other.first_at.day, other.newest_at.day) in {(6, 8), (7, 9)}


def test_a_pre_release_of_another_style_is_none(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.release("v1.9", repo.commit(at=at(4)), at=at(5))
    repo.release("next-2.0", repo.commit(at=at(6)), at=at(7), prerelease=True)

    assert read(RELEASED).others == ()


# Workflows


def asked_over_rest(sandbox: Sandbox) -> list[str]:
    """The last parts of the paths that were asked of REST."""
    paths = [asked.path.partition("?")[0] for asked in sandbox.log if "/actions/" in asked.path]
    return [path.rpartition("/actions/")[2] for path in paths]


@pytest.mark.parametrize("state", ["deleted", "disabled_manually"])
def test_another_workflow_is_one_where_the_listed_one_is_gone_or_disabled(
    world: World, read: Read, state: str
) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    shipped = repo.commit(at=at(9))
    repo.run("cd.yml", shipped, at=at(10))
    repo.run("review.yml", shipped, at=at(10))
    repo.run("broken.yml", shipped, at=at(10), conclusion="failure")
    repo.run("side.yml", shipped, at=at(10), branch="side")
    repo.workflow_states["deploy.yml"] = state

    (other,) = read(RUN).others

    assert (other.name, other.sha, other.first_at.day) == ("cd.yml", shipped.sha, 10)


def test_a_workflow_that_was_there_before_the_last_match_is_none(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.run("ci.yml", first := repo.commit(at=at(4)), at=at(4))
    repo.run("deploy.yml", first, at=at(5))
    repo.run("ci.yml", repo.commit(at=at(9)), at=at(10))
    repo.workflow_states["deploy.yml"] = "deleted"

    assert read(RUN).others == ()


def test_while_the_listed_workflow_is_there_no_other_is_one_and_that_is_asked_once_a_day(
    world: World, sandbox: Sandbox, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    repo.run("cd.yml", repo.commit(at=at(9)), at=at(10))
    asked = []
    for day, hour in ((31, 12), (31, 14)):
        clock.now = at(day, hour)
        sandbox.reset()
        assert read(RUN).others == ()
        asked.append(asked_over_rest(sandbox).count("workflows"))

    assert asked == [1, 0]


def test_where_production_has_the_head_of_the_branch_no_other_workflow_is_asked_for(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))

    read(RUN)

    assert "workflows" not in asked_over_rest(sandbox)


# A configured workflow on other branches, or on tags


def moved_to(world: World, *places: str) -> str:
    """Make runs of `deploy.yml`: on main, then of a new commit of it for each of the places."""
    repo = world.repositories.get(SHOP) or world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    for day, place in enumerate(places, 10):
        repo.run("deploy.yml", repo.commit(at=at(day)), at=at(day), branch=place)
    return repo.branches["main"]


@pytest.mark.parametrize(
    ("places", "to_write"),
    [
        (("v1.3.0", "v1.4.0"), "main|v.*"),
        (("release/1.3", "release/1.4"), "main|release/.*"),
        (("production",), "main|production"),
    ],
)
def test_a_workflow_that_succeeds_only_elsewhere_is_told_with_what_to_write(
    world: World, read: Read, places: tuple[str, ...], to_write: str
) -> None:
    sha = moved_to(world, *places)

    (other,) = read(RUN).others

    assert (other.name, other.example) == (f"deploy.yml@{to_write}", f"deploy.yml@{places[-1]}")
    assert (other.sha, other.first_at.day) == (sha, 10)


def test_what_is_written_already_is_part_of_what_to_write(world: World, read: Read) -> None:
    moved_to(world, "v1.3.0")

    (other,) = read(replace(RUN, branch="main|live")).others

    assert other.name == "deploy.yml@main|live|v.*"


def test_a_release_branch_with_a_commit_of_its_own_shipped_where_it_left_the_branch(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    left = repo.commit(at=at(9))
    bumped = repo.commit(at=at(10), branch="release/1.4", parents=[left.sha])
    repo.commit(at=at(11))
    repo.run("deploy.yml", bumped, at=at(10), branch="release/1.4")

    (other,) = read(RUN).others

    assert other.sha == left.sha


def test_a_release_branch_of_what_production_has_is_none(world: World, read: Read) -> None:
    """A hotfix of the last version says nothing of what waits on the branch."""
    repo = world.repository(SHOP)
    repo.run("deploy.yml", shipped := repo.commit(at=at(4)), at=at(5))
    fix = repo.commit(at=at(10), branch="release/1.4", parents=[shipped.sha])
    repo.run("deploy.yml", fix, at=at(10), branch="release/1.4")
    repo.commit(at=at(11))

    assert read(RUN).others == ()


@pytest.mark.parametrize("place", ["feature/cart", "HER-42-cart", "42-cart", "develop"])
def test_runs_on_a_branch_for_one_change_are_none(world: World, read: Read, place: str) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    change = repo.commit(at=at(10), branch=place, parents=[repo.commit(at=at(9)).sha])
    repo.run("deploy.yml", change, at=at(10), branch=place)

    assert read(RUN).others == ()


@pytest.mark.parametrize("place", ["staging", "v1.3.0-rc1", "pr-7"])
def test_runs_on_a_place_before_production_are_none(world: World, read: Read, place: str) -> None:
    moved_to(world, place)

    assert read(RUN).others == ()


def test_tags_that_the_workflow_always_ran_on_too_are_none(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(3)), at=at(3), branch="v1.2.0")
    moved_to(world, "v1.3.0")

    assert read(RUN).others == ()


def test_the_first_of_many_runs_elsewhere_is_found(world: World, read: Read) -> None:
    newest = moved_to(world, "v1.3.0")
    for minute in range(120):
        at_last = at(13) + timedelta(minutes=minute)
        world.repositories[SHOP].run("deploy.yml", newest, at=at_last, branch="v1.4.0")

    (other,) = read(RUN).others

    assert other.first_at.day == 10
