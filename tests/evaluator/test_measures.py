from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.measures import ITEMS, MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.team_facts import team_facts
from tests.evaluator.builders import (
    DOING,
    LATER,
    PLAN,
    SPRINT_A,
    TEAM,
    TO_DO,
    at,
    commit,
    deployed,
    find,
    moved,
    shipped,
    ticket,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_has_its_function_its_page_and_its_tests_by_one_name(name: str) -> None:
    page = ROOT / "docs/measures" / f"{name}.md"

    assert MEASURES[name].count.__name__ == name
    assert page.read_text().startswith("# ")
    assert (ROOT / "tests/evaluator" / f"test_{name}.py").is_file()


def test_every_page_describes_a_measure() -> None:
    pages = {page.stem for page in (ROOT / "docs/measures").glob("*.md")}

    assert pages == set(MEASURES)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_brings_all_words_that_people_read_of_it(name: str) -> None:
    measure = MEASURES[name]
    one = measure.unit.removesuffix("s")

    assert measure.unit == f"{one}s"
    assert measure.happened
    assert measure.asks.endswith("s")
    assert f"at least one {one}" in measure.at_least_one
    assert all(item.called.capitalize() == item.called for item in measure.items.values())


def test_what_measures_find_is_of_the_kinds_that_they_have_a_word_for() -> None:
    facts = shipped(
        [commit("c0"), commit("c1", "c0"), commit("c2", "c1", pull_request=7)],
        [
            deployed("D0", "c0", "2026-02-20"),
            deployed("D1", "c1", "2026-03-04"),
            deployed("D2", "c2", "2026-03-05"),
        ],
        tickets=(
            ticket(
                "HER-1", moved("2026-03-05"), labels=("retro-action",), created=at("2026-03-04")
            ),
            ticket(
                "HER-2",
                moved("2026-03-05", TO_DO, DOING),
                labels=("user-feedback",),
                created=at("2026-03-01"),
            ),
        ),
    )
    before = replace(SPRINT_A, start=at("2026-02-17"), end=SPRINT_A.start)
    facts_of_team = team_facts(TEAM, PLAN, facts)
    context = MeasureContext(TEAM, SPRINT_A, PLAN, facts_of_team, LATER, (before,))

    found = {
        name: {item.kind for item in measure.found(context).evidence}
        for name, measure in MEASURES.items()
    }

    assert found == {name: set(measure.items) for name, measure in MEASURES.items()}


def test_a_kind_of_evidence_is_called_the_same_in_every_measure() -> None:
    for measure in MEASURES.values():
        assert {kind: ITEMS[kind] for kind in measure.items} == measure.items


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_no_measure_calls_it_a_zero_where_nothing_was_seen_until_later(name: str) -> None:
    facts = shipped(
        [commit("c1", pull_request=7)],
        [deployed("D1", "c1", "2026-03-20")],
        tickets=(ticket("HER-1", moved("2026-03-20")),),
    )

    found = find(name, facts).against(1)

    assert found.evidence == ()
    assert found.gaps != ()
