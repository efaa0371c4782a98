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


@contextmanager
def serve(world: World, *, port: int = 0) -> Iterator[Sandbox]:
    """Serve `world` on 127.0.0.1 at `port` (any free one) until the block ends."""
    traffic = Traffic(_servers(world))
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(
            traffic,
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
            host, bound = listener.getsockname()
            yield Sandbox(world, f"http://{host}:{bound}", traffic)
        finally:
            server.should_exit = True
            thread.join()


def _servers(world: World) -> Starlette:
    sites = [Mount(f"/jira/{name}", jira(site)) for name, site in world.sites.items()]
    return Starlette(routes=[*forms(world), *places(world), *sites, Mount("/", github(world))])
