"""Names that the configuration lacks, where they bring out what those that it has do not."""

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, OtherEvidence, Reading
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Clock, Read, at

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
