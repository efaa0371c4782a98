"""What the sandbox was asked, and answers of one's own choice in place of the right ones."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.github.graphql import summary


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request. `service` is `github` or a Jira site's name; `about` what GraphQL was asked."""

    service: str
    method: str
    path: str
    about: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.about}".rstrip()


@dataclass(frozen=True, slots=True)
class ForcedAnswer:
    """An answer as it goes out, after `delay` seconds; header names in small letters.

    Where `cut`, the connection is closed after half of the body.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]
    delay: float = 0
    cut: bool = False

    def saying(self, body: object) -> "ForcedAnswer":
        """Return the answer with another body: text as it is, anything else as JSON."""
        if isinstance(body, str):
            return replace(self, body=body.encode())
        headers = {**self.headers, "content-type": "application/json"}
        return replace(self, body=json.dumps(body).encode(), headers=headers)


Change = Callable[[ForcedAnswer], ForcedAnswer]


@dataclass(slots=True)
class InjectedFault:
    """What happens to the answers to `times` requests that match, once `skip` of them went well."""

    match: re.Pattern[str]
    change: Change
    times: int
    skip: int = 0

    def strikes(self, asked: RecordedRequest) -> bool:
        """Whether this request is struck; each call counts."""
        if not self.times or not self.match.search(str(asked)):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass(slots=True)
class Traffic:
    """Stands before the loopback servers: keeps a log of requests, and gives wrong answers."""

    app: ASGIApp
    log: list[RecordedRequest] = field(default_factory=list)
    faults: list[InjectedFault] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        asked = _asked(request, await request.body())
        self.log.append(asked)
        fault = next((fault for fault in self.faults if fault.strikes(asked)), None)
        answer = await _right_answer(self.app, scope, await request.body())
        await _deliver(fault.change(answer) if fault else answer, receive, send)


async def _right_answer(app: ASGIApp, scope: Scope, body: bytes) -> ForcedAnswer:
    answer = ForcedAnswer(500, b"", {})

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal answer
        if message["type"] == "http.response.start":
            headers = {name.decode(): value.decode() for name, value in message["headers"]}
            answer = replace(answer, status=message["status"], headers=headers)
        else:
            answer = replace(answer, body=answer.body + message.get("body", b""))

    await app(scope, receive, send)
    return answer


async def _deliver(answer: ForcedAnswer, receive: Receive, send: Send) -> None:
    if answer.delay:
        try:
            await asyncio.wait_for(receive(), answer.delay)
        except TimeoutError:
            pass
        else:
            return  # nobody waits for it any more
    length = {"content-length": str(len(answer.body))}
    headers = {"date": formatdate(usegmt=True), **answer.headers, **length}
    start = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": start})
    if answer.cut:
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        return  # the server notices that more was promised, and hangs up
    await send({"type": "http.response.body", "body": answer.body})


def _asked(request: Request, body: bytes) -> RecordedRequest:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    parts = request.url.path.split("/")
    service = parts[2] if parts[1] == "jira" else "github"
    about = _about(body) if request.url.path.endswith("/graphql") else ""
    return RecordedRequest(service, request.method, path, about)


def _about(body: bytes) -> str:
    try:
        return summary(json.loads(body))
    except ValueError:
        return "not JSON"
