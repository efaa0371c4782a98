"""`hearten evaluate`: every team's sprints, judged by what is in the database."""

from typing import Annotated

import typer

from evaluator.model.runs import Job
from hearten.clock import now
from hearten.commands.context import open_store, plan_in_force
from hearten.console.arguments import TeamOption, check_team, past_instant
from hearten.console.output import MESSAGES, end_with, say
from hearten.console.progress import ProgressBar
from hearten.runs import jobs
from hearten.runs.command_run import typed
from hearten.runs.runner import evaluated
from hearten.settings import read_settings


def evaluate(
    team: TeamOption = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Judge as it was at this local day's start, or at an ISO 8601 instant."),
    ] = None,
) -> None:
    """Judge every team's sprints by what was read."""
    settings = read_settings()
    with open_store(settings) as store:
        plan, right = plan_in_force(settings, store)
        check_team(plan, team)
        then = past_instant(as_of, "--as-of", plan, now())
        if not store.facts.anything_read():
            say("Nothing was read yet, so no team can be judged. Run `hearten collect` first.")
        with (
            ProgressBar(MESSAGES) as bar,
            typed(store, Job.EVALUATE, settings.lease_time, bar, tell=say, team=team) as run,
        ):
            done = jobs.evaluate(
                plan,
                store,
                run,
                now=now(),
                team=team,
                as_of=then,
                clock=now,
            )
            run.ended = evaluated(done)
    say(run.ended.detail)
    if then:
        say("Results that were judged later than that stay as they are.")
    end_with(right=right, unread=False)
