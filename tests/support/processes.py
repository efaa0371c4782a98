"""`hearten` in a process of its own, as somebody types it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.organisation import Organisation, Ran

_SOURCE = Path(__file__).parents[2] / "src"


def begin(
    organisation: Organisation,
    *arguments: str,
    python: tuple[str, ...] = (),
    before: Callable[[], object] | None = None,
    stderr: int = subprocess.PIPE,
    **settings: str,
) -> subprocess.Popen[str]:
    """Begin `hearten` with `arguments`; `before` is called in its process, ahead of everything."""
    # Python notices no short write: under a limit it left half a compiled file for all others.
    compiled = ["-B"] if before else []
    env = {**os.environ, **organisation.environment, "PYTHONPATH": str(_SOURCE), **settings}  # noqa: TID251 - the child's
    return subprocess.Popen(
        [sys.executable, *compiled, *python, "-m", "hearten", *arguments],
        env=env,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        preexec_fn=before,  # noqa: PLW1509 - it only sets limits
    )


def end(process: subprocess.Popen[str]) -> Ran:
    """Wait for it to end."""
    with process:
        out, messages = process.communicate(timeout=120)
    return Ran(process.returncode, out, messages)
