"""The one way out over HTTP: what each kind of answer, and of silence, turns into."""

from typing import Any

import httpx
import pytest
import respx

from collector.client import RetryPolicy, client
from collector.errors import (
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
    refusal,
)
from collector.rate_limit import Limits
from collector.transport import Transport
from evaluator.model.facts import Reason

URL = "https://api.example.org/graphql"
SECRET = "what-somebody-wrote"  # stands for the body of an answer


class Waits:
    """Takes the place of sleeping, and remembers for how long."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def ask(waits: Waits, *, longest_wait: float = 120.0) -> tuple[object, int]:
    policy = RetryPolicy(attempts=3, longest_wait=longest_wait, sleep=waits)
    with client() as http:
        transport = Transport(http, service="GitHub", retry=policy)
        try:
            return transport.post(URL, about="acme/shop", json={}), transport.requests
        except SourceError as error:
            return error, transport.requests


@respx.mock
def test_an_answer_comes_back_parsed_and_counted() -> None:
    respx.post(URL).respond(200, json={"data": 1})

    answer, requests = ask(Waits())

    assert (answer, requests) == ({"data": 1}, 1)


@pytest.mark.parametrize(
    ("status", "reason", "mend"),
    [
        pytest.param(401, Reason.NO_ACCESS, "set HEARTEN_GITHUB_TOKEN", id="wrong token"),
        pytest.param(403, Reason.NO_ACCESS, "grant it read access", id="no permission"),
        pytest.param(404, Reason.NOT_FOUND, "Check its entry", id="not there"),
        pytest.param(410, Reason.NOT_FOUND, "Check its entry", id="gone"),
        pytest.param(422, Reason.NOT_FOUND, "Check its entry", id="not understood"),
    ],
)
@respx.mock
def test_a_refusal_is_asked_once_and_says_who_must_act(
    status: int, reason: Reason, mend: str
) -> None:
    respx.post(URL).respond(status, text=SECRET)

    error, requests = ask(Waits())

    assert isinstance(error, SourceRefusedError)
    assert (error.reason, requests) == (reason, 1)
    assert "acme/shop" in str(error)
    assert mend in str(error)
    assert SECRET not in str(error)


@respx.mock
def test_a_token_that_must_be_authorised_for_single_sign_on_says_so() -> None:
    sso = {"x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=A"}
    respx.post(URL).respond(403, text=SECRET, headers=sso)

    error, requests = ask(Waits())

    assert isinstance(error, SourceRefusedError)
    assert (error.reason, requests) == (Reason.NO_ACCESS, 1)
    assert "asks for single sign-on (SAML). Authorise the token for it" in str(error)


@respx.mock
def test_a_token_that_lacks_a_scope_of_jiras_says_which_scopes_there_must_be() -> None:
    respx.post(URL).respond(401, json={"message": "Unauthorized; scope does not match"})

    error, requests = ask(Waits())

    assert isinstance(error, SourceRefusedError)
    assert (error.reason, requests) == (Reason.NO_ACCESS, 1)
    assert "read:board-scope:jira-software" in error.remedy


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param(401, "https://api.atlassian.com/ex/jira/CLOUD-ID", id="a token with scopes"),
        pytest.param(403, "list of allowed IP addresses", id="an address that is not allowed"),
    ],
)
def test_what_jira_refuses_has_every_cause_that_there_may_be(status: int, said: str) -> None:
    assert said in refusal("Jira", status, "a board").remedy


@respx.mock
def test_an_older_enterprise_server_calls_its_secondary_limit_abuse() -> None:
    said = {"message": "You have triggered an abuse detection mechanism. Please wait."}
    respx.post(URL).respond(403, json=said)

    error, requests = ask(Waits())

    assert isinstance(error, SourceUnavailableError)
    assert (error.reason, requests) == (Reason.RATE_LIMITED, 3)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(httpx.Response(502, text=SECRET), id="bad gateway"),
        pytest.param(httpx.Response(200, text="<html>" + SECRET), id="an HTML page"),
        pytest.param(httpx.Response(200, text='{"data": '), id="a body that was cut"),
        pytest.param(httpx.ReadTimeout("slow"), id="no answer in time"),
        pytest.param(httpx.RemoteProtocolError("closed"), id="a cut connection"),
        pytest.param(httpx.ConnectError("refused"), id="nobody there"),
    ],
)
@respx.mock
def test_trouble_is_asked_again_and_then_left_for_a_later_run(
    trouble: httpx.Response | Exception,
) -> None:
    respx.post(URL).mock(side_effect=[trouble] * 3)
    waits = Waits()

    error, requests = ask(waits)

    assert isinstance(error, SourceUnavailableError)
    assert (error.reason, requests) == (Reason.SOURCE_DOWN, 3)
    assert SECRET not in str(error)
    assert len(waits.seconds) == 2


@respx.mock
def test_trouble_that_passes_is_not_noticed() -> None:
    respx.post(URL).mock(side_effect=[httpx.Response(503), httpx.Response(200, json=[])])

    answer, requests = ask(Waits())

    assert (answer, requests) == ([], 2)


DATE = "Tue, 24 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        pytest.param(429, {"retry-after": "7"}, 7, id="seconds"),
        pytest.param(403, {"retry-after": "7"}, 7, id="a secondary limit is a 403"),
        pytest.param(
            429,
            {"retry-after": "Tue, 24 Nov 2026 12:00:30 GMT", "date": DATE},
            30,
            id="a date, by the server's own clock",
        ),
        pytest.param(
            403,
            {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "1795521660",
                "date": DATE,
            },
            60,
            id="a primary limit that resets soon",
        ),
        pytest.param(
            429,
            {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "2026-11-24T12:01:00Z",
                "date": DATE,
            },
            60,
            id="a limit that says when it ends as a date",
        ),
        pytest.param(
            429,
            {"x-ratelimit-reset": "2026-11-24T12:01Z", "date": DATE},
            60,
            id="a limit that says when it ends to the minute, and not what is left",
        ),
    ],
)
@respx.mock
def test_a_limit_is_waited_for_as_long_as_the_answer_asks(
    status: int, headers: dict[str, str], wait: float
) -> None:
    respx.post(URL).mock(
        side_effect=[httpx.Response(status, headers=headers), httpx.Response(200, json=[])]
    )
    waits = Waits()

    answer, _ = ask(waits)

    assert (answer, waits.seconds) == ([], [wait])


@respx.mock
def test_a_limit_that_lasts_too_long_is_left_for_a_later_run_with_its_end() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795525200", "date": DATE}
    respx.post(URL).respond(403, headers=headers)
    waits = Waits()

    error, requests = ask(waits)

    assert isinstance(error, SourceUnavailableError)
    assert (error.reason, requests, waits.seconds) == (Reason.RATE_LIMITED, 1, [])
    assert "until 13:00 UTC" in str(error)


@respx.mock
def test_a_limit_inside_a_good_answer_is_recognised() -> None:
    respx.post(URL).respond(200, json={"errors": [{"type": "RATE_LIMITED"}]})
    policy = RetryPolicy(attempts=2, sleep=Waits())

    with client() as http, pytest.raises(SourceUnavailableError) as caught:
        Transport(http, service="GitHub", retry=policy).post(
            URL, about="acme/shop", json={}, says_limited=lambda answer: "errors" in answer
        )

    assert caught.value.reason is Reason.RATE_LIMITED


@pytest.mark.parametrize(
    ("said", "left"),
    [
        pytest.param("4999", 4999, id="a number"),
        pytest.param("0", 0, id="none"),
        pytest.param("9" * 5000, None, id="a number without end"),
        pytest.param("-1", None, id="less than none"),
        pytest.param("many", None, id="a word"),
    ],
)
@respx.mock
def test_what_is_left_of_a_limit_is_known_where_a_number_says_so(
    said: str, left: int | None
) -> None:
    respx.post(URL).respond(200, json=[], headers={"x-ratelimit-remaining": said})
    limits = Limits()

    with client() as http:
        Transport(http, service="GitHub", limits=limits).post(URL, about="acme/shop", json={})

    assert limits.requests_left() == left


@respx.mock
def test_an_answer_without_end_is_refused() -> None:
    chunk = b" " * 1024 * 1024
    respx.post(URL).respond(200, content=chunk * 65)

    error, _ = ask(Waits())

    assert isinstance(error, SourceUnavailableError)
    assert "more than 64 MiB" in str(error)


SIGNED_IN: dict[str, Any] = {
    "Cloud": {"auth": httpx.BasicAuth("heron@example.org", "token")},
    "Data Center": {"headers": {"Authorization": "Bearer token"}},
}


@pytest.mark.parametrize("signed_in", SIGNED_IN.values(), ids=SIGNED_IN)
@pytest.mark.parametrize(
    ("asked", "leads_to", "followed"),
    [
        pytest.param(URL, "https://api.example.org/other", True, id="to another path"),
        pytest.param("http://api.example.org/graphql", URL, True, id="to https"),
        pytest.param(URL, "https://sign-in.example.org/", False, id="to where people sign in"),
        pytest.param(URL, "http://api.example.org/graphql", False, id="to where anybody can read"),
    ],
)
@respx.mock
def test_a_redirection_is_followed_only_where_the_token_may_go(
    signed_in: dict[str, Any], asked: str, leads_to: str, *, followed: bool
) -> None:
    led_to = respx.get(leads_to).respond(200, json={"issues": []})
    respx.get(asked).respond(302, headers={"location": leads_to})

    with client(**signed_in) as http:
        transport = Transport(http, service="Jira", retry=RetryPolicy(attempts=1))
        if followed:
            assert transport.get(asked, about="HER") == {"issues": []}
            return
        with pytest.raises(SourceUnavailableError, match=r"pointed elsewhere \(302\)"):
            transport.get(asked, about="HER")
        assert all("authorization" not in call.request.headers for call in led_to.calls)
