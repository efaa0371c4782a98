"""`hearten backup`: a copy of the database, taken while others use it."""

from pathlib import Path
from typing import Annotated

import typer

from hearten.console.output import say
from hearten.settings import read_settings
from store.backup import back_up


def backup(
    file: Annotated[
        Path, typer.Argument(help="Where to write the copy; it must not be there yet.")
    ],
) -> None:
    """Write a whole copy of the SQLite database to FILE; hearten may run meanwhile."""
    back_up(read_settings().database_url.get_secret_value(), file)
    typer.echo(f"Wrote {file}", err=True)
    say("Put back later, it makes tokens valid again that were revoked after it was made.")
    say("`hearten token revoke --all` then revokes all.")
