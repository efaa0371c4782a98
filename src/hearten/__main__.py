"""Runs the command, also as `python -m hearten`."""

import gc
import os
import signal
import sys
from types import FrameType

_STOPPED = 130
_SERVICES = frozenset({"serve", "schedule", "worker"})  # to be stopped is how they end


def main() -> None:
    """Load the command and run it. While it loads nothing has begun: Ctrl-C and SIGTERM end it."""
    gc.set_threshold(50_000)  # what is loaded and answered is thousands of objects, hardly garbage
    # The first process of a container hears only what it asks for. Others may have asked for a
    # signal to be passed over.
    heard = [
        sign
        for sign, usual in (
            (signal.SIGINT, signal.default_int_handler),
            (signal.SIGTERM, signal.SIG_DFL),
        )
        if signal.getsignal(sign) is usual
    ]
    for sign in heard:
        signal.signal(sign, _end)
    from hearten import cli  # noqa: PLC0415 - takes a moment

    def loaded() -> None:
        for sign in heard:
            if not _is_usual_end(sign):  # a service has more to load, and hears it then itself
                signal.signal(sign, signal.default_int_handler)

    cli.main(loaded)


def _is_usual_end(sign: int) -> bool:
    return sign == signal.SIGTERM and not _SERVICES.isdisjoint(sys.argv[1:2])


def _end(sign: int, _frame: FrameType | None) -> None:
    os.write(2, b"Stopped before anything was begun.\n")
    os._exit(0 if _is_usual_end(sign) else _STOPPED)


if __name__ == "__main__":
    main()
