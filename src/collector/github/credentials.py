"""Proves who is asking GitHub: with a token, or as an App."""

import math
import re
import time
from collections.abc import Generator
from datetime import timedelta
from threading import Lock

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from github import Auth
from jwt import PyJWTError

from collector.client import RetryPolicy, client
from collector.errors import SourceRefusedError, SourceUnavailableError
from collector.github.connection import GitHubConnection
from collector.json_fields import OddAnswerError, instant, pick, understood
from collector.rate_limit import Limits
from collector.timed_network import seconds_left
from collector.transport import Transport
from evaluator.model.facts import Reason

ABOUT_APP = "the App's installation"
_LONGEST_LIFE = timedelta(hours=1)  # GitHub gives an App's token no longer one
_SOON = 20.0  # seconds before its end, a token is renewed
_PLAIN = re.compile("[!-~]{1,4096}")  # what can stand in a header


class Credentials(httpx.Auth):
    """Proves who is asking: with a token, or with an App's, which is renewed in time.

    Threads share it: one at a time asks for an App's token, as `Transport` asks for all else.
    """

    def __init__(self, access: GitHubConnection, retry: RetryPolicy) -> None:
        self._access = access
        self._retry = retry
        self._limits = Limits()
        self._one_at_a_time = Lock()
        self._token = access.token
        self._ends = 0.0 if access.app_id else math.inf  # on the monotonic clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign a request that goes through httpx."""
        token = self.token()
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        yield request

    def token(self) -> str:
        """Return the token to ask with now, empty for none.

        Errors: SourceError where GitHub gives the App none.
        """
        if not self._access.app_id:
            return self._access.token
        patience = min(seconds_left(), self._retry.exchange)
        if not self._one_at_a_time.acquire(timeout=max(0.0, patience)):
            raise SourceUnavailableError(
                Reason.SOURCE_DOWN,
                f"GitHub did not answer in time while reading {ABOUT_APP}.",
                "The next run tries again.",
            )
        try:
            if time.monotonic() >= self._ends - _SOON:
                self._token, self._ends = self._asked()
            return self._token
        finally:
            self._one_at_a_time.release()

    def _asked(self) -> tuple[str, float]:
        """A new token, and when it ends, on the monotonic clock."""
        statuses: list[int] = []
        with client(headers={"Authorization": f"Bearer {signed(self._access)}"}) as http:
            transport = Transport(
                http,
                service="GitHub",
                retry=self._retry,
                limits=self._limits,
                heard=lambda response, _: statuses.append(response.status_code),
            )
            begun = time.monotonic()
            try:
                answer = transport.post(tokens_url(self._access), about=ABOUT_APP, json={})
            except SourceRefusedError as error:
                if statuses and statuses[-1] in _APP_REFUSED:
                    raise SourceRefusedError(error.reason, *_APP_REFUSED[statuses[-1]]) from None
                raise
        with understood("GitHub", ABOUT_APP):
            token = pick(answer, "token", str)
            if not _PLAIN.fullmatch(token):
                raise OddAnswerError("`token` is no token")
            expires = instant(answer, "expires_at")
        # By GitHub's own clock: ours may be wrong.
        life = expires - transport.server_time if transport.server_time else _LONGEST_LIFE
        return token, begun + min(life, _LONGEST_LIFE).total_seconds()


def tokens_url(access: GitHubConnection) -> str:
    """Return the address that gives tokens of an App's installation."""
    root = access.api_url.rstrip("/")
    return f"{root}/app/installations/{access.installation_id}/access_tokens"


def signed(access: GitHubConnection) -> str:
    """Return a JSON web token that proves the App. Errors: SourceRefusedError for a wrong key."""
    try:
        return Auth.AppAuth(access.app_id, access.private_key).create_jwt()
    # What a key is that is locked, of another kind or none, each library says in its own way.
    except (PyJWTError, UnsupportedAlgorithm, AttributeError, TypeError, ValueError):
        raise SourceRefusedError(
            Reason.NO_ACCESS,
            "HEARTEN_GITHUB_APP_PRIVATE_KEY is not a private key.",
            "Set it to the whole PEM file from the App's settings page, or set its `_FILE` to "
            "where that file is.",
        ) from None


_APP_REFUSED = {
    401: (
        "GitHub refused the App's id or private key (401).",
        (
            "Set HEARTEN_GITHUB_APP_ID and HEARTEN_GITHUB_APP_PRIVATE_KEY to those of the App's "
            "settings page."
        ),
    ),
    403: (
        "GitHub says that the App's installation is suspended (403).",
        "Ask an owner of the organisation to resume it.",
    ),
    404: (
        "GitHub does not know this installation of the App (404).",
        (
            "Set HEARTEN_GITHUB_APP_INSTALLATION_ID to the number at the end of the installation's "
            "address."
        ),
    ),
}
