"""Evidence `deployment`: which deployments are events, and when."""

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
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
