"""Access: who asks, what a request needs, and the audit log of what is written.

Everything is shut unless it is let in here: what needs no leave is listed, every other read needs
what reads need, and every write a token. No cookie is ever looked at, so no other site's page can
write through somebody's browser.
"""

import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Asked

from api.access_policy import Mode
from api.allowed_methods import offers
from api.dependencies import Service
from api.middleware.audit_lines import AuditLines
from api.middleware.rate_limit import Buckets, check_length, client_of, limited
from api.middleware.store_revision import StoreRevision
from api.problems import problem
from api.tokens import PREFIX, digest
from evaluator.model.access import AuditEntry, Scope, Token

_API = "/api/"
_LIMITS = (b"ratelimit-limit", b"ratelimit-remaining", b"ratelimit-reset")
OPEN_TO_ALL = frozenset({"/healthz", "/readyz"})
_OF_ADMINS = ("/api/v1/tokens", "/api/v1/audit")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NOBODY, _PROXY = _WITHOUT_TOKEN = ("nobody", "proxy")
_MOST_REFUSED_LINES = 10  # of the audit log, a minute, for each token
_MOST_KNOWN = 1000  # tokens that are remembered as long as the store does not change


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a program by its token, somebody whom the proxy signed in, or nobody known."""

    by: str
    scopes: frozenset[Scope] = frozenset()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a request needs, and whether it writes."""

    scope: Scope
    writes: bool = False


@dataclass(slots=True)
class _CheckedTokens:
    """The tokens that were used since the store last changed."""

    revision: str = ""
    tokens: OrderedDict[str, Token] = field(default_factory=OrderedDict)


