"""The runs of the command line: written down as they go, and shown."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.model.runs import Job, Outcome, Run, RunState
from sandbox.github.records import TokenAccess
from store.store import Store
from tests.support.organisation import NOW, Organisation, ago

SOURCE = Path(__file__).parents[2] / "src"
TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop}, {name: acme/web}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
"""


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    for name in ("acme/shop", "acme/web"):
        organisation.world.repository(name).squash_merge(at=ago(20))
    organisation.configure(TEAMS)
    return organisation


def runs(organisation: Organisation) -> list[Run]:
    with Store.open(organisation.database_url) as store:
        return store.runs.find()


def test_collect_and_evaluate_are_written_down(shop: Organisation) -> None:
    shop.world.repositories["acme/web"].access = TokenAccess.FORBIDDEN
    shop.run("collect", "--team", "heron")
    shop.run("evaluate")

    evaluated, collected = runs(shop)

    assert (collected.job, collected.asked_by, collected.team) == (Job.COLLECT, "command", "heron")
    assert (collected.outcome, collected.steps, collected.total) == (Outcome.UNREAD, 2, 2)
    assert collected.detail.startswith("Read 1 of 2 sources. Not read: github:acme/web: ")
    assert (evaluated.job, evaluated.outcome, evaluated.steps) == (Job.EVALUATE, Outcome.DONE, 1)


def test_wrong_use_is_no_run(shop: Organisation) -> None:
    shop.run("collect", "--team", "nobody")
    shop.run("collect", unset=["HEARTEN_GITHUB_TOKEN"])

    assert runs(shop) == []


@pytest.mark.parametrize(
    ("database_url", "sign", "code"),
    [
        pytest.param("sqlite", signal.SIGINT, 130, id="Ctrl-C"),
        pytest.param("sqlite", signal.SIGKILL, -9, id="killed"),
        pytest.param(
            "postgresql", signal.SIGKILL, -9, id="killed, on PostgreSQL", marks=pytest.mark.slow
        ),
    ],
    indirect=["database_url"],
)
def test_a_command_that_was_stopped_is_set_down_so_and_holds_up_nobody(
    shop: Organisation, sign: signal.Signals, code: int
) -> None:
    shop.sandbox.spoil("acme/web", lambda answer: replace(answer, delay=3600))
    env = {**os.environ, **shop.environment, "PYTHONPATH": str(SOURCE), "HEARTEN_LEASE": "2"}  # noqa: TID251 - the child's
    command = [sys.executable, "-m", "hearten", "collect"]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.readline().startswith("github:acme/shop")
        process.send_signal(sign)
        assert process.wait() == code
    shop.sandbox.reset()

    shop.run("collect")
    begun = runs(shop)[-1]
    while begun.state is not RunState.DONE:  # until its lease is over
        shop.run("evaluate")
        begun = runs(shop)[-1]

    assert (begun.outcome, begun.steps) == (Outcome.STOPPED, 1)
    assert runs(shop)[-2].outcome is Outcome.DONE


def test_runs_are_listed_the_newest_first(shop: Organisation) -> None:
    shop.collect_and_evaluate()

    data = json.loads(shop.run("runs", "--format", "json").out)
    one = json.loads(shop.run("runs", "--format", "json", "--limit", "1").out)
    collections = json.loads(shop.run("runs", "--format", "json", "--job", "collect").out)
    table = shop.run("runs").out

    assert [run["job"] for run in data] == ["evaluate", "collect"]
    assert data[1] | {"id": 0, "slot": "", "due_at": "", "started_at": "", "finished_at": ""} == {
        "id": 0,
        "job": "collect",
        "slot": "",
        "asked_by": "command",
        "team": None,
        "since": None,
        "due_at": "",
        "state": "done",
        "outcome": "done",
        "detail": "Read 2 of 2 sources.",
        "started_at": "",
        "finished_at": "",
        "attempts": 1,
        "steps": 2,
        "total": 2,
    }
    assert one == data[:1]
    assert collections == data[1:]
    assert "Read 2 of 2" in table
    assert shop.run("runs", "--format", "yaml").code == 2


def test_status_says_when_each_job_last_ended_and_when_it_is_due_next(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    with Store.open(shop.database_url) as store:
        due = NOW.replace(year=NOW.year + 1, hour=10, minute=7, month=1, day=5)
        store.runs.ask(Job.COLLECT, "next", asked_by="schedule", due_at=due)

    lines = shop.run("status").out.splitlines()

    (collect,) = [line for line in lines if line.startswith("Collect: ")]
    assert collect.startswith("Collect: last ended at ")
    assert f"(done), next due at 10:07am on 5 January {due.year}." in collect
    assert any(line.startswith("Evaluate: last ended at ") for line in lines)
    assert isinstance(json.loads(shop.run("status", "--format", "json").out), list)
