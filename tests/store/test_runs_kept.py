from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome, Run, RunState
from store.store import Store
from tests.store.examples import at
from tests.support.databases import fresh_database

LEASE = timedelta(minutes=1)
ONE, TWO = "replica one", "replica two"


@pytest.fixture
def ask(store: Store) -> Callable[..., Run]:
    """Ask for a collection that is due at nine, or for something else."""

    def asked(
        slot: str = "09:07", job: Job = Job.COLLECT, by: str = "schedule", hour: int = 9
    ) -> Run:
        return store.runs.ask(job, slot, asked_by=by, due_at=at(10, hour))

    return asked


def claim(store: Store, holder: str = ONE, hour: int = 10) -> Run | None:
    return store.claims.claim(holder, at(10, hour), LEASE)


def finish(store: Store, run: Run, holder: str = ONE, hour: int = 11) -> bool:
    return store.claims.finish(run.id, holder, Outcome.DONE, "", at(10, hour))


def states(store: Store, job: Job = Job.COLLECT) -> dict[str, tuple[RunState, Outcome | None]]:
    return {run.slot: (run.state, run.outcome) for run in store.runs.find(job=job)}


def test_a_slot_is_asked_for_once_however_many_replicas_do(
    store: Store, ask: Callable[..., Run]
) -> None:
    assert ask() == ask(hour=12)
    assert ask(job=Job.EVALUATE).id != ask().id
    assert [run.state for run in store.runs.find()] == [RunState.WAITING] * 2


def test_what_was_asked_for_is_kept_whole(store: Store) -> None:
    asked = store.runs.ask(
        Job.COLLECT, "s", asked_by="api", due_at=at(10), team="heron", since=date(2026, 1, 5)
    )

    assert asked == Run(
        asked.id,
        Job.COLLECT,
        "s",
        "api",
        at(10),
        RunState.WAITING,
        team="heron",
        since=date(2026, 1, 5),
    )
    assert store.runs.one(asked.id) == asked
    assert store.runs.one(asked.id + 1) is None


def test_a_run_that_is_not_due_waits(store: Store, ask: Callable[..., Run]) -> None:
    ask(hour=12)

    assert claim(store, hour=11) is None
    assert claim(store, hour=12) is not None


def test_one_process_alone_gets_a_run(store: Store, ask: Callable[..., Run]) -> None:
    asked = ask()

    claimed = claim(store)

    assert claimed is not None
    assert (claimed.id, claimed.holder, claimed.attempts) == (asked.id, ONE, 1)
    assert (claimed.state, claimed.lease_until) == (RunState.RUNNING, at(10, 10) + LEASE)
    assert claim(store, TWO) is None


def test_of_each_job_one_run_goes_at_a_time_the_oldest_first(
    store: Store, ask: Callable[..., Run]
) -> None:
    ask("later", hour=10)
    ask("earlier", hour=9)
    ask("other job", Job.EVALUATE, hour=10)

    first, second, third = claim(store), claim(store, TWO), claim(store, TWO)

    assert [run and run.slot for run in (first, second, third)] == ["earlier", "other job", None]


def test_a_lease_that_ran_out_is_taken_over_and_its_holder_is_told(
    store: Store, ask: Callable[..., Run]
) -> None:
    run = ask()
    claim(store)

    taken = claim(store, TWO, hour=11)

    assert taken is not None
    assert (taken.holder, taken.attempts, taken.started_at) == (TWO, 2, at(10, 10))
    assert not store.claims.renew(run.id, ONE, at(10, 11), LEASE)
    assert not finish(store, run, ONE)
    assert finish(store, run, TWO)


def test_a_renewed_lease_holds(store: Store, ask: Callable[..., Run]) -> None:
    run = ask()
    claim(store)

    assert store.claims.renew(run.id, ONE, at(10, 11), LEASE)
    assert claim(store, TWO, hour=11) is None


