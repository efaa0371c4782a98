"""The command line. Answers go to standard output, messages to standard error.

Exit codes: 0 done, 1 a run ended with sources unread or the doctor found something to mend, 2 wrong
use or configuration, 3 a defect, 130 stopped by Ctrl-C.
"""

import gc
import os
import signal
import sys
import traceback
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from collector.errors import SourceError
from hearten import __version__
from hearten.commands import config, export, results, runs, service, setup, token
from hearten.commands.backup import backup
from hearten.commands.collect import collect
from hearten.commands.evaluate import evaluate
from hearten.console.output import WRONG_USE, say
from hearten.errors import CommandError
from hearten.redaction import without_secrets
from store.errors import StoreError

DEFECT, STOPPED, NOBODY_READS = 3, 130, 141


class _PlainErrors(TyperGroup):
    """Turns what goes wrong into one plain sentence and an exit code."""

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
            say(without_secrets(traceback.format_exc()))
            say("This is a defect in hearten, not something that you did. What was kept is whole.")
            raise typer.Exit(DEFECT) from None


app = typer.Typer(
    cls=_PlainErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(config.init)
app.command()(collect)
app.command()(evaluate)
app.add_typer(results.app)
app.command()(backup)
app.add_typer(config.app, name="config")
app.add_typer(token.app, name="token")
app.add_typer(export.app, name="export")
app.add_typer(service.app)
app.add_typer(runs.app)
app.add_typer(setup.app)


def main() -> None:
    """Run the command."""
    gc.freeze()  # what was imported lives on: no collection need look through it again
    gc.set_threshold(50_000)  # an answer is thousands of objects, and hardly any of them garbage
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:  # what stops containers and timers
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app(prog_name="hearten")
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
