"""`hearten demo`: a small made-up organisation, collected, judged and served."""

from typing import Annotated

import typer

from hearten.console.output import MESSAGES, plain_console, say
from hearten.demo import demo as show
from hearten.demo.process import stop

_out = plain_console()


def demo(
    *,
    once: Annotated[bool, typer.Option(help="Show it, and start no service.")] = False,
    end: Annotated[
        bool, typer.Option("--stop", help="Stop the service of an earlier demo, no more.")
    ] = False,
) -> None:
    """Collect, evaluate and show a small made-up organisation, and serve it; needs no network."""
    if end:
        say("Stopped." if stop(show.FOLDER) else "No demo is running.")
        return
    made = show.run(_out, MESSAGES)
    if not once:
        show.serve(made, _out)
