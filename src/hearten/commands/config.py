"""`hearten init` and `hearten config`: the configuration files, written, checked, described."""

from typing import Annotated

import typer

from evaluator.model.plan import Plan
from evaluator.wording import amount
from hearten import wiring
from hearten.config import files
from hearten.config.faults import ConfigError
from hearten.config.warnings import notices
from hearten.console.output import WRONG_USE, print_json, say
from hearten.errors import UseError
from hearten.settings import Settings, read_settings
from store.missing_file import missing_file

app = typer.Typer(no_args_is_help=True, help="Check the configuration, or print its schema.")


def init() -> None:
    """Write commented example files into the configuration folder."""
    folder = read_settings().config
    for path in files.init(folder):
        say(f"Wrote {path}")
    say(
        "Edit teams.yaml and targets.yaml, with `hearten suggest` for repositories. Then run "
        "`hearten config check`, `hearten doctor`, `hearten collect` and `hearten evaluate`. An "
        "agreed target that began in the past is fixed by the first `hearten collect` that reads."
    )


@app.command()
def check() -> None:
    """Report every fault of the configuration, with its file, line, key and fix."""
    settings = read_settings()
    plan = None
    previous = _kept_plan(settings)
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
    for line in notices(plan, previous):
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


def _kept_plan(settings: Settings) -> Plan | None:
    """The plan that a source was read by, None where there is none, or no database yet."""
    url = settings.database_url.get_secret_value()
    if missing_file(url):
        return None
    # Here, because files are often checked where there is no database.
    from store.plans import agreed_plan  # noqa: PLC0415

    return agreed_plan(url)
