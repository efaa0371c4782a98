"""`hearten export`: the record in the formats of other programs."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.metrics.history import openmetrics as as_openmetrics
from hearten.clock import now
from hearten.commands.context import open_kept, stored_plan
from hearten.console.arguments import day, starts
from hearten.errors import UseError
from hearten.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Write the record for other programs.")


@app.callback()
def group() -> None:
    """Write the record for other programs."""  # keeps the one command below a subcommand


@app.command()
def openmetrics(
    begin: Annotated[
        str | None, typer.Option("--from", help="Sprints that start on this local day or later.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="Sprints that start on this local day or earlier.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
) -> None:
    """Write results of settled sprints as OpenMetrics, to fill Prometheus with their history."""
    first, last = day(begin, "--from"), day(end, "--to")
    with open_kept(read_settings()) as store:
        plan = stored_plan(store)
        begins, before = starts(plan, first, last)
        text = as_openmetrics(store, now(), sprint_from=begins, sprint_to=before)
    if output is None:
        sys.stdout.write(text.decode())
        return
    try:
        descriptor = os.open(output, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
    except OSError as error:
        raise UseError(f"{output} cannot be written ({error.strerror}).") from None
