"""What a repository offers that might show production: which names say so, and what is asked."""

from collections.abc import Callable
from typing import Any

import pytest

from collector.errors import SourceError
from collector.github.collector import GitHubCollector
from collector.github.detection.candidates import DetectedEvidence
from collector.github.detection.tag_patterns import (
    families,
    looks_like_deploying,
)
from evaluator.model.facts import Evidence
from evaluator.model.production_names import looks_like_production
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, at
from tests.faults.answers import edited

Connect = Callable[[str], GitHubCollector]
PRODUCTION = [
    "production",
    "Prod",
    "prod-eu",
    "live",
    "aws-live",
    "ukprod",
    "PRD",
    "Production – web",
]
OTHER = [
    "preprod",
    "pre-production",
    "non-prod",
    "pre_live",
    "prod-like",
    "product-api",
    "delivery",
]
OTHER += ["staging", "dev", "olive", "pull-12"]


@pytest.mark.parametrize("name", PRODUCTION)
def test_an_environment_is_taken_for_production(name: str) -> None:
    assert looks_like_production(name)


@pytest.mark.parametrize("name", OTHER)
def test_an_environment_is_not_taken_for_production(name: str) -> None:
    assert not looks_like_production(name)


@pytest.mark.parametrize(
    ("name", "deploys"),
    [
        ("deploy.yml", True),
        ("Release to production", True),
        ("cd-live.yaml", True),
        ("deploy-dev.yml", False),
        ("deploy-preprod.yml", False),
        ("ci.yml", False),
        ("testing.yml", False),
    ],
)
def test_a_workflow_is_known_by_its_name(name: str, deploys: bool) -> None:
    assert looks_like_deploying(name) is deploys


@pytest.mark.parametrize(
    ("names", "pattern", "form"),
    [
        pytest.param(["v1.2.3", "v2", "v10.6.0"], r"v\d+(\.\d+)*", "", id="versions"),
        pytest.param(["0.1.16", "0.2.0"], r"\d+(\.\d+)*", "", id="bare versions"),
        pytest.param(["1.2.3-45", "1.2.4-46"], r"\d+([._+-]\d+)*", "", id="builds of versions"),
        pytest.param(["@acme/pay@1.2.3"], r"@acme/pay@\d+(\.\d+)*", "", id="versions of a part"),
        pytest.param(["release-12", "release-13"], r"release-\d+(\.\d+)*", "", id="releases"),
        pytest.param(
            ["release/2023-08-03a", "release/2023-08-14"],
            r"release/\d{4}-\d{2}-\d{2}.*",
            "%Y-%m-%d",
            id="dates with a suffix",
        ),
        pytest.param(["live-20260304"], r"live-\d{8}", "%Y%m%d", id="dates in one"),
        pytest.param(
            ["deploy-20260304153000"], r"deploy-\d{14}", "%Y%m%d%H%M%S", id="dates with a time"
        ),
        pytest.param(["production-a1b2c3", "production-f00"], "production-.*", "", id="by sha"),
        pytest.param(["prod12", "prod13"], r"prod\d+(\.\d+)*", "", id="numbers after production"),
        pytest.param(["live/v1.2"], r"live/v\d+(\.\d+)*", "", id="versions that are live"),
        pytest.param(["production"], "production", "", id="a tag that moves"),
        pytest.param(["v1.0+(x)", "v(1)", "v1.0"], r"v\d+(\.\d+)*", "", id="odd ones beside"),
    ],
)
def test_tags_of_one_style_give_one_pattern(names: list[str], pattern: str, form: str) -> None:
    (family,) = families(names)

    assert (family.pattern, family.at) == (pattern, form)


def test_a_pattern_means_the_characters_of_its_names() -> None:
    (family,) = families(["a.b(c)-v1.0"])

    assert family.pattern == r"a\.b\(c\)-v\d+(\.\d+)*"


@pytest.mark.parametrize(
    "name",
    ["dev-1.2", "v2.0-rc1", "nightly", "misc-1", "build-99", "preprod-2026-03-04", "beta-v3.0"],
)
def test_a_tag_that_shows_no_production_is_in_no_family(name: str) -> None:
    assert families([name]) == []


def test_tags_named_as_production_come_before_more_frequent_ones() -> None:
    found = families(["v1.0", "v1.1", "v1.2", "production-2026-03-04"])

    assert [family.pattern for family in found] == [
        r"production-\d{4}-\d{2}-\d{2}",
        r"v\d+(\.\d+)*",
    ]


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
