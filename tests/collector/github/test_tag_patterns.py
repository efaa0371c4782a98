"""Names of environments, workflows and tags: which are production, which tags belong together."""

import re

import pytest

from collector.github.detection.tag_patterns import families, looks_like_deploying
from evaluator.model.facts import Evidence
from evaluator.model.production_names import looks_like_production

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


@pytest.mark.parametrize(
    ("names", "pattern", "later"),
    [
        pytest.param(["v1.2.3", "v1.3.0"], r"v\d+(\.\d+)*", "v2.0.0", id="semantic-release"),
        pytest.param(["pay-v1.2.3"], r"pay-v\d+(\.\d+)*", "pay-v1.3.0", id="release-please"),
        pytest.param(["gp2gp-v1.2.0"], r"gp2gp-v\d+(\.\d+)*", "gp2gp-v1.10.0", id="digit inside"),
        pytest.param(["3ds-1.0.0"], r"3ds-\d+(\.\d+)*", "3ds-2.0.0", id="digit first"),
        pytest.param(["s3-sync-v1.2"], r"s3-sync-v\d+(\.\d+)*", "s3-sync-v2.0", id="digit early"),
        pytest.param(["h2-2.1.214"], r"h2-\d+(\.\d+)*", "h2-2.2.220", id="digit last"),
        pytest.param(["i18n-v1"], r"i18n-v\d+(\.\d+)*", "i18n-v2", id="one number"),
        pytest.param(["@acme/e2e@1.2.0"], r"@acme/e2e@\d+(\.\d+)*", "@acme/e2e@2.0.0", id="lerna"),
        pytest.param(
            ["@acme/ui-kit@1.2.0", "@acme/ui-kit@1.3.0-next.2"],
            r"@acme/ui-kit@\d+(\.\d+)*",
            "@acme/ui-kit@2.0.0",
            id="changesets with a candidate",
        ),
        pytest.param(["ai@6.0.68"], r"ai@\d+(\.\d+)*", "ai@7.0.0", id="changesets"),
        pytest.param(
            ["releases/pay/web/1.2"],
            r"releases/pay/web/\d+(\.\d+)*",
            "releases/pay/web/1.3",
            id="folders",
        ),
        pytest.param(["ui_v1.0.1"], r"ui_v\d+(\.\d+)*", "ui_v1.1.0", id="underscore"),
        pytest.param(
            ["services/fhir4/v1.2.0"],
            r"services/fhir4/v\d+(\.\d+)*",
            "services/fhir4/v1.3.0",
            id="module of Go",
        ),
        pytest.param(["sub/v2/v1.4"], r"sub/v2/v\d+(\.\d+)*", "sub/v2/v1.5", id="second API"),
        pytest.param(["v2-web-1.4.0"], r"v2-web-\d+(\.\d+)*", "v2-web-1.5.0", id="edition first"),
        pytest.param(["web-v2-1.4.0"], r"web-v2-\d+(\.\d+)*", "web-v2-1.5.0", id="edition inside"),
        pytest.param(["py3.10-1.2"], r"py3\.10-\d+(\.\d+)*", "py3.10-1.3", id="two versions"),
        pytest.param(["helm-shop-3.0.0"], r"helm-shop-\d+(\.\d+)*", "helm-shop-3.1.0", id="chart"),
        pytest.param(["build1.2.3"], r"build\d+(\.\d+)*", "build1.2.4", id="nothing between"),
        pytest.param(["release121"], r"release\d+(\.\d+)*", "release122", id="no dots"),
        pytest.param(["REL_14_2"], r"REL_\d+([._+-]\d+)*", "REL_15_1", id="underscores"),
        pytest.param(["jdk-17.0.2+8"], r"jdk-\d+([._+-]\d+)*", "jdk-17.0.3+1", id="a build"),
        pytest.param(["2024.9.3"], r"\d+(\.\d+)*", "2024.10.1", id="calendar version"),
        pytest.param(["web3-2024.9"], r"web3-\d+(\.\d+)*", "web3-2024.10", id="of a product"),
        pytest.param(["v2024.10.01", "v1.2"], r"v\d+(\.\d+)*", "v2024.11.01", id="versions before"),
        pytest.param(
            ["fhir4-2026-10-08"], r"fhir4-\d{4}-\d{2}-\d{2}", "fhir4-2026-11-01", id="dated product"
        ),
        pytest.param(
            ["v2-2026-10-08"], r"v2-\d{4}-\d{2}-\d{2}", "v2-2026-11-01", id="dated edition"
        ),
        pytest.param(
            ["prod-gp2gp-v1.2"], r"prod-gp2gp-v\d+(\.\d+)*", "prod-gp2gp-v1.3", id="production's"
        ),
        pytest.param(
            ["production-a-1", "production-b-2", "production-c-3"],
            "production-.*",
            "production-d-4",
            id="production by branch and number",
        ),
        pytest.param(
            ["production-a1b2c3d", "production-1234567"],
            "production-.*",
            "production-7654321",
            id="production by commit",
        ),
    ],
)
def test_the_version_of_a_tag_is_what_stands_at_its_end(
    names: list[str], pattern: str, later: str
) -> None:
    (family,) = families(names)

    assert family.pattern == pattern
    assert re.fullmatch(family.pattern, later)


