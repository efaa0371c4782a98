"""Sandboxes for tests: the server that one test is done with shows the next one's world.

To stop a server takes a fifth of a second in which nothing happens, and hundreds of tests need one.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sandbox.server import Sandbox, SandboxServer, started
from sandbox.world import World

_running = ExitStack()
_idle: list[SandboxServer] = []


@contextmanager
def serve(world: World) -> Iterator[Sandbox]:
    """Serve `world` on loopback until the block ends, as `sandbox.server.serve` does."""
    server = _idle.pop() if _idle else _running.enter_context(started())
    try:
        yield server.show(world)
    finally:
        _idle.append(server)


def stop_all() -> None:
    """Stop every server, at the end of the tests."""
    _idle.clear()
    _running.close()
