"""The service that the demonstration ends with: a process of its own over the made-up organisation.

It serves the sandbox too, at the addresses that were collected from, so that links lead somewhere.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Timer
from time import monotonic, sleep
from typing import TextIO
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from hearten.errors import CommandError
from hearten.service import serve_all
from hearten.settings import read_settings
from sandbox.demo.config import DATA_CENTER_VARIABLE
from sandbox.demo.world import demo_world

MADE_UP = "made-up"  # the sandbox takes any token
_PORT = 8000
_HIGHEST = 65535
_PATIENCE = 30  # seconds


class DemoServiceError(CommandError):
    """The service did not start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class DemoService:
    """What the service is made of: the demo's folder, when its world was made, and where it was."""

    folder: Path
    at: datetime
    sandbox_url: str

    def start(self, minutes: int) -> tuple[subprocess.Popen[bytes], str]:
        """Start the process; return it with its address once it answers.

        It ends by itself after so many minutes, or with 0 when it is stopped.

        It answers at HEARTEN_PORT or 8000; where that is taken, at any that is free.

        Errors: DemoServiceError where it ends, or does not answer in half a minute, or where
        HEARTEN_PORT is no port.
        """
        port = _free_port()
        address = f"http://127.0.0.1:{port}"
        log = self.folder / "service.log"
        with log.open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "hearten.demo.process", self.at.isoformat(), str(minutes)],
                env=self._environment(port),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for the one who waits, who then stops it
            )
        if not _answers(process, f"{address}/readyz"):
            process.terminate()
            process.wait()
            raise DemoServiceError(f"The demo's service did not start. {log} says why.")
        return process, address

    def _environment(self, port: int) -> dict[str, str]:
        """Everything but hearten's own settings, which are the demo's."""
        ours = {
            "CONFIG": str(self.folder / "config"),
            "DATABASE_URL": f"sqlite:///{self.folder}/hearten.sqlite3",
            "GITHUB_URL": self.sandbox_url,
            "GITHUB_TOKEN": MADE_UP,
            "JIRA_URL": f"{self.sandbox_url}/jira/jira",
            "JIRA_EMAIL": "someone@example.org",
            "JIRA_TOKEN": MADE_UP,
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HEARTEN_")}  # noqa: TID251
        named = {f"HEARTEN_{name}": value for name, value in ours.items()}
        source = str(Path(__file__).parents[2])
        return {**kept, **named, DATA_CENTER_VARIABLE: MADE_UP, "PYTHONPATH": source}


def stop(folder: Path) -> bool:
    """Stop a service that runs over `folder`; return whether there was one."""
    try:
        lock = _lock_file(folder).open("r+", encoding="ascii")
    except FileNotFoundError:
        return False
    with lock:
        if _locked(lock):  # only one who serves holds it: the number in it is no other program's
            return False
        os.kill(int(lock.read()), signal.SIGTERM)
        give_up = monotonic() + _PATIENCE
        while not _locked(lock) and monotonic() < give_up:
            sleep(0.05)
    return True


def main(at: str, minutes: str) -> None:
    """Serve the sandbox as it was at `at`, and hearten over it, until stopped or time is up."""
    from sandbox.server import serve as serve_sandbox  # noqa: PLC0415 - slow to import

    settings = read_settings()
    with (
        _lock_file(settings.config.parent).open("w", encoding="ascii") as lock,
        serve_sandbox(
            demo_world(datetime.fromisoformat(at)), port=urlsplit(settings.github_url).port or 0
        ),
    ):
        _locked(lock)
        lock.write(str(os.getpid()))
        lock.flush()
        if int(minutes):
            timer = Timer(int(minutes) * 60, os.kill, (os.getpid(), signal.SIGTERM))
            timer.daemon = True
            timer.start()
        serve_all(settings)


def _lock_file(folder: Path) -> Path:
    return folder / "service.lock"


def _locked(file: TextIO) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _asked_port() -> int:
    asked = os.environ.get("HEARTEN_PORT") or str(_PORT)  # noqa: TID251 - the demo has no settings
    if asked.isdecimal() and int(asked) <= _HIGHEST:
        return int(asked)
    raise DemoServiceError(f"HEARTEN_PORT is `{asked}`. Set it to a number up to {_HIGHEST}.")


def _free_port() -> int:
    for port in (_asked_port(), 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as listener:
            found: int = listener.getsockname()[1]
            return found
    raise DemoServiceError("No port is free on 127.0.0.1.")


def _answers(process: subprocess.Popen[bytes], address: str) -> bool:
    give_up = monotonic() + _PATIENCE
    while process.poll() is None and monotonic() < give_up:
        with suppress(URLError, OSError), urlopen(address, timeout=5):  # noqa: S310 - http, ours
            return True
        sleep(0.05)
    return False


if __name__ == "__main__":
    main(*sys.argv[1:])
