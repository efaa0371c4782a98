"""Evidence `merge`: which commits are events, and when."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, SHOP, Clock, Read, at, times

MERGED = Production(Evidence.MERGE)


def test_a_merge_counts_when_its_pull_request_was_merged_and_never_before_the_one_behind_it(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))
    squashed = repo.squash_merge(at=at(6))
    repo.merge(at=at(8), written=[at(5), at(7)])
    backdated = repo.commit(at=at(2))

    read(MERGED)

    events = {e.sha: e.at for e in read.events.values()}
    assert len(events) == 4, "commits of a merged branch are not on the first-parent line"
    assert events[squashed.shas[-1]] == at(6)
    assert events[backdated.sha] == at(8)


def test_a_commit_dated_in_the_future_holds_up_none_of_the_merges_after_it(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))
    pushed = repo.commit(at=at(1).replace(year=2038))
    third = repo.squash_merge(at=at(8))
    repo.commit(at=at(9))
    last = repo.squash_merge(at=at(10))

    read(MERGED)

    events = {e.sha: e.at for e in read.events.values()}
    assert events[third.sha] == at(8)
    assert events[last.sha] == at(10)
    assert events[pushed.sha] == at(8), "it was on the branch when the next one was merged"


def test_a_newest_commit_dated_in_the_future_counts_from_when_it_was_seen(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    pushed = repo.commit(at=at(1).replace(year=2038))
    date = format_datetime(NOW, usegmt=True)
    sandbox.spoil(".", lambda right: replace(right, headers={**right.headers, "date": date}))
    read(MERGED)

    sandbox.reset()
    merged = repo.squash_merge(at=NOW + timedelta(minutes=30))
    read(MERGED)

    events = {e.sha: e.at for e in read.events.values()}
    assert events == {pushed.sha: NOW, merged.sha: NOW + timedelta(minutes=30)}


def test_a_clock_of_ours_that_is_slow_moves_no_merge(
    world: World, read: Read, clock: Clock
) -> None:
    commit = world.repository(SHOP).commit(at=at(4))
    clock.now = at(1)

    read(MERGED)

    assert {e.sha: e.at for e in read.events.values()} == {commit.sha: at(4)}


def test_another_branch_may_be_the_one_that_production_is_made_of(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    released = repo.commit(at=at(4))
    repo.branches["live"] = released.sha
    repo.commit(at=at(6))

    read(Production(Evidence.MERGE, branch="live"))

    assert times(read) == ["live 04 12:00"]


def test_a_branch_that_is_not_there_is_refused_with_the_mend(world: World, read: Read) -> None:
    world.repository(SHOP).commit(at=at(4))

    reading = read(Production(Evidence.MERGE, branch="live"))

    assert reading.coverage.reason == "not_found"
    assert "Correct `branch` in teams.yaml" in reading.coverage.detail


def test_a_branch_that_is_pushed_forward_has_its_commits_from_then_on(
    world: World, read: Read, clock: Clock
) -> None:
    """They were merged elsewhere, and not on the branch when it was read before."""
    repo = world.repository(SHOP)
    repo.branches["live"] = repo.commit(at=at(4)).sha
    work = [repo.squash_merge(at=at(day)) for day in (6, 7, 8)]
    live = Production(Evidence.MERGE, branch="live")
    clock.now = at(10)
    read(live)
    clock.now = at(18)
    read(live)  # with nothing new

    repo.branches["live"] = repo.branches["main"]
    clock.now = at(20)
    reading = read(live)

    shipped = {pull.sha for pull in work}
    found = [event for event in read.events.values() if event.sha in shipped]
    assert {(e.at, e.not_before) for e in found} == {(at(18), at(18))}
    assert all(e.seen_by and at(18) < e.seen_by for e in found)
    assert reading.coverage.read_started == at(20)
    assert times(read)[0] == "live 04 12:00"


def test_what_was_merged_by_a_pull_request_or_made_since_is_not_moved(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))
    clock.now = at(10)
    read(MERGED)

    late = repo.merge(at=at(12), written=[at(5)])
    pushed = repo.commit(at=at(13))
    clock.now = at(20)
    read(MERGED)

    events = {event.sha: event for event in read.events.values()}
    assert (events[late.sha].at, events[pushed.sha].at) == (at(12), at(13))
    assert all(event.not_before is None for event in events.values())
