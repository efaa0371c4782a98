"""Nothing that GitHub or Jira sends, or does not, keeps a source longer than its deadline."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from collector.client import RetryPolicy, client
from collector.errors import SourceError
from collector.github.collector import GitHubCollector
from collector.github.connection import GitHubConnection
from collector.jira.collector import JiraCollector
from collector.jira.site import JiraSite
from collector.source_read import Task
from collector.transport import Transport
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import RepositorySource, TicketSource
from tests.collector.faulty_server import (
    BODY,
    HEADERS,
    REDIRECTION,
    FaultyServer,
    Way,
    answer,
    seconds_since,
    serving,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
SOON = RetryPolicy(attempts=3, patience=0.04, exchange=0.06, sleep=lambda _: None)
ONCE = RetryPolicy(attempts=1)
SIGNED = replace(SOON, exchange=0.5)  # an App's key takes its time to sign
AT_LAST = 1.0  # seconds: much more than the exchange, for a machine that is busy
PLACES = {"headers": HEADERS, "body": BODY, "redirection": REDIRECTION}
APP = "an App of GitHub"
SERVICES = ("GitHub", APP, "Jira Cloud", "Jira Data Center")


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with serving() as faulty:
        yield faulty


def read(service: str, url: str, key: str, retry: RetryPolicy) -> Coverage:
    """How a read of one source went."""
    if "GitHub" in service:
        app = GitHubConnection(url, app_id="1", private_key=key, installation_id=7)
        collector = GitHubCollector(
            app if service == APP else GitHubConnection(url, token="token"),
            zone=ZoneInfo("Europe/London"),
            clock=lambda: NOW,
            retry=retry,
        )
        try:
            return collector.read(Task(RepositorySource("acme/shop"), SINCE)).coverage
        finally:
            collector.close()
    email = "heron@example.org" if "Cloud" in service else ""
    site = JiraSite("jira", url, email, "token")
    jira = JiraCollector({"jira": site}, clock=lambda: NOW, retry=retry)
    try:
        return jira.read(Task(TicketSource("jira", project="HER"), SINCE)).coverage
    finally:
        jira.close()


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("service", [each for each in SERVICES if each != APP])
def test_a_source_is_unread_once_its_exchange_took_too_long(
    server: FaultyServer, app_key: str, service: str, place: str, way: Way
) -> None:
    server.first, server.way = PLACES[place], way
    begun = time.monotonic()

    coverage = read(service, server.url, app_key, SOON)

    assert seconds_since(begun) < AT_LAST
    assert coverage.reason is Reason.SOURCE_DOWN
    assert coverage.requests > 0


def _never(_: str, __: int) -> list[str]:
    Event().wait(AT_LAST)
    return []


def _unknown(_: str, __: int) -> list[str]:
    raise socket.gaierror(-2, "not known")


NAMES: dict[str, Callable[[str, int], list[str]]] = {
    "silent": _never,
    "endless": lambda *_: ["127.0.0.1"] * 1_000_000,
    "cut": _unknown,
    "empty": lambda *_: [],
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("service", ["GitHub", "Jira"])
def test_a_name_that_is_not_found_in_time_makes_the_source_unread(
    service: str, names: Callable[[str, int], list[str]]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    begun = time.monotonic()

    with client(retry=SOON, resolve=names) as http, pytest.raises(SourceError) as caught:
        Transport(http, service=service, retry=SOON).get(f"http://x.test:{port}/", about="it")

    assert seconds_since(begun) < AT_LAST
    assert caught.value.reason is Reason.SOURCE_DOWN


def test_the_first_of_several_addresses_that_answers_is_taken(server: FaultyServer) -> None:
    port = server.url.rpartition(":")[2]
    with client(retry=SOON, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"]) as http:
        transport = Transport(http, service="Jira", retry=replace(SOON, exchange=5))

        assert transport.get(f"http://jira.test:{port}/", about="it") == {}


def test_a_service_that_was_slow_is_asked_again_over_a_new_connection(server: FaultyServer) -> None:
    server.first, server.way, server.fault_at = BODY, Way.DRIPPING, "/slow"
    with client(retry=SOON) as http:
        transport = Transport(http, service="Jira", retry=SOON)
        for _ in range(10):  # more than there are connections
            with pytest.raises(SourceError, match="did not answer in time"):
                transport.get(f"{server.url}/slow", about="it")

            patient = Transport(http, service="Jira", retry=ONCE)
            assert patient.get(f"{server.url}/quick", about="it") == {}


def test_all_tries_of_a_question_share_one_exchange(server: FaultyServer) -> None:
    server.first, server.way = HEADERS, Way.SILENT
    many = replace(SOON, attempts=50)
    begun = time.monotonic()

    coverage = read("Jira Cloud", server.url, "", many)

    assert seconds_since(begun) < AT_LAST
    assert 0 < coverage.requests < 5


@pytest.mark.parametrize("service", SERVICES)
def test_what_the_end_of_the_run_cuts_short_says_so(
    server: FaultyServer, app_key: str, service: str
) -> None:
    server.first, server.way = BODY, Way.DRIPPING
    patient = RetryPolicy(sleep=lambda _: None)
    begun = time.monotonic()

    cut = read(service, server.url, app_key, replace(patient, ends=begun + 0.05))
    asked = len(server.asked)
    late = read(service, server.url, app_key, replace(patient, ends=begun))

    assert seconds_since(begun) < AT_LAST
    for coverage in (cut, late):
        assert coverage.reason is Reason.SOURCE_DOWN
        assert coverage.what.startswith("The time of the run was over before")
    assert len(server.asked) == asked


def test_no_wait_for_a_limit_goes_on_past_the_end_of_the_run(server: FaultyServer) -> None:
    server.first = answer(b"", "Retry-After: 60", status="429 Too Many Requests")
    waits: list[float] = []
    policy = RetryPolicy(sleep=waits.append, ends=time.monotonic() + 30)

    coverage = read("Jira Cloud", server.url, "", policy)

    assert coverage.reason is Reason.RATE_LIMITED
    assert waits == []


@pytest.mark.parametrize("way", Way)
def test_an_apps_token_that_never_comes_is_waited_for_no_longer(
    server: FaultyServer, app_key: str, way: Way
) -> None:
    server.first, server.way, server.fault_at = BODY, way, "access_tokens"
    begun = time.monotonic()

    coverage = read(APP, server.url, app_key, SIGNED)

    assert seconds_since(begun) < AT_LAST
    assert coverage.reason is Reason.SOURCE_DOWN
    assert "the App's installation" in coverage.what
    assert server.asked


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"token": "t", "expires_at": "soon"}, "`expires_at` is no date", id="a word"),
        pytest.param({"token": "t", "expires_at": None}, "`expires_at` is no date", id="null"),
        pytest.param({"token": "t", "expires_at": 10**30}, "`expires_at` is no date", id="large"),
        pytest.param(
            {"token": "t", "expires_at": "2026-11-24T13:00:00"}, "without a time zone", id="no zone"
        ),
        pytest.param({"token": "t"}, "`expires_at` is missing", id="no end"),
        pytest.param({"expires_at": "2026-11-24T13:00:00Z"}, "`token` is missing", id="no token"),
        pytest.param({"token": "a\r\nHost: b"}, "`token` is no token", id="a line break"),
        pytest.param({"token": "été"}, "`token` is no token", id="letters"),
        pytest.param({"token": ""}, "`token` is no token", id="empty"),
        pytest.param({"token": "t" * 99_999}, "`token` is no token", id="long"),
        pytest.param({"token": 7}, "`token` is of another kind", id="a number"),
        pytest.param([], "`token` is missing", id="a list"),
    ],
)
def test_an_odd_answer_about_an_apps_token_makes_the_source_unread(
    server: FaultyServer, app_key: str, given: object, said: str
) -> None:
    server.first = answer(json.dumps(given).encode())

    coverage = read(APP, server.url, app_key, ONCE)

    assert coverage.reason is Reason.SOURCE_DOWN
    assert said in coverage.what


def test_an_apps_token_goes_to_no_other_host(server: FaultyServer, app_key: str) -> None:
    with serving() as other:
        server.first = answer(b"", f"Location: {other.url}/", status="307 Temporary Redirect")

        coverage = read(APP, server.url, app_key, ONCE)

        assert "pointed elsewhere (307)" in coverage.what
        assert other.asked == []
