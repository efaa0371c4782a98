"""A page is given again as it was, for as long as it would be the same."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from store.store import Store
from tests.evaluator.builders import PLAN, TARGETS, at

NOW = at("2026-03-23 09:10")


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/hearten.db"


@pytest.fixture
def store(url: str, sqlite_tables: Path) -> Iterator[Store]:
    shutil.copy(sqlite_tables, url.removeprefix("sqlite:///"))
    with Store.open(url) as opened:
        opened.plans.save(replace(PLAN, targets=TARGETS), NOW)
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def browser(store: Store, clock: Clock) -> TestClient:
    return TestClient(create_app(Service(store, clock, version="1")))


def test_a_page_that_a_browser_has_already_is_not_sent_again(browser: TestClient) -> None:
    first = browser.get("/")

    again = browser.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["cache-control"] == "private, no-cache"


def test_what_another_replica_wrote_shows_at_once(browser: TestClient, url: str) -> None:
    before = browser.get("/")

    with Store.open(url) as other:
        other.plans.save(replace(PLAN, targets=TARGETS, product_name="Kindling"), NOW)

    assert "Kindling" not in before.text
    assert "Kindling" in browser.get("/").text


def test_the_time_of_day_shows_by_the_minute(browser: TestClient, clock: Clock) -> None:
    browser.get("/calendar")

    clock.now = NOW + timedelta(minutes=1)

    assert "9:11am on 23 March 2026" in browser.get("/calendar").text


def test_a_page_that_is_not_there_is_not_kept(browser: TestClient) -> None:
    assert "etag" not in browser.get("/teams/nobody").headers
