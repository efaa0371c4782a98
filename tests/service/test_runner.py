"""A run that is due, done in this process over the sandbox."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evaluator.model.access import AuditEntry
from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome, Run, RunState
from hearten.clock import now
from hearten.runs.runner import Runner
from hearten.settings import read_settings
from sandbox.github.records import TokenAccess
from sandbox.world import World
from store.store import Store
from tests.support.database_dump import spoil_the_results_of
from tests.support.databases import on_both_engines
from tests.support.organisation import NOW, Organisation, ago
from tests.support.sandbox_servers import serve

LEASE = timedelta(minutes=1)
TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
  - id: wren
    name: Wren
    repositories: [{name: acme/web}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
"""
pytestmark = pytest.mark.usefixtures("organisation")
SHOP, WEB = "github:acme/shop", "github:acme/web"


@pytest.fixture
def organisation(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Organisation]:
    """Two teams with a repository each, and the settings of a process that serves them."""
    world = World(NOW)
    world.site()
    for name in ("acme/shop", "acme/web"):
        world.repository(name).squash_merge(at=ago(20))
    with serve(world) as sandbox:
        made = Organisation(world, sandbox, database_url, tmp_path / "config")
        made.configure(TEAMS)
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


def run(
    store: Store, job: Job = Job.COLLECT, by: str = "schedule", *, at: datetime = NOW, **asked: str
) -> Run:
    """Ask for a run and do what is due; return how it ended."""
    slot = f"{job} {by} {at} {asked}"
    run = store.runs.ask(job, slot, asked_by=by, due_at=NOW, team=asked.get("team"))
    Runner(store, read_settings, clock=now, lease=LEASE, stop=threading.Event()).run_due()
    ended = store.runs.one(run.id)
    assert ended is not None
    assert ended.state is RunState.DONE
    return ended


@on_both_engines
def test_a_slot_is_collected_and_then_evaluated(store: Store) -> None:
    for days in (366, 364):
        store.audit.add(AuditEntry(now() - timedelta(days=days), "command", str(days), "", ""))

    collected = run(store)

    assert [line.action for line in store.audit.newest(5)] == ["364"], "kept for a year"

    assert (collected.outcome, collected.steps, collected.total) == (Outcome.DONE, 2, 2)
    assert collected.detail == "Read 2 of 2 sources."
    (evaluated,) = store.runs.find(job=Job.EVALUATE)
    assert (evaluated.slot, evaluated.outcome) == (collected.slot, Outcome.DONE)
    assert set(store.runs.steps(evaluated.id)) == {"heron", "wren"}
    assert {result.team for result in store.results.find()} == {"heron", "wren"}


def test_an_unread_source_is_named_and_what_was_read_is_judged(
    organisation: Organisation, store: Store
) -> None:
    organisation.world.repositories["acme/web"].access = TokenAccess.FORBIDDEN

    collected = run(store)

    assert collected.outcome is Outcome.UNREAD
    assert collected.detail.startswith(f"Read 1 of 2 sources. Not read: {WEB}: ")
    assert store.runs.steps(collected.id) == {SHOP: None, WEB: Reason.NO_ACCESS}
    assert store.runs.find(job=Job.EVALUATE)[0].outcome is Outcome.DONE


def test_a_source_that_is_unread_three_times_is_left_out_of_hours_but_not_of_sprints(
    organisation: Organisation, store: Store
) -> None:
    organisation.world.repositories["acme/web"].access = TokenAccess.FORBIDDEN
    for hours in range(3):
        run(store, at=NOW + timedelta(hours=hours))

    left = run(store, at=NOW + timedelta(hours=3))
    sprints = run(store, by="sprint")
    asked = run(store, by="api")

    assert set(store.runs.steps(left.id)) == {SHOP}
    assert left.outcome is Outcome.UNREAD
    assert f"Read 1 of 2 sources. Left out: {WEB}, unread several times; asked again" in left.detail
    for every in (sprints, asked):
        assert set(store.runs.steps(every.id)) == {SHOP, WEB}


