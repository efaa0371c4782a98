"""Request ids and response headers, also for errors that nothing else answered."""

import logging
import re
from secrets import token_hex

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import REQUEST_ID, problem
from store.errors import StoreError

_GOOD_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_ID = REQUEST_ID.lower().encode()
_API = "/api/"
_RETRY = {"Retry-After": "5"}
_CLOSE = {"Connection": "close"}
_ONE_LENGTH = "Send Content-Length or Transfer-Encoding, not both."
_SECURITY = {
    "Cache-Control": "private, no-cache",  # who signed in sees what a shared cache must not keep
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_log = logging.getLogger(__name__)


class HeadersMiddleware:
    """Gives every response its headers. HSTS is the proxy's, which knows of TLS."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._headers = [(n.lower().encode(), v.encode()) for n, v in _SECURITY.items()]
        self._limits = (b"x-use-limits", f"{public_url}/docs#use-limits".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a HEAD as the GET that it is, whose body the server leaves out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _ID), b"")
        request_id = given if _GOOD_ID.fullmatch(given) else token_hex(16).encode()
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        extra = [*self._headers, (_ID, request_id)]
        if scope["path"].startswith(_API):
            extra.append(self._limits)
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        answer = HeadersSend(send, extra)
        if _two_lengths(scope):
            await problem(Request(scope), 400, _ONE_LENGTH, headers=_CLOSE)(scope, receive, answer)
            return
        await self._answering_every_error(scope, receive, answer)

    async def _answering_every_error(
        self, scope: Scope, receive: Receive, send: "HeadersSend"
    ) -> None:
        """Answer one request; whatever goes wrong leaves as a problem, and never as a trace."""
        try:
            await self._app(scope, receive, send)
        except StoreError as error:
            _log.error("%s %r: %s", scope["method"], scope["path"], error)
            if send.started:
                raise
            said = (503, "The database does not answer. Try again later.", _RETRY)
        except Exception:
            _log.exception("%s %r", scope["method"], scope["path"])
            if send.started:
                raise
            said = (500, "A defect in hearten. The log names this request.", {})
        else:
            return
        status, detail, headers = said
        await problem(Request(scope), status, detail, headers=headers)(scope, receive, send)


def _two_lengths(scope: Scope) -> bool:
    """Whether a request says its length in two ways: a proxy may have taken the other one."""
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


class HeadersSend:
    """Sends on, with `extra` headers; knows whether an answer has begun."""

    def __init__(self, send: Send, extra: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._extra = extra
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Send one message on."""
        if message["type"] == "http.response.start":
            self.started = True
            said = {name.lower() for name, _ in message["headers"]}  # an answer may be stricter
            extra = [(name, value) for name, value in self._extra if name not in said]
            message = {**message, "headers": [*message["headers"], *extra]}
        await self._send(message)
