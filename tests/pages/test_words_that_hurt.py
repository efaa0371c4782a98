"""Words that hurt are in no template and in no sentence of a presenter."""

import ast
import re
from pathlib import Path

import pytest

from tests.pages.banned import banned_in

PAGES = Path(__file__).resolve().parents[2] / "src" / "api" / "pages"
_MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)


@pytest.mark.parametrize(
    "template", sorted((PAGES / "templates").glob("*.jinja")), ids=lambda path: path.name
)
def test_no_template_says_one(template: Path) -> None:
    assert banned_in(_MARKUP.sub(" ", template.read_text(encoding="utf-8"))) == set()


@pytest.mark.parametrize(
    "module", sorted(PAGES.rglob("*.py")), ids=lambda path: str(path.relative_to(PAGES))
)
def test_no_sentence_of_a_module_says_one(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    said = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert banned_in(" ".join(said)) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A failing team", {"failing"}),
        ("The deployment failed", set()),
        ("We don't know", {"don't"}),
        ("Its resolution is Won't Do", set()),
        ("A stop at a desktop", set()),
    ],
)
def test_the_check_itself_finds_what_it_should(text: str, found: set[str]) -> None:
    assert banned_in(text) == found
