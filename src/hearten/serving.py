"""Serves the app over HTTP until the process is told to stop."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from types import FrameType

import uvicorn

from api.app import create_app
from api.service import Service
from hearten.clock import now
from hearten.settings import Settings
from store.store import Store


class _Server(uvicorn.Server):
    """A server that passes on that it was told to stop, before it answers what has begun."""

    def __init__(self, config: uvicorn.Config, told_to_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._told_to_stop = told_to_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._told_to_stop()
        super().handle_exit(sig, frame)


def serve(settings: Settings, store: Store, *, told_to_stop: Callable[[], None]) -> None:
    """Listen until SIGTERM or Ctrl-C; requests that have begun are answered first."""
    app = create_app(
        Service(store, now, version=our_version(), public_url=settings.public_url or "")
    )
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    _Server(config, told_to_stop).run()


def our_version() -> str:
    """The version of hearten that runs; "0" where it is not installed as a package."""
    try:
        return version("hearten")
    except PackageNotFoundError:
        return "0"
