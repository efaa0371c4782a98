"""`hearten runs`: the newest runs of every job."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from evaluator.model.runs import Job
from hearten.commands.context import open_kept
from hearten.console.output import Format, plain_console, print_json
from hearten.console.runs import runs_data, runs_table
from hearten.settings import read_settings


def runs(
    job: Annotated[Job | None, typer.Option(help="Only runs of this job.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Print the newest runs: what asked for them, and how they ended."""
    with open_kept(read_settings()) as store:
        found = store.runs.find(job=job, limit=limit)
        plan = store.plans.newest()
    if output is Format.JSON:
        print_json(runs_data(found))
    else:
        zone = plan.zone if plan else ZoneInfo("Europe/London")
        runs_table(found, zone, plain_console())
