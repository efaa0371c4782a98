"""A listed workflow that runs when pull requests are closed, and no longer on pushes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.records import PullRequest
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Clock, Read, at

RUN = Production(Evidence.WORKFLOW, workflows=("deploy.yml",))
SOON = timedelta(seconds=40)


@pytest.fixture
def repo(world: World) -> SandboxRepository:
    """One that shipped on a push, and then changed once more."""
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    return repo


def opened(repo: SandboxRepository, when: datetime) -> PullRequest:
    """Open a pull request with one commit."""
    head = f"work-{len(repo.commits)}"
    made = repo.commit(at=when, branch=head, parents=[repo.branches["main"]])
    return repo.pull_request([made], merged_at=None, head=head)


def squashed(repo: SandboxRepository, pull: PullRequest, when: datetime) -> PullRequest:
    return repo.merged(pull, at=when, shas=[repo.commit(at=when)])


def run(
    repo: SandboxRepository, pull: PullRequest, when: datetime, event: str = "pull_request"
) -> None:
    repo.run("deploy.yml", pull.shas[0], at=when, branch=pull.head, event=event)


def merged(repo: SandboxRepository, *days: int, begun: timedelta = SOON) -> Sequence[PullRequest]:
    """Merge a pull request on each of the days, with a run that begins so long after."""
    pulls = [opened(repo, at(day, 9)) for day in days]
    for pull, day in zip(pulls, days, strict=True):
        squashed(repo, pull, at(day))
        run(repo, pull, at(day) + begun)
    return pulls


def pulls_asked(sandbox: Sandbox) -> int:
    return sum(asked.path.partition("?")[0].endswith("/pulls") for asked in sandbox.log)


def test_the_first_of_runs_that_merges_began_is_told(
    repo: SandboxRepository, sandbox: Sandbox, read: Read
) -> None:
    first, *_ = merged(repo, 10, 12, 14)

    (other,) = read(RUN).others

    left = repo.pull_requests[first.number].sha
    assert (other.name, other.example) == (
        "deploy.yml@refs/pull/#/merge",
        f"deploy.yml@refs/pull/{first.number}/merge",
    )
    assert (other.sha, other.first_at.day, other.first_known) == (left, 10, True)
    assert pulls_asked(sandbox) == 1


def test_it_is_told_too_where_they_run_on_a_pull_requests_own_changes_as_well(
    repo: SandboxRepository, read: Read
) -> None:
    pull = opened(repo, at(9))
    run(repo, pull, at(9))
    waiting = opened(repo, at(9, 13))
    run(repo, waiting, at(9, 13))
    dropped = opened(repo, at(9, 14))
    repo.pull_requests[dropped.number] = dropped
    run(repo, dropped, at(10))
    squashed(repo, pull, at(11))
    run(repo, pull, at(11) + SOON)

    (other,) = read(RUN).others

    assert (other.example, other.first_at.day) == (f"deploy.yml@refs/pull/{pull.number}/merge", 11)


def test_one_behind_many_that_wait_is_found_and_then_nobody_knows_the_first(
    repo: SandboxRepository, sandbox: Sandbox, read: Read
) -> None:
    for hour in range(12):
        run(repo, opened(repo, at(9, hour)), at(9, hour))
    merged(repo, 12)

    (other,) = read(RUN).others

    assert (other.first_at.day, other.first_known) == (12, False)
    assert pulls_asked(sandbox) == 10


def test_a_run_that_ended_after_others_were_asked_for_is_told_a_day_later(
    repo: SandboxRepository, read: Read, clock: Clock
) -> None:
    pull = opened(repo, at(9))
    squashed(repo, pull, at(10))
    found = []
    for day, hour in ((10, 13), (10, 15), (11, 12)):
        clock.now = at(day, hour)
        found.append(len(read(RUN).others))
        if (day, hour) == (10, 13):
            run(repo, pull, at(10) + SOON)

    assert found == [0, 0, 1]


def test_tests_of_pull_requests_are_none(
    repo: SandboxRepository, sandbox: Sandbox, read: Read
) -> None:
    """Pushes fail since then, and before each merge its pull request was tested."""
    for day in (10, 12, 14):
        pull = opened(repo, at(day, 9))
        run(repo, pull, at(day, 9))
        repo.run("deploy.yml", squashed(repo, pull, at(day)), at=at(day), conclusion="failure")
    run(repo, opened(repo, at(15)), at(15))

    assert read(RUN).others == ()
    assert pulls_asked(sandbox) == 4


def test_what_tidies_up_after_each_merge_as_ever_is_none(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(2))
    merged(repo, 3)
    repo.run("deploy.yml", repo.branches["main"], at=at(5))
    merged(repo, 10, 12)

    assert read(RUN).others == ()


def test_a_promotion_of_what_a_pull_request_brought_is_none(
    repo: SandboxRepository, read: Read
) -> None:
    """Its head is what the other one left on the branch."""
    (pull,) = merged(repo, 10, begun=-SOON)
    left = repo.pull_requests[pull.number].sha
    promotion = repo.pull_request([left], merged_at=None, base="live", head="main")
    run(repo, promotion, at(11))

    assert read(RUN).others == ()


def test_where_production_has_the_head_nothing_is_asked_of_pull_requests(
    repo: SandboxRepository, sandbox: Sandbox, read: Read
) -> None:
    merged(repo, 10)
    repo.run("deploy.yml", repo.branches["main"], at=at(11))

    assert read(RUN).others == ()
    assert pulls_asked(sandbox) == 0


def test_a_commit_that_github_no_longer_has_is_none(
    repo: SandboxRepository, sandbox: Sandbox, read: Read
) -> None:
    merged(repo, 10)
    sandbox.spoil("/pulls", lambda answer: replace(answer, status=422, body=b"{}"))

    reading = read(RUN)

    assert (reading.others, reading.coverage.reason) == ((), None)
