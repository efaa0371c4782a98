"""The production branch is pushed with force: which commits are older ones made anew."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.records import GitCommit
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Clock, Read, at

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
MERGED = Production(Evidence.MERGE)
TAGGED = Production(Evidence.TAG, pattern="v.*")
RELEASED = Production(Evidence.RELEASE, pattern="v.*")
BY_RUN = Production(Evidence.WORKFLOW, workflows=("deploy.yml",))
EVERY = [DEPLOYED, MERGED, TAGGED, RELEASED, BY_RUN]


@pytest.fixture
def repo(world: World) -> SandboxRepository:
    return world.repository(SHOP)


def ship(repo: SandboxRepository, commit: GitCommit, *, day: int) -> None:
    """Show in every way that the commit is in production."""
    repo.deploy(commit, at=at(day))
    repo.release(f"v{day}", commit, at=at(day))
    repo.run("deploy.yml", commit, at=at(day))


def history(repo: SandboxRepository, *days: int) -> list[GitCommit]:
    """Commit once on each day, the first of which began the repository, and ship the last."""
    made = [repo.commit(at=at(day, 9)) for day in days]
    ship(repo, made[0], day=days[0])
    ship(repo, made[-1], day=days[-1])
    return made


def again(
    repo: SandboxRepository,
    commits: Sequence[GitCommit],
    *,
    onto: Sequence[str],
    when: datetime | None = None,
) -> list[GitCommit]:
    """Push with force: each commit anew, on top of `onto`, committed then or as it was."""
    made: list[GitCommit] = []
    for commit in commits:
        anew = repo.commit(
            at=when or commit.committed_at,
            authored_at=commit.authored_at,
            author=commit.author,
            parents=[made[-1].sha] if made else onto,
        )
        made.append(anew)
    return made


def rewrites(read: Read) -> dict[str, str]:
    return {sha: commit.rewrites for sha, commit in read.commits.items() if commit.rewrites}


def shas(commits: Sequence[GitCommit]) -> list[str]:
    return [commit.sha for commit in commits]


@pytest.mark.parametrize("production", EVERY)
def test_a_commit_with_another_message_is_the_one_that_it_was(
    repo: SandboxRepository, sandbox: Sandbox, read: Read, clock: Clock, production: Production
) -> None:
    *_, parent, last = history(repo, 1, 4, 5, 6)
    clock.now = at(7)
    read(production)
    (anew,) = again(repo, [last], onto=[parent.sha], when=at(8))
    ship(repo, anew, day=9)
    clock.now = at(10)
    sandbox.reset()

    reading = read(production)

    assert reading.coverage.reason is None
    assert rewrites(read) == {anew.sha: last.sha}
    rest = 1 if production is BY_RUN else 0
    assert sandbox.count("github") <= 2 + rest


@pytest.mark.parametrize("production", EVERY)
def test_commits_that_were_put_on_an_older_one_are_those_they_were(
    repo: SandboxRepository, read: Read, clock: Clock, production: Production
) -> None:
    _, base, dropped, *kept = history(repo, 1, 4, 5, 6, 7)
    clock.now = at(8)
    read(production)
    anew = again(repo, kept, onto=[base.sha], when=at(9))
    new = repo.commit(at=at(10))
    ship(repo, new, day=10)
    clock.now = at(11)

    read(production)

    assert rewrites(read) == dict(zip(shas(anew), shas(kept), strict=True))
    assert dropped.sha not in rewrites(read).values()


@pytest.mark.parametrize("production", [DEPLOYED, TAGGED, RELEASED, BY_RUN])
def test_a_history_that_is_rewritten_from_its_beginning_brings_nothing_new(
    repo: SandboxRepository, read: Read, clock: Clock, production: Production
) -> None:
    old = [repo.commit(at=at(1, month=1) + timedelta(hours=n)) for n in range(250)]
    ship(repo, old[-1], day=1)
    young = [repo.commit(at=at(day)) for day in (4, 5)]
    ship(repo, young[-1], day=6)
    clock.now = at(7)
    read(production)
    assert old[0].sha not in read.commits
    anew = again(repo, [*old, *young], onto=())
    new = repo.commit(at=at(8))
    ship(repo, new, day=9)
    clock.now = at(10)

    read(production)

    made = rewrites(read)
    assert made.keys() == set(shas(anew))
    assert [made[commit.sha] for commit in anew[-2:]] == shas(young)
    assert set(made.values()) <= read.reached(at(1, month=1)).keys()


def test_what_is_older_than_all_that_was_read_was_there_before_but_a_late_merge(
    repo: SandboxRepository, read: Read, clock: Clock
) -> None:
    old = [repo.commit(at=at(1, month=1) + timedelta(hours=n)) for n in range(250)]
    ship(repo, old[-1], day=1)
    clock.now = at(7)
    read(DEPLOYED)
    slow = repo.commit(at=at(8), authored_at=at(2, month=1), parents=[old[9].sha])
    repo.pull_request([slow], merged_at=at(8))
    ship(repo, repo.commit(at=at(9)), day=9)
    clock.now = at(10)

    read(DEPLOYED)

    assert rewrites(read).keys() == set(shas(old[:10]))


def test_what_is_really_new_among_what_was_pushed_with_force_is_new(
    repo: SandboxRepository, read: Read, clock: Clock
) -> None:
    *_, base, last = history(repo, 1, 4, 5)
    clock.now = at(6)
    read(DEPLOYED)
    first = repo.commit(at=at(7), parents=[base.sha])
    (anew,) = again(repo, [last], onto=[first.sha], when=at(8))
    second = repo.commit(at=at(8))
    ship(repo, second, day=9)
    clock.now = at(10)

    read(DEPLOYED)

    assert rewrites(read) == {anew.sha: last.sha}
    assert {first.sha, second.sha} <= read.reached().keys()


def test_of_one_instant_each_commit_stands_for_one(
    repo: SandboxRepository, read: Read, clock: Clock
) -> None:
    base = repo.commit(at=at(1))
    ship(repo, base, day=1)
    twins = [repo.commit(at=at(4), authored_at=at(3)) for _ in range(2)]
    ship(repo, twins[-1], day=4)
    clock.now = at(5)
    read(DEPLOYED)
    three = again(repo, [*twins, twins[0]], onto=[base.sha], when=at(6))
    ship(repo, three[-1], day=7)
    clock.now = at(8)

    read(DEPLOYED)

    assert rewrites(read) == dict(zip(shas(three), shas(twins), strict=False))


def test_a_merge_is_no_commit_of_its_instant(
    repo: SandboxRepository, read: Read, clock: Clock
) -> None:
    base, last = history(repo, 1, 4)
    clock.now = at(5)
    read(DEPLOYED)
    side = repo.commit(at=at(6), branch="side", parents=[base.sha])
    joined = repo.commit(at=at(6), authored_at=last.authored_at, parents=[base.sha, side.sha])
    ship(repo, joined, day=7)
    clock.now = at(8)

    read(DEPLOYED)

    assert rewrites(read) == {}


@pytest.mark.parametrize("production", EVERY)
def test_without_force_a_commit_that_is_picked_again_is_another(
    repo: SandboxRepository, read: Read, clock: Clock, production: Production
) -> None:
    *_, last = history(repo, 1, 4, 5)
    clock.now = at(6)
    read(production)
    again(repo, [last], onto=[last.sha], when=at(7))
    ship(repo, repo.commit(at=at(8)), day=8)
    clock.now = at(9)

    read(production)

    assert rewrites(read) == {}


def test_a_default_branch_that_is_another_one_is_not_pushed_with_force(
    repo: SandboxRepository, read: Read, clock: Clock
) -> None:
    base, last = history(repo, 1, 4)
    clock.now = at(5)
    read(DEPLOYED)
    repo.branches["next"] = base.sha
    repo.commit(at=at(6), authored_at=last.authored_at, branch="next")
    repo.default_branch = "next"
    ship(repo, repo.commit(at=at(6)), day=7)
    clock.now = at(8)

    read(DEPLOYED)

    assert rewrites(read) == {}


def test_what_is_rewritten_twice_is_what_it_was_first(
    repo: SandboxRepository, read: Read, clock: Clock
) -> None:
    *_, base, last = history(repo, 1, 4, 5)
    clock.now = at(6)
    read(DEPLOYED)
    anew = last
    for day in (7, 9):
        (anew,) = again(repo, [anew], onto=[base.sha], when=at(day))
        ship(repo, anew, day=day)
        clock.now = at(day + 1)
        read(DEPLOYED)

    assert set(rewrites(read).values()) == {last.sha}
    assert rewrites(read)[anew.sha] == last.sha
