"""Serves a world on loopback while a `with` block lasts."""

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from sandbox.forms import forms
from sandbox.github.app import github
from sandbox.jira.app import jira
from sandbox.places import places
from sandbox.traffic import Change, ForcedAnswer, InjectedFault, RecordedRequest, Traffic
from sandbox.world import World

_ALWAYS = 1_000_000


@dataclass(slots=True)
class Sandbox:
    """The loopback servers over `world`: GitHub at the root, each Jira site under `/jira/NAME`."""

    world: World
    address: str  # http://127.0.0.1:PORT
    _traffic: Traffic

    @property
    def github_url(self) -> str:
        """The base address as of github.com: GraphQL is at `/graphql` below it."""
        return self.address

    @property
    def enterprise_url(self) -> str:
        """The base address as of GitHub Enterprise: GraphQL is at `/api/graphql`."""
        return f"{self.address}/api/v3"

    def jira_url(self, site: str = "jira") -> str:
        """The base address of a Jira site."""
        return f"{self.address}/jira/{site}"

    @property
    def log(self) -> list[RecordedRequest]:
        """Every request since the start or the last `reset`, in order."""
        return list(self._traffic.log)

    def count(self, service: str) -> int:
        """How many requests `github`, or a Jira site, got."""
        return sum(asked.service == service for asked in self._traffic.log)

    def reset(self) -> None:
        """Forget the log, and behave well again."""
        self._traffic.log.clear()
        self._traffic.faults.clear()

    def fail(
        self,
        match: str,
        *,
        status: int = 500,
        times: int = _ALWAYS,
        body: object = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer the next `times` requests that `match` with `status` and `body`.

        `match` is a regular expression looked for in `METHOD path?query`, for GraphQL followed by
        what it asks: `POST /graphql acme/shop(deployments)`. A body that is no text goes as JSON.
        """
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        answer = ForcedAnswer(status, b"", lower).saying(body)
        self.spoil(match, lambda _: answer, times=times)

    def spoil(self, match: str, change: Change, *, times: int = _ALWAYS, skip: int = 0) -> None:
        """Let `change` make another answer of the right one, as `fail`.

        The first `skip` requests that `match` are answered well: so later pages can be struck.
        """
        self._traffic.faults.append(InjectedFault(re.compile(match), change, times, skip))


@dataclass(slots=True)
class SandboxServer:
    """A server that shows one world after another: to stop one takes longer than a test may."""

    address: str
    _shown: Traffic

    def show(self, world: World) -> Sandbox:
        """Answer from `world` from now on, with an empty log; what was shown before is gone."""
        self._shown = Traffic(_servers(world))
        return Sandbox(world, self.address, self._shown)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request from the world that is shown."""
        await self._shown(scope, receive, send)


@contextmanager
def started(*, port: int = 0) -> Iterator[SandboxServer]:
    """Run a server on 127.0.0.1 at `port` (any free one), with nothing to show, until the end."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        # What is accepted inherits it: no answer waits until its headers are confirmed.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host, bound = listener.getsockname()
        shown = SandboxServer(f"http://{host}:{bound}", Traffic(Starlette()))
        config = uvicorn.Config(
            shown,
            access_log=False,
            date_header=False,  # an answer has its own
            http="h11",
            lifespan="off",
            log_config=None,
            loop="asyncio",
            timeout_graceful_shutdown=1,
            ws="none",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
        )
        thread.start()
        try:
            yield shown
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def serve(world: World, *, port: int = 0) -> Iterator[Sandbox]:
    """Serve `world` on 127.0.0.1 at `port` (any free one) until the block ends."""
    with started(port=port) as server:
        yield server.show(world)


def _servers(world: World) -> Starlette:
    sites = [Mount(f"/jira/{name}", jira(site)) for name, site in world.sites.items()]
    return Starlette(routes=[*forms(world), *places(world), *sites, Mount("/", github(world))])
