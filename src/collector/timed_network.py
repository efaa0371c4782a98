"""Connections that keep one deadline, however slowly the other side sends.

httpx bounds each single wait: who sends a byte a second is never late. Here each wait also ends
with the time that `within` gives to all of them together, the look-up of the name included.
"""

import math
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address
from threading import Thread
from typing import Any

import httpcore
import httpx

Resolve = Callable[[str, int], list[str]]
_AT_ONCE = 16 * 1024  # bytes written before the deadline is looked at again

_ends: ContextVar[float] = ContextVar("ends", default=math.inf)  # on the monotonic clock


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give all that this thread asks of the network inside so many seconds together, no more."""
    before = _ends.set(min(_ends.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _ends.reset(before)


def seconds_left() -> float:
    """Return how many seconds `within` leaves this thread, infinite outside of it."""
    return _ends.get() - time.monotonic()


def addresses(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, as the system knows them. Errors: socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def keep_deadlines(http: httpx.Client, resolve: Resolve = addresses) -> None:
    """Make a client's connections keep the deadline of `within`; `resolve` looks names up."""
    for transport in (http._transport, *http._mounts.values()):  # noqa: SLF001 - no other way in
        if isinstance(transport, httpx.HTTPTransport):
            pool = transport._pool  # noqa: SLF001 - httpx passes httpcore's public option not on
            pool._network_backend = _TimedNetwork(resolve)  # noqa: SLF001


class _TimedNetwork(httpcore.NetworkBackend):
    """Opens connections that keep the deadline."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers."""
        options = list(socket_options or ())
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port, timeout):
            patience = _patience(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._network.connect_tcp(address, port, patience, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream)
        raise failed

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        """The host's addresses. The system's own look-up cannot be told how long to wait."""
        if _is_address(host):
            return [host]
        found: Future[list[str]] = Future()

        def look_up() -> None:
            try:
                found.set_result(self._resolve(host, port))
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                found.set_exception(error)

        Thread(target=look_up, name="names", daemon=True).start()
        try:
            return found.result(_patience(timeout, httpcore.ConnectTimeout))
        except TimeoutError:
            raise httpcore.ConnectTimeout(host) from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(host) from error


class _TimedStream(httpcore.NetworkStream):
    """A connection each of whose waits ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come."""
        return self._stream.read(max_bytes, _patience(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send it all."""
        for first in range(0, len(buffer), _AT_ONCE):
            patience = _patience(timeout, httpcore.WriteTimeout)
            self._stream.write(buffer[first : first + _AT_ONCE], patience)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the connection with TLS on it."""
        patience = _patience(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, patience))

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks about the connection."""
        return self._stream.get_extra_info(info)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _patience(timeout: float | None, late: type[Exception]) -> float | None:
    """How long one wait may take. Errors: `late` where no time is left."""
    left = seconds_left()
    if left <= 0:
        raise late
    if timeout is None:
        return None if left == math.inf else left
    return min(timeout, left)