class AccessMiddleware:
    """Lets a request in, or answers 400, 401, 403, 413 or 429; writes down who wrote what."""

    def __init__(self, app: ASGIApp, service: Service, revisions: StoreRevision) -> None:
        self._app = app
        self._service = service
        self._rules = service.rules
        self._revisions = revisions
        self._audit = AuditLines(service.store.audit.add)
        self._buckets = Buckets(self._rules.rate_limit)
        self._refused_lines = Buckets(_MOST_REFUSED_LINES)
        self._known = _CheckedTokens()
        self._proxy_header = self._rules.proxy_header.encode()

    async def __call__(self, asked: Asked, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if asked["type"] != "http" or asked["path"] in OPEN_TO_ALL:
            await self._app(asked, receive, send)
            return
        needed = what_is_needed(asked)
        if asked["path"].startswith(_API):
            send = _with_limits(asked, send)
        if needed.writes:
            send = self._writing_down(asked, send)
        try:
            headers = {name: value for name, value in asked["headers"] if name in _LOOKED_AT}
            self._check_host(headers.get(b"host", b""))
            caller = await self._caller(asked, headers)
            asked["state"]["by"] = caller.by
            self._check(caller, needed)
            check_length(headers.get(b"content-length"))
        except HTTPException as refused:
            asked["state"]["refused"] = True
            response = problem(
                Request(asked), refused.status_code, refused.detail, headers=refused.headers
            )
            await response(asked, receive, send)
            return
        await self._app(asked, limited(receive), send)

    def _check_host(self, host: bytes) -> None:
        names = self._rules.hosts
        name = host.decode("latin-1").lower()
        bare = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
        if names and bare.strip("[]") not in names:
            raise HTTPException(
                HTTPStatus.BAD_REQUEST, "The service is not known by this name. Ask localhost."
            )

    async def _caller(self, asked: Asked, headers: dict[bytes, bytes]) -> Caller:
        now = self._service.clock()
        peer = asked["client"][0] if asked.get("client") else ""
        signed_in = False
        if self._rules.is_proxy(peer):
            signed_in = any(n == self._proxy_header and v.strip() for n, v in asked["headers"])
            peer = _before_the_proxy(headers.get(b"x-forwarded-for", b"")) or peer
        client = client_of(peer)
        secret = _secret(headers.get(b"authorization", b""))
        if secret is None:
            self._take(client, asked)
            return Caller(_PROXY if signed_in else _NOBODY)
        hashed = digest(secret)
        asked["state"]["revision"] = revision = await self._revisions.current()
        if self._known.revision != revision:
            self._known = _CheckedTokens(revision)
        token = self._known.tokens.get(hashed)
        if token is None:
            self._take(client, asked)  # guessing has to be slow
            token = await run_in_threadpool(self._service.store.tokens.find_by_digest, hashed)
        if token is None or not hmac.compare_digest(token.digest, hashed) or not token.valid(now):
            raise _unauthorised("The token is not known, has expired or was revoked.")
        if len(self._known.tokens) < _MOST_KNOWN and self._known.revision == revision:
            self._known.tokens[hashed] = token
        self._take(f"token {token.id}", asked)
        return Caller(token.id, token.scopes)

    def _check(self, caller: Caller, needed: Requirement) -> None:
        if needed.scope in caller.scopes:
            return
        if needed.scope is Scope.READ and (
            self._rules.mode is Mode.OPEN
            or (self._rules.mode is Mode.PROXY and caller.by == _PROXY)
        ):
            return
        scope = needed.scope.value
        if caller.scopes:
            raise HTTPException(
                HTTPStatus.FORBIDDEN,
                f"The token lacks the scope `{scope}`.",
                {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
            )
        through = "Sign in through the proxy, or send" if self._may_sign_in(needed) else "Send"
        raise _unauthorised(
            f"{through} a token with the scope `{scope}` as `Authorization: Bearer …`. "
            "`hearten token create` makes one."
        )

    def _may_sign_in(self, needed: Requirement) -> bool:
        return self._rules.mode is Mode.PROXY and needed.scope is Scope.READ

    def _take(self, client: str, asked: Asked) -> None:
        wait = self._buckets.take(client, self._service.clock())
        asked["state"]["limits"] = (self._rules.rate_limit, *self._buckets.left(client))
        if wait:
            asked["state"]["limited"] = True
            raise HTTPException(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"At most {self._rules.rate_limit} requests a minute. "
                f"Try again in {wait} {'second' if wait == 1 else 'seconds'}.",
                {"Retry-After": str(wait)},
            )

    def _writing_down(self, asked: Asked, send: Send) -> Send:
        """Return `send`, which adds a line to the audit log before a write is answered.

        What is refused to whom no token names, or too often to one token, is counted and leaves no
        line: nobody is to fill a table, or to empty the cache of pages, by being refused.
        """

        async def written_down(message: Message) -> None:
            state = asked["state"]
            begins = message["type"] == "http.response.start" and not state.get("limited")
            if begins and not self._only_counted(state.get("by", _NOBODY), message["status"]):
                line = AuditEntry(
                    at=self._service.clock(),
                    by=state.get("by", _NOBODY),
                    action=f"{asked['method']} {_shown(asked['path'])}",
                    about=state.get("about", ""),
                    outcome=str(message["status"]),
                    request_id=state["request_id"],
                )
                add = self._audit.refuse if state.get("refused") else self._audit.write
                await add(line)
            await send(message)

        return written_down

    def _only_counted(self, by: str, status: int) -> bool:
        """Count a write that was refused and is to leave no line; say whether it was one."""
        if status < HTTPStatus.BAD_REQUEST:
            return False
        now = self._service.clock()
        if by not in _WITHOUT_TOKEN and not self._refused_lines.take(by, now):
            return False
        self._service.refused_writes.add(now)
        return True


def _with_limits(asked: Asked, send: Send) -> Send:
    """Return `send`, which says in headers how many requests are left to the client."""

    async def told(message: Message) -> None:
        limits = asked["state"].get("limits")
        if limits is not None and message["type"] == "http.response.start":
            said = [
                (name, str(value).encode()) for name, value in zip(_LIMITS, limits, strict=True)
            ]
            message = {**message, "headers": [*message["headers"], *said]}
        await send(message)

    return told


def what_is_needed(asked: Asked) -> Requirement:
    """Return what a request needs. What no route answers needs what reads need, to be told so."""
    path = asked["path"]
    admins = any(path == each or path.startswith(f"{each}/") for each in _OF_ADMINS)
    if asked["method"] in _SAFE or not offers(asked, asked["method"]):
        return Requirement(Scope.ADMIN if admins else Scope.READ)
    return Requirement(Scope.ADMIN if admins else Scope.RUN, writes=True)


def about(request: Request, what: str) -> None:
    """Say what a write is about, for its line in the audit log."""
    request.state.about = what


_LOOKED_AT = frozenset({b"host", b"authorization", b"content-length", b"x-forwarded-for"})


def _secret(authorization: bytes) -> str | None:
    """Our secret in an Authorization header; None where it is a proxy's, or there is none."""
    scheme, _, secret = authorization.decode("latin-1").strip().partition(" ")
    secret = secret.strip()
    return secret if scheme.lower() == "bearer" and secret.startswith(PREFIX) else None


def _before_the_proxy(forwarded: bytes) -> str:
    """The address that the proxy itself saw: the last one, for those before are the client's."""
    last = forwarded.decode("latin-1").rpartition(",")[2].strip()
    try:
        return str(ip_address(last))
    except ValueError:
        return ""


def _shown(path: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in path)[:200]


def _unauthorised(detail: str) -> HTTPException:
    return HTTPException(
        HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": 'Bearer realm="hearten"'}
    )
