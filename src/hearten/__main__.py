"""Runs the command, also as `python -m hearten`."""

import gc
import os
import signal
from types import FrameType

_STOPPED = 130


def main() -> None:
    """Load the command and run it. While it loads nothing has begun, and Ctrl-C just ends it."""
    gc.set_threshold(50_000)  # what is loaded and answered is thousands of objects, hardly garbage
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # else somebody asked for it to be passed over
        signal.signal(signal.SIGINT, _end)
    from hearten import cli  # noqa: PLC0415 - takes a moment

    cli.main(loaded=lambda: signal.signal(signal.SIGINT, before))


def _end(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, b"Stopped before anything was begun.\n")
    os._exit(_STOPPED)


if __name__ == "__main__":
    main()
