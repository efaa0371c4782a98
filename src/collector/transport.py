"""The one way out over HTTP: time-outs, limits, retries, bounded answers, errors in plain words."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from collector.errors import SourceError, SourceUnavailableError, refusal
from evaluator.model.facts import Reason

CONNECTIONS_PER_HOST = 8
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes; a page of 100 commits is about 100 KB
TOO_MANY_REQUESTS = 429
FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to ask again, and the longest single wait that a limit may ask for, in seconds."""

    attempts: int = 4
    longest_wait: float = 120.0
    back_off: float = 0.5
    sleep: Callable[[float], None] = time.sleep


class _TransientError(Exception):
    """Worth asking again after `wait` seconds (None: back off); `error` is raised in the end."""

    def __init__(self, error: SourceError, wait: float | None = None) -> None:
        super().__init__(error.detail)
        self.error = error
        self.wait = wait


def client(
    *, auth: httpx.Auth | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Client:
    """Return an HTTP client with time-outs and at most 8 connections; threads may share it."""
    return httpx.Client(
        auth=auth,
        headers={"User-Agent": "hearten", "Accept": "application/json", **(headers or {})},
        timeout=httpx.Timeout(60.0, connect=10.0),
        limits=httpx.Limits(max_connections=CONNECTIONS_PER_HOST),
        follow_redirects=True,
    )


class Transport:
    """Asks one service about one source, and counts its requests. Cheap: one for each source."""

    def __init__(
        self, http: httpx.Client, *, service: str, retry: RetryPolicy | None = None
    ) -> None:
        self.requests = 0
        self._http = http
        self._service = service
        self._retry = retry or RetryPolicy()

    def get(self, url: str, *, about: str, params: Mapping[str, str | int] | None = None) -> Any:
        """Return the parsed JSON of a GET.

        Errors: SourceRefusedError when a person must act, SourceUnavailableError when a later run
        may succeed; `about` names in them what was being read.
        """
        return self._ask(self._http.build_request("GET", url, params=params), about)

    def post(
        self,
        url: str,
        *,
        about: str,
        json: object,
        says_limited: Callable[[Any], bool] | None = None,
    ) -> Any:
        """Return the parsed JSON of a POST that only reads; errors as `get`.

        `says_limited` recognises a rate limit inside a 200 answer, as GraphQL has it.
        """
        return self._ask(self._http.build_request("POST", url, json=json), about, says_limited)

    def _ask(
        self,
        request: httpx.Request,
        about: str,
        says_limited: Callable[[Any], bool] | None = None,
    ) -> Any:
        back_off = wait_random_exponential(self._retry.back_off, max=30)

        def wait(state: RetryCallState) -> float:
            problem = state.outcome.exception() if state.outcome else None
            asked = problem.wait if isinstance(problem, _TransientError) else None
            return back_off(state) if asked is None else asked

        retrying = Retrying(
            retry=retry_if_exception_type(_TransientError),
            stop=stop_after_attempt(self._retry.attempts),
            wait=wait,
            sleep=self._retry.sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, request, about, says_limited)
        except _TransientError as exc:
            raise exc.error from None

    def _once(
        self,
        request: httpx.Request,
        about: str,
        says_limited: Callable[[Any], bool] | None,
    ) -> Any:
        self.requests += 1
        try:
            with closing(self._http.send(request, stream=True)) as response:
                body = self._body(response, about)
        except httpx.TimeoutException:
            raise self._down(about, "did not answer in time") from None
        except httpx.RequestError as exc:
            raise self._down(about, f"could not be reached ({type(exc).__name__})") from None
        self._check_status(response, body, about)
        try:
            answer = json.loads(body)
        except ValueError:
            raise self._down(about, "answered with something that is not JSON") from None
        if says_limited is not None and says_limited(answer):
            raise self._limited(response, about)
        return answer

    def _body(self, response: httpx.Response, about: str) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise SourceUnavailableError(
                    Reason.SOURCE_DOWN,
                    f"{self._service} sent more than {LARGEST_ANSWER >> 20} MiB for {about}.",
                )
        return bytes(body)

    def _check_status(self, response: httpx.Response, body: bytes, about: str) -> None:
        status = response.status_code
        if status < httpx.codes.BAD_REQUEST:
            return
        if status == TOO_MANY_REQUESTS or (status == FORBIDDEN and _limit_in(response, body)):
            raise self._limited(response, about)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise self._down(about, f"answered with status {status}", _seconds_asked(response))
        raise refusal(self._service, status, about)

    def _down(self, about: str, what: str, wait: float | None = None) -> _TransientError:
        sentence = f"{self._service} {what} while reading {about}. The next run tries again."
        error = SourceUnavailableError(Reason.SOURCE_DOWN, sentence)
        return _TransientError(error, None if wait is None else min(wait, self._retry.longest_wait))

    def _limited(self, response: httpx.Response, about: str) -> Exception:
        wait = _seconds_asked(response)
        server_time = _server_time(response)
        until = ""
        if wait and server_time:
            until = f" until {server_time + timedelta(seconds=wait):%H:%M} UTC"
        error = SourceUnavailableError(
            Reason.RATE_LIMITED,
            f"{self._service}'s rate limit is used up{until}, while reading {about}. "
            "The next run after that continues.",
        )
        if wait is not None and wait > self._retry.longest_wait:
            return error  # waiting here would hold up every other source
        return _TransientError(error, wait)


def _limit_in(response: httpx.Response, body: bytes) -> bool:
    """Whether a 403 means "too fast" and not "no permission": GitHub uses it for both."""
    return (
        "retry-after" in response.headers
        or response.headers.get("x-ratelimit-remaining") == "0"
        or b"rate limit" in body[:2000].lower()
    )


def _seconds_asked(response: httpx.Response) -> float | None:
    """The wait that an answer asks for: `Retry-After` (seconds or date), else GitHub's reset.

    Measured on the server's own clock, so that a wrong clock here changes no wait.
    """
    asked = response.headers.get("retry-after", "").strip()
    if asked.isdigit():
        return float(asked)
    now = _server_time(response)
    until = _http_date(asked)
    reset = response.headers.get("x-ratelimit-reset", "")
    if until is None and reset.isdigit() and response.headers.get("x-ratelimit-remaining") == "0":
        until = datetime.fromtimestamp(int(reset), UTC)
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _server_time(response: httpx.Response) -> datetime | None:
    return _http_date(response.headers.get("date", ""))


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
