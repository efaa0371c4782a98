"""Addresses of GitHub and its Enterprise servers, and how hearten proves who it is."""

from collections.abc import Generator
from dataclasses import dataclass, field

import httpx
from github import Auth, Github
from github.GithubRetry import GithubRetry

PUBLIC_API = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class GitHubAccess:
    """Where GitHub's REST API is, and a token or an App's installation to ask with.

    `api_url` is `https://api.github.com`, or `https://host/api/v3` for an Enterprise server.
    """

    api_url: str
    token: str = field(default="", repr=False)
    app_id: str = ""
    private_key: str = field(default="", repr=False)
    installation_id: int = 0

    @property
    def graphql_url(self) -> str:
        """The address of GraphQL that goes with `api_url`."""
        base = self.api_url.rstrip("/")
        return f"{base.removesuffix('/v3')}/graphql"

    @property
    def html_url(self) -> str:
        """The address of GitHub's pages, for links."""
        base = self.api_url.rstrip("/")
        return "https://github.com" if base == PUBLIC_API else base.removesuffix("/api/v3")

    def rest(self, longest_wait: float) -> Github:
        """Return a PyGithub client. PyGithub is not thread-safe: one for each thread."""
        auth: Auth.Auth | None = None
        if self.app_id:
            app = Auth.AppAuth(self.app_id, self.private_key)
            auth = app.get_installation_auth(self.installation_id)
        elif self.token:
            auth = Auth.Token(self.token)
        return Github(
            auth=auth,
            base_url=self.api_url.rstrip("/"),
            user_agent="hearten",
            timeout=60,
            per_page=100,
            lazy=True,
            seconds_between_requests=0,
            seconds_between_writes=0,
            retry=GithubRetry(total=3, backoff_factor=0.5, max_rate_limit_wait=longest_wait),
        )

    def http_auth(self, longest_wait: float) -> httpx.Auth:
        """Return what signs the requests that go through httpx."""
        return _Bearer(self, longest_wait)


class _Bearer(httpx.Auth):
    """A token, or an App's installation token, which PyGithub renews when it expires."""

    def __init__(self, access: GitHubAccess, longest_wait: float) -> None:
        self._token = access.token
        self._rest = access.rest(longest_wait) if access.app_id else None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        auth = self._rest.requester.auth if self._rest else None
        token = auth.token if auth else self._token
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        yield request
