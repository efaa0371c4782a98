"""Evidence `release`: which releases are events, and when."""

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at, listed, times
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


def test_a_draft_that_is_published_later_is_found_by_the_next_run(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.release("v1", commit, at=at(5))
    read(RELEASED)

    repo.release("v2", commit, at=at(20), created_at=at(3))
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
