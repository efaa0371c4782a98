"""A process that is told to stop."""

from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.model.runs import Job, RunState
from store.store import Store
from tests.support.organisation import NOW, ago
from tests.support.service_processes import service, teams_with_boards, until

pytestmark = pytest.mark.slow


NEVER = 3600.0  # seconds after which a source answers; nobody here waits so long


@pytest.mark.parametrize(
    ("database_url", "command"),
    [
        ("sqlite", "serve"),
        ("postgresql", "schedule"),
        pytest.param("sqlite", "schedule", marks=pytest.mark.slow),
        pytest.param("postgresql", "serve", marks=pytest.mark.slow),
    ],
    indirect=["database_url"],
)
def test_told_to_stop_it_hands_the_run_back_and_ends_whatever_is_being_read(
    database_url: str, tmp_path: Path, command: str
) -> None:
    more = {"HEARTEN_PORT": "0", "HEARTEN_LONGEST_WAIT": str(NEVER)}
    with service(database_url, tmp_path, cron="* * * * *", lease=20, settings=more) as running:
        organisation = running.organisation
        organisation.configure(teams_with_boards(organisation.world, [NOW, ago(3)]))
        organisation.sandbox.spoil("acme/app-1", lambda answer: replace(answer, delay=NEVER))
        process = running.start(command)
        with Store.open(database_url) as store:
            until(lambda: len(store.facts.coverage()) == 5, "all but one source are read")
            code = process.stop()
            (run,) = [run for run in store.runs.find(job=Job.COLLECT) if run.steps]

        assert code == 0
        assert (run.state, run.holder, run.steps) == (RunState.WAITING, "", 5)
        assert f"collect {run.slot}: handed back" in process.said


def test_a_worker_that_is_told_to_stop_ends(postgresql_url: str, tmp_path: Path) -> None:
    with service(postgresql_url, tmp_path, settings={"HEARTEN_QUEUE": "on"}) as running:
        running.organisation.configure("teams: []\n")
        process = running.start("worker")
        until(lambda: "waits for sources" in process.said, "it waits")

        assert process.stop() == 0
