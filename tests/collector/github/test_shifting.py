"""Lists that change between two of their pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.traffic import ForcedAnswer
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at

TAGGED = Production(Evidence.TAG, pattern="v.*")
RUN = Production(Evidence.WORKFLOW, workflows=("deploy.yml",))


def remove_a_tag(repo: SandboxRepository) -> None:
    del repo.tags["v149"]


def remove_a_run(repo: SandboxRepository) -> None:
    del repo.runs[-1]


def add_a_tag(repo: SandboxRepository) -> None:
    repo.tag("v150", repo.commit(at=at(20)))


@pytest.mark.parametrize(
    ("production", "page", "happens", "unread"),
    [
        pytest.param(TAGGED, "POST /graphql", remove_a_tag, True, id="a tag is removed"),
        pytest.param(RUN, "deploy.yml/runs", remove_a_run, True, id="a run is removed"),
        pytest.param(TAGGED, "POST /graphql", add_a_tag, False, id="a tag is added"),
    ],
)
def test_a_list_that_shrinks_while_it_is_read_is_read_again_by_the_next_run(
    world: World,
    sandbox: Sandbox,
    read: Read,
    *,
    production: Production,
    page: str,
    happens: Callable[[SandboxRepository], None],
    unread: bool,
) -> None:
    repo = world.repository(SHOP)
    for number in range(150):
        when = at(4) + timedelta(hours=number)
        commit = repo.commit(at=when)
        repo.tag(f"v{number}", commit)
        repo.run("deploy.yml", commit, at=when)

    def meanwhile(answer: ForcedAnswer) -> ForcedAnswer:
        happens(repo)
        return answer

    sandbox.spoil(page, meanwhile, times=1)
    struck = read(production).coverage
    read(production)

    reason = "source_down" if unread else None
    assert struck.reason == reason
    assert ("changed, while it was being read, a list of" in struck.detail) is unread
    assert len(read.events) == (149 if unread else 151)
