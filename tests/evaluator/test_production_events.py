import random
from dataclasses import replace

import pytest

from evaluator.model.production_events import in_order, too_old
from tests.evaluator.builders import at, deployed, merged


@pytest.mark.parametrize(
    ("committed", "expected"),
    [
        pytest.param("2026-02-18 11:59", True, id="more than 14 days before"),
        pytest.param("2026-02-18 12:00", True, id="exactly 14 days before"),
        pytest.param("2026-02-18 12:01", False, id="less than 14 days before"),
    ],
)
def test_what_was_made_14_days_before_the_baseline_or_earlier_does_not_count(
    committed: str, *, expected: bool
) -> None:
    assert too_old(at(committed), at("2026-03-04 12:00")) is expected


def test_events_at_one_instant_are_ordered_by_kind_name_sha_and_ident() -> None:
    first = deployed("1", "c1", "2026-03-04", name="a")
    events = [
        first,
        replace(first, name="b"),
        replace(first, name="b", sha="c2"),
        replace(first, name="b", sha="c2", ident="2"),
    ]

    shuffled = random.Random(7).sample(events, k=4)

    assert [event for _, event in in_order(shuffled, {})] == events


@pytest.mark.parametrize("shas", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_merges_at_one_instant_are_ordered_along_the_branch(shas: tuple[str, str, str]) -> None:
    first, second, third = shas
    graph = {first: ("before",), second: (first, "side"), "side": (first,), third: (second,)}
    events = [merged(sha, "2026-03-04") for sha in (third, first, second)]

    assert [event.sha for _, event in in_order(events, graph)] == [first, second, third]
