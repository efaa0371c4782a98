"""The content style of the NHS, as far as a machine can look for it."""

import ast
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from store.store import Store
from tests.pages.html import Page
from tests.support.sentences import long_sentences
from tests.support.served_demo import every_page

PAGES = Path(__file__).resolve().parents[2] / "src" / "api" / "pages"
_PROSE = ("p", "li", "dd", "dt", "figcaption", "summary", "h1", "h2", "h3", "h4", "label")
_ADDRESS = re.compile(r"\S+://\S+")
_SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_UNWANTED = {
    "a plural in brackets": re.compile(r"\w\(e?s\)"),
    "a curly apostrophe": re.compile(r"\w[\u2018\u2019]|[\u2018\u2019]\w"),
    "a short month": re.compile(rf"\d (?:{_SHORT_MONTHS})\b|\b(?:{_SHORT_MONTHS})\.? \d"),
    "a time that is not as 1pm or 1:05pm": re.compile(
        r"\d\s+[ap]\.?m\b|\d[AP]M\b|\b0\d:\d\d|\b\d{1,2}:00[ap]m|(?<![:\d])12[ap]m|\b\d{1,2}:\d\d\b(?![ap]m)"
    ),
    "a dash in a range": re.compile(r"\d\s*[\u2013\u2014]\s*\d|\d\s+-\s+\d"),
    "an abbreviation of Latin": re.compile(r"\b(?:e\.g\.|i\.e\.|etc)\b"),
    "a share in place of a number": re.compile(r"\d\s?% of\b"),
    "a number above 999 without a comma": re.compile(r"\b\d{4,}\s(?:teams|sources|tickets|more)\b"),
}


def unwanted_in(text: str) -> set[str]:
    """Return the names of the rules that `text` breaks."""
    seen = _ADDRESS.sub("", text)
    return {name for name, pattern in _UNWANTED.items() if pattern.search(seen)}


@pytest.fixture(scope="module")
def pages(demo: Store, browser: TestClient) -> dict[str, Page]:
    """Every page by its address."""
    return {path: Page(browser.get(path).text) for path in every_page(demo)}


def test_no_page_breaks_a_rule_of_content(pages: dict[str, Page]) -> None:
    found = {path: names for path, page in pages.items() if (names := unwanted_in(page.words))}

    assert not found


def test_no_sentence_on_a_page_is_long(pages: dict[str, Page]) -> None:
    found = {
        sentence
        for page in pages.values()
        for element in page.all(*_PROSE)
        for sentence in long_sentences(element.text)
    }

    assert not found


def test_no_page_slants_its_words_or_shouts(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert not page.all("i", "u", "b"), path
        if not path.startswith("/targets/"):  # where emphasis of a measure's text is set upright
            assert not page.all("em"), path
        assert not [e for e in page.all("h1", "h2", "h3") if len(e.text) > 4 and e.text.isupper()]


@pytest.mark.parametrize(
    "module", sorted(PAGES.rglob("*.py")), ids=lambda path: str(path.relative_to(PAGES))
)
def test_no_fixed_sentence_of_a_module_is_long(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
    ]

    assert not [sentence for text in said for sentence in long_sentences(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 team(s)", {"a plural in brackets"}),
        ("the team\u2019s page", {"a curly apostrophe"}),
        ("3 Nov 2021", {"a short month"}),
        ("3 November 2021, 3 May 2021 and 4 to 5 June", set()),
        ("9:00am", {"a time that is not as 1pm or 1:05pm"}),
        ("9 am", {"a time that is not as 1pm or 1:05pm"}),
        ("13:05", {"a time that is not as 1pm or 1:05pm"}),
        ("12am", {"a time that is not as 1pm or 1:05pm"}),
        ("9am, 9:05am, 7:12am, 12:12pm, midday and 11:30pm", set()),
        ("20 \u2013 24 May", {"a dash in a range"}),
        ("91.7% of teams", {"a share in place of a number"}),
        ("1200 teams", {"a number above 999 without a comma"}),
        ("tags, releases, etc.", {"an abbreviation of Latin"}),
        ("v1.2-3 and HER-42 of 1,200 teams", set()),
    ],
)
def test_the_check_itself_finds_what_it_should(text: str, found: set[str]) -> None:
    assert unwanted_in(text) == found


def test_a_sentence_of_21_words_is_long() -> None:
    assert long_sentences("word " * 19 + "word. " + "word " * 10) == []
    assert len(long_sentences("word " * 21)) == 1
