"""A service that answers nobody is not waited for by every source, one after another."""

import httpx
import pytest
import respx

from collector.client import RetryPolicy, client
from collector.errors import SourceUnavailableError
from collector.rate_limit import Limits
from collector.transport import Transport

URL = "https://api.example.org/graphql"
SILENT = httpx.ReadTimeout("slow")
GOOD = httpx.Response(200, json=[])


class Source:
    """One of several who ask the same service."""

    def __init__(self, http: httpx.Client, limits: Limits, attempts: int) -> None:
        policy = RetryPolicy(attempts=attempts, sleep=lambda _: None)
        self.transport = Transport(http, service="GitHub", retry=policy, limits=limits)

    def ask(self) -> str:
        """What went wrong, empty where nothing did."""
        try:
            self.transport.post(URL, about="acme/shop", json={})
        except SourceUnavailableError as error:
            return str(error)
        return ""


@pytest.mark.parametrize(
    ("answers", "requests"),
    [
        pytest.param([SILENT] * 9, (3, 1, 0), id="nobody is answered"),
        pytest.param([*[SILENT] * 3, GOOD, *[SILENT] * 4], (3, 1, 3), id="an answer in between"),
        pytest.param([SILENT, SILENT, GOOD, *[SILENT] * 4], (3, 3, 1), id="an answer at last"),
    ],
)
@respx.mock
def test_once_several_waited_in_vain_the_others_do_not(
    answers: list[httpx.Response | Exception], requests: tuple[int, ...]
) -> None:
    respx.post(URL).mock(side_effect=answers)
    limits = Limits()

    with client() as http:
        sources = [Source(http, limits, attempts=3) for _ in range(3)]
        said = [source.ask() for source in sources]

    assert tuple(source.transport.requests for source in sources) == requests
    assert ("was not asked again for acme/shop" in said[2]) == (requests[2] < 3)


@respx.mock
def test_one_question_that_takes_long_keeps_nobody_from_asking() -> None:
    respx.post(URL).mock(side_effect=[*[SILENT] * 6, GOOD])
    limits = Limits()

    with client() as http:
        slow, quick = (Source(http, limits, attempts=6) for _ in range(2))
        said = slow.ask(), quick.ask()

    assert "did not answer in time while reading acme/shop" in said[0]
    assert said[1] == ""
