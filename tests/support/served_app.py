"""An app over real HTTP on loopback, listening as `hearten serve` does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from hearten.client_connections import ClientConnection
from hearten.settings import Settings
from hearten.web import listener


@contextmanager
def served(app: FastAPI, connection: type[ClientConnection] = ClientConnection) -> Iterator[str]:
    """Answer until the block ends; gives host and port."""
    with listener(Settings(port=0)) as listening:
        config = uvicorn.Config(app, http=connection, log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
