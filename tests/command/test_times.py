"""Times on the command line and in what runs say of themselves: as the pages write them."""

from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from evaluator.model.plan import Plan
from evaluator.model.runs import Job, Run, RunState
from hearten.console.runs import runs_table
from hearten.runs.jobs import Collected
from hearten.runs.runner import collected

LONDON = ZoneInfo("Europe/London")
TIMES = [
    (datetime(2026, 1, 5, 0, 0, tzinfo=UTC), "midnight on 5 January 2026"),
    (datetime(2026, 7, 5, 11, 0, tzinfo=UTC), "midday on 5 July 2026"),
    (datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "9am on 5 January 2026"),
    (datetime(2026, 1, 5, 21, 10, tzinfo=UTC), "9:10pm on 5 January 2026"),
]


@pytest.mark.parametrize(("due", "said"), TIMES)
def test_the_command_line_writes_a_time_as_the_pages_do(due: datetime, said: str) -> None:
    out = StringIO()
    run = Run(1, Job.COLLECT, "next", "schedule", due, RunState.WAITING)

    runs_table([run], LONDON, Console(file=out, width=200))

    assert f"  {said}  " in out.getvalue()


@pytest.mark.parametrize(("until", "said"), TIMES)
def test_a_run_writes_a_time_as_the_pages_do(until: datetime, said: str) -> None:
    end = collected(Collected(), Plan((), ()), skips={"github:acme/shop": until})

    assert end.detail.endswith(f"asked again {said}.")
