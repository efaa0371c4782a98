"""`hearten copy`: the whole record into another database."""

import time
from typing import Annotated

import typer

from evaluator.wording import amount
from hearten.console.output import MESSAGES, STOPPED, say
from hearten.console.progress import ProgressBar
from hearten.settings import read_settings
from store.copying import copy_record


def copy(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="The other database: sqlite:///FILE or postgresql://…, which must be empty.",
        ),
    ],
) -> None:
    """Copy the whole record into the empty database at URL, and compare every row.

    Set HEARTEN_DATABASE_URL to it afterwards. The record that is copied is not changed. What ends
    a copy early leaves nothing behind: run it again.
    """
    source = read_settings().database_url.get_secret_value()
    begin = time.monotonic()
    try:
        with ProgressBar(MESSAGES) as bar:
            copied = copy_record(source, url, bar)
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was copied. Run the same command again.", err=True)
        raise typer.Exit(STOPPED) from None
    rows = f"{amount(copied.rows, 'rows')} of {amount(copied.tables, 'tables')}"
    if copied.before:
        say(f"{copied.target} holds the same record already, row for row: {rows}.")
    else:
        seconds = time.monotonic() - begin
        say(f"Copied {rows} from {copied.source} to {copied.target} in {seconds:.1f} seconds.")
        say("Every row is the same in both.")
    say("Set HEARTEN_DATABASE_URL to the copy, and start hearten again.")
    say("A token that is revoked from now on stays valid in the other of the two.")
    say("`hearten token revoke --all` revokes all that the database in force has.")
