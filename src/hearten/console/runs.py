"""Runs as people read them: the newest as a table or data, and when the next one is due."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table

from evaluator.model.runs import Outcome, Run, RunState
from evaluator.model.serialization import utc_text
from evaluator.wording import instant_words

_OUTCOMES = {
    Outcome.DONE: "Done",
    Outcome.UNREAD: "Some sources unread",
    Outcome.STOPPED: "Stopped",
    Outcome.DEFECT: "Defect",
}


def runs_table(runs: Iterable[Run], zone: ZoneInfo, console: Console) -> None:
    """Print one row for each run, the newest first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Job", "Asked by", "Due", "Ended", "State", ""):
        table.add_column(heading, no_wrap=heading in ("Job", "Asked by"))
    for run in runs:
        ended = instant_words(run.finished_at, zone) if run.finished_at else ""
        due = instant_words(run.due_at, zone)
        table.add_row(run.job.value, run.asked_by, due, ended, _state(run), run.detail)
    console.print(table)


def runs_data(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """Return the same as plain data for JSON."""
    return [
        {
            "id": run.id,
            "job": run.job.value,
            "slot": run.slot,
            "asked_by": run.asked_by,
            "team": run.team,
            "since": run.since.isoformat() if run.since else None,
            "due_at": utc_text(run.due_at),
            "state": run.state.value,
            "outcome": run.outcome.value if run.outcome else None,
            "detail": run.detail,
            "started_at": utc_text(run.started_at),
            "finished_at": utc_text(run.finished_at),
            "attempts": run.attempts,
            "steps": run.steps,
            "total": run.total,
        }
        for run in runs
    ]


def print_last_and_next(newest: Iterable[Run], zone: ZoneInfo, console: Console) -> None:
    """Print, for each job, when it last ended and how, whether it goes, and when it is due."""
    said: dict[str, list[str]] = {}
    for run in newest:
        if run.state is RunState.DONE:
            ended = instant_words(run.finished_at or run.due_at, zone)
            word = f"last ended at {ended} ({_state(run).lower()})"
        elif run.state is RunState.RUNNING:
            word = f"{run.steps} of {run.total} done now"
        else:
            word = f"next due at {instant_words(run.due_at, zone)}"
        said.setdefault(run.job.value.capitalize(), []).append(word)
    for job, words in said.items():
        line = f"{job}: {', '.join(words)}."
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _state(run: Run) -> str:
    if run.outcome is not None:
        return _OUTCOMES[run.outcome]
    if run.state is RunState.RUNNING:
        return f"{run.steps} of {run.total} done"
    return "Waiting"
