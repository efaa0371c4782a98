"""Evidence `release`: which releases are events, and when."""

from dataclasses import replace

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, SHOP, Clock, Read, at, listed, times
from tests.faults.answers import edited

RELEASED = Production(Evidence.RELEASE, pattern=r"v\d+")


def test_a_release_counts_when_published_unless_it_is_a_draft_or_a_pre_release(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.release("v1", commit, at=at(5), created_at=at(4))
    repo.release("v2", commit, at=at(6), draft=True)
    repo.release("v3", commit, at=at(7), prerelease=True)
    repo.release("v4-beta", commit, at=at(8))

    read(RELEASED)

    assert times(read) == ["v1 05 12:00"]


def test_a_draft_that_is_published_later_is_found_by_the_next_run(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.release("v1", commit, at=at(5))
    clock.now = at(19)
    read(RELEASED)

    repo.release("v2", commit, at=at(20), created_at=at(3))
    clock.now = NOW
    read(RELEASED)

    assert times(read) == ["v1 05 12:00", "v2 20 12:00"]


def test_a_release_that_does_not_match_is_not_looked_at(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    for name in ("v1", "beta"):
        repo.release(name, repo.commit(at=at(4)), at=at(5))
    sandbox.spoil(
        "acme/shop", edited(lambda answer: listed(answer)["beta"].update(publishedAt=None))
    )

    read(RELEASED)

    assert times(read) == ["v1 05 12:00"]


def test_a_release_without_a_commit_is_known_and_read_again_once_it_has_one(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.release("v1", repo.commit(at=at(4)), at=at(5))
    released = repo.commit(at=at(6))
    repo.release("v2", released, at=at(7))
    lost = repo.tags.pop("v2")
    read(RELEASED)
    before = {event.name: event.sha for event in read.events.values()}
    sandbox.reset()
    read(RELEASED)
    requests = sandbox.count("github")

    repo.tags["v2"] = lost
    read(RELEASED)

    assert (before["v2"], requests) == ("", 1)
    assert read.reached()[released.sha] == at(7)


@pytest.mark.parametrize("known", [True, False])
def test_a_release_that_was_a_pre_release_counts_from_when_that_was_last_seen(
    world: World, read: Read, clock: Clock, known: bool
) -> None:
    """GitHub keeps the time of its publication when the mark is taken off."""
    repo = world.repository(SHOP)
    if known:
        repo.release("v1", repo.commit(at=at(4)), at=at(5))
    marked = repo.release("v2", repo.commit(at=at(6)), at=at(7), prerelease=True)
    clock.now = at(12)
    read(RELEASED)

    repo.releases[repo.releases.index(marked)] = replace(marked, prerelease=False)
    clock.now = at(20)
    read(RELEASED)
    clock.now = at(25)
    read(RELEASED)

    (event,) = (event for event in read.events.values() if event.name == "v2")
    assert (event.at, event.not_before, event.seen_by) == (at(12), at(12), at(20))


def test_a_release_whose_tag_moves_is_never_earlier_than_its_commit(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    first = repo.commit(at=at(4))
    rolling = Production(Evidence.RELEASE, pattern="live")
    repo.release("live", first, at=at(5))
    clock.now = at(12)
    read(rolling)

    second, third = repo.commit(at=at(10)), repo.commit(at=at(16))
    repo.tag("live", second)
    clock.now = at(14)
    read(rolling)
    repo.tag("live", third)
    clock.now = at(20)
    read(rolling)

    events = {event.sha: event for event in read.events.values()}
    assert events[first.sha].at == at(5)
    assert (events[second.sha].at, events[second.sha].seen_by) == (at(12), at(14))
    assert (events[third.sha].at, events[third.sha].seen_by) == (at(16), at(20))


def test_a_first_read_moves_only_what_is_older_than_its_commit(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.release("v1", repo.commit(at=at(4)), at=at(5))
    repo.release("v2", repo.commit(at=at(9)), at=at(6))
    repo.release("v3", repo.commit(at=at(10, 12)), at=at(10, 11))

    read(RELEASED)

    events = {event.name: event for event in read.events.values()}
    assert times(read) == ["v1 05 12:00", "v2 09 12:00", "v3 10 12:00"]
    assert (events["v2"].not_before, events["v2"].seen_by) == (at(9), NOW)
    assert events["v3"].not_before is None, "a committer's clock may be ahead"


@pytest.mark.parametrize("change", ["a wider pattern", "an earlier begin"])
def test_what_another_configuration_brings_is_not_moved(
    world: World, read: Read, clock: Clock, change: str
) -> None:
    repo = world.repository(SHOP)
    repo.release("v1", repo.commit(at=at(4)), at=at(5))
    repo.release("beta", repo.commit(at=at(6)), at=at(7))
    clock.now = at(12)
    read(RELEASED)

    read.bookmark = ""  # as a run asks where fingerprint or begin are others
    clock.now = at(20)
    read(Production(Evidence.RELEASE, pattern=".*") if change == "a wider pattern" else RELEASED)

    assert all(event.not_before is None for event in read.events.values())
    assert "v1 05 12:00" in times(read)


def test_a_release_is_linked_where_it_is_whatever_its_answer_says(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.release("v1", repo.commit(at=at(4)), at=at(5))

    script = {"url": "javascript:alert(1)"}
    sandbox.spoil("acme/shop", edited(lambda answer: listed(answer)["v1"].update(script)))

    read(RELEASED)

    (event,) = read.events.values()
    assert event.url.endswith(f"/{SHOP}/releases/tag/v1")
    assert event.url.startswith("http")
