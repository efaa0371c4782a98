"""Each team's standing as a table, and the same as data."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evaluator.model.plan import Plan
from evaluator.model.results import Gap, Result, Status
from evaluator.standing_data import standing_data
from evaluator.streaks import Streak
from evaluator.team_standing import SprintResults, TeamStanding
from evaluator.wording import instant_words, short_span_words
from hearten.console.unread_sources import unread_lines

NOTHING_READ = "Nothing was read yet. Run `hearten collect`, then `hearten evaluate`."

STYLE = {
    Status.MET: "green",
    Status.NOT_MET: "yellow",
    Status.IN_PROGRESS: "cyan",
    Status.NO_DATA: "magenta",
    Status.EXCUSED: "blue",
    Status.NOT_APPLICABLE: "dim",
}


def print_status(standings: Sequence[TeamStanding], plan: Plan, console: Console) -> None:
    """Print teams A to Z: last finished and current sprint, each target in words; then gaps."""
    titles = {target.id: target.title for target in plan.targets}
    if standings and all(standing.nothing_read for standing in standings):
        console.print(f"{NOTHING_READ}\n")
    for standing in standings:
        _print_heading(standing, plan, console)
        sprints = _sprints(standing)
        if not sprints and standing.unreadable is None:
            console.print(f"  {_no_sprint(standing)}\n")
        table = Table.grid(padding=(0, 1), pad_edge=True)
        table.add_column(no_wrap=True)
        _add_unknown(standing, titles, table)
        for label, found in sprints:
            days = short_span_words(found.sprint.start, found.sprint.end, plan.zone)
            left = [label, days] + [""] * len(found.results)
            for said, result in zip(left, found.results, strict=False):
                table.add_row(said, titles[result.target], _words(result, standing, plan))
            if len(found.results) == 1:
                table.add_row(days)
            table.add_row()
        console.print(table)
    _print_gaps(standings, console)


def status_data(standings: Iterable[TeamStanding], plan: Plan) -> list[dict[str, Any]]:
    """Return the same as plain data for JSON, teams A to Z, in the shape of REST's status."""
    return [
        {
            "team": standing.team.id,
            "name": standing.team.name,
            "group": standing.team.group or None,
            **standing_data(standing, plan),
            "sprints_met_in_a_row": {  # what `streaks` was called before
                target: {"length": streak.length, "paused": streak.paused}
                for target, streak in standing.streaks
            },
        }
        for standing in standings
    ]


def _print_heading(standing: TeamStanding, plan: Plan, console: Console) -> None:
    heading = Text(standing.team.name, style="bold")
    as_of = standing.data_as_of
    said = "nothing was read yet" if standing.nothing_read else "not all of it was read so far"
    if as_of is not None:
        said = f"data as of {instant_words(as_of, plan.zone)}"
    heading.append(f"  {said}", style="not bold dim")
    console.print(heading)


def _add_unknown(standing: TeamStanding, titles: Mapping[str, str], table: Table) -> None:
    """Add the last finished sprint's rows where the board does not tell which one that is."""
    gap = standing.unreadable
    if gap is None:
        return
    left = ["Last finished", "not known", *[""] * len(standing.without_sprint)]
    for said, (target, status) in zip(left, standing.without_sprint, strict=False):
        text = Text(status.words, style=STYLE[status])
        if status is Status.NO_DATA:
            text.append(f": {_reason_words(gap)}", style="none")
        table.add_row(said, titles[target], text)
    if len(standing.without_sprint) == 1:
        table.add_row("not known")
    table.add_row()


def _reason_words(gap: Gap) -> str:
    return gap.reason.value.replace("_", " ")


def _no_sprint(standing: TeamStanding) -> str:
    if standing.nothing_read:
        return "No sprint to show yet: nothing was read of it."
    if standing.data_as_of is None:
        return "No sprint to show yet: not all of it was read so far."
    return "No sprint to show yet. Run `hearten evaluate`; only sprints that began are shown."


def _sprints(standing: TeamStanding) -> list[tuple[str, SprintResults]]:
    named = [
        ("Last finished", standing.last_finished),
        ("Just closed", standing.just_closed),
        ("This sprint so far", standing.current),
    ]
    return [(label, sprint) for label, sprint in named if sprint is not None]


def in_words(result: Result, plan: Plan) -> Text:
    """Return the status in words, with the value beside its minimum or what is missing.

    A stretch target that is not met has no colour that warns.
    """
    stretch = any(target.stretch for target in plan.targets if target.id == result.target)
    calm = stretch and result.status is Status.NOT_MET
    text = Text(result.status.words, style="none" if calm else STYLE[result.status])
    if result.status is Status.NO_DATA:
        reasons = dict.fromkeys(map(_reason_words, result.gaps))
        text.append(f": {', '.join(reasons)}", style="none")
    elif result.status is not Status.NOT_APPLICABLE and result.value is not None:
        text.append(f", {result.value} of at least {result.minimum}", style="none")
    return text


def _words(result: Result, standing: TeamStanding, plan: Plan) -> Text:
    """The status in words, and how often it was met in a row, where the team wants that shown."""
    text = in_words(result, plan)
    streak = dict(standing.streaks).get(result.target, Streak())
    last = standing.last_finished
    if last and result.sprint == last.sprint and result.status is Status.MET and streak.length > 1:
        text.append(f", {streak.length} in a row", style="none")
    return text


def _print_gaps(standings: Iterable[TeamStanding], console: Console) -> None:
    gaps = {gap.source: gap.detail for standing in standings for gap in standing.gaps}
    if gaps:
        console.print("What is missing, and what fixes it:", style="bold")
    for line in unread_lines(gaps):
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
