"""A server on this machine that sends what no good server does, as slowly or long as it likes."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from threading import Event, Thread


class Way(Enum):
    """How it goes on after the first bytes."""

    SILENT = "silent"
    DRIPPING = "a byte at a time"
    ENDLESS = "endless"
    CUT = "cut"


PAUSE = 0.01  # seconds between two bytes: nobody who waits for one of them is late
HEADERS = b"HTTP/1.1 200 OK\r\nX-Long: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"
REDIRECTION = b"HTTP/1.1 302 Found\r\nLocation: /further\r\nContent-Length: 99999999999\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class FaultyServer:
    """Answers each request with `first`, and goes on as `way` says; `asked` are the request lines.

    Where `fault_at` is set, only addresses that hold it are answered so, all others with `{}`.
    """

    def __init__(self, listening: socket.socket) -> None:
        self.first = answer(b"{}")
        self.way: Way | None = None
        self.fault_at = ""
        self.asked: list[str] = []
        self._listening = listening
        self._over = Event()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def serve(self) -> None:
        """Accept connections until `end`."""
        with suppress(OSError):
            while not self._over.is_set():
                connection, _ = self._listening.accept()
                Thread(target=self._one, args=(connection,), daemon=True).start()

    def end(self) -> None:
        """Serve nobody any more."""
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)

    def _one(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while asked := _request(connection):
                self.asked.append(asked)
                if self.fault_at not in asked:
                    connection.sendall(answer(b"{}"))
                    continue
                connection.sendall(self.first)
                if self.way is not None:
                    self._go_on(connection, self.way)
                    return

    def _go_on(self, connection: socket.socket, way: Way) -> None:
        match way:
            case Way.SILENT:
                self._over.wait(5)
            case Way.DRIPPING:
                while not self._over.wait(PAUSE):
                    connection.sendall(b" ")
            case Way.ENDLESS:
                while not self._over.is_set():
                    connection.sendall(b" " * 65536)
            case Way.CUT:
                pass


def _request(connection: socket.socket) -> str:
    """The line of the next request, whose head and body are read; empty where none comes."""
    read = b""
    while b"\r\n\r\n" not in read:
        chunk = connection.recv(65536)
        if not chunk:
            return ""
        read += chunk
    head, _, body = read.partition(b"\r\n\r\n")
    length = [h for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")]
    left = int(length[0].partition(b":")[2]) - len(body) if length else 0
    while left > 0:
        left -= len(connection.recv(left))
    return head.partition(b"\r\n")[0].decode()


@contextmanager
def serving() -> Iterator[FaultyServer]:
    """A server that listens on a port of this machine."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        server = FaultyServer(listening)
        thread = Thread(target=server.serve)
        thread.start()
        try:
            yield server
        finally:
            server.end()
            thread.join()


def seconds_since(begun: float) -> float:
    """How long ago that was, on the monotonic clock."""
    return time.monotonic() - begun
