"""`hearten collect`: what is new in GitHub and Jira, into the database."""

from datetime import timedelta
from typing import Annotated

import typer

from evaluator.model.runs import Job
from evaluator.wording import amount, difference_words
from hearten import wiring
from hearten.clock import now
from hearten.commands.context import open_store, plan_in_force
from hearten.console.arguments import TeamOption, check_team, past_day
from hearten.console.output import MESSAGES, end_with, say
from hearten.console.progress import ProgressBar
from hearten.console.unread_sources import unread_lines
from hearten.runs import jobs
from hearten.runs.command_run import typed
from hearten.runs.runner import collected
from hearten.settings import read_settings

_CLOCKS_DIFFER = timedelta(minutes=5)


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
    with open_store(settings) as store:
        plan, right = plan_in_force(settings, store)
        check_team(plan, team)
        collectors = wiring.connect(settings, plan)
        try:
            with (
                ProgressBar(MESSAGES) as bar,
                typed(
                    store,
                    Job.COLLECT,
                    settings.lease_time,
                    bar,
                    tell=say,
                    team=team,
                    since=begin,
                ) as run,
            ):
                done = jobs.collect(
                    plan,
                    store,
                    collectors,
                    run,
                    clock=now,
                    team=team,
                    since=begin,
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
        apart = difference_words(done.clock_ahead)
        say(
            f"This machine's clock is {apart} {which} the services'. Let it take "
            "its time from a time server (NTP): until then some results come late."
        )
    say("`hearten evaluate` judges by what was read.")
    end_with(right=right, unread=bool(done.unread))
