"""Evidence `deployment`: where the commit of a deployment stood."""

from datetime import timedelta

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Place
from sandbox.github.records import GitCommit
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, SHOP, Clock, Read, at

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))


def repository(world: World) -> tuple[SandboxRepository, GitCommit, GitCommit]:
    """A repository with a deployment of its branch, and a commit that is not on it."""
    repo = world.repository(SHOP)
    base = repo.commit(at=at(1, month=2))
    repo.deploy(base, at=at(2, month=2))
    return repo, base, repo.commit(at=at(4), branch="work", parents=[base.sha])


def places(read: Read) -> list[str]:
    """Where each deployment's commit stood, in order of time."""
    events = sorted(read.events.values(), key=lambda e: e.at or NOW)
    return [event.place.value for event in events]


def test_what_is_on_the_branch_by_its_ref_or_its_commit_counts(world: World, read: Read) -> None:
    repo, base, _ = repository(world)
    repo.deploy(base, at=at(5), ref="gone")
    repo.deploy(repo.commit(at=at(6)), at=at(7), ref="gone")

    read(DEPLOYED)

    assert places(read) == [Place.BRANCH] * 3


@pytest.mark.parametrize("ref", ["work", "deleted"])
@pytest.mark.parametrize(
    ("days", "place"),  # when it was opened, and when it was merged
    [
        ((4, 5), Place.BRANCH),
        ((4, 8), Place.BRANCH),  # deployed, looked at, and then merged
        ((4, 10), Place.MERGED_LATER),
        ((7, 8), Place.BRANCH),  # it was deployed from a branch without one
    ],
)
def test_what_a_pull_request_brought_to_the_branch_later_was_not_on_it_then(
    world: World, read: Read, ref: str, days: tuple[int, int], place: Place
) -> None:
    """A merge commit brings the very commit that a plan job deployed."""
    opened, merged = (at(day) for day in days)
    repo, base, commit = repository(world)
    joined = repo.commit(at=merged, parents=[base.sha, commit.sha], files=())
    repo.pull_request([commit, joined], created_at=opened, merged_at=merged, head="work")
    repo.deploy(commit, at=at(6), ref=ref)
    repo.deploy(joined, at=at(11))

    read(DEPLOYED)

    assert places(read)[1:] == [place, Place.BRANCH]


def test_a_tag_and_a_branch_without_a_pull_request_count(world: World, read: Read) -> None:
    repo, _, commit = repository(world)
    repo.tag("v1", commit)
    repo.deploy(commit, at=at(5), ref="v1")
    repo.deploy(commit, at=at(6), ref="work")

    read(DEPLOYED)

    assert places(read)[1:] == [Place.TAG, Place.NO_PULL_REQUEST]


@pytest.mark.parametrize("ref", ["work", "deleted"])
@pytest.mark.parametrize(
    ("merged_on", "place"), [(5, Place.MERGED), (7, Place.MERGED_LATER), (None, Place.UNMERGED)]
)
def test_of_a_pull_request_it_matters_when_it_was_merged_into_whatever_branch(
    world: World, read: Read, ref: str, merged_on: int | None, place: Place
) -> None:
    repo, _, commit = repository(world)
    merged_at = at(merged_on) if merged_on else None
    repo.pull_request([commit], merged_at=merged_at, base="develop", head="work")
    repo.deploy(commit, at=at(6), ref=ref)

    read(DEPLOYED)

    (event,) = (event for event in read.events.values() if event.at == at(6))
    assert event.place is place
    assert event.merged_at == (merged_at if place is Place.MERGED_LATER else None)


def test_a_pull_request_that_was_closed_is_known_as_long_as_its_branch_is(
    world: World, read: Read
) -> None:
    repo, _, commit = repository(world)
    repo.pull_request([commit], merged_at=None, head="work", closed=True)
    repo.deploy(commit, at=at(6), ref="work")
    repo.deploy(commit, at=at(7), ref="deleted")

    read(DEPLOYED)

    assert places(read)[1:] == [Place.UNMERGED, Place.UNKNOWN]


