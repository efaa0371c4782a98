"""What the schedule asks for, when its clock shows a certain time."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from evaluator.model.runs import Job, Outcome, RunState
from hearten.clock import now
from hearten.cron import Cron, slot_text
from hearten.runs.runner import Runner
from hearten.runs.scheduler import Schedule
from hearten.settings import read_settings
from store.store import Store
from tests.store.examples import RESULT
from tests.support.databases import on_both_engines

LEASE = timedelta(minutes=1)
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
ENDED = datetime(2026, 3, 17, 9, 10, tzinfo=UTC)
SETTLED = datetime(2026, 3, 20, 9, 10, tzinfo=UTC)


class Ticking:
    """A schedule whose clock is set by hand."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.schedule = self.another()

    def another(self, lease: timedelta = LEASE) -> Schedule:
        """One more replica."""
        stop = threading.Event()
        clock = lambda: self.now  # noqa: E731
        runner = Runner(self.store, read_settings, clock=clock, lease=lease, stop=stop)
        return Schedule(self.store, runner, cron="7 * * * *", clock=clock, lease=lease)

    def asked(self) -> dict[str, str]:
        """What was asked for: the time of each slot, and by what."""
        runs = self.store.runs.find(job=Job.COLLECT, limit=1000)
        found = {(run.due_at, run.asked_by): run for run in runs}
        assert all(slot_text(run.due_at) == run.slot for run in runs)
        return {f"{due:%d %H:%M}": by for due, by in sorted(found)}


@pytest.fixture
def ticking(store: Store) -> Ticking:
    return Ticking(store)


def judged(store: Store, ended: datetime, settled: datetime, team: str = "heron") -> None:
    """Let the store hold a result of a sprint that ends and settles at these times."""
    sprint = replace(RESULT.sprint, end=ended, settled_at=settled)
    store.results.save([replace(RESULT, team=team, sprint=sprint)])


def test_the_hour_that_was_missed_and_the_next_one_are_asked_for(ticking: Ticking) -> None:
    ticking.schedule.ask()

    assert ticking.asked() == {"17 09:07": "schedule", "17 10:07": "schedule"}


def test_of_many_missed_hours_the_latest_is_enough(ticking: Ticking) -> None:
    ticking.schedule.ask()
    ticking.now = NOW + timedelta(hours=10)

    ticking.another().ask()

    assert list(ticking.asked()) == ["17 09:07", "17 10:07", "17 19:07", "17 20:07"]


@on_both_engines
def test_replicas_ask_for_the_same_slots(ticking: Ticking) -> None:
    replicas = [ticking.another() for _ in range(3)]
    for seconds in range(0, 7200, 600):
        ticking.now = NOW + timedelta(seconds=seconds)
        for replica in replicas:
            replica.ask()

    hours = [f"17 {hour:02}:07" for hour in (9, 10, 11, 12)]
    assert list(ticking.asked()) == hours
    assert len(ticking.store.runs.find(limit=100)) == len(hours)


def test_a_sprints_end_and_its_settling_are_asked_for_each(ticking: Ticking) -> None:
    judged(ticking.store, ENDED, SETTLED)
    ticking.schedule.ask()
    first = ticking.asked()

    ticking.now = SETTLED + timedelta(minutes=1)
    ticking.schedule.ask()

    assert first == {"17 09:07": "schedule", "17 09:10": "sprint", "17 10:07": "schedule"}
    assert ticking.asked().items() >= {"20 09:10": "sprint"}.items()


def test_a_sprint_that_ends_before_the_next_hour_is_asked_for_ahead(ticking: Ticking) -> None:
    judged(ticking.store, NOW + timedelta(minutes=5), SETTLED)

    ticking.schedule.ask()

    assert ticking.asked()["17 09:35"] == "sprint"


@on_both_engines
def test_every_sprint_that_ended_while_nothing_ran_is_asked_for_up_to_two_weeks_back(
    ticking: Ticking,
) -> None:
    for days in (1, 13, 15):
        judged(ticking.store, NOW - timedelta(days=days), SETTLED, team=f"team-{days}")

    ticking.schedule.ask()

    by_sprint = [slot for slot, by in ticking.asked().items() if by == "sprint"]
    assert by_sprint == ["04 09:30", "16 09:30"]


