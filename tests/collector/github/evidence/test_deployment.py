"""Evidence `deployment`: which deployments are events, and when."""

from datetime import timedelta

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at, times

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))


def test_a_deployment_counts_from_its_first_success_even_when_it_was_superseded(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    statuses = [("in_progress", at(5, 9)), ("success", at(5, 10)), ("success", at(5, 11))]
    repo.deploy(commit, at=at(5), statuses=[*statuses, ("inactive", at(9))])
    repo.deploy(commit, at=at(6), statuses=[("failure", at(6))])
    repo.deploy(commit, "staging", at=at(4))

    read(DEPLOYED)

    assert times(read) == ["production 05 10:00"]


def test_an_environment_is_the_same_however_its_letters_are_written(
    world: World, read: Read
) -> None:
    """GitHub compares them without case, and shows what a workflow wrote."""
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), "production", at=at(5))
    repo.deploy(repo.commit(at=at(6)), "Production", at=at(7))

    read(DEPLOYED)

    assert times(read) == ["Production 07 12:00", "production 05 12:00"]


TENANTS = Production(Evidence.DEPLOYMENT, environments=("live-.*", "production"))


def test_environments_by_pattern_are_those_whose_whole_name_fits(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(1, month=1)), "live-a", at=at(2, month=1))
    for day, name in enumerate(("live-b", "Production", "pre-live-b", "staging"), 4):
        repo.deploy(repo.commit(at=at(day)), name, at=at(day))

    read(TENANTS)
    first = sandbox.count("github")
    read(TENANTS)

    assert times(read) == ["Production 05 12:00", "live-a 02 12:00", "live-b 04 12:00"]
    assert (first, sandbox.count("github")) == (1, 2)


def test_an_environment_that_is_new_and_fits_counts_from_the_next_run_on(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.deploy(commit, "live-a", at=at(5))
    read(TENANTS)

    repo.deploy(commit, "live-b", at=at(20))
    for day in range(21, 31):
        for hour in range(3):
            repo.deploy(commit, f"preview-{day}-{hour}", at=at(day, hour))
    waiting = repo.deploy(commit, "live-c", at=at(30, 9), statuses=[("waiting", at(30, 9))])
    read(TENANTS)
    repo.add_statuses(waiting, ("success", at(30, 10)))
    read(TENANTS)

    assert times(read) == ["live-a 05 12:00", "live-b 20 12:00", "live-c 30 10:00"]


@pytest.mark.parametrize("others", [0, 1, 150], ids=["none", "one", "many"])
def test_a_pattern_finds_its_environments_among_any_number_of_others(
    world: World, read: Read, others: int
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(1, month=1))
    repo.deploy(commit, "live-a", at=at(2, month=1))
    for number in range(others):
        repo.deploy(commit, f"preview-{number}", at=at(3) + timedelta(hours=number))

    read(TENANTS)

    assert times(read) == ["live-a 02 12:00"]


def test_nothing_that_fits_a_pattern_is_no_event(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), "preview", at=at(5))

    assert read(TENANTS).coverage.reason is None
    assert times(read) == []


def test_a_deployment_that_is_approved_late_is_found_by_the_next_run(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    waiting = repo.deploy(commit, at=at(5), statuses=[("waiting", at(5))])
    for day in range(6, 30):  # more than the newest 20 that a later run looks at
        repo.deploy(commit, at=at(day))
    read(DEPLOYED)
    before = len(read.events)

    repo.add_statuses(waiting, ("success", at(30, 9)))
    read(DEPLOYED)

    assert (before, len(read.events)) == (24, 25)
    assert "production 30 09:00" in times(read)
