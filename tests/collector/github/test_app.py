"""A GitHub App in place of a token: its installation's tokens are fetched and renewed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from collector.client import RetryPolicy
from collector.github.collector import GitHubCollector
from collector.github.connection import GitHubConnection
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.installations import INSTALLATION
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
RUN = Production(Evidence.WORKFLOW, workflows=("deploy.yml",))
TOKENS = f"POST /app/installations/{INSTALLATION}/access_tokens"
Connect = Callable[..., GitHubCollector]


@pytest.fixture
def connect_app(sandbox: Sandbox, app_key: str) -> Iterator[Connect]:
    with ExitStack() as stack:

        def connected(installation: int = INSTALLATION, key: str = app_key) -> GitHubCollector:
            access = GitHubConnection(
                sandbox.github_url, app_id="123", private_key=key, installation_id=installation
            )
            collector = GitHubCollector(
                access,
                zone=ZoneInfo("Europe/London"),
                clock=lambda: at(31),
                retry=RetryPolicy(attempts=2, sleep=lambda _: None),
            )
            stack.callback(collector.close)
            return collector

        yield connected


def tokens_asked(sandbox: Sandbox) -> int:
    return sum(str(asked).startswith(TOKENS) for asked in sandbox.log)


def test_one_token_serves_until_it_expires(
    world: World, sandbox: Sandbox, connect_app: Connect
) -> None:
    world.now = datetime.now(UTC)  # noqa: TID251 - a token's life is measured on the real clock
    repo = world.repository(SHOP)
    repo.deploy(commit := repo.commit(at=at(4)), at=at(5))
    repo.run("deploy.yml", commit, at=at(5))
    read = Read(connect_app())

    read(DEPLOYED)
    read(DEPLOYED)
    read(RUN)

    assert (len(read.events), tokens_asked(sandbox)) == (2, 1)


def test_an_expired_token_is_renewed(world: World, sandbox: Sandbox, connect_app: Connect) -> None:
    repo = world.repository(SHOP)  # its world is in the past: every token has expired
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    read = Read(connect_app())

    reading = read(RUN)

    assert reading.coverage.reason is None
    assert tokens_asked(sandbox) > 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(
            {"installation": 1}, "HEARTEN_GITHUB_APP_INSTALLATION_ID", id="no such installation"
        ),
        pytest.param({"key": "not a key"}, "HEARTEN_GITHUB_APP_PRIVATE_KEY", id="not a key"),
    ],
)
def test_an_app_that_is_refused_says_what_to_set(
    world: World, connect_app: Connect, given: dict[str, str], said: str
) -> None:
    world.repository(SHOP)
    read = Read(connect_app(**given))

    reading = read(DEPLOYED)

    assert reading.coverage.reason is not None
    assert said in reading.coverage.detail


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param(401, "HEARTEN_GITHUB_APP_ID", id="another App's key"),
        pytest.param(403, "suspended", id="a suspended installation"),
        pytest.param(500, "The next run tries again", id="an outage"),
    ],
)
def test_an_app_whose_token_cannot_be_had_says_why(
    world: World, sandbox: Sandbox, connect_app: Connect, status: int, said: str
) -> None:
    world.repository(SHOP)
    sandbox.fail("access_tokens", status=status, body={"message": "x"})

    reading = Read(connect_app())(DEPLOYED)

    assert said in reading.coverage.detail
