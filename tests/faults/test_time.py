"""The fault matrix of time: where something falls silent, drips, never ends or is cut.

Every run ends within its deadline, no verdict is wrong, and the next run heals. How a single read
keeps its deadline, that of names too, is in `tests/collector/test_deadlines.py`; how a connection
to PostgreSQL does, in `tests/store/test_silence.py`.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypedDict

import pytest

from collector.client import RetryPolicy
from collector.github.connection import GitHubConnection
from evaluator.model.facts import Reason
from store.errors import StoreError
from store.patience import Patience
from tests.collector.faulty_server import (
    BODY,
    HEADERS,
    REDIRECTION,
    FaultyServer,
    Way,
    answer,
    serving,
)
from tests.faults.stand import FAULTY, HEALED, Clean, Run, Stand, wrong_verdicts
from tests.support.databases import fresh_database
from tests.support.quiet import Quiet
from tests.support.silent_proxy import SilentProxy, silent_proxy

pytestmark = pytest.mark.slow

PLACES = {"headers": HEADERS, "body": BODY, "redirection": REDIRECTION}
LONGEST = 15.0  # seconds of a run in which one service is asked for nothing: mostly the other's
SHORT = Patience(connect=2, answer=0.2, lock=0.1, ping=0.2)
GITHUB, APP, JIRA = "GitHub", "an App of GitHub", "Jira"
CELLS = [
    *((service, place, way) for service in (GITHUB, JIRA) for place in PLACES for way in Way),
    *((APP, place, way) for place in PLACES for way in Way),  # its token, before all else
]
OF_GITHUB = {f"github:acme/{name}" for name in ("shop", "infra", "web", "jobs", "api")}
OF_JIRA = {"jira:jira:LIN", "board:jira:7", "jira:legacy:WRE", "board:legacy:8"}
SOON = RetryPolicy(attempts=2, patience=0.3, exchange=0.6, sleep=lambda _: None)


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with serving() as faulty:
        yield faulty


def run_in_time(run: Callable[[], Run]) -> Run:
    begun = time.monotonic()
    found = run()
    assert time.monotonic() - begun < LONGEST
    return found


def check(struck: Run, service: str, stand: Stand, clean: Clean, url: str) -> None:
    """All of the service is unread, all else is right, and the next run heals."""
    right = clean.run(later=True)
    healed = stand.run(url, HEALED)

    # On a machine that is busy another one may be late too.
    assert (OF_JIRA if service == JIRA else OF_GITHUB) <= struck.unread.keys()
    assert {each.reason for each in struck.unread.values()} == {Reason.SOURCE_DOWN}
    assert wrong_verdicts(struck, right) == {}
    assert healed.unread == {}
    assert (healed.results, healed.tables) == (right.results, right.tables)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell[0]}, {cell[1]}, {cell[2].value}")
def test_a_service_that_takes_its_time_costs_a_run_no_more_than_its_deadline(
    stand: Stand,
    clean: Clean,
    server: FaultyServer,
    app_key: str,
    cell: tuple[str, str, Way],
) -> None:
    service, place, way = cell
    server.first, server.way = PLACES[place], way
    url = stand.new_database(later=True)

    struck = run_in_time(
        lambda: stand.run(url, FAULTY, retry=SOON, **elsewhere(service, server.url, app_key))
    )

    assert server.asked
    check(struck, service, stand, clean, url)


def test_an_app_that_is_refused_leaves_all_sources_but_its_own(
    stand: Stand, clean: Clean, server: FaultyServer, app_key: str
) -> None:
    server.first = answer(b'{"message": "Bad credentials"}', status="401 Unauthorized")
    url = stand.new_database(later=True)

    struck = stand.run(url, FAULTY, **elsewhere(APP, server.url, app_key))
    healed = stand.run(url, HEALED)

    assert struck.unread.keys() == OF_GITHUB
    assert {each.reason for each in struck.unread.values()} == {Reason.NO_ACCESS}
    assert wrong_verdicts(struck, clean.run(later=True)) == {}
    assert healed.results == clean.run(later=True).results


class Elsewhere(TypedDict, total=False):
    """What a run asks in place of what is right."""

    github: GitHubConnection
    jira: str


def elsewhere(service: str, url: str, key: str) -> Elsewhere:
    """Where a run asks in place of what is right."""
    if service == JIRA:
        return {"jira": url}
    if service == APP:
        return {"github": GitHubConnection(url, app_id="1", private_key=key, installation_id=7)}
    return {"github": GitHubConnection(url, token="token")}


@dataclass
class Striking(Quiet):
    """Strikes once the first source is kept."""

    strike: Callable[[], object]

    def step(self, name: str, said: str) -> None:
        """Strike, whatever it was."""
        del name, said
        self.strike()


STRIKES: dict[str, Callable[[SilentProxy], object]] = {
    "silent": SilentProxy.silence,
    "a byte at a time": lambda proxy: proxy.trickle(0.4),
    "cut": SilentProxy.cut,
}


@pytest.mark.parametrize("strike", STRIKES.values(), ids=STRIKES)
def test_a_database_that_goes_ends_the_run_and_the_next_one_heals(
    stand: Stand,
    clean: Clean,
    postgresql_server: str,
    postgresql_tables: str,
    strike: Callable[[SilentProxy], object],
) -> None:
    with (
        fresh_database(postgresql_server, postgresql_tables) as url,
        silent_proxy(postgresql_server) as proxy,
    ):
        begun = time.monotonic()
        with pytest.raises(StoreError):
            stand.run(
                proxy.url(url),
                FAULTY,
                monitor=Striking(lambda: strike(proxy)),
                patience=SHORT,
            )
        took = time.monotonic() - begun
        healed = stand.run(url, HEALED)

    right = clean.run(later=False)
    assert took < LONGEST
    assert healed.unread == {}
    assert (healed.results, healed.tables) == (right.results, right.tables)
