"""The commands of the first hour: `demo`, `suggest` and `doctor`."""

from typing import Annotated

import typer

from hearten.clock import now
from hearten.console.findings import print_section
from hearten.console.output import MESSAGES, Format, end_with, plain_console, print_json, say
from hearten.console.progress import ProgressBar, Waiting
from hearten.console.suggestions import print_suggestions, suggestions_data
from hearten.console.unread_sources import unread_lines
from hearten.demo.process import stop
from hearten.settings import read_settings, read_settings_in_part

app = typer.Typer()
_out = plain_console()


@app.command()
def doctor(output: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """Look at settings, tokens, repositories, boards, clock and database; changes nothing there."""
    from hearten.doctor.checkup import checkup  # noqa: PLC0415 - no other command waits for it

    sections = []
    waiting = Waiting(MESSAGES)
    try:
        for section in checkup(read_settings_in_part(), clock=now, begin=waiting.begin):
            waiting.end()
            sections.append(section)
            if output is Format.TABLE:
                print_section(section, _out)
    finally:
        waiting.end()
    if output is Format.JSON:
        print_json([section.data() for section in sections])
    end_with(
        right=not any(section.wrong_use for section in sections),
        unread=any(section.findings for section in sections),
    )


@app.command()
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
    from hearten.suggest import suggest as find_suggestions  # noqa: PLC0415 - as for `doctor`

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
    for line in unread_lines(found.unread):
        say(f"Not read: {line}")
    end_with(right=True, unread=bool(found.unread))


@app.command()
def demo(
    *,
    once: Annotated[bool, typer.Option(help="Show it, and start no service.")] = False,
    end: Annotated[
        bool, typer.Option("--stop", help="Stop the service of an earlier demo, no more.")
    ] = False,
) -> None:
    """Collect, evaluate and show a small made-up organisation, and serve it; needs no network."""
    from hearten.demo import demo as show  # noqa: PLC0415 - no other command waits for the sandbox

    if end:
        say("Stopped." if stop(show.FOLDER) else "No demo is running.")
        return
    made = show.run(_out, MESSAGES)
    if not once:
        show.serve(made, _out)
