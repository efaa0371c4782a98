"""An answer takes no more memory than it may, however small it looks on the way."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from functools import cache

import pytest

from collector.client import RetryPolicy, client
from collector.errors import SourceError
from collector.transport import LARGEST_ANSWER, Transport
from tests.collector.faulty_server import FaultyServer, answer, serving

JSON = b'{"issues": []}'
ONCE = RetryPolicy(attempts=1)


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with serving() as faulty:
        yield faulty


def ask(server: FaultyServer) -> object:
    with client() as http:
        return Transport(http, service="Jira", retry=ONCE).get(f"{server.url}/it", about="HER")


@cache
def bomb() -> bytes:
    """A few kilobytes that unpack to 66 KB, and those to more than an answer may have."""
    packer = zlib.compressobj(1, wbits=31)
    many = [packer.compress(bytes(1 << 20)) for _ in range((LARGEST_ANSWER >> 20) + 1)]
    return b"".join([*many, packer.flush()])


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "identity", ""])
def test_an_answer_that_is_encoded_as_asked_is_understood(
    server: FaultyServer, encoding: str
) -> None:
    body = gzip.compress(JSON) if "gzip" in encoding.lower() else JSON
    server.first = answer(body, f"Content-Encoding: {encoding}")

    assert ask(server) == {"issues": []}


@pytest.mark.parametrize(
    ("body", "encoding", "said"),
    [
        pytest.param(gzip.compress(gzip.compress(JSON)), "gzip, gzip", "encoding", id="twice"),
        pytest.param(JSON, "gzip", "encoding", id="not packed at all"),
        pytest.param(gzip.compress(JSON)[:-12], "gzip", "not JSON", id="cut"),
        pytest.param(JSON, "br", "encoding", id="another one"),
    ],
)
def test_an_answer_that_is_encoded_otherwise_is_not(
    server: FaultyServer, body: bytes, encoding: str, said: str
) -> None:
    server.first = answer(body, f"Content-Encoding: {encoding}")

    with pytest.raises(SourceError, match=said):
        ask(server)


def test_a_refusal_in_another_encoding_is_still_a_refusal(server: FaultyServer) -> None:
    server.first = answer(JSON, "Content-Encoding: br", status="401 Unauthorized")

    with pytest.raises(SourceError, match="refused the token"):
        ask(server)


@pytest.mark.parametrize(
    ("encoding", "most", "said"),
    [
        pytest.param("gzip", 2.2 * LARGEST_ANSWER, "more than 64 MiB", id="once"),
        pytest.param("gzip, gzip", LARGEST_ANSWER / 8, "encoding", id="twice"),
    ],
)
def test_what_unpacks_to_more_than_an_answer_may_have_is_not_unpacked_further(
    server: FaultyServer, encoding: str, most: float, said: str
) -> None:
    packed = gzip.compress(bomb()) if "," in encoding else bomb()
    server.first = answer(packed, f"Content-Encoding: {encoding}")

    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=said):
            ask(server)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < most


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect"])
def test_the_body_of_a_redirection_is_not_read(server: FaultyServer, status: str) -> None:
    packed = answer(bomb(), "Content-Encoding: gzip", "Location: /further", status=status)
    server.first = packed
    server.fault_at = "/it"

    tracemalloc.start()
    try:
        assert ask(server) == {}
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < LARGEST_ANSWER / 8
    assert [line.split()[1] for line in server.asked] == ["/it", "/further"]


def test_redirections_without_end_are_given_up(server: FaultyServer) -> None:
    server.first = answer(b"", "Location: /it", status="302 Found")

    with pytest.raises(SourceError, match=r"pointed elsewhere \(302\)"):
        ask(server)

    assert len(server.asked) == 11


@pytest.mark.parametrize("status", ["301 Moved", "307 Temporary Redirect", "308 Permanent"])
def test_a_redirection_to_another_port_of_the_host_is_not_followed(
    server: FaultyServer, status: str
) -> None:
    with serving() as other:
        server.first = answer(b"", f"Location: {other.url}/it", status=status)

        with pytest.raises(SourceError, match="pointed elsewhere"):
            ask(server)

        assert other.asked == []


@pytest.mark.parametrize("location", ["http://[::1", "javascript:1", "http://h:99999999/", "ftp:/"])
def test_a_redirection_to_no_address_makes_one_source_unread(
    server: FaultyServer, location: str
) -> None:
    server.first = answer(b"", f"Location: {location}", status="302 Found")

    with pytest.raises(SourceError, match="Jira"):
        ask(server)
