"""The queue's connections, and a run that nobody reads for."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate import App, exceptions

from collector.source_read import Task
from evaluator.model.facts import Reason
from evaluator.model.plan import RepositorySource
from evaluator.model.runs import Job
from hearten.logs import LoggedProgress
from hearten.runs.lease import LeasedRun
from hearten.runs.source_queue import SourceQueue
from hearten.settings import Settings
from store.patience import Patience
from store.queue_connector import connector
from store.store import Store
from tests.support.service_processes import until
from tests.support.silent_proxy import SilentProxy, silent_proxy

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)
SHORT = Patience(connect=2, answer=0.2, lock=0.1, ping=0.2)
SHOP = RepositorySource("acme/shop")


@pytest.fixture
def proxy(postgresql_server: str) -> Iterator[SilentProxy]:
    """A way to the server that can fall silent."""
    with silent_proxy(postgresql_server) as opened:
        yield opened


def asked(url: str, query: str) -> list[dict[str, Any]]:
    """What a connection of the queue is answered."""
    app = App(connector=connector(url, "pg_catalog", connections=1))

    async def ask() -> list[dict[str, Any]]:
        async with app.open_async():
            return await app.connector.execute_query_all_async(query)

    return asyncio.run(ask())


def test_nothing_is_asked_for_at_the_start_that_a_pooler_refuses(postgresql_url: str) -> None:
    at_the_start = asked(
        postgresql_url,
        "SELECT name FROM pg_settings WHERE source = 'client' "
        "AND (name LIKE '%%timeout%%' OR name = 'search_path')",
    )
    (set_in_it,) = asked(
        postgresql_url,
        "SELECT current_setting('search_path') AS path, "
        "current_setting('statement_timeout') AS answer",
    )

    assert at_the_start == []
    assert set_in_it == {"path": "pg_catalog", "answer": "30s"}


@pytest.mark.parametrize("silent", [False, True], ids=["a slow statement", "a silent network"])
def test_what_is_not_answered_is_given_up(
    postgresql_url: str, proxy: SilentProxy, *, silent: bool
) -> None:
    url = proxy.url(postgresql_url)
    app = App(connector=connector(url, "public", connections=1, patience=SHORT))

    async def ask() -> None:
        async with app.open_async():
            if silent:
                proxy.silence()
            await app.connector.execute_query_async("SELECT pg_sleep(60)")

    began = time.monotonic()
    with pytest.raises(exceptions.ConnectorException):
        asyncio.run(ask())
    assert time.monotonic() - began < 5


def queue(store: Store, url: str, *, longest_run: float = 60) -> SourceQueue:
    return SourceQueue(store, url, clock=lambda: NOW, lease=LEASE, longest_run=longest_run)


def test_what_no_worker_has_read_by_the_end_of_a_run_is_unread(postgresql_url: str) -> None:
    with Store.open(postgresql_url) as store:
        store.runs.ask(Job.COLLECT, "now", asked_by="api", due_at=NOW)
        run = store.claims.claim("here", NOW, LEASE)
        assert run is not None
        held = LeasedRun(store, run, clock=lambda: NOW, lease=LEASE, progress=LoggedProgress())
        task = Task(SHOP, NOW - timedelta(days=30))

        (read,) = queue(store, postgresql_url, longest_run=0).spread(held)([task])

        (kept,) = store.facts.coverage([SHOP.id]).values()
        steps = store.runs.steps(run.id)
    assert (read.reason, kept.reason) == (Reason.SOURCE_DOWN, Reason.SOURCE_DOWN)
    assert kept.what == "The time of the run was over before a worker had read it."
    assert steps == {SHOP.id: Reason.SOURCE_DOWN}


@pytest.mark.slow
def test_a_worker_whose_database_falls_silent_goes_on_once_it_is_back(
    postgresql_url: str, proxy: SilentProxy, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    with Store.open(postgresql_url) as store:
        url, lease = proxy.url(postgresql_url), timedelta(seconds=2)
        made = SourceQueue(
            store, url, clock=lambda: NOW, lease=lease, longest_run=60, patience=SHORT
        )
        working = threading.Thread(target=made.work, args=(Settings, stop), daemon=True)
        working.start()
        until(lambda: proxy.accepted, "it is connected")
        proxy.silence()
        until(lambda: "is asked again" in caplog.text, "it says so")
        proxy.heal()
        before = proxy.accepted
        until(lambda: proxy.accepted > before, "it is connected anew")
        went_on = working.is_alive()
        stop.set()
        working.join(10)

    assert (went_on, working.is_alive()) == (True, False)
