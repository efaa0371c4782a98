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
    "environment", ["staging", "pre-production", "pr-12", "preview-login", "review/cart", "uat"]
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