@pytest.mark.parametrize("job", list(Job))
def test_a_lease_of_a_clock_that_ran_ahead_holds_nothing_up(
    store: Store, ask: Callable[..., Run], job: Job
) -> None:
    two_days_ahead, later = at(12, 9), ask("later", job)
    killed = ask("killed", job)
    store.claims.claim(ONE, two_days_ahead, LEASE)
    store.claims.finish(later.id, ONE, Outcome.DONE, "", two_days_ahead)
    store.claims.claim(ONE, two_days_ahead, LEASE)

    taken = claim(store, TWO)

    assert taken is not None
    assert (taken.id, taken.holder, taken.started_at) == (killed.id, TWO, at(10, 10))


def test_a_command_killed_under_a_clock_that_ran_ahead_holds_nothing_up(
    store: Store, ask: Callable[..., Run]
) -> None:
    typed = store.claims.begin(Job.COLLECT, "typed", ONE, at(12, 9), LEASE)
    scheduled = ask()

    assert claim(store, TWO) == store.runs.one(scheduled.id)
    stopped = store.runs.one(typed.id)
    assert stopped is not None
    assert (stopped.outcome, stopped.finished_at) == (Outcome.STOPPED, at(10, 10))


def test_what_a_clock_that_ran_ahead_asked_for_at_once_is_due_at_once(
    store: Store, ask: Callable[..., Run]
) -> None:
    asked = [ask("by a program", by="api", hour=20), ask("judge", Job.EVALUATE, hour=20)]
    ask("the next hour", hour=11)

    claimed = [claim(store), claim(store, TWO)]

    assert {run and run.id for run in claimed} == {run.id for run in asked}
    assert claim(store) is None


def all_done_at(store: Store, hour: int) -> list[str]:
    """Do all that is due; return the slots and jobs that it was."""
    done = []
    while run := claim(store, hour=hour):
        then = Job.EVALUATE if run.job is Job.COLLECT else None
        store.claims.finish(run.id, ONE, Outcome.DONE, "", at(10, hour), then=then)
        done.append(f"{run.job.value} {run.slot}")
    return done


def test_slots_that_were_done_under_a_clock_that_ran_ahead_are_done_again_once(
    store: Store, ask: Callable[..., Run]
) -> None:
    ask("09:07")
    ask("20:07", hour=20)
    all_done_at(store, 21)
    again = []

    for _ in range(3):  # by a replica whose clock is right, and one's that runs late for ever
        store.runs.take_back(at(10), following=at(10, 11))
        assert claim(store) is None
        again += all_done_at(store, 21)

    assert again == ["collect 20:07", "evaluate 20:07"]
    assert {run.outcome for run in store.runs.find()} == {Outcome.DONE}


def test_what_a_clock_that_ran_ahead_left_waiting_or_dated_later_is_taken_back(
    store: Store, ask: Callable[..., Run]
) -> None:
    store.runs.ask(Job.COLLECT, "in 10 days", asked_by="schedule", due_at=at(20))
    asked, following = ask("09:07"), ask("11:07", hour=11)
    claim(store, hour=20)
    finish(store, asked, hour=20)

    store.runs.take_back(at(10), following=at(10, 11))

    (waits, done) = store.runs.find()
    assert waits == following
    assert (done.started_at, done.finished_at) == (at(10), at(10))


def test_a_run_that_is_done_is_never_done_again(store: Store, ask: Callable[..., Run]) -> None:
    run = ask()
    claim(store)

    assert not store.runs.is_done(run.id)
    assert finish(store, run)
    assert store.runs.is_done(run.id)
    assert not finish(store, run)
    assert claim(store, TWO, hour=20) is None
    assert ask().state is RunState.DONE


def test_a_run_that_is_handed_back_can_be_claimed_at_once(
    store: Store, ask: Callable[..., Run]
) -> None:
    run = ask()
    claim(store)

    store.claims.hand_back(run.id, TWO)
    assert claim(store, TWO) is None, "who does not hold it cannot give it"
    store.claims.hand_back(run.id, ONE)
    taken = claim(store, TWO)

    assert taken is not None
    assert (taken.id, taken.holder) == (run.id, TWO)