def test_a_sprint_that_becomes_known_late_is_asked_for_within_a_lease(ticking: Ticking) -> None:
    ticking.schedule.ask()
    judged(ticking.store, ENDED, SETTLED)
    ticking.now = NOW + LEASE

    ticking.schedule.ask()

    assert ticking.asked()["17 09:10"] == "sprint"


def test_an_hour_at_which_a_sprint_ends_leaves_nothing_out(ticking: Ticking) -> None:
    judged(ticking.store, datetime(2026, 3, 17, 10, 7, tzinfo=UTC), SETTLED)

    ticking.schedule.ask()

    assert ticking.asked()["17 10:07"] == "sprint"


@on_both_engines
def test_what_was_done_is_not_asked_for_again(ticking: Ticking) -> None:
    judged(ticking.store, ENDED, SETTLED)
    ticking.schedule.ask()
    run = ticking.store.claims.claim("one", NOW, LEASE)
    assert run is not None
    ticking.store.claims.finish(
        run.id, "one", Outcome.DONE, "", NOW, covers=("schedule", "sprint"), then=Job.EVALUATE
    )

    ticking.another().ask()

    states = [run.state for run in ticking.store.runs.find(job=Job.COLLECT)]
    assert sorted(states) == [RunState.DONE, RunState.DONE, RunState.WAITING]
    evaluations = {run.slot for run in ticking.store.runs.find(job=Job.EVALUATE)}
    assert evaluations == {slot_text(at) for at in (ENDED, ENDED.replace(minute=7))}


def wait_for(store: Store, slot: datetime) -> None:
    """Wait for at most a second until a slot was asked for."""
    end = time.monotonic() + 1
    while slot_text(slot) not in {run.slot for run in store.runs.find(job=Job.COLLECT)}:
        assert time.monotonic() < end, f"{slot} was never asked for"
        time.sleep(0.01)


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_set_holds_up_no_tick(ticking: Ticking, hours: int) -> None:
    ticking.now = now() + timedelta(hours=2)
    cron = Cron("7 * * * *", ZoneInfo("Europe/London"))
    schedule = ticking.another(lease=timedelta(milliseconds=120))
    schedule.start()
    try:
        for _ in range(2):
            following = cron.following(ticking.now)
            assert following is not None
            wait_for(ticking.store, following)
            ticking.now += timedelta(hours=hours)
    finally:
        schedule.stop(1)


def test_after_a_clock_was_set_back_sprints_are_looked_up_at_once(ticking: Ticking) -> None:
    ticking.now = NOW + timedelta(hours=2)
    ticking.schedule.ask()
    judged(ticking.store, ENDED, SETTLED)
    ticking.now = NOW

    ticking.schedule.ask()

    assert ticking.asked()["17 09:10"] == "sprint"


@on_both_engines
def test_slots_that_a_clock_running_two_days_ahead_did_are_done_when_they_come(
    ticking: Ticking,
) -> None:
    ticking.now = NOW + timedelta(days=2)
    judged(ticking.store, ticking.now - timedelta(minutes=9), SETTLED)
    ticking.schedule.ask()
    do_what_is_due(ticking)
    ticking.now = NOW

    ticking.schedule.ask()
    do_what_is_due(ticking)
    ticking.now = NOW + timedelta(days=2)
    ticking.schedule.ask()

    assert do_what_is_due(ticking) >= {"19 09:07", "19 09:21"}


def do_what_is_due(ticking: Ticking) -> set[str]:
    """Do it, each for itself; return the slots collected."""
    done, claims = set(), ticking.store.claims
    while run := claims.claim("one", ticking.now, LEASE):
        then = Job.EVALUATE if run.job is Job.COLLECT else None
        claims.finish(run.id, "one", Outcome.DONE, "", ticking.now, then=then)
        done |= {f"{run.due_at:%d %H:%M}"} if then else set()
    return done
