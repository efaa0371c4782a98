from collections.abc import Mapping

import pytest

from evaluator.model.facts import ProductionEvent
from evaluator.reach import reach
from tests.evaluator.builders import deployed, merged


def names(graph: Mapping[str, tuple[str, ...]], *events: ProductionEvent) -> dict[str, str]:
    return {sha: event.ident for sha, event in reach(graph, events).items()}


LINE = {"c1": (), "c2": ("c1",), "c3": ("c2",)}


def test_an_event_brings_its_commit_and_every_ancestor_not_brought_before() -> None:
    found = names(LINE, deployed("D1", "c2", "2026-03-04"), deployed("D2", "c3", "2026-03-05"))

    assert found == {"c1": "D1", "c2": "D1", "c3": "D2"}


@pytest.mark.parametrize("again", ["c1", "c2"], ids=["a rollback", "a redeploy"])
def test_what_reached_production_before_is_not_brought_again(again: str) -> None:
    found = names(LINE, deployed("D1", "c2", "2026-03-04"), deployed("D2", again, "2026-03-05"))

    assert found == {"c1": "D1", "c2": "D1"}


def test_a_branch_merged_late_counts_when_it_ships() -> None:
    graph = {"c1": (), "old": ("c1",), "c2": ("c1",), "merge": ("c2", "old")}

    found = names(graph, deployed("D1", "c2", "2026-03-04"), deployed("D2", "merge", "2026-03-09"))

    assert found == {"c1": "D1", "c2": "D1", "merge": "D2", "old": "D2"}


def test_events_need_no_ancestry_between_them() -> None:
    graph = {"a": (), "b": ()}  # two roots, as after a rewritten history

    found = names(graph, deployed("D1", "a", "2026-03-04"), deployed("D2", "b", "2026-03-05"))

    assert found == {"a": "D1", "b": "D2"}


def test_shas_that_nobody_knows_are_passed_over() -> None:
    graph = {"c2": ("not read",)}

    found = names(graph, deployed("D1", "gone", "2026-03-04"), deployed("D2", "c2", "2026-03-05"))

    assert found == {"c2": "D2"}


def test_an_event_without_a_time_brings_nothing() -> None:
    assert names(LINE, deployed("D1", "c3", None)) == {}


@pytest.mark.parametrize("shas", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_merges_at_one_instant_bring_their_commits_along_the_branch(
    shas: tuple[str, str, str],
) -> None:
    first, second, third = shas
    graph = {first: ("before",), second: (first, "side"), "side": (first,), third: (second,)}
    events = [merged(sha, "2026-03-04") for sha in (third, first, second)]

    assert names(graph, *events) == {first: first, second: second, "side": second, third: third}
