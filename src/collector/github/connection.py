"""Addresses of GitHub and its Enterprise servers, and with what hearten asks."""

from dataclasses import dataclass, field

PUBLIC_API = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class GitHubConnection:
    """Where GitHub's REST API is, and a token or an App's installation to ask with.

    `api_url` is `https://api.github.com`, `https://host/api/v3` for an Enterprise server, or
    `https://api.NAME.ghe.com` for Enterprise Cloud with data residency.
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
        if base == PUBLIC_API:
            return "https://github.com"
        if base.endswith(".ghe.com"):  # Enterprise Cloud with data residency
            return base.replace("://api.", "://", 1)
        return base.removesuffix("/api/v3")
