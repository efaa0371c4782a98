"""What a repository offers that might show production: what is asked, and offered first."""

from collections.abc import Callable
from typing import Any

from collector.errors import SourceError
from collector.github.collector import GitHubCollector
from collector.github.detection.candidates import DetectedEvidence
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, at
from tests.faults.answers import edited

Connect = Callable[[str], GitHubCollector]


def test_one_repository_that_github_cannot_look_through_spoils_none_of_the_others(
    world: World, sandbox: Sandbox, connect: Connect
) -> None:
    for name in (SHOP, "acme/web", "acme/huge"):
        repo = world.repository(name)
        repo.deploy(repo.commit(at=at(4)), at=at(5))
    sandbox.fail("acme/huge", status=502)

    found = connect(sandbox.github_url).detect([SHOP, "acme/huge", "acme/web"])

    kinds = {name: type(each) for name, each in found.items()}
    assert isinstance(found["acme/huge"], SourceError)
    assert kinds[SHOP] is kinds["acme/web"] is DetectedEvidence


def test_an_error_that_does_not_say_of_which_repository_it_is_spoils_none_of_the_others(
    world: World, sandbox: Sandbox, connect: Connect
) -> None:
    for name in (SHOP, "acme/web"):
        world.repository(name).commit(at=at(4))

    def vague(answer: Any) -> None:
        answer["data"]["r1"] = None
        answer["errors"] = [{"message": "Something went wrong while executing your query."}]

    sandbox.spoil("acme/shop.* acme/web", edited(vague))

    found = connect(sandbox.github_url).detect([SHOP, "acme/web"])

    assert {name: type(each) for name, each in found.items()} == {
        SHOP: DetectedEvidence,
        "acme/web": DetectedEvidence,
    }


def test_an_outage_is_not_asked_about_again_for_each_repository(
    world: World, sandbox: Sandbox, connect: Connect
) -> None:
    names = [f"acme/service-{number}" for number in range(10)]
    for name in names:
        world.repository(name)
    sandbox.fail("POST /graphql", status=502)

    found = connect(sandbox.github_url).detect(names)

    assert all(isinstance(each, SourceError) for each in found.values())
    assert sandbox.count("github") == 3 * 2  # all together, then two alone; two attempts each


def test_a_repository_that_merges_branches_shows_only_its_first_parent_line(
    world: World, sandbox: Sandbox, connect: Connect
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(1))
    repo.merge(at=at(9), written=[at(3), at(4)])

    (detected,) = connect(sandbox.github_url).detect([SHOP]).values()

    assert isinstance(detected, DetectedEvidence)
    assert detected.best.production.evidence is Evidence.MERGE
    assert [event.at for event in detected.best.events] == [at(9), at(1)]


def test_ten_merges_of_long_branches_are_found_behind_many_commits(
    world: World, sandbox: Sandbox, connect: Connect
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(1))
    for day in range(2, 14):
        repo.merge(at=at(day), written=[at(day, hour) for hour in range(2, 11)])

    (detected,) = connect(sandbox.github_url).detect([SHOP]).values()

    assert isinstance(detected, DetectedEvidence)
    assert [event.at for event in detected.best.events] == [at(day) for day in range(13, 3, -1)]
