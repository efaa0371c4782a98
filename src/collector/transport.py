"""HTTP requests to one service: time-outs, limits, retries, bounded answers, plain errors."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from collector.allowance import Allowance
from collector.answer_body import OddEncodingError, TooLargeError, body_of
from collector.client import RetryPolicy, time_outs
from collector.errors import (
    GaveUpError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
    missing_jira_scope,
    not_signed_on,
    refusal,
    run_is_over,
    wrong_address,
)
from collector.network_errors import CHECK_ADDRESS, NetworkError, unreached
from collector.rate_limit import Limits
from collector.redirections import sent
from collector.response_headers import (
    lacks_scope,
    parsed,
    says_too_fast,
    seconds_asked,
    server_time,
)
from evaluator.model.facts import Reason

LARGEST_ANSWER = 64 * 1024 * 1024  # bytes; a page of 100 commits is about 100 KB
_AGAIN = "The next run tries again."
_PASSING = {408, 425}  # statuses of 4xx that are nobody's mistake
_GAVE_UP = {502, 504}  # what a gateway says when the answer behind it took too long


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked about, and how its answer is understood: as `Transport.get` and `post` say."""

    about: str
    time: Allowance
    always_there: bool = False
    says_limited: Callable[[Any], bool] | None = None
    says_gave_up: Callable[[Any], bool] | None = None


