"""A real Prometheus over loopback for tests; they are skipped by name where none is installed."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

_PATIENCE = 60  # seconds
_SCRAPE_SECONDS = 1  # from one to the next, and no scrape may take longer
_T = TypeVar("_T")

needs_prometheus = pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="prometheus is not installed"
)
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed"
)


@dataclass(frozen=True)
class Prometheus:
    """A Prometheus that runs."""

    url: str

    def get(self, path: str, **parameters: Any) -> Any:
        """The data that the API answers with."""
        # verify: to load all authorities takes longer than the answer, which comes without TLS
        answer = httpx.get(
            f"{self.url}/api/v1/{path}", params=parameters, timeout=_PATIENCE, verify=False
        )
        body = answer.json()
        assert body["status"] == "success", body
        return body["data"]

    def query(self, promql: str, **parameters: Any) -> list[dict[str, Any]]:
        """The series that an instant query answers with."""
        found: list[dict[str, Any]] = self.get("query", query=promql, **parameters)["result"]
        return found

    def settled_at(self, promql: str) -> float:
        """An instant, in seconds, at which a query has an answer that no scrape will change.

        It is longer ago than a scrape may take: one that comes late, and so leaves nothing for a
        moment, is before it or after it.
        """

        def ask() -> float | None:
            [now] = self.query("vector(time())")
            at = float(now["value"][1]) - 2 * _SCRAPE_SECONDS
            return at if self.query(promql, time=at) else None

        return _patiently(ask) or 0.0


@contextmanager
def prometheus(folder: Path, *targets: str) -> Iterator[Prometheus]:
    """Run Prometheus on the data in `folder`, scraping `targets` each second."""
    config = folder / "prometheus.yml"
    config.write_text(
        f"global: {{scrape_interval: {_SCRAPE_SECONDS}s}}\n"
        "scrape_configs:\n"
        f"  - {{job_name: hearten, static_configs: [{{targets: {list(targets)}}}]}}\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=10y",
        f"--web.listen-address={address}",
    ]
    with (folder / "prometheus.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    running = Prometheus(f"http://{address}")
    try:
        _patiently(lambda: _is_ready(running.url))
        yield running
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", verify=False).status_code == 200
    except httpx.TransportError:
        return False


def _patiently(ask: Callable[[], _T]) -> _T:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if found := ask():
            return found
        time.sleep(0.1)
    raise AssertionError("Prometheus did not come to it")