def test_a_run_that_a_program_asked_for_does_what_was_asked_and_no_more(store: Store) -> None:
    collected = run(store, by="api", team="heron")

    assert set(store.runs.steps(collected.id)) == {SHOP}
    assert store.runs.find(job=Job.EVALUATE) == []
    assert run(store, Job.EVALUATE, by="api", team="heron").steps == 1
    assert {result.team for result in store.results.find()} == {"heron"}


def test_a_missing_token_is_said_plainly_and_the_next_run_finds_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEARTEN_GITHUB_TOKEN")
    without = run(store)
    monkeypatch.setenv("HEARTEN_GITHUB_TOKEN", "a-new-token")
    with_it = run(store, at=NOW + timedelta(hours=1))

    assert without.outcome is Outcome.UNREAD
    assert without.detail.startswith("Nothing was done: HEARTEN_GITHUB_TOKEN is not set")
    assert with_it.outcome is Outcome.DONE


def test_with_a_faulty_configuration_the_last_good_one_stays_in_force_and_it_is_said(
    organisation: Organisation, store: Store
) -> None:
    run(store)
    organisation.configure("teams: []\nunknown: 1\n")

    faulty = run(store, at=NOW + timedelta(hours=1))

    assert (faulty.outcome, faulty.steps) == (Outcome.DONE, 2)
    assert "The last good configuration stays in force: " in faulty.detail
    assert "teams.yaml:" in faulty.detail
    assert "stays in force" in store.runs.find(job=Job.EVALUATE)[0].detail


def test_a_configuration_that_was_never_good_does_nothing_and_says_why(
    organisation: Organisation, store: Store
) -> None:
    organisation.configure("teams: 1\n")

    faulty = run(store)

    assert faulty.outcome is Outcome.UNREAD
    assert faulty.detail.startswith("Nothing was done: ")


def test_a_defect_ends_the_run_and_not_the_runner(store: Store) -> None:
    run(store)
    spoil_the_results_of(store, "a number that nobody knows")

    defect = run(store, Job.EVALUATE, by="api")
    after = run(store, by="api")

    assert defect.outcome is Outcome.DEFECT
    assert defect.detail == "A defect in hearten (NotJudgedError); see its log."
    assert after.outcome is Outcome.DONE


@on_both_engines
def test_a_run_that_is_told_to_stop_is_handed_back_with_what_it_read(store: Store) -> None:
    stop = threading.Event()
    asked = store.runs.ask(Job.COLLECT, "s", asked_by="schedule", due_at=NOW)

    def stop_when_read() -> datetime:
        if store.runs.steps(asked.id):
            stop.set()
        return now()

    runner = Runner(store, read_settings, clock=stop_when_read, lease=LEASE, stop=stop)
    runner.run_due()

    back = store.runs.one(asked.id)
    assert back is not None
    assert (back.state, back.holder, back.lease_until) == (RunState.WAITING, "", None)
    assert back.steps >= 1
    assert store.claims.claim("another", now(), LEASE) is not None


@on_both_engines
def test_a_run_that_was_taken_over_is_left_to_its_new_holder(store: Store) -> None:
    asked = store.runs.ask(Job.COLLECT, "s", asked_by="schedule", due_at=NOW)

    def taken_over_at_the_first_step() -> datetime:
        if store.runs.steps(asked.id):
            store.claims.claim("another", now() + LEASE, LEASE)
        return now()

    stop = threading.Event()
    Runner(
        store, read_settings, clock=taken_over_at_the_first_step, lease=LEASE, stop=stop
    ).run_due()

    taken = store.runs.one(asked.id)
    assert taken is not None
    assert (taken.state, taken.holder, taken.outcome) == (RunState.RUNNING, "another", None)
    assert store.runs.find(job=Job.EVALUATE) == []
