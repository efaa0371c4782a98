"""The question "anything new?", of one repository and of many at once."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collector.github.collector import GitHubCollector
from collector.github.connection import GitHubConnection
from collector.github.doctor_checks import GitHubChecks
from collector.github.repository_check import RepositoryCheck
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.plan import RepositorySource
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, SHOP, Clock, Read, at
from tests.faults.answers import edited

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
MERGED = Production(Evidence.MERGE)


def test_more_than_a_hundred_deployments_may_wait_for_their_end(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(commit := repo.commit(at=at(4)), at=at(5))
    waiting = [
        repo.deploy(commit, at=when, statuses=[("waiting", when)])
        for when in (at(6) + timedelta(hours=number) for number in range(230))
    ]
    read(DEPLOYED)
    sandbox.reset()
    nothing = read(DEPLOYED).coverage
    asked = sandbox.count("github")

    repo.add_statuses(waiting[0], ("success", at(30)))
    repo.deployments.remove(waiting[1])
    repo.add_statuses(waiting[229], ("success", at(30, 9)))
    read(DEPLOYED)

    assert (nothing.reason, asked) == (None, 1)
    assert sorted(event.at for event in read.events.values() if event.at) == [
        at(5),
        at(30, 9),
        at(30),
    ]


def without(*path: str, said: object = None) -> Callable[[Any], None]:
    """GitHub leaves out a part, and says only that something went wrong."""

    def edit(answer: Any) -> None:
        part = answer["data"]
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = None
        answer["errors"] = [{"message": "Something went wrong.", "path": said}]

    return edit


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("r1",), id="the repository"),
        pytest.param(("r1", "head"), id="its branch, which may be missing too"),
    ],
)
def test_an_error_that_does_not_say_where_has_only_what_is_missing_asked_alone(
    world: World,
    sandbox: Sandbox,
    connect: Callable[[str], GitHubCollector],
    path: tuple[str, ...],
) -> None:
    """An odd place is as good as none."""
    collector = connect(sandbox.github_url)
    tasks = []
    for name in ("acme/api", "acme/empty", "acme/web"):
        repo = world.repository(name)
        if name != "acme/empty":
            repo.commit(at=at(4))
        one = Read(collector)
        one(MERGED, repository=name)
        tasks.append(one.task(MERGED, repository=name))
    world.repositories["acme/web"].commit(at=at(5))
    sandbox.spoil(r"acme/api\([^)]*\) acme/empty", edited(without(*path, said=7)))

    readings, to_read = collector.whats_new(tasks)

    assert [(r.coverage.source, r.coverage.reason) for r in readings] == [("github:acme/api", None)]
    assert [task.source.id for task in to_read] == ["github:acme/empty", "github:acme/web"]


@pytest.mark.parametrize("said", [None, [], "repository", 7])
def test_a_page_that_lacks_something_is_not_read_although_the_error_does_not_say_what(
    world: World, sandbox: Sandbox, read: Read, said: object
) -> None:
    world.repository(SHOP).commit(at=at(4))
    sandbox.spoil("acme/shop", edited(without("repository", "branch", said=said)))

    reading = read(MERGED)

    assert reading.coverage.reason == "source_down"


def not_linked_yet(answer: Any) -> None:
    """GitHub does not know yet with which pull request the newest commits came."""
    for node in answer["data"]["repository"]["branch"]["target"]["history"]["nodes"][:2]:
        node["associatedPullRequests"] |= {"totalCount": 0, "nodes": []}


@pytest.mark.parametrize("production", [MERGED, DEPLOYED])
def test_a_commit_read_minutes_after_its_merge_is_asked_once_more_for_its_pull_request(
    world: World, sandbox: Sandbox, read: Read, clock: Clock, production: Production
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))
    merged = NOW - timedelta(minutes=10)
    pull = repo.rebase_merge(at=merged, written=[at(29), at(30)])
    repo.deploy(pull, at=merged)
    sandbox.spoil("acme/shop", edited(not_linked_yet), times=1)
    read(production)
    before = {read.commits[sha].pull_request for sha in pull.shas}

    clock.now += timedelta(hours=1)
    read(production)
    sandbox.reset()
    clock.now += timedelta(hours=1)
    read(production)

    assert before == {None}
    assert {read.commits[sha].pull_request for sha in pull.shas} == {pull.number}
    assert sandbox.count("github") == 1


def test_a_commit_without_a_pull_request_is_asked_about_once_more_and_then_left(
    world: World, sandbox: Sandbox, read: Read, clock: Clock
) -> None:
    world.repository(SHOP).commit(at=NOW - timedelta(minutes=5))
    requests = []

    for _ in range(3):
        sandbox.reset()
        read(MERGED)
        requests.append(sandbox.count("github"))
        clock.now += timedelta(hours=1)

    assert requests == [1, 2, 1]


def test_a_young_commit_that_was_pushed_away_is_not_looked_for(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    base = repo.commit(at=at(4))
    young = repo.commit(at=NOW - timedelta(minutes=5))
    read(MERGED)

    repo.branches["main"] = base.sha
    del repo.commits[young.sha]
    clock.now += timedelta(hours=1)
    reading = read(MERGED)

    assert reading.coverage.reason is None
    assert json.loads(reading.bookmark)["mark"]["gone"] == []


def test_a_bookmark_of_an_earlier_version_is_still_read(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    world.repository(SHOP).commit(at=at(4))
    bookmark = json.loads(read(MERGED).bookmark)
    del bookmark["mark"]["unlinked"]
    read.bookmark = json.dumps(bookmark)
    sandbox.reset()

    reading = read(MERGED)

    assert (reading.coverage.reason, sandbox.count("github")) == (None, 1)


def test_no_more_is_asked_at_once_where_repositories_ship_in_many_ways(
    world: World, sandbox: Sandbox, connect: Callable[[str], GitHubCollector]
) -> None:
    collector = connect(sandbox.github_url)
    ways = tuple(
        Delivery((replace(DEPLOYED, environments=(f"tenant-{number}",)),)) for number in range(20)
    )
    tasks = []
    for name in ("acme/api", "acme/shop", "acme/web"):
        repo = world.repository(name)
        repo.deploy(repo.commit(at=at(4)), "tenant-0", at=at(5))
        one = Read(collector)
        one(ways, repository=name)
        tasks.append(one.task(ways, repository=name))
    sandbox.reset()

    readings, to_read = collector.whats_new(tasks)

    assert (len(readings), to_read) == (3, [])
    assert sandbox.count("github") == 2  # of 40 stanzas and of 20


def test_one_repository_that_ships_in_more_ways_than_that_is_asked_in_parts(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    """A deployment that only the last part shows is noticed, and one that may yet succeed."""
    ways = tuple(
        Delivery((replace(DEPLOYED, environments=(f"tenant-{number}",)),)) for number in range(60)
    )
    repo = world.repository(SHOP)
    first = repo.commit(at=at(4))
    repo.deploy(first, "tenant-0", at=at(5))
    waiting = [
        repo.deploy(first, f"tenant-{number}", at=at(5), statuses=[("waiting", at(5))])
        for number in (1, 59)
    ]
    read(ways)
    sandbox.reset()
    quiet = read(ways).events
    asked = sandbox.count("github")

    repo.add_statuses(waiting[1], ("success", at(6)))
    sandbox.reset()

    assert (quiet, asked) == ((), 2)
    assert [event.name for event in read(ways).events if event.name == "tenant-59"] == ["tenant-59"]


def test_the_check_up_of_many_ways_is_asked_in_parts_too(world: World, sandbox: Sandbox) -> None:
    ways = tuple(
        Delivery((replace(DEPLOYED, environments=(f"tenant-{number}",)),)) for number in range(60)
    )
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), "tenant-59", at=at(5))
    access = GitHubConnection(sandbox.github_url, token="t")
    checks = GitHubChecks(access, zone=ZoneInfo("Europe/London"), clock=lambda: NOW)
    with closing(checks):
        check = checks.repositories([RepositorySource(SHOP, ways)])[SHOP]

    assert isinstance(check, RepositoryCheck)
    assert sum(each.matched for each in check.by_stanza) == 1
    assert sandbox.count("github") == 2
