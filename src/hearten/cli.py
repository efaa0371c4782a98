"""The command line. Answers go to standard output, messages to standard error.

Exit codes: 0 done, 1 a run ended with sources unread or the doctor found something to mend, 2 wrong
use or configuration, 3 a defect, 130 stopped by Ctrl-C.
"""

import gc
import os
import signal
import sys
import traceback
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from evaluator.model.plan import Plan
from evaluator.model.published import published
from evaluator.model.runs import Job
from evaluator.standing import standing
from evaluator.wording import amount
from hearten import __version__, demo_service, jobs, wiring
from hearten.clock import now
from hearten.commands import export, first_steps, service, token
from hearten.commands.backup import backup
from hearten.config import files
from hearten.config.faults import ConfigError
from hearten.config.notices import notices
from hearten.console.arguments import (
    UseError,
    check_target,
    check_team,
    day,
    of_sprint,
    past_day,
    past_instant,
)
from hearten.console.dates import apart
from hearten.console.progress import Bar
from hearten.console.results import explain as print_explanation
from hearten.console.results import results_csv, results_table
from hearten.console.runs import print_last_and_next
from hearten.console.saying import (
    MESSAGES,
    WRONG_USE,
    Format,
    end_with,
    plain_console,
    print_json,
    say,
)
from hearten.console.status import print_status, status_data
from hearten.console.unread import unread_lines
from hearten.held import typed
from hearten.redaction import without_secrets
from hearten.running import collected, evaluated
from hearten.settings import Settings, SettingsError, read_settings
from store.errors import StoreError
from store.store import Store

DEFECT, STOPPED, NOBODY_READS = 3, 130, 141


class _PlainErrors(TyperGroup):
    """Turns what goes wrong into one plain sentence and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (
            ConfigError,
            SettingsError,
            StoreError,
            files.FilesExistError,
            UseError,
            demo_service.DemoServiceError,
        ) as error:
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
config_app = typer.Typer(no_args_is_help=True, help="Check the configuration, or print its schema.")
app.add_typer(config_app, name="config")
app.command()(backup)
app.add_typer(token.app, name="token")
app.add_typer(export.app, name="export")
app.add_typer(service.app)
app.add_typer(first_steps.app)

_out = plain_console()

TeamOption = Annotated[str | None, typer.Option("--team", help="Only this team, by its id.")]


class ResultsFormat(StrEnum):
    """How results may be printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


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


@app.command()
def init() -> None:
    """Write commented example files into the configuration folder."""
    folder = read_settings().config
    for path in files.init(folder):
        say(f"Wrote {path}")
    say(
        "Edit them, with `hearten suggest` for repositories. Then run `hearten config check`, "
        "`hearten doctor`, `hearten collect` and `hearten evaluate`."
    )


@config_app.command()
def check() -> None:
    """Report every fault of the configuration, with its file, line, key and mend."""
    settings = read_settings()
    plan: Plan | None = None
    with _store(settings) as store:
        try:
            plan = wiring.load_plan(settings, store.plan())
        except ConfigError as error:
            say(str(error))
    for fault in wiring.access_faults(settings, plan):
        say(fault)
    if plan is None or wiring.access_faults(settings, plan):
        raise typer.Exit(WRONG_USE)
    teams, targets = amount(len(plan.teams), "teams"), amount(len(plan.targets), "targets")
    say(f"The configuration is right: {teams}, {targets}.")
    for line in notices(plan):
        say(line)


@config_app.command()
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


@app.command()
def collect(
    team: TeamOption = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="Read back to this local day, for example 2026-01-05. "
            "A first run without it goes back six months; later runs continue."
        ),
    ] = None,
) -> None:
    """Read what is new in GitHub and Jira."""
    begin = past_day(since, "--since", now())
    settings = read_settings()
    with _store(settings) as store:
        plan, right = _plan(settings, store)
        check_team(plan, team)
        collectors = wiring.connect(settings, plan)
        try:
            with (
                Bar(MESSAGES) as bar,
                typed(store, Job.COLLECT, settings.lease_time, bar, team=team, since=begin) as run,
            ):
                done = jobs.collect(
                    plan,
                    store,
                    collectors,
                    clock=now,
                    progress=run.held,
                    team=team,
                    since=begin,
                    record=run.held.record,
                )
                run.ended = collected(done, plan)
        finally:
            collectors.close()
    say(
        f"Read {len(done.coverage) - len(done.unread)} of {len(done.coverage)} sources "
        f"with {amount(done.requests, 'requests')}."
    )
    if MESSAGES.is_terminal:  # elsewhere each source has its line already
        for line in unread_lines({c.source: c.detail for c in done.unread}):
            say(f"Not read: {line}")
    if abs(done.clock_ahead) > _CLOCKS_DIFFER:
        which = "ahead of" if done.clock_ahead > timedelta() else "behind"
        say(
            f"This machine's clock is {apart(done.clock_ahead)} {which} the services'. Let it take "
            "its time from a time server (NTP): until then some results come late."
        )
    say("`hearten evaluate` judges by what was read.")
    end_with(right=right, unread=bool(done.unread))