def test_what_was_merged_from_a_branch_of_that_name_before_is_another_pull_request(
    world: World, read: Read
) -> None:
    repo, base, commit = repository(world)
    repo.pull_request([base], merged_at=at(3), head="work", created_at=at(2))
    repo.pull_request([commit], merged_at=None, head="work")
    repo.deploy(commit, at=at(6), ref="work")

    read(DEPLOYED)

    assert places(read)[1:] == [Place.UNMERGED]


@pytest.mark.parametrize(
    ("merged_on", "place"), [(5, Place.MERGED), (7, Place.MERGED_LATER), (None, Place.UNMERGED)]
)
def test_the_commit_that_github_makes_of_a_pull_request_is_the_pull_requests(
    world: World, read: Read, merged_on: int | None, place: Place
) -> None:
    """GitHub shows neither a ref `refs/pull/7/merge` nor the pull request of its commit."""
    repo, _, head = repository(world)
    merged_at = at(merged_on) if merged_on else None
    main = repo.squash_merge(at=at(3))
    repo.pull_request([head], merged_at=merged_at, head="work")
    test = repo.commit(at=at(5), branch="pull/7/merge", parents=[main.sha, head.sha])
    repo.deploy(test, at=at(6), ref="refs/pull/7/merge")

    read(DEPLOYED)

    assert places(read)[1:] == [place]


def test_a_branch_that_is_written_as_one_of_production_counts_whatever_is_merged(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    base = repo.commit(at=at(1))
    repo.commit(at=at(2), branch="release/1", parents=[base.sha])
    commit = repo.commit(at=at(4), branch="release/1")
    repo.pull_request([commit], merged_at=None, head="release/1")
    repo.deploy(commit, at=at(6), ref="release/1")
    written = Production(Evidence.DEPLOYMENT, environments=("production",), branch="release/1")

    read(written)

    assert places(read) == [Place.BRANCH]


def test_only_a_deployment_that_counts_is_what_earlier_ones_brought(
    world: World, read: Read
) -> None:
    """A plan job right before the window is no seed: what shipped before it is not new."""
    repo = world.repository(SHOP)
    old = [repo.commit(at=at(1, month=1) + timedelta(hours=n)) for n in range(250)]
    repo.deploy(old[20], at=at(20, month=1))
    shipped = old[-1]
    planned = repo.commit(at=at(1, month=2), branch="work", parents=[old[-2].sha])
    repo.pull_request([planned], merged_at=None, head="work")
    repo.deploy(planned, at=at(20, month=2), ref="work")
    repo.deploy(shipped, at=at(5))

    read(DEPLOYED)

    assert {commit.sha for commit in old[21:]} <= set(read.commits)


def test_a_pull_request_that_merges_later_is_seen_although_nothing_was_deployed_since(
    world: World, sandbox: Sandbox, read: Read, clock: Clock
) -> None:
    repo, base, commit = repository(world)
    pull = repo.pull_request([commit], merged_at=None, head="work")
    repo.deploy(commit, at=at(20), ref="work")
    read(DEPLOYED)
    before = places(read)[1:]
    sandbox.reset()
    read(DEPLOYED)
    requests = sandbox.count("github")

    squashed = repo.commit(at=at(22), parents=[base.sha])
    repo.merged(pull, at=at(22), shas=[squashed])
    del repo.branches["work"]
    clock.now += timedelta(days=1)
    read(DEPLOYED)
    sandbox.reset()
    read(DEPLOYED)

    assert (before, requests, sandbox.count("github")) == ([Place.UNMERGED], 1, 1)
    assert places(read)[1:] == [Place.MERGED_LATER]


def test_what_was_once_told_is_not_forgotten_with_its_branch(world: World, read: Read) -> None:
    repo, _, commit = repository(world)
    repo.deploy(commit, at=at(5), ref="work")
    read(DEPLOYED)

    del repo.branches["work"]
    repo.deploy(repo.commit(at=at(6)), at=at(7))
    read(DEPLOYED)

    assert places(read)[1:] == [Place.NO_PULL_REQUEST, Place.BRANCH]
