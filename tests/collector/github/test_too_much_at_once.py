"""GitHub gives up on a question after ten seconds: less at once is asked where it does."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.traffic import ForcedAnswer
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at
from tests.faults.answers import HTML, status

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
MERGED = Production(Evidence.MERGE)
RELEASED = Production(Evidence.RELEASE, pattern="v.*")
TAGGED = Production(Evidence.TAG, pattern="v.*")
GIVEN_UP = {
    "data": None,
    "errors": [{"message": "Something went wrong while executing your query."}],
}
GIVES_UP = {
    "with a gateway's page": status(502, HTML),
    "in a gateway's status": status(504, GIVEN_UP),
    "in a good answer": status(200, GIVEN_UP),
}


def busy(repo: SandboxRepository) -> None:
    """Many commits, half of them on a branch of their own, and something shipped of each."""
    start = repo.commit(at=at(4))
    repo.branches["side"] = start.sha
    for number in range(60):
        when = at(4) + timedelta(hours=8 * number)
        branch = "side" if number % 2 else "main"
        change = repo.commit(at=when, branch=branch, files=(f"src/{number % 3}/app.py",))
        repo.deploy(change, at=when)
        repo.release(f"v{number}", change, at=when)
    repo.deploy(start, at=at(20), statuses=[("success", at(20)), *[("inactive", at(21))] * 60])


def rows(answer: Any) -> Iterator[int]:
    """How many rows each list of an answer has."""
    if isinstance(answer, list):
        yield len(answer)
        answer = dict(enumerate(answer))
    if isinstance(answer, dict):
        for part in answer.values():
            yield from rows(part)


def where_much_is_asked(gives_up: Callable[[ForcedAnswer], ForcedAnswer], most: int) -> Any:
    def change(right: ForcedAnswer) -> ForcedAnswer:
        return gives_up(right) if max(rows(json.loads(right.body))) > most else right

    return change


@pytest.mark.parametrize(
    ("production", "how"),
    [
        pytest.param(DEPLOYED, "with a gateway's page", id="deployments"),
        pytest.param(RELEASED, "in a gateway's status", id="releases"),
        pytest.param(TAGGED, "in a good answer", id="tags"),
        pytest.param(MERGED, "with a gateway's page", id="merges"),
    ],
)
def test_a_repository_that_github_cannot_look_through_at_once_is_read_in_smaller_parts(
    world: World, sandbox: Sandbox, read: Read, production: Production, how: str
) -> None:
    busy(world.repository(SHOP))
    paths = ("src/0/", "src/1/")
    right = replace(read, commits={}, events={})
    right(production, paths=paths)
    sandbox.spoil("POST /graphql", where_much_is_asked(GIVES_UP[how], 30))

    reading = read(production, paths=paths)

    assert reading.coverage.reason is None
    assert (read.commits, read.events) == (right.commits, right.events)
    assert read(production, paths=paths).coverage.items == 0


def test_a_repository_that_github_never_looks_through_is_left_for_the_next_run(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    busy(world.repository(SHOP))
    sandbox.spoil("POST /graphql", where_much_is_asked(GIVES_UP["in a good answer"], 10))

    coverage = read(DEPLOYED).coverage

    assert coverage.reason == "source_down"
    assert "gave no full answer" in coverage.detail
    assert coverage.requests == 4


def test_an_answer_that_was_given_up_once_is_asked_for_again_in_the_same_run(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    busy(world.repository(SHOP))
    sandbox.spoil("POST /graphql", GIVES_UP["in a good answer"], times=1)

    assert read(MERGED).coverage.reason is None
