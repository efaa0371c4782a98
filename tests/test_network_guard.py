import socket

import pytest


@pytest.mark.parametrize(
    "host", [pytest.param("192.0.2.1", id="an address"), pytest.param("example.test", id="a name")]
)
def test_a_test_that_reaches_for_another_machine_is_stopped(host: str) -> None:
    with pytest.raises(AssertionError, match="all tests stay on this machine"):
        socket.create_connection((host, 80), timeout=1)


def test_loopback_and_unix_sockets_are_allowed() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"

    one, other = socket.socketpair(socket.AF_UNIX)
    one.close()
    other.close()
