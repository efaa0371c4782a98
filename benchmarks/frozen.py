"""Lets time stand still for hearten, and serves the demonstration's world at that instant.

`outputs.py` starts it, with the source of a checkout in PYTHONPATH:

    python -m benchmarks.frozen world AT FOLDER    writes its configuration, says its port
    python -m benchmarks.frozen serve AT PORT      `hearten serve` over the world at that port
"""

import runpy
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from apscheduler.schedulers.base import BaseScheduler

import hearten.clock
from benchmarks.outputs import WORLD


def freeze(at: datetime) -> None:
    """Let time stand still, before anything is imported that keeps a clock's name for itself."""
    hearten.clock.now = lambda: at
    time.time = at.timestamp  # noqa: TID251 - libraries date answers and lines of the log by it


def lead_to_the_world(port: int) -> None:
    """Let connections to WORLD reach `port`. Its address is in links, hashes and lengths."""
    connect, world = socket.socket.connect, urlsplit(WORLD)

    def led(self: Any, address: Any) -> None:
        meant = address == (world.hostname, world.port)
        connect(self, (world.hostname, port) if meant else address)

    socket.socket.connect = led  # type: ignore[method-assign]


def run(*command: str) -> None:
    """Run a command of hearten in this process. Errors: SystemExit, as it ends."""
    sys.argv = ["hearten", *command]
    runpy.run_module("hearten", run_name="__main__", alter_sys=True)


def _let_the_schedule_tick() -> None:
    """Let it ask for what is due and do that before it goes on: else what came first be chance."""
    from hearten.runs.scheduler import Schedule  # noqa: PLC0415 - time is to stand still before

    start = Schedule.start

    def in_order(self: Schedule) -> None:
        self._ask()
        self._run()
        start(self)

    Schedule.start = in_order  # type: ignore[method-assign]
    add_job = BaseScheduler.add_job  # by which checkouts of before tick, by the machine's own clock

    def from_now_on(self: BaseScheduler, func: Any, *arguments: Any, **named: Any) -> Any:
        now = datetime.now(UTC)  # noqa: TID251 - the scheduler's
        return add_job(self, func, *arguments, **{**named, "next_run_time": now})

    BaseScheduler.add_job = from_now_on


def _serve_world(at: datetime, folder: Path) -> None:
    """Serve it until the input ends; with each line, an instant, some of it comes to light."""
    from sandbox.demo.config import demo_config  # noqa: PLC0415 - time is to stand still before
    from sandbox.demo.world import demo_world  # noqa: PLC0415
    from sandbox.server import serve  # noqa: PLC0415

    world = demo_world(at)
    data_center = next(name for name in world.sites if name != "jira")
    files = demo_config(at, data_center_url=f"{WORLD}/jira/{data_center}", github_url=WORLD)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with serve(world) as sandbox:
        print(sandbox.address.rpartition(":")[2], hearten.__file__, flush=True)
        for line in sys.stdin:
            world.now = datetime.fromisoformat(line.strip())
            freeze(world.now)
            private = world.repositories["example-health/directory-private"]
            private.access = type(private.access)("open")
            world.repositories["example-health/monorepo"].squash_merge(
                at=world.now - timedelta(minutes=10), files=["services/dunlin/app.py"]
            )
            print(flush=True)


def main(what: str, at: str, argument: str) -> None:
    """Serve one of the two."""
    freeze(datetime.fromisoformat(at))
    if what == "world":
        _serve_world(datetime.fromisoformat(at), Path(argument))
    else:
        lead_to_the_world(int(argument))
        _let_the_schedule_tick()
        run("serve")


if __name__ == "__main__":
    main(*sys.argv[1:])
