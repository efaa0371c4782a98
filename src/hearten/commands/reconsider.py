"""`hearten reconsider`: final results, judged again by the configuration of now."""

from typing import Annotated

import typer
from rich import box
from rich.table import Table

from evaluator.model.results import Result
from evaluator.reconsider import Reconsidered
from evaluator.wording import amount, day_words
from hearten.clock import now
from hearten.commands.context import open_kept, plan_in_force
from hearten.console.arguments import TeamOption, check_team, past_day
from hearten.console.output import WRONG_USE, end_with, plain_console, say
from hearten.errors import UseError
from hearten.runs import reconsidering
from hearten.settings import read_settings

_LONGEST = 200  # characters of a reason, which is a sentence


def reconsider(
    since: Annotated[
        str, typer.Option(help="Final results that were judged on this local day or later.")
    ],
    reason: Annotated[str, typer.Option(help="Why, for everybody to read. Name no person.")],
    team: TeamOption = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
) -> None:
    """Judge final results again by the configuration of now, also where it finds less."""
    why = _checked(reason)
    settings = read_settings()
    with open_kept(settings) as store:
        plan, right = plan_in_force(settings, store)
        if not right:
            raise typer.Exit(WRONG_USE)
        check_team(plan, team)
        at = now()
        day = past_day(since, "--since", at)
        if day is None:
            raise UseError("--since needs a day, such as 2026-01-05.")
        if not dry_run:
            plan = store.plans.save(plan, at)
        changed: list[Reconsidered] = []
        same = unread = 0
        for each, found in reconsidering.reconsidered(
            plan, store, now=at, team=team, since=day, reason=why
        ):
            if not dry_run:
                reconsidering.keep(store, each, found, now=at, since=day)
            changed += found.changed
            same += found.same
            unread += found.unread
    if changed:
        plain_console().print(_table(changed))
    would = "would change" if dry_run else "changed"
    say(f"Of the final results judged since {day_words(day)}, {len(changed):,} {would}.")
    say(f"{amount(same, 'results')} would be found as they stand.")
    if unread:
        say(f"{amount(unread, 'results')} cannot be judged again: not all of it was read.")
        say("Run `hearten collect`, then this again.")
    end_with(right=True, unread=bool(unread))


def _checked(reason: str) -> str:
    """Return the reason as a sentence on one line. Errors: UseError where it says nothing."""
    why = " ".join(reason.split())
    if not why.strip(".…") or len(why) > _LONGEST:
        raise UseError(f"--reason needs a sentence of at most {_LONGEST} characters.")
    return why if why.endswith((".", "!", "?")) else f"{why}."


def _table(changed: list[Reconsidered]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Team", "Sprint", "Target", "Was", "Is now"):
        table.add_column(heading, no_wrap=True)
    for each in changed:
        before = each.before
        words = _words(before), _words(each.after)
        table.add_row(before.team, before.sprint.id, before.target, *words)
    return table


def _words(result: Result) -> str:
    value = "" if result.value is None else f", {amount(result.value, result.unit)}"
    return f"{result.status.words}{value}"
