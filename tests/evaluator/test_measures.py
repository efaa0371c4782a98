from pathlib import Path

import pytest

from evaluator.measures import MEASURES

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
