"""A run that somebody types: one of its job at a time, and its end is written down."""

import platform
import subprocess
import sys
from datetime import timedelta

import pytest

from evaluator.model.plan import Plan
from evaluator.model.runs import Job, Outcome, RunState
from hearten.clock import now
from hearten.runs.command_run import typed
from hearten.runs.holder import holder_name, holder_words, is_gone
from store.errors import StoreError
from store.store import Store
from tests.support.quiet import Quiet

LEASE = timedelta(minutes=1)
FIRST = "web-1 4711 first"


def in_a_process_that_ended() -> str:
    """The name of a holder whose process is no more."""
    ran = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    )
    host, _, *rest = holder_name().split()
    return " ".join([host, ran.stdout.strip(), *rest])


@pytest.mark.parametrize(
    ("error", "outcome", "said"),
    [
        (
            KeyboardInterrupt(),
            Outcome.STOPPED,
            "Stopped after 1 of 3 teams; what was judged is kept.",
        ),
        (StoreError("The disk is full."), Outcome.STOPPED, "The disk is full."),
        (ValueError(), Outcome.DEFECT, "ValueError: see what the command printed."),
    ],
)
def test_what_cuts_a_run_short_is_written_down_with_what_is_kept(
    store: Store, error: BaseException, outcome: Outcome, said: str
) -> None:
    told: list[str] = []

    def judge() -> None:
        with typed(store, Job.EVALUATE, LEASE, Quiet(), tell=told.append, team=None) as run:
            run.begin(3, "teams")
            run.record("heron", None)
            raise error

    with pytest.raises(type(error)):
        judge()

    (ended,) = store.runs.find()
    assert (ended.state, ended.outcome, ended.detail, told) == (RunState.DONE, outcome, said, [])


def test_a_second_run_of_the_job_says_what_it_waits_for_and_begins_when_that_has_ended(
    store: Store,
) -> None:
    store.plans.save(Plan((), ()), now())
    first = store.claims.begin(Job.COLLECT, "first", FIRST, now(), LEASE)
    told: list[str] = []
    looks: list[float] = []

    def pause(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            store.claims.finish(first.id, FIRST, Outcome.DONE, "", now())

    with typed(store, Job.COLLECT, LEASE, Quiet(), tell=told.append, team=None, pause=pause):
        goes = store.runs.find(limit=1)[0]

    (said,) = told
    assert said.startswith("Another collection has been running since ")
    assert said.endswith(
        " (process 4711 on web-1). This one waits until that has ended. Ctrl-C ends the wait."
    )
    assert (len(looks), goes.state, goes.slot != "first") == (3, RunState.RUNNING, True)


def test_who_stops_waiting_leaves_nothing_behind(store: Store) -> None:
    store.claims.begin(Job.COLLECT, "first", FIRST, now(), LEASE)

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        typed(
            store, Job.COLLECT, LEASE, Quiet(), tell=print, team=None, pause=interrupted
        ).__enter__()

    assert [run.slot for run in store.runs.find()] == ["first"]


def test_a_run_whose_process_was_killed_is_found_at_once(store: Store) -> None:
    killed = store.claims.begin(Job.COLLECT, "first", in_a_process_that_ended(), now(), LEASE)
    store.runs.ask(Job.EVALUATE, "hourly", asked_by="schedule", due_at=now())
    store.claims.claim(in_a_process_that_ended(), now(), LEASE)

    for job in Job:
        with typed(store, job, LEASE, Quiet(), tell=print, team=None):
            pass

    found = store.runs.one(killed.id)
    assert found is not None
    assert (found.outcome, found.detail) == (
        Outcome.STOPPED,
        "Its process ended without a word, before anything was kept.",
    )
    (hourly,) = (run for run in store.runs.find() if run.slot == "hourly")
    assert (hourly.state, hourly.holder) == (RunState.WAITING, ""), "another goes on with it"


def test_of_a_process_elsewhere_nobody_here_can_tell() -> None:
    mine = holder_name()

    assert not is_gone(mine)
    assert not is_gone(in_a_process_that_ended()[:-1] + "-")
    assert not is_gone("a test")
    assert holder_words(mine).endswith(f" on {platform.node()}")
    assert holder_words("here") == "the process here"
