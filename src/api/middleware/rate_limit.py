"""Limits: how often a client may ask, and how much a request may hold."""

import math
from collections import OrderedDict
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

MOST_BYTES = 64 * 1024  # of a request's body
_MOST_CLIENTS = 10_000  # that are remembered; the one that asked longest ago is forgotten first
_IPV6_SITE = 64  # bits of an address that one client may choose the rest of


class Buckets:
    """A bucket of tokens for each client: it holds a minute's worth, and fills up evenly."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._per_second = per_minute / 60
        self._left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def take(self, client: str, now: datetime) -> int:
        """Take one; return 0, or the whole seconds to wait where there is none to take."""
        left, then = self._left.pop(client, (self._most, now))
        passed = max(0.0, (now - then).total_seconds())  # a clock may be set back
        left = min(self._most, left + passed * self._per_second)
        granted = left >= 1
        self._left[client] = (left - granted, now)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        return 0 if granted else max(1, math.ceil((1 - left) / self._per_second))

    def left(self, client: str) -> tuple[int, int]:
        """Return how many a client has left, and in how many seconds it has all of them again."""
        left, _ = self._left.get(client, (self._most, None))
        return int(left), math.ceil((self._most - left) / self._per_second)

    def __len__(self) -> int:
        return len(self._left)


@lru_cache(1000)  # parsing an address takes longer than all the rest of the counting
def client_of(address: str) -> str:
    """What an address is counted under: itself, for IPv6 its network of 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed)


def check_length(length: bytes | None) -> None:
    """Refuse a body whose announced length is too much, with 413."""
    if length is not None and length.isdigit() and int(length[:20]) > MOST_BYTES:
        raise _too_large()


def limited(receive: Receive) -> Receive:
    """Return `receive`, which raises 413 as soon as a body without a length grows too much."""
    so_far = 0

    async def counted() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > MOST_BYTES:
            raise _too_large()
        return message

    return counted


def _too_large() -> HTTPException:
    return HTTPException(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"A request may hold at most {MOST_BYTES // 1024} KiB.",
        {"Connection": "close"},
    )
