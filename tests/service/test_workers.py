"""Sources read by worker processes, where things go wrong."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome
from hearten.cli import app
from hearten.runs.source_queue import SCHEMA
from sandbox.github.records import TokenAccess
from store.errors import StoreError
from store.store import Store
from tests.support.organisation import NOW, ago
from tests.support.service_processes import service, teams_with_boards, until

QUEUE = {"HEARTEN_QUEUE": "on"}


@pytest.mark.slow
def test_what_a_worker_was_reading_when_it_was_killed_is_read_by_another(
    postgresql_url: str, tmp_path: Path
) -> None:
    with service(postgresql_url, tmp_path, cron="0 * * * *", settings=QUEUE) as running:
        organisation = running.organisation
        organisation.configure(teams_with_boards(organisation.world, [NOW, ago(3)]))
        organisation.world.repositories["acme/app-2"].access = TokenAccess.FORBIDDEN
        organisation.sandbox.spoil(
            "acme/app-1", lambda answer: replace(answer, delay=3600), times=1
        )
        running.start("schedule")
        victim = running.start("worker")
        until(lambda: "acme/app-1" in str(organisation.sandbox.log), "it is being read")
        victim.kill()
        running.start("worker")

        with Store.open(postgresql_url) as store:
            until(lambda: running.done(store, Job.EVALUATE), "all is judged")
            (run,) = [run for run in store.runs.find(job=Job.COLLECT) if run.steps]
            steps = store.runs.steps(run.id)

    assert run.outcome is Outcome.UNREAD
    assert run.detail.startswith("Read 5 of 6 sources. Not read: github:acme/app-2: ")
    assert {source for source, reason in steps.items() if reason} == {"github:acme/app-2"}
    assert steps["github:acme/app-2"] is Reason.NO_ACCESS
    assert "another is to read it" in running.log()


def test_the_queues_tables_are_made_once_and_apart_from_all_others(postgresql_url: str) -> None:
    with Store.open(postgresql_url) as store:
        for _ in range(2):
            store.library_schema.make(SCHEMA, "CREATE TABLE only_once (id int);")
        store.library_schema.analyse(SCHEMA, "only_once")
        store.ready()


def test_a_queue_needs_postgresql(tmp_path: Path) -> None:
    with (
        Store.open(f"sqlite:///{tmp_path}/hearten.db") as store,
        pytest.raises(StoreError, match="needs PostgreSQL"),
    ):
        store.library_schema.make(SCHEMA, "")


def test_a_worker_without_a_queue_says_what_to_set(tmp_path: Path) -> None:
    environment = {
        "HEARTEN_QUEUE": "off",
        "HEARTEN_DATABASE_URL": f"sqlite:///{tmp_path}/hearten.db",
    }

    ran = CliRunner().invoke(app, ["worker"], env=environment)

    assert ran.exit_code == 2
    assert "Set HEARTEN_QUEUE=on" in ran.stderr
    assert not (tmp_path / "hearten.db").exists()
