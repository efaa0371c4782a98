"""An app that only answers, in a process of its own: how quick this machine is just now."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]


async def app(scope: Mapping[str, Any], _receive: object, send: Any) -> None:
    """Say that all is well."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def bare_app() -> Iterator[str]:
    """Serve it until the block ends; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        serve = ["uvicorn", f"{__name__}:app", "--fd", str(number), "--lifespan", "off"]
        process = subprocess.Popen(
            [sys.executable, "-m", *serve, "--log-level", "critical"],
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},  # noqa: TID251 - the child's
            pass_fds=[number],
        )
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            process.kill()
            process.wait()
