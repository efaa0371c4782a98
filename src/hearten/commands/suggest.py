"""`hearten suggest`: how each of many repositories may show what reached production."""

from typing import Annotated

import typer

from hearten.console.output import MESSAGES, Format, end_with, plain_console, print_json, say
from hearten.console.progress import ProgressBar
from hearten.console.suggestions import print_suggestions, suggestions_data
from hearten.console.unread_sources import unread_lines
from hearten.settings import read_settings
from hearten.suggest import suggest as find_suggestions

_out = plain_console()


def suggest(
    repositories: Annotated[
        list[str] | None, typer.Argument(metavar="OWNER/REPO...", help="Repositories on GitHub.")
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Every repository of this organisation as well.")
    ] = None,
    *,
    every: Annotated[
        bool,
        typer.Option("--all", help="Look at workflows and merges even where better was found."),
    ] = False,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Print how repositories may show production, as YAML to paste below `repositories:`."""
    with ProgressBar(MESSAGES) as bar:
        found = find_suggestions(
            read_settings(), repositories or [], organisation, progress=bar, every=every
        )
    if output is Format.JSON:
        print_json(suggestions_data(found.detected))
    else:
        print_suggestions(found.detected, found.zone, _out)
        if found.detected:
            say("Each is to be pasted below `repositories:` of its team in teams.yaml.")
    if found.left_out:
        say(found.left_out)
    for line in unread_lines(found.unread, name=str):  # by name, not by id
        say(f"Not read: {line}")
    end_with(right=True, unread=bool(found.unread))
