"""Whatever the database does, the service says that it lives, and every answer begins in time."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.access_policy import Mode, Rules
from api.app import create_app
from api.dependencies import Service
from api.middleware.deadline import DeadlineMiddleware
from api.middleware.store_revision import StoreRevision
from store.patience import OF_A_REQUEST, Patience
from store.store import Store
from tests.support.databases import fresh_database
from tests.support.served_app import served
from tests.support.silent_proxy import silent_proxy

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
MORE_THAN_THE_POOL = 60  # requests at once; the pool has 40 threads
RULES = Rules(mode=Mode.OPEN, rate_limit=100_000)


@dataclass
class Asked:
    """What was answered, and after how many seconds."""

    status: int
    seconds: float


def ask(address: str, path: str, method: str = "GET") -> Asked:
    began = time.monotonic()
    connection = HTTPConnection(address, timeout=60)
    with closing(connection):
        connection.request(method, path)
        return Asked(connection.getresponse().status, time.monotonic() - began)


@contextmanager
def many(address: str, path: str, method: str) -> Iterator[list[Asked]]:
    """Ask more often at once than there are threads; what was answered is there at the end."""
    answered: list[Asked] = []
    with ThreadPoolExecutor(MORE_THAN_THE_POOL) as asking:
        futures = [asking.submit(ask, address, path, method) for _ in range(MORE_THAN_THE_POOL)]
        time.sleep(0.3)
        yield answered
        answered += [future.result() for future in futures]


class Silent:
    """What waits until it is let go; stands in for a store whose database is silent."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.waiting = 0

    def revision(self) -> str:
        self.waiting += 1
        self.let_go.wait(10)
        return "1"


def test_a_locked_file_and_many_refused_writes_leave_the_process_alive(
    database_url: str, store: Store
) -> None:
    store.close()
    with (
        Store.open(database_url, Patience(lock=1)) as opened,
        closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as another,
        served(create_app(Service(opened, lambda: NOW, version="1", rules=RULES))) as address,
    ):
        another.execute("BEGIN IMMEDIATE")
        with many(address, "/api/v1/runs", "POST") as refused:
            alive = ask(address, "/healthz")

    assert (alive.status, alive.seconds < 1) == (200, True)
    assert {each.status for each in refused} == {401}
    assert max(each.seconds for each in refused) < 5


def test_an_answer_that_has_not_begun_in_time_is_given_up(store: Store) -> None:
    app = create_app(Service(store, lambda: NOW, version="1", answer_within=0.1))
    waits = threading.Event()

    @app.get("/api/v1/slow")
    def slow() -> None:
        waits.wait(10)

    with served(app) as address:
        given_up = ask(address, "/api/v1/slow")
        waits.set()

    assert (given_up.status, given_up.seconds < 5) == (503, True)


def test_what_has_begun_may_go_on() -> None:
    sent: list[Message] = []

    async def long(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"all"})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(DeadlineMiddleware(long, seconds=0.05)({"type": "http"}, receive, send))

    assert sent[-1]["body"] == b"all"


def test_a_question_for_the_revision_is_not_behind_one_that_is_never_answered() -> None:
    async def asked_twice() -> int:
        silent = Silent()
        revisions = StoreRevision(silent, patience=0.05)
        first = asyncio.create_task(revisions.current())
        await asyncio.sleep(0.01)
        second = asyncio.create_task(revisions.current())
        await asyncio.sleep(0.1)
        asking = silent.waiting
        silent.let_go.set()
        await asyncio.gather(first, second)
        return asking

    assert asyncio.run(asked_twice()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_while_postgresql_is_silent_all_is_answered_in_time_and_then_again(
    postgresql_server: str, postgresql_tables: str, method: str
) -> None:
    with (
        fresh_database(postgresql_server, postgresql_tables) as url,
        silent_proxy(postgresql_server) as proxy,
        Store.open(proxy.url(url), OF_A_REQUEST) as store,
        served(create_app(Service(store, lambda: NOW, version="1", rules=RULES))) as address,
    ):
        with many(address, "/", "GET") as before:
            pass
        proxy.silence()
        with (
            many(address, "/", "GET") as pages,
            many(address, "/api/v1/coverage", "GET") as rest,
            many(address, "/api/v1/runs", method) as runs,
        ):
            alive = ask(address, "/healthz")
            ready = ask(address, "/readyz")
        proxy.heal()
        after = [ask(address, path) for path in ("/", "/api/v1/coverage", "/readyz")]

    assert {each.status for each in before} == {200}
    assert (alive.status, alive.seconds < 1) == (200, True)
    assert {each.status for each in (*pages, *rest, ready)} == {503}
    assert {each.status for each in runs} == {503 if method == "GET" else 401}
    assert max(each.seconds for each in (*pages, *rest, *runs, ready)) < 10
    assert [each.status for each in after] == [200, 200, 200]
