"""Proves who is asking GitHub: with a token, or as an App."""

from collections.abc import Generator
from threading import Lock

import httpx
from github import Auth, Github
from github.GithubRetry import GithubRetry
from jwt import PyJWTError

from collector.errors import SourceRefusedError
from collector.github.connection import GitHubConnection
from collector.github.pygithub_errors import asking_github
from evaluator.model.facts import Reason


class Credentials(httpx.Auth):
    """Proves who is asking: with a token, or with an App's, which PyGithub renews in time.

    Threads share it. PyGithub is not thread-safe, so one at a time asks for an App's token.
    """

    def __init__(self, access: GitHubConnection, longest_wait: float) -> None:
        self._access = access
        self._longest_wait = longest_wait
        self._one_at_a_time = Lock()
        self._installation: Auth.AppInstallationAuth | None = None
        if access.app_id:
            app = Auth.AppAuth(access.app_id, access.private_key)
            self._installation = app.get_installation_auth(access.installation_id)
            self._library(self._installation)  # from now on it can renew itself

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
        if self._installation is None:
            return self._access.token
        try:
            with self._one_at_a_time, asking_github("the App's installation", refused=_APP_REFUSED):
                return self._installation.token
        except PyJWTError:
            raise SourceRefusedError(
                Reason.NO_ACCESS,
                "HEARTEN_GITHUB_APP_PRIVATE_KEY is not a private key.",
                "Set it to the whole PEM file from the App's settings page, or set its `_FILE` to "
                "where that file is.",
            ) from None

    def rest(self) -> Github:
        """Return a PyGithub client: one for each thread, and for no longer than one read."""
        token = self.token()
        return self._library(Auth.Token(token) if token else None)

    def _library(self, auth: Auth.Auth | None) -> Github:
        return Github(
            auth=auth,
            base_url=self._access.api_url.rstrip("/"),
            user_agent="hearten",
            timeout=60,
            per_page=100,
            lazy=True,
            seconds_between_requests=0,
            seconds_between_writes=0,
            retry=GithubRetry(total=3, backoff_factor=0.5, max_rate_limit_wait=self._longest_wait),
        )


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
