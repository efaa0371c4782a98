"""What holds on every page, whatever it shows."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.pages.assets import PREFIX
from api.pages.presenters.glossary import WORDS
from sandbox.people import personal_strings
from store.store import Store
from tests.pages.banned import banned_in
from tests.pages.html import Page
from tests.support.served_demo import every_page


@pytest.fixture(scope="module")
def answers(demo: Store, browser: TestClient) -> dict[str, Response]:
    """What the service answers for every page, by its address."""
    return {path: browser.get(path) for path in every_page(demo)}


@pytest.fixture(scope="module")
def pages(answers: dict[str, Response]) -> dict[str, Page]:
    """Every page by its address."""
    return {path: Page(answer.text) for path, answer in answers.items()}


def test_every_page_answers_and_is_html(answers: dict[str, Response]) -> None:
    for path, answer in answers.items():
        assert answer.status_code == (404 if path == "/no-such-page" else 200), path
        assert answer.headers["content-type"] == "text/html; charset=utf-8", path


def test_every_page_says_its_language_and_has_a_title_of_its_own(pages: dict[str, Page]) -> None:
    titles = Counter(page.all("title")[0].text for page in pages.values())

    for path, page in pages.items():
        assert page.one("html").attributes["lang"] == "en-GB", path
        assert page.all("title")[0].text.endswith(" – hearten"), path
    assert pages["/teams/heron"].all("title")[0].text == "Team Heron – hearten"
    shared = {title for title, times in titles.items() if times > 1}
    assert shared <= {"All teams – hearten"}  # the same page, narrowed


def test_every_page_has_one_first_heading_and_skips_no_level(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4", "h5")]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        for before, after in pairwise(levels):
            assert after <= before + 1, f"{path}: h{after} follows h{before}"


def test_every_page_has_its_landmarks_and_begins_with_a_way_past_the_menu(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        for landmark in ("header", "main", "footer"):
            assert len(page.all(landmark)) == 1, path
        assert page.all("nav"), path
        first = page.all("a", "button", "input", "select")[0]
        assert first.attributes["href"] == "#maincontent", path
        assert page.one("main").attributes == {
            "class": "nhsuk-main-wrapper",
            "id": "maincontent",
            "tabindex": "-1",
        }, path


def test_the_first_thing_on_every_page_is_one_paragraph_that_answers(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        place = page.elements.index(page.one("h1"))
        after = page.elements[place + 1]
        assert (after.tag, after.attributes.get("class")) == ("p", "nhsuk-lede-text"), path
        assert after.text.strip().endswith("."), path


def test_no_page_has_a_script_an_inline_style_or_anything_from_elsewhere(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        assert not page.all("script", "style", "iframe", "img"), path
        for element in page.elements:
            assert "style" not in element.attributes, path
            assert not [name for name in element.attributes if name.startswith("on")], path
            if element.tag == "link":
                assert element.attributes["href"].startswith(f"{PREFIX}/"), path


def test_no_page_sets_a_cookie_and_each_forbids_what_is_not_ours(
    answers: dict[str, Response],
) -> None:
    for path, answer in answers.items():
        headers = answer.headers
        assert "set-cookie" not in headers, path
        assert headers["content-security-policy"].startswith("default-src 'self'"), path


def test_every_link_within_a_page_and_to_the_glossary_arrives(pages: dict[str, Page]) -> None:
    words = {word.ident for word in WORDS}
    for path, page in pages.items():
        for link in page.all("a"):
            href = link.attributes["href"]
            if href.startswith("#"):
                assert href[1:] in page.ids(), f"{path}: {href}"
            if href.startswith("/about/glossary#"):
                assert href.partition("#")[2] in words, f"{path}: {href}"


def test_every_link_to_a_page_of_ours_leads_to_one(
    pages: dict[str, Page], browser: TestClient
) -> None:
    wanted = {
        link.attributes["href"].partition("#")[0]
        for page in pages.values()
        for link in page.all("a")
        if link.attributes["href"].startswith("/") and "/api/" not in link.attributes["href"]
    }
    gone = {href for href in wanted if browser.get(href).status_code != 200}

    assert len(wanted) > 50
    assert not gone


def test_a_link_makes_sense_alone_and_the_same_words_lead_to_one_place(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        places: dict[str, set[str]] = {}
        for link in page.all("a"):
            text = " ".join(link.text.split())
            assert text, path
            places.setdefault(text, set()).add(link.attributes["href"])
        vague = {
            text for text in places if text.casefold() in {"here", "more", "link", "read more"}
        }
        assert not vague, path


def test_every_table_has_a_caption_scopes_and_no_empty_cell(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        if not path.startswith("/targets/"):  # whose text of a measure is written by hand
            assert len(page.all("caption")) == len(page.all("table")), path
        assert all(cell.text.strip() for cell in page.all("td", "th", "caption")), path
        assert all(head.attributes.get("scope") in {"col", "row"} for head in page.all("th")), path


def test_no_word_that_hurts_is_on_any_page(pages: dict[str, Page]) -> None:
    found = {path: words for path, page in pages.items() if (words := banned_in(page.words))}

    assert not found


def test_no_trace_of_a_person_is_on_any_page_or_in_its_headers(
    answers: dict[str, Response],
) -> None:
    for path, answer in answers.items():
        said = answer.text + repr(answer.headers)
        assert not [text for text in personal_strings() if text in said], path


def test_every_date_is_in_words_and_every_time_has_its_machine_form(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        seen = re.sub(r"\S+://\S+", "", page.words)
        if path != "/about/your-data" and not path.startswith("/targets/"):
            assert not re.findall(r"\b\d{4}-\d\d-\d\d\b", seen), path
        assert not re.findall(r"\d\s*[–—]\s*\d", seen), path
        for time in page.all("time"):
            assert re.match(r"\d{4}-\d\d-\d\d(T[\d:]+Z)?$", time.attributes["datetime"]), path


def test_no_page_is_larger_than_200_kilobytes(answers: dict[str, Response]) -> None:
    assert max(len(answer.content) for answer in answers.values()) < 200_000


def test_the_name_the_organisation_the_footer_and_help_stand_on_every_page(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        assert "Example Health" in page.one("header").text, path
        assert "Run by the principal engineers." in page.one("footer").text, path
        links = {e.attributes["href"] for e in page.all("a")}
        assert {"https://chat.example.org/hearten", "/accessibility"} <= links, path
        assert not [svg for svg in page.all("svg") if "logo" in svg.attributes["class"]], path