def test_what_was_due_when_a_run_began_is_done_with_it_and_each_slot_is_evaluated(
    store: Store, ask: Callable[..., Run]
) -> None:
    run = ask("09:07")
    ask("09:30", by="sprint")
    ask("10:07", hour=10)
    ask("11:07", hour=11)
    ask("asked for", by="api")
    claim(store)

    store.claims.finish(
        run.id,
        ONE,
        Outcome.DONE,
        "",
        at(10, 12),
        covers=("schedule", "sprint"),
        then=Job.EVALUATE,
    )

    waiting, done = (RunState.WAITING, None), (RunState.DONE, Outcome.DONE)
    assert states(store) == {
        "09:07": done,
        "09:30": done,
        "10:07": done,
        "11:07": waiting,
        "asked for": waiting,
    }
    assert states(store, Job.EVALUATE) == dict.fromkeys(("09:07", "09:30", "10:07"), waiting)
    details = {run.slot: run.detail for run in store.runs.find()}
    assert details["09:30"] == "Done together with 09:07."


def test_a_run_that_left_something_out_does_not_do_for_a_sprints(
    store: Store, ask: Callable[..., Run]
) -> None:
    run = ask("09:07")
    ask("09:30", by="sprint")
    claim(store)

    store.claims.finish(run.id, ONE, Outcome.UNREAD, "", at(10, 12), covers=("schedule",))

    assert states(store)["09:30"] == (RunState.WAITING, None)


def test_an_hour_at_which_a_sprint_ends_too_is_the_sprints(ask: Callable[..., Run]) -> None:
    assert ask(by="sprint").asked_by == "sprint"
    assert ask(by="schedule").asked_by == "sprint"
    assert ask("10:07", by="schedule").asked_by == "schedule"
    assert ask("10:07", by="sprint").asked_by == "sprint"


def test_the_slots_of_a_job_are_known_since_a_day(store: Store, ask: Callable[..., Run]) -> None:
    ask("old", hour=7)
    ask("new", hour=9)
    ask("other job", Job.EVALUATE)
    ask("other reason", by="sprint")

    assert store.runs.slots(Job.COLLECT, "schedule", at(10, 8)) == {"new"}


def test_nobody_else_claims_a_run_of_the_command_line(
    store: Store, ask: Callable[..., Run]
) -> None:
    scheduled, typed = ask(hour=8), ask("typed", by="command")

    assert claim(store, TWO, hour=9) == store.runs.one(scheduled.id)
    assert claim(store, TWO, hour=9) is None
    assert store.runs.one(typed.id) == typed


def begin(store: Store, holder: str, slot: str, *, job: Job = Job.COLLECT, hour: int = 10) -> Run:
    return store.claims.begin(job, slot, holder, at(10, hour), LEASE)


def test_of_two_commands_of_one_job_the_second_learns_which_goes(store: Store) -> None:
    first = begin(store, ONE, "first")

    assert (first.holder, first.state, first.attempts) == (ONE, RunState.RUNNING, 1)
    assert begin(store, TWO, "second") == first
    assert begin(store, TWO, "judged", job=Job.EVALUATE).holder == TWO
    assert finish(store, first)
    assert begin(store, TWO, "second").holder == TWO
    assert states(store)["first"] == (RunState.DONE, Outcome.DONE)


def test_a_command_waits_for_the_schedule_too_but_for_no_lease_of_a_clock_that_ran_ahead(
    store: Store, ask: Callable[..., Run]
) -> None:
    scheduled = ask()
    claim(store)

    assert begin(store, TWO, "typed").id == scheduled.id
    assert store.claims.renew(scheduled.id, ONE, at(20, 10) - LEASE, LEASE)
    assert begin(store, TWO, "typed").holder == TWO


def test_a_command_whose_process_ended_is_set_down_as_stopped(
    store: Store, ask: Callable[..., Run]
) -> None:
    begun = begin(store, ONE, "begun", hour=9)
    never = ask("never", by="command")
    store.runs.expect(begun.id, 3)
    store.runs.step(begun.id, "github:acme/shop", None, at(10, 9))

    claim(store, TWO, hour=11)

    stopped = (RunState.DONE, Outcome.STOPPED)
    assert states(store) == {"begun": stopped, "never": stopped}
    ended = store.runs.one(begun.id)
    assert ended is not None
    assert ended.finished_at == at(10, 9) + LEASE
    assert ended.detail == (
        "Its process ended without a word, after 1 of 3 sources; what was read is kept."
    )
    assert not finish(store, never)


