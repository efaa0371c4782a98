from collections.abc import Callable, Iterator
from contextlib import ExitStack
from zoneinfo import ZoneInfo

import pytest

from collector.client import RetryPolicy
from collector.github.collector import GitHubCollector
from collector.github.connection import GitHubConnection
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, Clock, Read
from tests.support.sandbox_servers import serve


@pytest.fixture
def world() -> World:
    return World(NOW)


@pytest.fixture
def sandbox(world: World) -> Iterator[Sandbox]:
    with serve(world) as sandbox:
        yield sandbox


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connect(clock: Clock) -> Iterator[Callable[[str], GitHubCollector]]:
    """Makes a collector for an address; its clock is `clock`, and it never waits."""
    with ExitStack() as stack:

        def connected(url: str) -> GitHubCollector:
            collector = GitHubCollector(
                GitHubConnection(url, token="token"),
                zone=ZoneInfo("Europe/London"),
                clock=lambda: clock.now,
                retry=RetryPolicy(attempts=2, sleep=lambda _: None),
            )
            stack.callback(collector.close)
            return collector

        yield connected


@pytest.fixture
def read(sandbox: Sandbox, connect: Callable[[str], GitHubCollector]) -> Read:
    return Read(connect(sandbox.github_url))
