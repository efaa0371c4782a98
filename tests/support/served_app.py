"""An app over real HTTP on loopback, listening as `hearten serve` does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from hearten.settings import Settings
from hearten.web import listener


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Answer until the block ends; gives host and port."""
    with listener(Settings(port=0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
