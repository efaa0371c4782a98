"""A repository was renamed, and another one made under the name that it had."""

from dataclasses import replace

import pytest

from collector.source_read import Task
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Clock, Read, at

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
MERGED = Production(Evidence.MERGE)
BY_RUN = Production(Evidence.WORKFLOW, workflows=("deploy.yml",))


@pytest.mark.parametrize("production", [DEPLOYED, MERGED, BY_RUN])
def test_another_repository_of_the_name_is_read_from_nothing(
    world: World, read: Read, production: Production
) -> None:
    before = world.repository(SHOP)
    for day in (4, 5):
        before.deploy(commit := before.commit(at=at(day)), at=at(day))
        before.run("deploy.yml", commit, at=at(day))
    read(production)
    after = world.another_repository(SHOP, former="acme/shop-legacy")
    after.deploy(commit := after.commit(at=at(20)), at=at(21))
    after.run("deploy.yml", commit, at=at(21))

    reading = read(production)

    assert reading.coverage.reason is None
    assert reading.coverage.number == str(after.ident)
    assert [c.sha for c in reading.commits] == [commit.sha]
    assert {event.sha for event in reading.events} == {commit.sha}


def test_the_question_for_news_notices_another_repository_that_looks_the_same(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    world.repository(SHOP).commit(at=at(4))
    task = replace(_after(read, MERGED), known_commits={"known": ()})
    twin = world.another_repository(SHOP, former="acme/shop-legacy")
    twin.hashed_as = SHOP
    twin.commit(at=at(4))
    sandbox.reset()

    readings, (to_read,) = read.collector.whats_new([task])

    assert (readings, sandbox.count("github")) == ([], 1)
    assert (to_read.bookmark, to_read.known_commits, to_read.number) == ("", {}, task.number)


def test_a_repository_that_is_quiet_gives_its_number_to_a_record_without_one(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))
    read(MERGED)
    read.number = ""
    clock.now = at(31, 13)

    quiet = read(MERGED)

    assert (quiet.commits, quiet.coverage.number) == ((), str(repo.ident))


def test_a_worker_that_does_not_ask_for_news_reads_another_repository_from_nothing(
    world: World, read: Read
) -> None:
    world.repository(SHOP).commit(at=at(4))
    task = _after(read, MERGED)
    commit = world.another_repository(SHOP, former="acme/shop-legacy").commit(at=at(20))

    reading = read.collector.read(task)

    assert (reading.anew, [c.sha for c in reading.commits]) == (True, [commit.sha])


def _after(read: Read, production: Production) -> Task:
    """What a run is given after one read."""
    read(production)
    return read.task(production)