@app.command()
def evaluate(
    team: TeamOption = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Judge as it was at this local day's start, or at an ISO 8601 instant."),
    ] = None,
) -> None:
    """Judge every team's sprints by what was read."""
    settings = read_settings()
    with _store(settings) as store:
        plan, right = _plan(settings, store)
        check_team(plan, team)
        at = now()
        then = past_instant(as_of, "--as-of", plan, at)
        with (
            Bar(MESSAGES) as bar,
            typed(store, Job.EVALUATE, settings.lease_time, bar, team=team) as run,
        ):
            done = jobs.evaluate(
                plan,
                store,
                now=at,
                progress=run.held,
                team=team,
                as_of=then,
                record=run.held.record,
            )
            run.ended = evaluated(done)
    say(run.ended.detail)
    if then:
        say("Results that were judged later than that stay as they are.")
    end_with(right=right, unread=False)


@app.command()
def status(
    team: TeamOption = None,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Show where each team stands, A to Z, and what is missing."""
    with _store(read_settings()) as store:
        plan = _stored_plan(store)
        check_team(plan, team)
        coverage, at = store.coverage(), now()
        standings = [
            standing(each, plan, store.results(team=each.id), coverage, at)
            for each in sorted(plan.teams, key=lambda t: t.name.casefold())
            if team in (None, each.id)
        ]
        newest = store.runs.newest()
    if output is Format.JSON:
        print_json(status_data(standings))
    else:
        print_status(standings, plan, _out)
        print_last_and_next(newest, plan.zone, _out)


@app.command()
def results(
    team: TeamOption = None,
    target: Annotated[str | None, typer.Option(help="Only this target, by its id.")] = None,
    begin: Annotated[
        str | None, typer.Option("--from", help="Sprints that start on this local day or later.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="Sprints that start on this local day or earlier.")
    ] = None,
    output: Annotated[ResultsFormat, typer.Option("--format")] = ResultsFormat.TABLE,
) -> None:
    """Print stored results: every sprint, unless told otherwise."""
    first, last = day(begin, "--from"), day(end, "--to")
    with _store(read_settings()) as store:
        plan = _stored_plan(store)
        found = store.results(
            team=team,
            target=target,
            sprint_from=plan.midnight(first) if first else None,
            sprint_to=plan.midnight(last + _A_DAY) if last else None,
        )
    if not found:  # what was judged stays, also of a team that is configured no longer
        check_team(plan, team)
        check_target(plan, target)
        say("No result is stored of what you asked for.")
    match output:
        case ResultsFormat.JSON:
            print_json([published(result) for result in found])
        case ResultsFormat.CSV:
            results_csv(found, sys.stdout)
        case ResultsFormat.TABLE:
            results_table(found, plan, _out)


@app.command()
def explain(
    team: Annotated[str, typer.Argument(help="The team's id.")],
    sprint: Annotated[str, typer.Argument(help="The sprint's id, or `last` or `current`.")],
    target: Annotated[str, typer.Argument(help="The target's id.")],
) -> None:
    """Print one stored result with everything that explains it."""
    with _store(read_settings()) as store:
        plan = _stored_plan(store)
        found = store.results(team=team, target=target, every_version=True)
    if not found:
        check_team(plan, team)
        check_target(plan, target)
    versions = of_sprint(found, sprint, now())
    of_team = next((each for each in plan.teams if each.id == team), None)
    print_explanation(versions, plan, of_team, _out)


_A_DAY = date.resolution
_CLOCKS_DIFFER = timedelta(minutes=5)


def _store(settings: Settings) -> Store:
    return Store.open(settings.database_url.get_secret_value())


def _plan(settings: Settings, store: Store) -> tuple[Plan, bool]:
    """The plan in the files; where they are faulty, the last good one, and False."""
    plan, fault = wiring.plan_in_force(settings, store)
    if fault is not None:
        say(str(fault))
        say("The last good configuration stays in force until these are mended.")
    return plan, fault is None


def _stored_plan(store: Store) -> Plan:
    plan = store.plan()
    if plan is None:
        raise UseError(
            "Nothing was read yet into the database that HEARTEN_DATABASE_URL names. Run "
            "`hearten collect`, then `hearten evaluate`."
        )
    return plan
