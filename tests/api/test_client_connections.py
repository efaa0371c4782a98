"""Clients that never end their request take nothing from those that do."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest

from api.app import create_app
from api.dependencies import Service
from hearten.client_connections import ClientConnection, as_many_as_fit, at_most
from store.store import Store
from tests.support.served_app import served

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
UNFINISHED = {
    "nothing": b"",
    "half a line": b"GET /heal",
    "half the headers": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n",
    "half a body": b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{",
    "half a chunk": b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "half a second request": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /heal",
}


@contextmanager
def serving(store: Store, connection: type[ClientConnection]) -> Iterator[tuple[str, int]]:
    with served(create_app(Service(store, lambda: NOW, version="1")), connection) as address:
        host, _, port = address.partition(":")
        yield host, int(port)


def ends(connection: socket.socket) -> bool:
    """Whether the other end closes the connection within two seconds."""
    connection.settimeout(2)
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED.keys())
def test_a_request_that_is_never_whole_is_ended(store: Store, sent: bytes) -> None:
    with serving(store, at_most(9, 0.1)) as address, socket.create_connection(address) as client:
        client.sendall(sent)
        if sent.startswith(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            client.recv(65536)
            client.sendall(b"t")  # what waits between two requests has a deadline of its own

        assert ends(client)


def test_a_trickle_ends_as_what_is_silent_does(store: Store) -> None:
    with serving(store, at_most(9, 0.2)) as address, socket.create_connection(address) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: ")
        for _ in range(20):
            with suppress(OSError):
                client.sendall(b"x")
            time.sleep(0.02)

        assert ends(client)


def test_a_connection_that_is_asked_again_and_again_stays(store: Store) -> None:
    with serving(store, at_most(9, 0.15)) as address:
        connection = HTTPConnection(*address, timeout=5)
        for _ in range(4):
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
            time.sleep(0.1)
        connection.close()


def test_more_connections_than_may_be_open_end_those_that_waited_longest(store: Store) -> None:
    with serving(store, at_most(5, 60)) as address, ExitStack() as opened:
        clients = [opened.enter_context(socket.create_connection(address)) for _ in range(5)]
        for client in clients:
            client.sendall(b"GET /healthz HTTP/1.1\r\n")
        for _ in range(2):
            later = opened.enter_context(closing(HTTPConnection(*address, timeout=5)))
            later.request("GET", "/healthz")
            assert later.getresponse().status == 200

        assert [ends(client) for client in clients[:2]] == [True, True]
        clients[4].sendall(b"Host: localhost\r\n\r\n")
        assert clients[4].recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/runs"])
def test_a_length_that_is_said_in_two_ways_is_refused_and_nothing_after_it_is_read(
    store: Store, path: str
) -> None:
    lengths = "Content-Length: 5\r\nTransfer-Encoding: chunked"
    hidden = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    sent = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n\r\n0\r\n\r\n{hidden}"

    with serving(store, at_most(9)) as address, socket.create_connection(address) as client:
        client.sendall(sent.encode())
        with client.makefile("rb") as answers:
            said = answers.read()

    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    ("descriptors", "most"), [(64, 16), (256, 100), (1024, 484), (65_536, 1000), (-1, 1000)]
)
def test_clients_take_less_than_half_of_the_descriptors(descriptors: int, most: int) -> None:
    assert as_many_as_fit(descriptors) == most
