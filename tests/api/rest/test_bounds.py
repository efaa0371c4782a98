"""What is remembered of clients and answers is bounded."""

import asyncio
from datetime import timedelta

import pytest

from api.middleware.etag_cache import CachedResponse, ResponseCache
from api.middleware.rate_limit import Buckets, client_of
from api.middleware.store_revision import StoreRevision
from store.store import Store
from tests.support.judged_teams import NOW

SECOND = timedelta(seconds=1)


def test_a_minutes_worth_may_come_at_once_and_then_evenly() -> None:
    buckets = Buckets(60)

    assert [buckets.take("a", NOW) for _ in range(61)] == [0] * 60 + [1]
    assert buckets.take("b", NOW) == 0
    assert [buckets.take("a", NOW + SECOND) for _ in range(2)] == [0, 1]
    assert [buckets.take("a", NOW - 9 * SECOND) for _ in range(2)] == [1, 1], "a clock set back"


def test_a_slow_limit_says_how_many_seconds_to_wait() -> None:
    buckets = Buckets(2)

    assert [buckets.take("a", NOW) for _ in range(3)] == [0, 0, 30]
    assert buckets.take("a", NOW + 29 * SECOND) == 1
    assert buckets.take("a", NOW + 30 * SECOND) == 0


def test_only_so_many_clients_are_remembered() -> None:
    buckets = Buckets(1)

    for number in range(10_050):
        buckets.take(str(number), NOW)

    assert len(buckets) == 10_000
    assert buckets.take("10049", NOW) == 60
    assert buckets.take("0", NOW) == 0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.9", "192.0.2.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_who_owns_a_network_is_one_client(address: str, client: str) -> None:
    assert client_of(address) == client


def test_answers_are_kept_up_to_a_size_and_the_one_asked_for_longest_ago_goes() -> None:
    shelf = ResponseCache(most=4000)
    for name in ("/a", "/b", "/c"):
        shelf.put((name, b"", False), CachedResponse("1", None, (), b"", b"x" * 300))
        shelf.get(("/a", b"", False), "1")
    shelf.put(("/d", b"", False), CachedResponse("1", None, (), b"", b"x" * 300))

    assert shelf.get(("/a", b"", False), "1") is not None
    assert shelf.get(("/b", b"", False), "1") is None
    assert shelf.get(("/a", b"", False), "2") is None, "the store has changed"
    assert shelf.size <= 4000
    shelf.put(("/a", b"", False), CachedResponse("2", None, (), b"", b"x" * 2_000_000))
    assert shelf.get(("/a", b"", False), "2") is None, "too long to be kept"


class Counting:
    """A store that counts how often it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked = 0

    def revision(self) -> str:
        self.asked += 1
        return self._store.revision()


def test_requests_that_come_together_ask_the_store_once(store: Store) -> None:
    counting = Counting(store)
    revisions = StoreRevision(counting)

    async def many() -> list[str]:
        return await asyncio.gather(*(revisions.current() for _ in range(50)))

    together = asyncio.run(many())
    one_by_one = [asyncio.run(revisions.current()) for _ in range(3)]

    assert len(set(together)) == 1
    assert counting.asked <= 2 + len(one_by_one)


def test_who_asks_while_the_store_is_asked_gets_a_newer_answer() -> None:
    class Slow:
        def __init__(self) -> None:
            self.asked = 0

        def revision(self) -> str:
            self.asked += 1
            return str(self.asked)

    slow = Slow()
    revisions = StoreRevision(slow)

    async def late() -> tuple[str, str]:
        first = asyncio.create_task(revisions.current())
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # the store is being asked now
        second = asyncio.create_task(revisions.current())
        return await first, await second

    assert asyncio.run(late()) == ("1", "2")
