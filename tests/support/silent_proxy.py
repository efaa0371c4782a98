"""A way to a PostgreSQL server that can fall silent: nothing is passed on, and nothing is cut."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from sqlalchemy.engine import make_url


class SilentProxy:
    """Passes all on to where `server` leads, until it is told to fall `silent` or to `trickle`.

    Connections that were silenced stay so for ever; `heal` lets new ones through.
    """

    def __init__(self, server: str) -> None:
        with psycopg.connect(server) as connection:
            info = connection.info
            self._there: str | tuple[str, int] = (
                f"{info.host}/.s.PGSQL.{info.port}"
                if info.host.startswith("/")
                else (info.host, info.port)
            )
        self._listens = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._silenced: set[socket.socket] = set()
        self._silent = False
        self._cut = False
        self._pause = 0.0
        self.accepted = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, database_url: str) -> str:
        """The address of a database by this way."""
        port = self._listens.getsockname()[1]
        address = make_url(database_url).set(host="127.0.0.1", port=port, query={})
        return address.render_as_string(hide_password=False)

    def silence(self) -> None:
        """Pass nothing on any more, of what is open and of what comes."""
        self._silenced |= set(self._open)
        self._silent = True

    def cut(self) -> None:
        """Cut what is open, and what comes."""
        self._cut = True
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def trickle(self, pause: float) -> None:
        """Pass on a byte at a time from now on, with a pause (seconds) after each."""
        self._pause = pause

    def heal(self) -> None:
        """Let new connections through."""
        self._silent = self._cut = False
        self._pause = 0

    def close(self) -> None:
        """Cut all."""
        self._listens.close()
        for each in self._open:
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listens.accept()
                self.accepted += 1
                if self._cut:
                    near.close()
                    continue
                unix = isinstance(self._there, str)
                far = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
                far.connect(self._there)
                self._open += [near, far]
                if self._silent:
                    self._silenced |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                while self._pause and said and one not in self._silenced:
                    other.sendall(said[:1])
                    said = said[1:]
                    time.sleep(self._pause)
                if one not in self._silenced:
                    other.sendall(said)
            if one not in self._silenced:
                other.shutdown(socket.SHUT_WR)


@contextmanager
def silent_proxy(server: str) -> Iterator[SilentProxy]:
    """Open a way to a PostgreSQL server that can fall silent."""
    proxy = SilentProxy(server)
    try:
        yield proxy
    finally:
        proxy.close()
