from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from collector.client import RetryPolicy
from collector.github.collector import GitHubCollector
from collector.github.connection import GitHubConnection
from evaluator.model.evidence import Production
from evaluator.model.facts import ClosedIssue, Evidence
from evaluator.model.ticket_labels import USUAL
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, SHOP, Read, at

BY_MERGE = Production(evidence=Evidence.MERGE)


@pytest.fixture
def shop(world: World) -> SandboxRepository:
    repo = world.repository(SHOP)
    repo.commit(at=at(1, month=2))
    return repo


@pytest.fixture
def asking(sandbox: Sandbox) -> Iterator[Read]:
    """Reads a repository of a team without Jira."""
    collector = GitHubCollector(
        GitHubConnection(sandbox.github_url, token="token"),
        zone=ZoneInfo("Europe/London"),
        clock=lambda: NOW,
        retry=RetryPolicy(attempts=2, sleep=lambda _: None),
        issues_of={SHOP},
        labels=USUAL.kept,
    )
    yield Read(collector)
    collector.close()


def closes(read: Read) -> dict[tuple[str, int], ClosedIssue]:
    found = (issue for commit in read.commits.values() for issue in commit.closes)
    return {(issue.repository, issue.number): issue for issue in found}


def test_an_issue_that_a_merged_pull_request_closes_is_kept_with_the_labels_that_are_named(
    world: World, shop: SandboxRepository, asking: Read
) -> None:
    action = shop.issue("Secret title", at=at(2), labels=["Retro-Action", "secret label"])
    dropped = shop.issue(at=at(3), labels=["user-feedback"], state_reason="NOT_PLANNED")
    unnamed = shop.issue(at=at(3), labels=["question"])
    elsewhere = world.repository("acme/ideas").issue(at=at(4), labels=["retro-action"])
    pull = shop.squash_merge(at=at(9), opened=at(5), closes=[action, dropped, unnamed])
    other = shop.squash_merge(at=at(10), opened=at(6), closes=[elsewhere])

    reading = asking(BY_MERGE)

    assert closes(asking) == {
        (SHOP, 1): ClosedIssue(SHOP, 1, pull.number, ("retro-action",), at(2), at(5)),
        (SHOP, 2): ClosedIssue(
            SHOP, 2, pull.number, ("user-feedback",), at(3), at(5), declined=True
        ),
        ("acme/ideas", 1): ClosedIssue(
            "acme/ideas", 1, other.number, ("retro-action",), at(4), at(6)
        ),
    }
    assert reading.coverage.requests == 1
    assert "ecret" not in repr(reading)


def test_a_pull_request_that_is_not_merged_or_takes_one_back_closes_nothing(
    shop: SandboxRepository, asking: Read
) -> None:
    issue = shop.issue(at=at(2), labels=["retro-action"])
    shop.squash_merge(at=at(9), title='Revert "Dates"', closes=[issue])
    shop.pull_request([shop.commit(at=at(10))], merged_at=None, closes=[issue])

    asking(BY_MERGE)

    assert closes(asking) == {}


def test_more_issues_and_labels_than_a_page_shows_are_read_with_one_request_more(
    shop: SandboxRepository, asking: Read
) -> None:
    many = [shop.issue(at=at(2), labels=["retro-action"]) for _ in range(5)]
    long = shop.issue(at=at(2), labels=[*(f"area-{n}" for n in range(20)), "user-feedback"])
    shop.squash_merge(at=at(9), closes=many)
    shop.squash_merge(at=at(10), closes=[long])

    reading = asking(BY_MERGE)

    assert sorted(number for _, number in closes(asking)) == [1, 2, 3, 4, 5, 6]
    assert reading.coverage.requests == 2


def test_issues_that_the_token_may_not_read_leave_the_rest_as_it_is(
    shop: SandboxRepository, asking: Read, read: Read
) -> None:
    shop.squash_merge(at=at(9), closes=[shop.issue(at=at(2), labels=["retro-action"])])
    read(BY_MERGE)
    shop.issues_hidden = True

    reading = asking(BY_MERGE)

    assert reading.coverage.reason is None
    assert asking.commits == read.commits, "where the team has Jira nothing is asked of issues"
