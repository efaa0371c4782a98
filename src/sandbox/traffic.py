"""What the sandbox was asked, and answers of one's own choice in place of the right ones."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.github.graphql import summary


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `service` is `github` or a Jira site's name; `about` what GraphQL was asked."""

    service: str
    method: str
    path: str
    about: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.about}".rstrip()


@dataclass(slots=True)
class Fault:
    """An answer to be given to the next `times` requests that match."""

    match: re.Pattern[str]
    status: int
    body: object
    headers: Mapping[str, str]
    times: int


@dataclass(slots=True)
class Traffic:
    """Stands before the loopback servers: keeps a log of requests, and gives wrong answers."""

    app: ASGIApp
    log: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        asked = _asked(request, await request.body())
        self.log.append(asked)
        fault = self._fault(asked)
        if fault is None:
            await self.app(scope, _again(await request.body()), send)
        else:
            await _response(fault)(scope, receive, send)

    def _fault(self, asked: Asked) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.match.search(str(asked)):
                fault.times -= 1
                return fault
        return None


def _asked(request: Request, body: bytes) -> Asked:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    parts = request.url.path.split("/")
    service = parts[2] if parts[1] == "jira" else "github"
    about = _about(body) if request.url.path.endswith("/graphql") else ""
    return Asked(service, request.method, path, about)


def _about(body: bytes) -> str:
    try:
        return summary(json.loads(body))
    except ValueError:
        return "not JSON"


def _response(fault: Fault) -> Response:
    headers = dict(fault.headers)
    if isinstance(fault.body, str):
        return Response(fault.body, fault.status, headers)
    return JSONResponse(fault.body, fault.status, headers)


def _again(body: bytes) -> Receive:
    """Return a source of the request's body for whoever reads it next."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
