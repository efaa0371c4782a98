"""Words that hurt, or that nobody would say, are in no template and in no sentence."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.pages.banned import banned_in, not_plain_in

SOURCES = Path(__file__).resolve().parents[2] / "src"
PAGES = SOURCES / "api" / "pages"
_SAYING = ("api/pages", "collector", "evaluator", "hearten")  # pages, and the command line
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


def test_every_page_and_command_says_it_in_plain_words() -> None:
    found = {}
    for path in (each for place in _SAYING for each in (SOURCES / place).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
        sentences = (text for text in said if isinstance(text, str) and " " in text)
        if words := not_plain_in("\n".join(_without_notes(tree, sentences))):
            found[path.name] = words
    for path in (PAGES / "templates").glob("*.jinja"):
        if words := not_plain_in(_MARKUP.sub(" ", path.read_text(encoding="utf-8"))):
            found[path.name] = words

    assert found == {}
    assert not_plain_in("It mends what is Read whole") == {"mends", "read whole"}


def _without_notes(tree: ast.Module, texts: Iterable[str]) -> list[str]:
    """The texts that are no docstring: those speak to whoever reads the code."""
    holders = (n for n in ast.walk(tree) if hasattr(n, "body") and isinstance(n.body, list))
    first = (n.body[0] for n in holders if n.body)
    notes = {n.value.value for n in first if isinstance(n, ast.Expr) and _is_text(n.value)}
    return [text for text in texts if text not in notes]


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant)


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
