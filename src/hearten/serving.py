"""Serves the app over HTTP until the process is told to stop."""

from importlib.metadata import PackageNotFoundError, version

import uvicorn

from api.app import create_app
from api.service import Service
from hearten.clock import now
from hearten.settings import Settings
from store.store import Store


def serve(settings: Settings, store: Store) -> None:
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
    uvicorn.Server(config).run()


def our_version() -> str:
    """The version of hearten that runs; "0" where it is not installed as a package."""
    try:
        return version("hearten")
    except PackageNotFoundError:
        return "0"
