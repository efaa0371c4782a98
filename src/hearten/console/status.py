"""Each team's standing as a table, and the same as data."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evaluator.model.plan import Plan
from evaluator.model.published import published, published_sprint, utc_text
from evaluator.model.results import Result, Status
from evaluator.standing import SprintResults, Standing
from hearten.console.dates import moment, window

STYLE = {
    Status.MET: "green",
    Status.NOT_MET: "yellow",
    Status.IN_PROGRESS: "cyan",
    Status.NO_DATA: "magenta",
    Status.EXCUSED: "blue",
    Status.NOT_APPLICABLE: "dim",
}


def status_table(standings: Sequence[Standing], plan: Plan, console: Console) -> None:
    """Print teams A to Z: last finished and current sprint, each target in words; then gaps."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Team")
    table.add_column("Sprint", no_wrap=True)
    for target in plan.targets:
        table.add_column(target.title)
    table.add_column("Data as of", no_wrap=True)
    for standing in standings:
        as_of = moment(standing.data_as_of, plan.zone) if standing.data_as_of else "not read yet"
        rows = _rows(standing)
        for index, (label, sprint) in enumerate(rows):
            cells = [_cell(_of(sprint.results, target.id), standing) for target in plan.targets]
            days = window(sprint.sprint.start, sprint.sprint.end, plan.zone)
            table.add_row(
                standing.team.name if index == 0 else "",
                f"{label}\n{days}",
                *cells,
                as_of if index == 0 else "",
                end_section=index == len(rows) - 1,
            )
        if not rows:
            blanks = [""] * len(plan.targets)
            table.add_row(standing.team.name, "no sprint yet", *blanks, as_of, end_section=True)
    console.print(table)
    _print_gaps(standings, console)


def status_data(standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """Return the same as plain data for JSON, teams A to Z."""
    return [
        {
            "team": standing.team.id,
            "name": standing.team.name,
            "group": standing.team.group or None,
            "last_finished": _sprint_data(standing.last_finished),
            "just_closed": _sprint_data(standing.just_closed),
            "current": _sprint_data(standing.current),
            "sprints_met_in_a_row": {
                target: {"length": streak.length, "paused": streak.paused}
                for target, streak in standing.streaks
            },
            "data_as_of": utc_text(standing.data_as_of),
            "gaps": [
                {"source": gap.source, "reason": gap.reason.value, "action": gap.detail}
                for gap in standing.gaps
            ],
        }
        for standing in standings
    ]


def _rows(standing: Standing) -> list[tuple[str, SprintResults]]:
    named = [
        ("Last finished", standing.last_finished),
        ("Just closed", standing.just_closed),
        ("This sprint so far", standing.current),
    ]
    return [(label, sprint) for label, sprint in named if sprint is not None]


def _of(results: Iterable[Result], target: str) -> Result | None:
    return next((result for result in results if result.target == target), None)


def _cell(result: Result | None, standing: Standing) -> Text:
    if result is None:
        return Text("")
    text = Text(result.status.words, style=STYLE[result.status])
    if result.value is not None and result.minimum is not None:
        text.append(f"\n{result.value} of at least {result.minimum}", style="none")
    streak = dict(standing.streaks)[result.target]
    last = standing.last_finished
    if last and result.sprint == last.sprint and result.status is Status.MET and streak.length > 1:
        text.append(f"\n{streak.length} sprints in a row", style="none")
    return text


def _print_gaps(standings: Iterable[Standing], console: Console) -> None:
    gaps = {gap.source: gap.detail for standing in standings for gap in standing.gaps}
    if gaps:
        console.print("What is missing, and what mends it:", style="bold")
    for source, action in sorted(gaps.items()):
        console.print(f"  {source}: {action}", markup=False, highlight=False, soft_wrap=True)


def _sprint_data(found: SprintResults | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "sprint": published_sprint(found.sprint),
        "results": [published(result) for result in found.results],
    }
