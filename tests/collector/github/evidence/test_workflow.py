"""Evidence `workflow`: which runs are events, and when."""

from datetime import timedelta
from typing import Any

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at, times
from tests.faults.answers import edited

RUN = Production(Evidence.WORKFLOW, workflow="deploy.yml")


def test_a_workflow_counts_its_successful_runs_on_the_branch(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.run("deploy.yml", commit, at=at(5), finished_at=at(5, 13))
    repo.run("deploy.yml", commit, at=at(6), conclusion="failure")
    repo.run("deploy.yml", commit, at=at(7), conclusion=None)
    repo.run("deploy.yml", commit, at=at(8), branch="try-out")
    repo.run("test.yml", commit, at=at(9))

    read(RUN)

    assert times(read) == ["deploy.yml 05 13:00"]


@pytest.mark.parametrize(
    ("event", "fork"),
    [
        pytest.param("pull_request", "somebody/shop", id="a fork's pull request"),
        pytest.param("pull_request_target", "somebody/shop", id="one that may use secrets"),
        pytest.param("pull_request_target", None, id="a fork that was removed"),
        pytest.param("pull_request", "", id="a pull request from the branch to another"),
    ],
)
def test_a_run_for_a_pull_request_from_a_branch_of_the_same_name_is_none_of_the_branch(
    world: World, read: Read, event: str, fork: str | None
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.run("deploy.yml", commit, at=at(1, month=1))
    repo.run("deploy.yml", commit, at=at(2, month=1), event=event, fork=fork)
    repo.run("deploy.yml", commit, at=at(5), finished_at=at(5, 13), event="workflow_dispatch")
    repo.run("deploy.yml", commit, at=at(6), event=event, fork=fork)

    read(RUN)

    assert times(read) == ["deploy.yml 01 12:06", "deploy.yml 05 13:00"]


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_more_runs_than_github_shows_of_one_question_are_asked_in_parts(
    world: World, sandbox: Sandbox, read: Read, *, told: bool
) -> None:
    """A total may count no further than what is shown, as that of a search does."""

    def cap(answer: Any) -> None:
        answer["total_count"] = min(answer["total_count"], 1000)

    if not told:
        sandbox.spoil("deploy.yml/runs", edited(cap))
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(3))
    for minute in range(1100):
        repo.run("deploy.yml", commit, at=at(4) + timedelta(minutes=minute))

    read(RUN)

    assert len(read.events) == 1100
