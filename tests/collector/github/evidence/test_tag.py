"""Evidence `tag`: which tags are events, and when."""

from datetime import datetime

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Clock, Read, at, listed, times
from tests.faults.answers import edited

TAGGED = Production(Evidence.TAG, pattern=r"live-.*")


def test_a_tag_has_its_taggers_date_else_that_of_its_commit(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.tag("live-1", commit)
    repo.tag("live-2", commit, tagged_at=at(9, 8))
    repo.tag("rc-1", commit)

    read(TAGGED)

    assert times(read) == ["live-1 04 12:00", "live-2 09 08:00"]


@pytest.mark.parametrize("name", ["rc-1", "live-1"])
def test_a_tag_that_leads_nowhere_matters_only_where_it_would_count(
    world: World, sandbox: Sandbox, read: Read, name: str
) -> None:
    repo = world.repository(SHOP)
    for tag in ("live-1", "live-2", "rc-1"):
        repo.tag(tag, repo.commit(at=at(4)))
    sandbox.spoil("acme/shop", edited(lambda answer: listed(answer)[name].update(target=None)))

    reading = read(TAGGED)

    if name == "rc-1":
        assert times(read) == ["live-1 04 12:00", "live-2 04 12:00"]
        assert read(TAGGED).coverage.reason is None
    else:
        assert reading.coverage.reason == "source_down"
        assert "nothing behind the tag live-1 of acme/shop" in reading.coverage.detail


def test_a_tag_whose_tagger_gave_no_date_has_that_of_its_commit(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.tag("live-1", repo.commit(at=at(4)), tagged_at=at(9))
    undated = edited(
        lambda answer: listed(answer)["live-1"]["target"].update(tagger={"date": None})
    )
    sandbox.spoil("acme/shop", undated)

    read(TAGGED)

    assert times(read) == ["live-1 04 12:00"]


def test_a_tag_may_carry_its_date_in_its_name_and_without_one_has_no_time(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.tag("live-2026-03-12", commit)
    repo.tag("live-someday", commit)

    read(Production(Evidence.TAG, pattern="live-.*", at="%Y-%m-%d"))

    assert {(e.name, e.at) for e in read.events.values()} == {
        ("live-2026-03-12", at(12)),
        ("live-someday", None),
    }


def test_a_tag_that_moves_adds_an_event_and_removes_none(
    world: World, read: Read, clock: Clock
) -> None:
    """The new one was not there when all tags were listed before."""
    repo = world.repository(SHOP)
    first, second = repo.commit(at=at(4)), repo.commit(at=at(6))
    repo.tag("live-now", first)
    clock.now = at(8)
    read(TAGGED)

    repo.tag("live-now", second)
    clock.now = at(10)
    read(TAGGED)

    assert times(read) == ["live-now 04 12:00", "live-now 08 12:00"]
    assert {event.seen_by for event in read.events.values()} == {None, at(10)}


def test_a_date_in_a_name_holds_although_its_commit_is_younger_and_the_tag_new(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    dated = Production(Evidence.TAG, pattern="live-.*", at="%Y-%m-%d")
    repo.tag("live-2026-03-04", repo.commit(at=at(4, 9)))
    clock.now = at(20)
    read(dated)

    repo.tag("live-2026-03-12", repo.commit(at=at(12, 15)))
    repo.tag("live-2026-03-14", repo.commit(at=at(13)))
    clock.now = at(25)
    read(dated)

    assert {(e.name[-2:], e.at, e.not_before) for e in read.events.values()} == {
        ("04", at(4), None),
        ("12", at(12), None),
        ("14", at(14), None),
    }


def test_a_tag_dated_in_the_future_says_by_when_it_was_seen(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    repo.tag("live-1", repo.commit(at=at(4)), tagged_at=at(4).replace(year=2031))

    read(TAGGED)

    (event,) = read.events.values()
    assert (event.at, event.not_before) == (at(4).replace(year=2031), at(4))
    assert event.seen_by == clock.now


@pytest.mark.parametrize("tagged_at", [None, at(9).replace(year=2025)])
def test_a_tag_is_not_before_what_was_merged_behind_it_however_slow_a_clock_was(
    world: World, read: Read, clock: Clock, tagged_at: datetime | None
) -> None:
    """A version's own commit is a year behind GitHub, whose date the merge before it has."""
    repo = world.repository(SHOP)
    repo.tag("live-1", repo.commit(at=at(4)))
    repo.squash_merge(at=at(9))
    repo.commit(at=at(9).replace(year=2025))
    slow = repo.commit(at=at(9).replace(year=2025))
    repo.tag("live-2", slow, tagged_at=tagged_at)

    read(TAGGED)
    first = dict(read.events)
    read(TAGGED)

    found = read.events[("live-2", slow.sha)]
    assert (found.at, found.not_before, found.seen_by) == (at(9), at(9), clock.now)
    assert read.events == first


def test_clocks_that_differ_by_hours_move_no_tag(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.squash_merge(at=at(9))
    repo.tag("live-1", repo.commit(at=at(9, 3)))

    read(TAGGED)

    assert times(read) == ["live-1 09 03:00"]
