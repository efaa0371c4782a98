"""`hearten status`, `results` and `explain`: what is stored, in few words, in rows, in full."""

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from evaluator.lineage import former_ids, line_of, with_the_past
from evaluator.model.plan import Plan
from evaluator.model.results import Result
from evaluator.model.serialization import published
from evaluator.team_standing import current_teams, team_standing
from hearten.clock import now
from hearten.commands.context import open_kept, stored_plan
from hearten.console.arguments import TeamOption, check_target, check_team, day, of_sprint, starts
from hearten.console.output import Format, plain_console, print_json, say
from hearten.console.results import explain as print_explanation
from hearten.console.results import results_csv, results_table
from hearten.console.runs import print_last_and_next
from hearten.console.status import print_status, status_data
from hearten.settings import read_settings

_out = plain_console()


class ResultsFormat(StrEnum):
    """How results may be printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def status(
    team: TeamOption = None,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Show where each team stands, A to Z, and what is missing."""
    with open_kept(read_settings()) as store:
        plan = stored_plan(store)
        check_team(plan, team)
        coverage, at = store.facts.coverage(), now()
        # Whoever names a team that closed sees it; it is in no view of what is.
        shown = current_teams(plan, at) if team is None else plan.teams
        standings = [
            team_standing(
                each,
                plan,
                [r for one in line_of(each, plan) for r in store.results.find(team=one)],
                coverage,
                at,
            )
            for each in sorted(shown, key=lambda t: t.name.casefold())
            if team in (None, each.id)
        ]
        newest = store.runs.newest()
    if output is Format.JSON:
        print_json(status_data(standings, plan))
    else:
        print_status(standings, plan, _out)
        print_last_and_next(newest, plan.zone, _out)


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
    with open_kept(read_settings()) as store:
        plan = stored_plan(store)
        begins, before = starts(plan, first, last)
        found = _with_the_past(
            team,
            plan,
            lambda ident: store.results.find(
                team=ident, target=target, sprint_from=begins, sprint_to=before
            ),
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


def explain(
    team: Annotated[str, typer.Argument(help="The team's id.")],
    sprint: Annotated[str, typer.Argument(help="The sprint's id, or `last` or `current`.")],
    target: Annotated[str, typer.Argument(help="The target's id.")],
) -> None:
    """Print one stored result with everything that explains it."""
    with open_kept(read_settings()) as store:
        plan = stored_plan(store)
        found = _with_the_past(
            team,
            plan,
            lambda ident: store.results.find(team=ident, target=target, every_version=True),
        )
    if not found:
        check_team(plan, team)
        check_target(plan, target)
    versions = of_sprint(found, sprint, now())
    of_team = next((each for each in plan.teams if each.id == team), None)
    print_explanation(versions, plan, of_team, _out)


def _with_the_past(
    team: str | None, plan: Plan, find: Callable[[str | None], list[Result]]
) -> list[Result]:
    """Return what is found of a team, after what it had under former ids."""
    past = former_ids(team, plan) if team else ()
    return with_the_past(find(team), [result for one in past for result in find(one)])