def test_a_step_counts_once_however_often_it_is_said(store: Store, ask: Callable[..., Run]) -> None:
    run = ask()
    claim(store)
    store.runs.expect(run.id, 3)

    for reason in (Reason.SOURCE_DOWN, None):
        store.runs.step(run.id, "github:a/b", reason, at(10, 10))
    store.runs.step(run.id, "github:a/c", Reason.NO_ACCESS, at(10, 10))

    assert store.runs.steps(run.id) == {"github:a/b": None, "github:a/c": Reason.NO_ACCESS}
    kept = store.runs.one(run.id)
    assert kept is not None
    assert (kept.steps, kept.total) == (2, 3)


def test_forgotten_steps_leave_their_number_and_those_of_newer_runs(
    store: Store, ask: Callable[..., Run]
) -> None:
    old, new = ask("old", hour=8), ask("new", Job.EVALUATE)
    for run in (old, new):
        claim(store)
        store.runs.expect(run.id, 1)
        store.runs.step(run.id, "heron", None, at(10, 10))
    finish(store, old, hour=11)
    finish(store, new, hour=13)

    store.runs.forget_steps(at(10, 12))

    assert (store.runs.steps(old.id), store.runs.steps(new.id)) == ({}, {"heron": None})
    assert [(run.steps, run.total) for run in store.runs.find()] == [(1, 1), (1, 1)]


def test_the_newest_runs_come_first_a_page_at_a_time(store: Store, ask: Callable[..., Run]) -> None:
    asked = [ask(slot) for slot in ("a", "b", "c")]

    page = store.runs.find(limit=2)
    rest = store.runs.find(limit=2, before=page[-1].id)

    assert [run.id for run in [*page, *rest]] == [run.id for run in reversed(asked)]


def test_of_each_job_the_last_the_going_and_the_next_run_are_found(
    store: Store, ask: Callable[..., Run]
) -> None:
    for slot, hour in (("08:07", 7), ("09:07", 8), ("10:07", 9), ("11:07", 11), ("12:07", 12)):
        ask(slot, hour=hour)
    for _ in range(2):
        run = claim(store)
        assert run is not None
        finish(store, run)
    claim(store)

    assert [run.slot for run in store.runs.newest()] == ["09:07", "10:07", "11:07"]


def test_outcomes_are_counted_with_when_they_came_last(
    store: Store, ask: Callable[..., Run]
) -> None:
    for slot, hour in (("08:07", 11), ("09:07", 12)):
        ask(slot)
        run = claim(store)
        assert run is not None
        finish(store, run, hour=hour)

    assert store.runs.outcomes() == {(Job.COLLECT, Outcome.DONE): (2, at(10, 12))}


# Replicas whose clocks are far apart


@pytest.fixture
def by_server(postgresql_server: str, postgresql_tables: str) -> Iterator[Store]:
    """A store on PostgreSQL whose leases go by its clock."""
    with (
        fresh_database(postgresql_server, postgresql_tables) as url,
        Store.open(url, leases_by_server=True) as store,
    ):
        yield store


@pytest.mark.parametrize("apart", [timedelta(days=2), timedelta(days=-2), timedelta(days=7300)])
def test_a_replica_whose_clock_is_far_from_anothers_takes_none_of_its_runs(
    by_server: Store, apart: timedelta
) -> None:
    by_server.runs.ask(Job.COLLECT, "a", asked_by="api", due_at=at(10))
    run = by_server.claims.claim(ONE, at(10), LEASE)
    assert run is not None

    taken = by_server.claims.claim(TWO, at(10) + apart, LEASE)
    begun = by_server.claims.begin(Job.COLLECT, "typed", TWO, at(10) + apart, LEASE)
    renewed = by_server.claims.renew(run.id, ONE, at(10), LEASE)

    assert (taken, begun.id, begun.holder, renewed) == (None, run.id, ONE, True)


def test_by_the_servers_clock_too_a_silent_holder_is_followed_by_another(by_server: Store) -> None:
    by_server.runs.ask(Job.COLLECT, "a", asked_by="api", due_at=at(10))
    by_server.claims.claim(ONE, at(10), timedelta(0))

    taken = by_server.claims.claim(TWO, at(10), LEASE)

    assert taken is not None
    assert taken.holder == TWO
