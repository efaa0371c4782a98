"""Connections of clients: a request has to come whole in time, and never are too many open.

The server library has no deadline for a request that never ends, and its limit counts those too.
"""

import asyncio
import resource
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_SECONDS = 10.0  # within which a request is whole, its body too
_MOST = 1000
_FEWEST = 16
_OTHERS = 56  # descriptors that all else needs at least; as many as are left go to clients
_NOT_WHOLE = frozenset({h11.IDLE, h11.SEND_BODY})


class ClientConnection(H11Protocol):
    """One connection. Where one is too many, that which has waited longest for a request ends."""

    request_within = _SECONDS
    most = _MOST
    _deadline: asyncio.TimerHandle | None = None
    _waits_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, for which another connection may have to end."""
        super().connection_made(transport)
        self._waits_since = self.loop.time()
        self._set_deadline()
        if len(self.connections) > self.most:
            self._drop_one()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, whose time began with its first part."""
        self._set_deadline()
        super().data_received(data)
        if self.conn.their_state not in _NOT_WHOLE:
            self._lift_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._lift_deadline()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Wait for the next request; the server library ends the wait."""
        self._waits_since = self.loop.time()
        super().on_response_complete()

    def _set_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.request_within, self.transport.abort)

    def _lift_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _drop_one(self) -> None:
        connections = cast("set[ClientConnection]", self.connections)
        waiting = [each for each in connections if each.conn.their_state in _NOT_WHOLE]
        longest = min(waiting, key=lambda each: each._waits_since)  # noqa: SLF001 - our own
        connections.discard(longest)  # now, for the next one comes before it is closed
        longest.transport.abort()


def at_most(most: int, request_within: float = _SECONDS) -> type[ClientConnection]:
    """Return the class of connections of which at most so many are open at once."""
    limits = {"most": most, "request_within": request_within}
    return type("LimitedConnection", (ClientConnection,), limits)


def as_many_as_fit(descriptors: int) -> int:
    """Return how many connections a process may have that may open so many descriptors."""
    if descriptors == resource.RLIM_INFINITY:
        return _MOST
    return min(_MOST, max(_FEWEST, (descriptors - _OTHERS) // 2))
