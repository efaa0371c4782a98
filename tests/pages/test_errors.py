"""Errors: a page with a way back for people, a problem for programs."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from api.pages.assets import PREFIX
from evaluator.model.product import Product
from store.store import Store
from tests.evaluator.builders import PLAN, at
from tests.pages.banned import banned_in
from tests.pages.html import Page

NOW = at("2026-03-23 09:10")
CHROMIUM_ACCEPTS = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def app_over(store: Store) -> FastAPI:
    app = create_app(Service(store, lambda: NOW, version="1"))

    @app.get("/refuse/{status}")
    def refuse(status: int) -> None:
        if status == 500:
            raise RuntimeError("something with a secret")
        raise HTTPException(status, "for programs")

    return app


@pytest.mark.parametrize("status", [401, 403, 404, 405, 422, 500, 503])
def test_a_person_gets_a_page_that_says_what_to_do_and_leads_back(
    store: Store, status: int
) -> None:
    browser = TestClient(app_over(store), raise_server_exceptions=False)

    answer = browser.get(f"/refuse/{status}", headers={"Accept": CHROMIUM_ACCEPTS})

    page = Page(answer.text)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Go to all teams" in page.words
    assert answer.headers["x-request-id"] in page.words
    assert "secret" not in answer.text
    assert banned_in(page.words) == set()


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/about/", "/about"),
        ("/data/?show=all", "/data?show=all"),
        ("/teams/h%C3%A9ron/", "/teams/h%C3%A9ron"),
        ("/teams", "/"),
        ("/teams/", "/"),
    ],
)
def test_an_address_that_is_almost_that_of_a_page_leads_to_it(
    store: Store, asked: str, meant: str
) -> None:
    browser = TestClient(app_over(store), follow_redirects=False)

    answer = browser.get(asked, headers={"Accept": CHROMIUM_ACCEPTS})

    assert (answer.status_code, answer.headers["location"]) == (308, meant)


@pytest.mark.parametrize("path", ["/nothing/", "//example.org/", "//example.org//", "/about/x/"])
def test_no_other_address_leads_anywhere_else(store: Store, path: str) -> None:
    browser = TestClient(app_over(store), follow_redirects=False)

    answer = browser.get(f"http://testserver{path}", headers={"Accept": CHROMIUM_ACCEPTS})

    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/refuse/404", "application/json"),
        ("/refuse/404", "*/*"),
        ("/refuse/404", "application/json, text/html"),
        ("/api/v1/none", CHROMIUM_ACCEPTS),
        ("/healthz/none", CHROMIUM_ACCEPTS),
    ],
)
def test_a_program_gets_a_problem(store: Store, path: str, accept: str) -> None:
    browser = TestClient(app_over(store))

    answer = browser.get(path, headers={"Accept": accept})

    assert answer.headers["content-type"] == "application/problem+json"


def test_a_database_that_is_gone_still_gives_a_page(tmp_path: Path) -> None:
    file = tmp_path / "hearten.db"
    with Store.open(f"sqlite:///{file}") as store:
        browser = TestClient(app_over(store), raise_server_exceptions=False)
        store.close()
        file.write_bytes(b"no database, but long enough to look like one" * 99)

        answer = browser.get("/", headers={"Accept": CHROMIUM_ACCEPTS})

    assert answer.status_code == 503
    assert "Nothing is lost, and no status changes." in Page(answer.text).words


def test_a_new_service_shows_every_fixed_page_before_anything_was_read(store: Store) -> None:
    browser = TestClient(app_over(store), headers={"Accept": CHROMIUM_ACCEPTS})

    for path in ("/", "/targets", "/calendar", "/data", "/about", "/about/time", "/about/roles"):
        assert browser.get(path).status_code == 200, path
    assert "No team is set up yet." in browser.get("/").text


def test_the_logo_is_drawn_only_where_it_may_be_used(store: Store) -> None:
    browser = TestClient(app_over(store))

    before = browser.get("/").text
    store.plans.save(replace(PLAN, product=Product(logo=True, organisation="NHS Example")), NOW)

    assert "nhsuk-header__logo" not in before
    assert 'aria-label="NHS"' in browser.get("/").text


def test_what_people_wrote_in_the_configuration_is_text_and_never_markup(store: Store) -> None:
    store.plans.save(replace(PLAN, product_name="<script>alert(1)</script>"), NOW)

    assert "<script>" not in TestClient(app_over(store)).get("/").text


def test_an_asset_is_kept_for_ever_under_the_address_of_its_content(store: Store) -> None:
    browser = TestClient(app_over(store))

    answer = browser.get(f"{PREFIX}/hearten.css")

    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert browser.get("/assets/older/hearten.css").status_code == 404
    assert browser.get(f"{PREFIX}/..%2f__init__.py").status_code == 404


def test_no_asset_asks_another_host_for_anything(store: Store) -> None:
    browser = TestClient(app_over(store))

    for name in ("hearten.css", "nhsuk-frontend.min.css"):
        text = browser.get(f"{PREFIX}/{name}").text
        assert "@font-face" not in text
        assert "url(http" not in text
        assert "url(/" not in text
