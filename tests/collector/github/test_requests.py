"""How many requests one repository takes, by each kind of evidence: few, and one without news.

It has 200 commits, two pages, 40 of them pull requests, and 20 events of its kind.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.records import PullRequest
from sandbox.github.repository import GitCommit, SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Clock, Read, at

BEGIN = at(4)
Shipped = GitCommit | PullRequest
Ship = Callable[[SandboxRepository, Shipped, int], object]
HOUR = timedelta(hours=1)


def _merged(_repo: SandboxRepository, _change: Shipped, _number: int) -> None:
    """Nothing: a merge is all that it takes."""


def _deployed(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.deploy(change, at=_when(number))


def _deployed_to_several(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.deploy(change, f"production-{number % 3}", at=_when(number))
    repo.deploy(change, f"preview-{number}", at=_when(number))


def _deployed_off_the_branch(repo: SandboxRepository, change: Shipped, number: int) -> None:
    fix = repo.commit(
        at=_when(number), branch=f"release/{number}", parents=[repo.branches["main"]]
    )
    repo.deploy(fix, at=_when(number), ref=f"release/{number}")


def _released(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.release(f"v1.{number}", change, at=_when(number))


def _tagged(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.tag(f"v1.{number}", change, tagged_at=_when(number))


def _ran(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.run("deploy.yml", change, at=_when(number))


def _when(number: int) -> object:
    return BEGIN + number * 3 * HOUR


KINDS = [
    pytest.param(Production(Evidence.MERGE), _merged, [2, 1], id="merge"),
    pytest.param(
        Production(Evidence.DEPLOYMENT, ("production",)), _deployed, [2, 1], id="deployment"
    ),
    pytest.param(
        Production(Evidence.DEPLOYMENT, ("production-.*",)),
        _deployed_to_several,
        [2, 1],
        id="environments by pattern",
    ),
    pytest.param(
        Production(Evidence.DEPLOYMENT, ("production",)),
        _deployed_off_the_branch,
        [2, 1],
        id="deployments off the branch",
    ),
    pytest.param(Production(Evidence.RELEASE, pattern="v.*"), _released, [2, 1], id="release"),
    pytest.param(Production(Evidence.TAG, pattern="v.*"), _tagged, [2, 1], id="tag"),
    pytest.param(
        Production(Evidence.WORKFLOW, workflows=("deploy.yml",)),
        _ran,
        [2 + 2, 1 + 1],  # REST lists them, outside the budget
        id="workflow",
    ),
]


@pytest.mark.parametrize(("production", "ship", "expected"), KINDS)
def test_a_first_read_rides_along_with_the_commits_and_one_without_news_is_one(
    world: World,
    sandbox: Sandbox,
    read: Read,
    clock: Clock,
    production: Production,
    ship: Ship,
    expected: list[int],
) -> None:
    repo = world.repository(SHOP)
    for number in range(200):
        when = BEGIN + number * HOUR / 4
        change = repo.squash_merge(at=when) if number % 5 == 0 else repo.commit(at=when)
        if number % 10 == 9:  # noqa: PLR2004 - 20 in all
            ship(repo, change, number)

    read(production)
    requests = [sandbox.count("github")]
    sandbox.reset()
    clock.now += HOUR
    read(production)
    requests.append(sandbox.count("github"))

    assert requests == expected
    assert len([event for event in read.events.values() if event.at]) >= 20  # noqa: PLR2004
