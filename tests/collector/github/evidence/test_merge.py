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
