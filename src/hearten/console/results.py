"""Results as a table, as CSV, and one of them with everything that explains it."""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table

from evaluator.final_sprints import notes_on_sources
from evaluator.gap_remedies import gap_remedy
from evaluator.model.plan import Plan, Team
from evaluator.model.results import EvidenceItem, Result, State
from evaluator.model.serialization import PUBLISHED_COLUMNS, table_row
from evaluator.wording import amount, day_words, instant_words, short_span_words
from hearten.console.status import in_words


def results_table(results: Iterable[Result], plan: Plan, console: Console) -> None:
    """Print one row for each result."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Team", "Sprint", "Days", "Target", "Result", ""):
        table.add_column(heading, no_wrap=heading in ("Sprint", "Target"))
    for result in results:
        table.add_row(
            result.team,
            result.sprint.id,
            short_span_words(result.sprint.start, result.sprint.end, plan.zone),
            result.target,
            in_words(result, plan),
            "" if result.state is State.FINAL else result.state.value,
        )
    console.print(table)


def results_csv(results: Iterable[Result], out: TextIO) -> None:
    """Write one line for each result, with a heading; evidence as labels with spaces between.

    Text that a spreadsheet would run as a formula begins with a quote.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PUBLISHED_COLUMNS)
    writer.writerows(map(table_row, results))


def explain(versions: Sequence[Result], plan: Plan, team: Team | None, console: Console) -> None:
    """Print the newest of `versions` whole: sentence, window, evidence, left-out items, history.

    `team` is None where it is configured no longer.
    """
    result = versions[-1]
    zone = plan.zone

    def say(text: str = "", style: str = "none") -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    say(result.sentence, "bold")
    say()
    sprint = result.sprint
    days = short_span_words(sprint.start, sprint.end, zone)
    say(f"Team      {result.team}")
    say(f"Sprint    {sprint.name} ({sprint.id}), {days}")
    say(f"          {sprint.start:%Y-%m-%dT%H:%M:%SZ} <= t < {sprint.end:%Y-%m-%dT%H:%M:%SZ}")
    say(f"Target    {result.target}, {_version(result)}")
    say(f"Status    {result.status.words}, {result.state.value}, version {result.version}")
    if result.sources:
        sources = amount(len(result.sources), "sources")
        say(f"Coverage  {result.coverage:.0%} of {sources} completely read")
    for source in result.sources:
        say(f"          {source}")
    say(f"Judged    {instant_words(result.evaluated_at, zone)}")
    say(f"Checked   {instant_words(result.checked_at, zone)}")
    if result.cause:
        say(f"Changed   {result.cause}")
    lists = {
        "Counted": [_counted(item, instant_words(item.at, zone)) for item in result.evidence],
        "Left out": [f"{i.label}  {i.reason}  {i.url}".rstrip() for i in result.left_out],
        "Not read": [f"{gap.source}: {gap_remedy(gap).text}" for gap in result.gaps if gap.source],
        "Notes": [
            *sprint.notes,
            *result.all_notes,
            *(notes_on_sources(result, team) if team else ()),
        ],
        "Earlier versions": [f"{v.version}: {v.sentence}" for v in versions[:-1]],
    }
    for heading, lines in lists.items():
        if lines:
            say(f"\n{heading}", "bold")
            for line in lines:
                say(f"  {line}")


def _version(result: Result) -> str:
    if result.target_version is None or result.minimum is None:
        return "no agreed version in force"
    minimum = amount(result.minimum, result.unit)
    return f"at least {minimum}, in force from {day_words(result.target_version)}"


def _counted(item: EvidenceItem, at: str) -> str:
    flags = f"  ({', '.join(item.flags)})" if item.flags else ""
    return f"{item.label}  {at}  {item.url}{flags}"
