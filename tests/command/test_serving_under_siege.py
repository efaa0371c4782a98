"""`hearten serve` with few descriptors, and clients that only hold on to their connection."""

import resource
import signal
import socket
import time
from contextlib import ExitStack, suppress
from functools import partial

import httpx
import pytest

from tests.support.organisation import Organisation
from tests.support.processes import begin, end

pytestmark = pytest.mark.slow

DESCRIPTORS = 256
HALF_OPEN = 300
HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


def test_more_half_open_connections_than_descriptors_keep_nobody_out(
    organisation: Organisation,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    few = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    process = begin(
        organisation,
        *("serve",),
        before=few,
        HEARTEN_PORT=str(address[1]),
        HEARTEN_SCHEDULE="off",
    )
    url = f"http://{address[0]}:{address[1]}"
    took: list[float] = []
    try:
        _wait_for(url)
        with ExitStack() as opened:
            for number in range(2 * HALF_OPEN):
                client = opened.enter_context(socket.create_connection(address))
                client.sendall(HALF)
                if number % 50 == 0:
                    took += [_seconds(f"{url}{path}") for path in ("/healthz", "/readyz", "/")]
            took += [_seconds(f"{url}/") for _ in range(5)]
    finally:
        process.send_signal(signal.SIGTERM)
        ran = end(process)

    assert max(took) < 2
    assert ran.code == 0
    assert "out of system resource" not in ran.messages


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(httpx.TransportError):
            httpx.get(f"{url}/healthz")
            return
        time.sleep(0.1)


def _seconds(url: str) -> float:
    began = time.monotonic()
    assert httpx.get(url, timeout=5).status_code == 200
    return time.monotonic() - began
