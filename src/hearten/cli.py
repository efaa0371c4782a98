"""The command line. Answers go to standard output, messages to standard error.

Exit codes: 0 done, 1 a run ended with sources unread or the doctor found something to fix, 2 wrong
use or configuration, 3 a defect, 130 stopped by Ctrl-C.
"""

import gc
import os
import sys
import traceback
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from collector.errors import SourceError
from hearten import __version__
from hearten.commands.registry import lazy_commands
from hearten.console.output import STOPPED, WRONG_USE, say
from hearten.errors import CommandError
from store.errors import StoreError

DEFECT, NOBODY_READS = 3, 141


class _Hearten(TyperGroup):
    """All commands; what goes wrong in one becomes a plain sentence and an exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": lazy_commands()})

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (CommandError, StoreError, SourceError) as error:
            say(str(error))
            raise typer.Exit(WRONG_USE) from None
        except KeyboardInterrupt:
            # Not `say`: Rich may have been stopped within a line, and would print that once more.
            typer.echo(
                "Stopped. What was read or judged so far is kept. "
                "Run the same command again to go on from there.",
                err=True,
            )
            raise typer.Exit(STOPPED) from None
        except BrokenPipeError:  # `| head` has seen enough; nobody is left to be told
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(NOBODY_READS) from None
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if type(error).__module__.startswith(("click", "typer")):
                raise
            # Here, because it reads all settings, and a defect is rare.
            from hearten.redaction import without_secrets  # noqa: PLC0415

            say(without_secrets(traceback.format_exc()))
            say("This is a defect in hearten, not something that you did. What was kept is whole.")
            raise typer.Exit(DEFECT) from None


app = typer.Typer(
    cls=_Hearten,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main(loaded: Callable[[], object]) -> None:
    """Run the command; call `loaded` once its module is imported, right before it begins."""

    def begin() -> None:
        gc.freeze()  # what was imported lives on: no collection need look through it again
        loaded()

    try:
        app(prog_name="hearten", obj=begin)
    except SystemExit as end:
        if end.code != STOPPED:
            raise
        # Python would wait for threads that wait for an answer, a minute or more. They only read:
        # what is kept was committed, and the store is closed.
        sys.stdout.flush()
        os._exit(STOPPED)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - as Typer calls it
    if asked:
        typer.echo(f"hearten {__version__}")
        raise typer.Exit


@app.callback()
def hearten(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Show each software team where it stands against a few light-touch targets."""
