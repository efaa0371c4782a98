"""Serves the sandbox for the benchmarks: in a process of its own, slow on purpose, and cheap.

Whole answers are remembered and each is given after the same wait, so that what is measured is
the asking side. `GET /requests` says how many were asked for since it was last read.
"""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.github.app import github
from sandbox.jira.app import jira
from sandbox.world import World

REPOSITORIES, COMMITS = 100, 200
PROJECTS, ISSUES = 20, 120
_DAYS = 170


def world(now: datetime) -> World:
    """Return repositories with 40 pull requests and 20 deployments each, and Jira projects."""
    made = World(now)
    site = made.site()
    for number in range(REPOSITORIES):
        repo = made.repository(f"acme/service-{number}")
        for place in range(COMMITS):
            at = now - timedelta(days=_DAYS) + place * timedelta(days=_DAYS) / COMMITS
            change = repo.squash_merge(at=at) if place % 5 == 0 else repo.commit(at=at)
            if place % 10 == 9:
                repo.deploy(change, at=at + timedelta(hours=1))
    for number in range(PROJECTS):
        for place in range(ISSUES):
            done = now - timedelta(days=_DAYS) + place * timedelta(days=_DAYS) / ISSUES
            begun = done - timedelta(days=2)
            moves = [(begun, "In Progress"), (done, "Done")]
            site.issue(f"P{number}-{place + 1}", created=begun - timedelta(days=1), moves=moves)
    return made


class Remembering:
    """Gives each answer again as it was, after a wait of `seconds`."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._answers: dict[tuple[str, bytes], list[Message]] = {}
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self.requests += 1
        request = Request(scope, receive)
        body = await request.body()
        waited = asyncio.create_task(asyncio.sleep(self._seconds))
        key = (str(request.url), body)
        if key not in self._answers:
            self._answers[key] = await _answer(self._app, scope, body)
        await waited
        for message in self._answers[key]:
            await send(message)


async def _answer(app: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--latency-ms", type=float, required=True)
    asked = parser.parse_args()
    made = world(datetime.now(UTC).replace(microsecond=0))  # noqa: TID251 - collect reads it too
    sites = [Mount(f"/jira/{name}", jira(site)) for name, site in made.sites.items()]
    answers = Starlette(routes=[*sites, Mount("/", github(made))])
    remembering = Remembering(answers, asked.latency_ms / 1000)

    async def requests(_: Request) -> Response:
        counted, remembering.requests = remembering.requests, 0
        return JSONResponse(counted)

    app = Starlette(routes=[Route("/requests", requests), Mount("/", remembering)])
    uvicorn.run(app, host="127.0.0.1", port=asked.port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
