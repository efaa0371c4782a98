"""`hearten init` and `hearten config`: the configuration files, written, checked, described."""

from typing import Annotated

import typer

from evaluator.wording import amount
from hearten import wiring
from hearten.commands.context import kept_plan
from hearten.config import files
from hearten.config.faults import ConfigError
from hearten.config.warnings import notices
from hearten.console.arguments import UseError
from hearten.console.output import WRONG_USE, print_json, say
from hearten.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Check the configuration, or print its schema.")


def init() -> None:
    """Write commented example files into the configuration folder."""
    folder = read_settings().config
    for path in files.init(folder):
        say(f"Wrote {path}")
    say(
        "Edit teams.yaml and targets.yaml, with `hearten suggest` for repositories. Then run "
        "`hearten config check`, `hearten doctor`, `hearten collect` and `hearten evaluate`. An "
        "agreed target that began in the past is fixed by the first `hearten collect`."
    )


@app.command()
def check() -> None:
    """Report every fault of the configuration, with its file, line, key and mend."""
    settings = read_settings()
    plan = None
    previous = kept_plan(settings)
    try:
        plan = wiring.load_plan(settings, previous)
    except ConfigError as error:
        say(str(error))
    unset = wiring.access_faults(settings, plan)
    if plan is None:
        for fault in unset:
            say(str(fault))
        raise typer.Exit(WRONG_USE)
    teams, targets = amount(len(plan.teams), "teams"), amount(len(plan.targets), "targets")
    say(f"The configuration is right: {teams}, {targets}.")
    for line in notices(plan):
        say(line)
    for fault in unset:  # no fault of the files: whoever keeps them may well have no token
        say(f"Before `hearten collect`: {fault}")


@app.command()
def schema(
    file: Annotated[
        str | None, typer.Argument(help="Only this file's, for example teams.yaml.")
    ] = None,
) -> None:
    """Print the JSON Schemas of the configuration files, for editors."""
    schemas = files.schema()
    if file is not None and file not in schemas:
        raise UseError(f"There is no file `{file}`. The files are: {', '.join(schemas)}.")
    print_json(schemas if file is None else schemas[file])
