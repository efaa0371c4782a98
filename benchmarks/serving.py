"""How many requests a second: one team's results, beside a bare route that returns the same bytes.

Both are served by uvicorn, each in a process of its own, and asked in turns by the same client, so
that whatever else the machine does slows both. Then memory is watched over many requests.
"""

import argparse
import asyncio
import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

from api.access_policy import Rules
from api.app import create_app
from api.dependencies import Service
from store.store import Store
from tests.support.judged_teams import fill

CONNECTIONS = 32
PATH = "/api/v1/results?team=heron"


def bare(body: bytes, content_type: str) -> FastAPI:
    """The least that FastAPI can do to return these bytes."""
    app = FastAPI()

    @app.get("/api/v1/results")
    async def results() -> Response:
        return Response(body, media_type=content_type)

    return app


def ours(url: str) -> FastAPI:
    """The service over a filled store, with no limit on how often it may be asked."""
    rules = replace(Rules(), rate_limit=100_000_000)
    return create_app(Service(Store.open(url), lambda: datetime.now(UTC), "1", rules=rules))  # noqa: TID251


def _serve_ours(url: str, port: int) -> None:
    _run(ours(url), port)


def _serve_bare(body: bytes, content_type: str, port: int) -> None:
    _run(bare(body, content_type), port)


def _run(app: FastAPI, port: int) -> None:
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


@contextmanager
def serving(target: Callable[..., object], *arguments: object) -> Iterator[tuple[int, int]]:
    """A server's port and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=target, args=(*arguments, port))
    process.start()
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process.pid or 0
    finally:
        process.terminate()
        process.join()


async def asked(port: int, requests: int) -> float:
    """Send `requests` over a few connections, one after the other on each; return the seconds."""
    begun = time.perf_counter()
    await asyncio.gather(*(_ask(port, requests // CONNECTIONS) for _ in range(CONNECTIONS)))
    return time.perf_counter() - begun


async def _ask(port: int, requests: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(requests):
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
    writer.close()


async def fetched(port: int) -> tuple[bytes, str]:
    """The body of one answer, and its type."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.1 200"), head
    return body, "application/json"


def memory(process: int) -> int:
    """The resident memory of a process, in KiB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="a database's URL; SQLite in a temporary folder if none")
    parser.add_argument("--requests", type=int, default=100_000, help="while memory is watched")
    parser.add_argument("--turn", type=int, default=3200, help="requests of each turn")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = said.database or f"sqlite:///{folder}/hearten.db"
        with Store.open(url) as store:
            fill(store)
        with serving(_serve_ours, url) as (port, process):
            body, content_type = asyncio.run(fetched(port))
            with serving(_serve_bare, body, content_type) as (bare_port, _):
                seconds = {port: 0.0, bare_port: 0.0}
                for _ in range(5):
                    for each in seconds:
                        seconds[each] += asyncio.run(asked(each, said.turn))
            rate, bare_rate = (5 * said.turn / taken for taken in seconds.values())
            print(f"{len(body)} bytes: {rate:.0f} a second; a bare route {bare_rate:.0f}")
            print(f"ratio {rate / bare_rate:.2f} (at least 0.5 is asked for)")
            tenth = said.requests // 10
            asyncio.run(asked(port, tenth))
            begun = memory(process)
            for _ in range(9):
                asyncio.run(asked(port, tenth))
            ended = memory(process)
            print(f"memory {begun} KiB after {tenth} requests, {ended} KiB after {said.requests}")


if __name__ == "__main__":
    main()
