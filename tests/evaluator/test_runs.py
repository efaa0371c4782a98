"""A run, and how far it came."""

from datetime import UTC, datetime

import pytest

from evaluator.model.runs import Job, Run, RunState

AT = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("job", "steps", "said"),
    [
        (Job.COLLECT, 0, "before anything was kept"),
        (Job.COLLECT, 3, "after 3 of 1,200 sources; what was read is kept"),
        (Job.EVALUATE, 1, "after 1 of 1,200 teams; what was judged is kept"),
    ],
)
def test_a_run_says_how_far_it_came(job: Job, steps: int, said: str) -> None:
    assert Run(1, job, "", "command", AT, RunState.RUNNING, steps=steps, total=1200).so_far == said
