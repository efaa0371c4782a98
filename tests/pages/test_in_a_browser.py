"""Every kind of page in a real Chromium: axe finds nothing, and a keyboard is enough.

Skipped, saying so, where Chromium is not installed (Debian: `apt-get install chromium`).
"""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.dependencies import Service
from store.store import Store
from tests.support.organisation import NOW
from tests.support.served_app import served
from tests.support.served_demo import PUBLIC_URL, every_page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NARROW = {"width": 320, "height": 640}
pytestmark = [
    pytest.mark.slow,  # a whole browser for a few pages
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def address(demo: Store) -> Iterator[str]:
    """Where the app is served over real HTTP."""
    app = create_app(Service(demo, lambda: NOW, version="1", public_url=PUBLIC_URL))
    with served(app) as where:
        yield f"http://{where}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1200, "height": 900})
    yield opened
    opened.close()


def kinds(demo: Store) -> list[str]:
    """One page of each kind, and a team with something missing."""
    found: dict[str, str] = {}
    for path in every_page(demo):
        parts = path.strip("/").split("/")
        named = parts[0] in {"teams", "targets"} and len(parts) > 1
        kind = "/".join([parts[0], str(len(parts)), *parts[2:3]]) if named else path
        found.setdefault(kind, path)
    return [*found.values(), "/teams/gannet"]


def found_by_axe(page: Page) -> list[str]:
    results: dict[str, Any] = Axe().run(page).response
    return [
        f"{v['id']}: {node['html'][:200]}" for v in results["violations"] for node in v["nodes"]
    ]


@pytest.mark.parametrize("how", ["light", "print", "320 pixels"])
def test_axe_finds_nothing_on_any_kind_of_page(
    page: Page, address: str, demo: Store, how: str
) -> None:
    if how == "print":
        page.emulate_media(media="print")
    if how == "320 pixels":
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]

    found = {}
    for path in kinds(demo):
        page.goto(f"{address}{path}")
        found[path] = found_by_axe(page)

    assert len(found) > 15
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_statuses_are_words_with_a_border_in_forced_colours(page: Page, address: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}/teams/gannet")

    assert found_by_axe(page) == []
    borders = page.evaluate("""() => [...document.querySelectorAll('.nhsuk-tag')]
        .map(e => [e.innerText !== '', getComputedStyle(e).borderTopWidth])""")
    assert borders
    assert all(border == [True, "2px"] for border in borders)


def test_no_page_scrolls_sideways_at_320_pixels(page: Page, address: str, demo: Store) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for path in kinds(demo):
        page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_wider_spaced_text_is_not_cut_off(page: Page, address: str) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"{address}/teams/heron")
    page.evaluate("""() => { for (const e of document.querySelectorAll('*')) {
        e.style.lineHeight = '1.5';
        e.style.letterSpacing = '0.12em';
        e.style.wordSpacing = '0.16em';
    } }""")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_keyboard_reaches_first_the_way_past_the_menu_and_then_everything_in_order(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 50

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "maincontent"

    reached: list[str] = []
    while reached[-1:] != ["hearten-scroll"]:
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className "
                "|| document.activeElement.getAttribute('href')"
            )
        )
    looks = [href for href in reached if href.startswith("/teams/")]
    assert reached == [
        *looks,
        "team",
        "group",
        "target",
        "look",
        "nhsuk-button nhsuk-button--secondary",
        "hearten-scroll",
    ]
    assert len(looks) > 3


def test_the_focus_is_never_hidden_and_always_visible(page: Page, address: str) -> None:
    page.goto(f"{address}/teams/heron")
    total = page.evaluate("document.querySelectorAll('a, summary, [tabindex=\"0\"]').length")
    for _ in range(total):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
            const e = document.activeElement;
            const b = e.getBoundingClientRect(), s = getComputedStyle(e);
            return [b.top >= -1 && b.bottom <= innerHeight + 1 || b.height > innerHeight,
                    s.outlineStyle !== 'none' || s.boxShadow !== 'none'
                    || s.backgroundColor !== 'rgba(0, 0, 0, 0)']; }""")
        assert seen == [True, True], page.evaluate("document.activeElement.outerHTML")


def test_filters_and_every_page_work_without_javascript(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/")
    page.get_by_label("Group").select_option("records")
    page.get_by_role("button", name="Show").click()

    assert "group=records" in page.url
    assert page.get_by_role("rowheader").count() >= 4
    context.close()


def test_a_page_asks_nobody_else_and_breaks_no_rule_of_its_own_policy(
    page: Page, address: str, demo: Store
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for path in kinds(demo):
        if path != "/no-such-page":
            page.goto(f"{address}{path}")

    assert {url for url in asked if not url.startswith(address)} == set()
    assert complaints == []
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    ("path", "most"), [("/teams/curlew", 2), ("/teams/heron/retro", 2), ("/teams/knot/retro", 2)]
)
def test_a_team_and_its_retrospective_print_on_two_pages(
    page: Page, address: str, path: str, most: int
) -> None:
    page.goto(f"{address}{path}")
    printed = page.pdf(prefer_css_page_size=True)

    assert 1 <= printed.count(b"/Type /Page\n") <= most


def test_what_was_left_out_prints_open(page: Page, address: str) -> None:
    page.goto(f"{address}/teams/curlew")
    left_out = page.locator(".hearten-left-out .nhsuk-details__text").first

    assert not left_out.is_visible()
    page.emulate_media(media="print")
    assert left_out.is_visible()


def test_print_says_when_it_was_printed_and_keeps_the_words_of_a_status(
    page: Page, address: str
) -> None:
    page.emulate_media(media="print")
    page.goto(f"{address}/teams/heron")

    assert page.get_by_text("Printed").is_visible()
    assert not page.get_by_role("navigation", name="Menu").is_visible()
    tag = page.locator(".nhsuk-tag").first
    assert tag.is_visible()
    border = tag.evaluate("e => getComputedStyle(e).borderTopStyle")
    assert border == "solid"


def test_on_paper_a_table_goes_on_on_the_next_page_between_two_rows(
    page: Page, address: str
) -> None:
    page.emulate_media(media="print")
    page.goto(f"{address}/")

    breaks = "e => getComputedStyle(e).breakInside"
    assert page.locator("table").first.evaluate(breaks) == "auto"
    assert page.locator("tbody tr").first.evaluate(breaks) == "avoid"


def test_on_paper_numbers_stand_below_their_headings(page: Page, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(f"{address}/teams/heron/work")

    sides = page.evaluate("""() => [...document.querySelectorAll(
        '.nhsuk-table__header--numeric, .nhsuk-table__cell--numeric')]
        .map(e => getComputedStyle(e).textAlign)""")
    assert set(sides) == {"right"}


def test_a_projected_retrospective_begins_at_one_edge(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{address}/teams/heron/retro")

    edges = page.evaluate("""() => ['h1', '.nhsuk-lede-text', '.hearten-retro']
        .map(s => document.querySelector(s).getBoundingClientRect().left)""")
    assert len(set(edges)) == 1


def test_everything_to_click_is_large_enough(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    small = page.evaluate("""() => [...document.querySelectorAll('button, select, nav a')]
        .filter(e => { const b = e.getBoundingClientRect(); return b.width < 24 || b.height < 24; })
        .map(e => e.outerHTML)""")

    assert small == []
