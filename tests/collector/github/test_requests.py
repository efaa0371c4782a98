"""How many requests one repository takes, by each kind of evidence: few, and one without news.

It has 200 commits, two pages, 40 of them pull requests, and 20 events of its kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.records import GitCommit, PullRequest
from sandbox.github.repository import SandboxRepository
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


def _deployed_off_the_branch(repo: SandboxRepository, _change: Shipped, number: int) -> None:
    fix = repo.commit(at=_when(number), branch=f"release/{number}", parents=[repo.branches["main"]])
    repo.deploy(fix, at=_when(number), ref=f"release/{number}")


def _released(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.release(f"v1.{number}", change, at=_when(number))


def _tagged(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.tag(f"v1.{number}", change, tagged_at=_when(number))


def _ran(repo: SandboxRepository, change: Shipped, number: int) -> None:
    repo.run("deploy.yml", change, at=_when(number))


def _when(number: int) -> datetime:
    return BEGIN + number * 3 * HOUR


@dataclass(frozen=True)
class Kind:
    """One kind of evidence, how it ships, and the requests of a first and of a second read."""

    production: Production
    ship: Ship
    requests: tuple[int, int] = (2, 1)


TO_PRODUCTION = Production(Evidence.DEPLOYMENT, ("production",))
KINDS = {
    "merge": Kind(Production(Evidence.MERGE), _merged),
    "deployment": Kind(TO_PRODUCTION, _deployed),
    "environments by pattern": Kind(
        Production(Evidence.DEPLOYMENT, ("production-.*",)), _deployed_to_several
    ),
    "deployments off the branch": Kind(TO_PRODUCTION, _deployed_off_the_branch),
    "release": Kind(Production(Evidence.RELEASE, pattern="v.*"), _released),
    "tag": Kind(Production(Evidence.TAG, pattern="v.*"), _tagged),
    "workflow, whose runs REST lists": Kind(
        Production(Evidence.WORKFLOW, workflows=("deploy.yml",)), _ran, (2 + 2, 1 + 1)
    ),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_first_read_rides_along_with_the_commits_and_one_without_news_is_one(
    world: World, sandbox: Sandbox, read: Read, clock: Clock, kind: Kind
) -> None:
    repo = world.repository(SHOP)
    for number in range(200):
        when = BEGIN + number * HOUR / 4
        change = repo.squash_merge(at=when) if number % 5 == 0 else repo.commit(at=when)
        if number % 10 == 9:
            kind.ship(repo, change, number)

    read(kind.production)
    first = sandbox.count("github")
    sandbox.reset()
    clock.now += HOUR
    read(kind.production)
    again = sandbox.count("github")

    assert (first, again) == kind.requests
    assert sum(event.at is not None for event in read.events.values()) >= 20
