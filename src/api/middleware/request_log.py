"""One line in the log for each request: what was asked, how it ended, and how long it took."""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import REQUEST_ID

_QUIET = {"/healthz", "/readyz", "/metrics"}  # asked every few seconds by programs
_log = logging.getLogger(__name__)


class RequestLogMiddleware:
    """Middleware, outermost. It logs the route's template and never what stood in its place.

    Paths and queries come from outside: anybody may write a name or a token into them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and then log; a request whose connection was cut has the status 499."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, request_id = perf_counter(), 499, ""

        async def noting(message: Message) -> None:
            nonlocal status, request_id
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = dict(message.get("headers", ()))
                request_id = headers.get(REQUEST_ID.lower().encode(), b"").decode("latin-1")
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            _note(scope, status, request_id, round((perf_counter() - began) * 1000, 1))


def _note(scope: Scope, status: int, request_id: str, milliseconds: float) -> None:
    route = _template(scope)
    _log.log(
        logging.DEBUG if route in _QUIET else logging.INFO,
        "%s %s %d in %s ms, request %s",
        scope["method"],
        route,
        status,
        milliseconds,
        request_id,
        extra={
            "method": scope["method"],
            "route": route,
            "status": status,
            "milliseconds": milliseconds,
            "request_id": request_id,
        },
    )


def _template(scope: Scope) -> str:
    """The path with `{names}` where values stood, such as /api/v1/teams/{team}."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template is None:
        return "(no such page)"
    if ":path}" in template:
        return template
    # A route of an included router may not know the router's prefix, which holds no values.
    asked = scope["path"].split("/")
    return "/".join(asked[: len(asked) - template.count("/")]) + template
