"""Serves the app over HTTP until the process is told to stop."""

import uvicorn

from api.app import create_app
from api.service import Service
from hearten import __version__, logs
from hearten.clock import now
from hearten.settings import Settings
from store.store import Store


def serve(settings: Settings, store: Store) -> None:
    """Listen until SIGTERM or Ctrl-C; requests that have begun are answered first."""
    logs.set_up(settings)
    app = create_app(Service(store, now, version=__version__, public_url=settings.public_url or ""))
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,  # its loggers write to ours
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run()
