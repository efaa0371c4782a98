"""Configured patterns: each means what it means to Python, and no name takes long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.patterns import (
    LONGEST_NAME,
    PatternError,
    check,
    first_match,
    fits,
    refused,
    usable,
)

PATTERNS = [
    r"v\d+(\.\d+)*",
    r"v\d+(\.\d+){2,}",
    r"production-.*",
    r"(live|prod(uction)?)-?(eu|us)?",
    r"release/\d{4}-\d{2}-\d{2}(\.\d+)?",
    r"(?:a|ab)(?:c|bcd)(d*)",
    r"@acme/\w+@\d+\.\d+",
    r"Heron \w+ \d+",
    r"Heron\s+[^\W\d_]+",
    r"[^\s-]+-[\W\d]",
    r"[\w.-]+",
    r"[]v]1[^]x]",
    r"[[:v]+",
    r"x{,3}y{2}z{,}",
    r"^v1$",
    r"\Av1\Z",
    r"(?i)prod\S*",
    r"(?s)v.1",
    r"v.1",
    r"v1||v2",
    r".*\brc\b.*",
    r"straße \D+",
    r"[\S]+ [\D]",
    "",
]
NAMES = [
    *("v1", "V1", "v1.2.3", "v1.2", "v1\n", "v\n1", "v1x", "v2", "xv1", "", "v1.2.3-rc1", "1-rc.2"),
    *("production-2026-03-04", "Production-x", "prod", "PROD-eu", "liveus", "productions"),
    *("release/2026-03-04.2", "abcd", "abcbcdd", "@acme/e2e@1.2", "yy", "xxxyyzz", "[:v", "]1y"),
    *("Heron Été 3", "Heron\u00a0Été", "Heron   Winter", "Heron W_ 1", "a-\u2014", "a-٣", "é-7"),
    *("straße ab", "STRASSE ab", "STRAßE ab", "v٣", "ſ", "Kelvin", "kelvin", "été x", "😀 y"),
]


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")  # of Python's, at `[[`
@pytest.mark.parametrize("any_case", [False, True])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_fits_the_names_that_it_does_in_python(pattern: str, *, any_case: bool) -> None:
    flags = re.IGNORECASE if any_case else re.NOFLAG
    with_python = [name for name in NAMES if re.compile(pattern, flags).fullmatch(name)]

    assert [name for name in NAMES if fits(pattern, name, any_case=any_case)] == with_python


@given(
    st.sampled_from([r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"]),
    st.characters(exclude_categories=["Cn", "Cs"]),
)
def test_a_shorthand_means_what_it_does_in_python(shorthand: str, character: str) -> None:
    for pattern in (shorthand, f"[{shorthand}_]", f"[^{shorthand}_]"):
        assert fits(pattern, character) == bool(re.fullmatch(pattern, character)), pattern


@pytest.mark.parametrize("pattern", ["(v+)+", r"v(\d+\.?)+", "(.*.*)*x", "((v|v)*)*1", "v.*" * 99])
def test_no_name_takes_long(pattern: str) -> None:
    names = ["v" * 900 + "!", "v" + "1" * 900 + "!", "v" * LONGEST_NAME]
    began = time.perf_counter()

    for name in names:
        fits(pattern, name)

    assert time.perf_counter() - began < 1


def test_a_longer_name_than_there_is_fits_nothing() -> None:
    assert fits(".*", "v" * LONGEST_NAME)
    assert not fits(".*", "v" * (LONGEST_NAME + 1))


def test_half_of_a_character_is_some_character() -> None:
    assert fits("v.", "v\ud800")
    assert first_match("1", "v\ud8001") == (2, 3)


@pytest.mark.parametrize(
    "pattern",
    [
        *("v(?!.*rc).*", "v(?=1).*", "(?<!x)v", "(?<=x)v", r"(v)\1", "(?P<a>v)(?P=a)", "v{1001}"),
        *("v*+", "(?>v)", r"(\w{50}\W){20}", "(v)(?(1)a|b)", "((v{100}){100}){100}"),
    ],
)
def test_what_takes_more_than_the_length_of_a_name_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError) as error:
        check(pattern)

    assert error.value.valid
    assert not usable(pattern)
    assert not fits(pattern, "v")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("v(", "unterminated"),
        ("(" * 480 + ")" * 480, "brackets"),
        ("v" * 1001, "1000 characters"),
        ("v{99999999999}", "too large"),
    ],
)
def test_what_is_no_pattern_says_why(pattern: str, said: str) -> None:
    with pytest.raises(PatternError, match=said) as error:
        check(pattern)

    assert not error.value.valid


@pytest.mark.parametrize("name", ["c++", "live (main", "prod", "v.*", "*", "\ud800"])
def test_what_may_be_a_name_is_not_refused(name: str) -> None:
    assert not refused(name)


@pytest.mark.parametrize(
    ("production", "name", "shows"),
    [
        pytest.param(
            Production(Evidence.TAG, pattern="v.*", not_production=(".*rc.*",)),
            *("v1-RC2", False),
            id="a candidate",
        ),
        pytest.param(
            Production(Evidence.TAG, pattern="v.*", not_production=(".*rc.*",)),
            *("v1", True),
            id="a release beside candidates",
        ),
        pytest.param(
            Production(Evidence.TAG, pattern="v.*", not_production=(".*",)),
            *("v1", True),
            id="all others",
        ),
        pytest.param(
            Production(Evidence.TAG, pattern="latest", not_production=("late.*",)),
            *("latest", True),
            id="a tag of its own name",
        ),
        pytest.param(
            Production(Evidence.RELEASE, pattern="v.*", not_production=("v1",)),
            *("v1", False),
            id="one by its name",
        ),
        pytest.param(
            Production(Evidence.DEPLOYMENT, ("live-.*", "Live-x"), not_production=("live-[xy]",)),
            *("live-X", True),
            id="an environment that is listed",
        ),
        pytest.param(
            Production(Evidence.DEPLOYMENT, ("live-.*", "Live-x"), not_production=("live-[xy]",)),
            *("live-y", False),
            id="an environment that is not",
        ),
        pytest.param(
            Production(
                Evidence.WORKFLOW, workflows=("d.yml",), branch="rel/.*", not_production=(".*-rc",)
            ),
            *("d.yml@rel/1-rc", False),
            id="runs on a branch",
        ),
        pytest.param(
            Production(
                Evidence.WORKFLOW, workflows=("d.yml",), branch="rel/.*", not_production=(".*yml",)
            ),
            *("d.yml", True),
            id="a workflow that is listed",
        ),
    ],
)
def test_what_is_not_production_takes_away_from_a_pattern(
    production: Production, name: str, *, shows: bool
) -> None:
    assert production.matches(name) is shows


def test_only_what_may_take_away_has_events_read_again() -> None:
    plain = Production(Evidence.TAG, pattern="v.*")
    beside = Production(Evidence.TAG, pattern="v.*", not_production=("edge", ".*"))
    within = Production(Evidence.TAG, pattern="v.*", not_production=("v1", ".*rc.*"))

    assert beside.shape == plain.shape
    assert within.shape == [*plain.shape, [".*rc.*", "v1"]]