@pytest.mark.parametrize(
    ("names", "others", "pattern", "but_for"),
    [
        pytest.param(["v1.2.3", "v1.2.4"], ["v1"], r"v\d+(\.\d+)+", (), id="a moving tag"),
        pytest.param(["v1.2.3"], ["v1", "v1.2"], r"v\d+(\.\d+){2,}", (), id="two moving tags"),
        pytest.param(["v1", "v1.1", "v1.2"], [], r"v\d+(\.\d+)*", (), id="none that moves"),
        pytest.param(["1.2.0", "1.3.0"], ["4711"], r"\d+(\.\d+)+", (), id="numbers of builds"),
        pytest.param(
            ["live-2026-03-04.1", "live-2026-03-05b"],
            ["live-2026-03-05-rc1"],
            r"live-\d{4}-\d{2}-\d{2}.*",
            (r"live-\d{4}-\d{2}-\d{2}.*rc.*",),
            id="candidates with a date",
        ),
    ],
)
def test_a_pattern_matches_no_other_tag_of_the_repository(
    names: list[str], others: list[str], pattern: str, but_for: tuple[str, ...]
) -> None:
    (family,) = families([*others, *names])

    assert (family.pattern, family.but_for) == (pattern, but_for)
    assert [n for n in [*names, *others] if family.production(Evidence.TAG).matches(n)] == names


def test_tags_that_are_dated_are_not_matched_by_those_that_are_not() -> None:
    found = families(["production-2026-03-04", "production-a1b2c3"])

    assert {(family.pattern, family.but_for) for family in found} == {
        (r"production-\d{4}-\d{2}-\d{2}", ()),
        (r"production-.*", (r"production-\d{4}-\d{2}-\d{2}.*",)),
    }


def test_each_part_of_a_repository_has_a_pattern_of_its_own() -> None:
    found = families(["@acme/e2e@1.2.0", "@acme/e3e@1.3.0", "pay-v1.0", "v1.0"])

    assert len(found) == 4


def test_a_pattern_means_the_characters_of_its_names() -> None:
    (family,) = families(["a.b(c)-v1.0"])

    assert family.pattern == r"a\.b\(c\)-v\d+(\.\d+)*"


@pytest.mark.parametrize(
    "name",
    [
        "dev-1.2",
        "v2.0-rc1",
        "nightly",
        "misc-1",
        "build-99",
        "preprod-2026-03-04",
        "beta-v3.0",
        "utf8-2",
        "v1.2.3+build.5",
        "app-1.2.3-2026-03-04-a1b2c3",
    ],
)
def test_a_tag_that_shows_no_production_is_in_no_family(name: str) -> None:
    assert families([name]) == []


def test_tags_named_as_production_come_before_more_frequent_ones() -> None:
    found = families(["v1.0", "v1.1", "v1.2", "production-2026-03-04"])

    assert [family.pattern for family in found] == [
        r"production-\d{4}-\d{2}-\d{2}",
        r"v\d+(\.\d+)*",
    ]