class _TransientError(Exception):
    """Worth asking again after `wait` seconds (None: back off); `error` is raised in the end."""

    def __init__(self, error: SourceError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


class Transport:
    """Asks one service about one source, and counts its requests. Cheap: one for each source."""

    def __init__(
        self,
        http: httpx.Client,
        *,
        service: str,
        retry: RetryPolicy | None = None,
        token: str = "",
        limits: Limits | None = None,
        heard: Callable[[httpx.Response, bytes], None] | None = None,
    ) -> None:
        """Ask through `http`; `token` names the variable of its token, for errors.

        `limits` is shared by all transports to one service, so that none asks while it must wait,
        and none waits for a service that is silent. `heard` is told of each answer and its body.
        """
        self.requests = 0
        self.server_time: datetime | None = None  # of the first answer, by the service's clock
        self._token = token
        self._http = http
        self._service = service
        self._retry = retry or RetryPolicy()
        self._limits = limits or Limits()
        self._heard = heard

    def complete_until(self, started: datetime) -> datetime:
        """Return up to when answers to a read that began at `started` can be complete.

        That is the service's own time where it is earlier: our clock may be wrong.
        """
        return min(started, self.server_time or started)

    def clock_ahead(self, started: datetime) -> timedelta:
        """Return by how much our clock, at `started`, was ahead of the service's."""
        return started - (self.server_time or started)

    def get(
        self,
        url: str,
        *,
        about: str,
        params: Mapping[str, str | int] | None = None,
        always_there: bool = False,
    ) -> Any:
        """Return the parsed JSON of a GET.

        `always_there` says that every such service has this path, so that a 404 is about its
        address.
        Errors: SourceRefusedError when a person must act, SourceUnavailableError when a later run
        may succeed; `about` names in them what was being read.
        """
        request = self._http.build_request("GET", url, params=params)
        return self._ask(request, _Question(about, Allowance(self._retry), always_there))

    def post(
        self,
        url: str,
        *,
        about: str,
        json: object,
        says_limited: Callable[[Any], bool] | None = None,
        says_gave_up: Callable[[Any], bool] | None = None,
        always_there: bool = False,
    ) -> Any:
        """Return the parsed JSON of a POST that only reads; `always_there` and errors as `get`.

        `says_limited` recognises a rate limit inside a 200 answer, as GraphQL has it, and
        `says_gave_up` that the answer took too long; then a GaveUpError is raised in the end.
        """
        request = self._http.build_request("POST", url, json=json)
        question = _Question(
            about, Allowance(self._retry), always_there, says_limited, says_gave_up
        )
        return self._ask(request, question)

    def _ask(self, request: httpx.Request, question: _Question) -> Any:
        back_off = wait_random_exponential(
            self._retry.back_off, max=min(30, self._retry.longest_wait)
        )

        def wait(state: RetryCallState) -> float:
            problem = state.outcome.exception() if state.outcome else None
            asked = problem.wait if isinstance(problem, _TransientError) else None
            return back_off(state) if asked is None else asked

        enough = stop_after_attempt(self._retry.attempts)
        retrying = Retrying(
            retry=retry_if_exception_type(_TransientError),
            stop=lambda state: enough(state) or question.time.is_used_up(state),
            wait=wait,
            sleep=self._retry.sleep,
            reraise=True,
        )
        self._respect_limits(question.about)
        try:
            return retrying(self._once, request, question)
        except _TransientError as exc:
            raise exc.error from None

    def _once(self, request: httpx.Request, question: _Question) -> Any:
        about = question.about
        if self._limits.silent():  # else every source would wait for as long, one after another
            raise self._silent(about)
        if question.time.run_is_over:
            raise self._run_is_over(about)
        self.requests += 1
        response, body = self._exchanged(request, question)
        self._limits.answered()
        self.server_time = self.server_time or server_time(response)
        self._limits.told(response.headers.get("x-ratelimit-remaining"))
        self._check_status(response, body, question)
        try:
            answer = parsed(body)
        except ValueError:
            raise self._down(
                about, "answered with something that is not JSON", CHECK_ADDRESS
            ) from None
        if question.says_limited is not None and question.says_limited(answer):
            raise self._limited(response, about)
        if question.says_gave_up is not None and question.says_gave_up(answer):
            raise self._down(about, "gave no full answer", kind=GaveUpError)
        return answer

    def _exchanged(
        self, request: httpx.Request, question: _Question
    ) -> tuple[httpx.Response, bytes]:
        """The answer and its body, within the time that is left."""
        about = question.about
        try:
            patience = min(self._retry.patience, question.time.left)
            request.extensions["timeout"] = time_outs(patience).as_dict()
            with question.time.spent(), closing(sent(self._http, request)) as response:
                body = self._body(response, about)
        except httpx.TimeoutException:
            if question.time.run_is_over:
                raise self._run_is_over(about) from None
            self._limits.unanswered(self)
            raise self._down(about, "did not answer in time") from None
        except httpx.RequestError as exc:
            raise self._unreached(unreached(exc), about) from None
        except (httpx.InvalidURL, UnicodeError):  # of a redirection
            raise self._down(about, "pointed to no address", CHECK_ADDRESS) from None
        if self._heard is not None:
            self._heard(response, body)
        return response, body

    def _body(self, response: httpx.Response, about: str) -> bytes:
        if response.is_redirect:
            return b""
        try:
            return body_of(response, LARGEST_ANSWER)
        except TooLargeError:
            raise SourceUnavailableError(
                Reason.SOURCE_DOWN,
                f"{self._service} sent more than {LARGEST_ANSWER >> 20} MiB for {about}.",
                "If it stays so, check the address in the settings.",
            ) from None
        except OddEncodingError:
            if response.is_error:
                return b""  # its status says enough
            what = "answered in an encoding that was not asked for"
            raise self._down(about, what, CHECK_ADDRESS) from None

    def _check_status(self, response: httpx.Response, body: bytes, question: _Question) -> None:
        status, about = response.status_code, question.about
        if response.is_redirect:
            raise self._down(about, f"pointed elsewhere ({status})", CHECK_ADDRESS)
        if status < httpx.codes.BAD_REQUEST:
            return
        if says_too_fast(response, body):
            raise self._limited(response, about)
        if status == httpx.codes.NOT_FOUND and question.always_there:
            raise wrong_address(self._service)
        if response.headers.get("x-github-sso", "").startswith("required"):
            raise not_signed_on(about)
        if status == httpx.codes.UNAUTHORIZED and lacks_scope(body):
            raise missing_jira_scope(about, self._token)
        if status < httpx.codes.INTERNAL_SERVER_ERROR and status not in _PASSING:
            raise refusal(self._service, status, about, token=self._token)
        what = f"answered with status {status}"
        kind = GaveUpError if status in _GAVE_UP else SourceUnavailableError
        trouble = self._down(about, what, kind=kind)
        trouble.wait = seconds_asked(response)
        if trouble.wait is not None and trouble.wait > self._retry.longest_wait:
            raise trouble.error
        raise trouble

    def _run_is_over(self, about: str) -> SourceUnavailableError:
        return run_is_over(f"{self._service} had answered about {about}")

    def _silent(self, about: str) -> SourceUnavailableError:
        return SourceUnavailableError(
            Reason.SOURCE_DOWN,
            f"{self._service} did not answer in time, several times in a row, so it was not asked "
            f"again for {about}.",
            _AGAIN,
        )

    def _unreached(self, found: NetworkError, about: str) -> Exception:
        trouble = self._down(about, found.what, found.remedy)
        if found.lasting:
            down = trouble.error
            return SourceRefusedError(down.reason, down.what, down.remedy)
        return trouble

    def _down(
        self,
        about: str,
        what: str,
        remedy: str = _AGAIN,
        *,
        kind: type[SourceUnavailableError] = SourceUnavailableError,
    ) -> _TransientError:
        said = f"{self._service} {what} while reading {about}."
        return _TransientError(kind(Reason.SOURCE_DOWN, said, remedy))

    def _limited(self, response: httpx.Response, about: str) -> Exception:
        wait = seconds_asked(response)
        if wait:
            self._limits.closed(wait, server_time(response))
        error = self._used_up(about)
        if wait is not None and wait > self._retry.longest_wait:
            return error  # waiting here would hold up every other source
        return _TransientError(error, wait)

    def _respect_limits(self, about: str) -> None:
        """Wait for the end of a limit that any source ran into, or give up at once."""
        left = self._limits.seconds_left()
        if left and left > min(self._retry.longest_wait, self._retry.ends - time.monotonic()):
            raise self._used_up(about)
        if left:
            self._retry.sleep(left)

    def _used_up(self, about: str) -> SourceUnavailableError:
        return SourceUnavailableError(
            Reason.RATE_LIMITED,
            f"{self._service}'s rate limit is used up{self._limits.end()}, while reading {about}.",
            "The next run after that continues.",
        )
