"""ETags, 304, and a cache of responses that holds until anything in the store changes."""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware.store_revision import StoreRevision

NO_CACHE = "private, no-cache"
IMMUTABLE = "private, max-age=31536000, immutable"

_API = "/api/v1/"
# Answers that follow from the store alone, and not from the time of day.
_KEPT = re.compile(r"/api/v1/(results|teams(/[^/]+(/results|/sprints(/(?!(last|current)$).*)?)?)?)")
# Pages show the time of day too, by the minute: they are the same until the next one.
_KEPT_A_MINUTE = re.compile(
    r"/|/(calendar|data|accessibility|api/v1/status)|/(teams|targets|about)(/.*)?"
)
_MOST_BYTES = 32 * 1024 * 1024
_MOST_BYTES_EACH = 1024 * 1024

_OF_A_BODY = (b"content-type", b"content-encoding")
_LEAST_ZIPPED = 1024  # bytes: a shorter answer gains nothing
_GZIP = re.compile(r"(^|,)\s*(gzip|\*)\s*(;\s*q=(0\.[0-9]*[1-9][0-9]*|1(\.0*)?)\s*)?(,|$)")

_Key = tuple[str, bytes, bool]


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response with status 200, as it left: of which revision of the store, by which route."""

    revision: str
    route: object
    headers: tuple[tuple[bytes, bytes], ...]
    etag: bytes
    body: bytes


class ResponseCache:
    """Responses by address, of a bounded size: the one asked for longest ago goes first."""

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = most
        self._kept: OrderedDict[_Key, CachedResponse] = OrderedDict()
        self.size = 0

    def get(self, key: _Key, revision: str) -> CachedResponse | None:
        """What was kept of this address, unless the store has changed since."""
        kept = self._kept.get(key)
        if kept is None or kept.revision != revision:
            return None
        self._kept.move_to_end(key)
        return kept

    def put(self, key: _Key, kept: CachedResponse) -> None:
        """Keep a response, unless it is too long to be kept."""
        self._drop(key)
        if len(kept.body) > _MOST_BYTES_EACH:
            return
        self._kept[key] = kept
        self.size += _size(key, kept)
        while self.size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: _Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.size -= _size(key, kept)


class EtagCacheMiddleware:
    """Gives pages and what is read of the API an ETag, and answers again from what it kept."""

    def __init__(
        self, app: ASGIApp, revisions: StoreRevision, clock: Callable[[], datetime]
    ) -> None:
        self._app = app
        self._revisions = revisions
        self._clock = clock
        self._shelf = ResponseCache()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not _may_be_tagged(scope):
            await self._app(scope, receive, send)
            return
        wanted = next((v for name, v in scope["headers"] if name == b"if-none-match"), b"")
        zipped = _takes_gzip(scope)
        key = (scope["path"], scope["query_string"], zipped)
        revision = await self._revision(scope)
        kept = self._shelf.get(key, revision) if revision else None
        if kept is not None:
            scope["route"] = kept.route  # for the log, as if it had been asked
            await _answer(kept, wanted, send)
            return
        start: Message | None = None

        async def watched(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                start = message  # not sent on before it is known whether the body is all there
            elif start is None:
                await send(message)
            elif message.get("more_body", False):  # a stream: nothing is known of it in advance
                held, start = start, None
                await send(held)
                await send(message)
            else:
                kept = _kept(revision, scope.get("route"), start, message["body"], zipped=zipped)
                if revision:
                    self._shelf.put(key, kept)
                start = None
                await _answer(kept, wanted, send)

        await self._app(scope, receive, watched)

    async def _revision(self, scope: Scope) -> str:
        """What an answer must still be of, to be given again; empty where none is kept."""
        page = _KEPT_A_MINUTE.fullmatch(scope["path"])
        if not page and not _KEPT.fullmatch(scope["path"]):
            return ""
        revision: str = scope["state"].get("revision") or await self._revisions.current()
        return f"{revision} {self._clock():%Y-%m-%d %H:%M}" if page else revision


def _may_be_tagged(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return _API in scope["path"] or bool(_KEPT_A_MINUTE.fullmatch(scope["path"]))


def _takes_gzip(scope: Scope) -> bool:
    """Whether the client takes an answer that is zipped."""
    accepted = (v for name, v in scope["headers"] if name == b"accept-encoding")
    return any(_GZIP.search(value.decode("latin-1").lower()) for value in accepted)


def _kept(
    revision: str, route: object, start: Message, body: bytes, *, zipped: bool
) -> CachedResponse:
    """The response with its ETag. A zipped one says the same in other bytes: its ETag is weak."""
    etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
    headers = {name: value for name, value in start["headers"] if name != b"content-length"}
    headers |= {
        b"etag": etag,
        b"cache-control": headers.get(b"cache-control", NO_CACHE.encode()),
        b"vary": b"Accept-Encoding",
    }
    if zipped and len(body) >= _LEAST_ZIPPED and b"content-encoding" not in headers:
        body = gzip.compress(body, mtime=0)
        headers |= {b"content-encoding": b"gzip", b"etag": b"W/" + etag}
    return CachedResponse(revision, route, tuple(headers.items()), etag, body)


async def _answer(kept: CachedResponse, wanted: bytes, send: Send) -> None:
    known = wanted and _matches(wanted, kept.etag)
    headers = [h for h in kept.headers if not (known and h[0] in _OF_A_BODY)]
    if not known:
        headers.append((b"content-length", str(len(kept.body)).encode()))
    status = 304 if known else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if known else kept.body})


def _matches(wanted: bytes, etag: bytes) -> bool:
    tags = [tag.strip().removeprefix(b"W/") for tag in wanted.split(b",")]
    return etag in tags or tags == [b"*"]


def _size(key: _Key, kept: CachedResponse) -> int:
    return len(key[0]) + len(key[1]) + len(kept.body) + 1000  # for headers and bookkeeping
