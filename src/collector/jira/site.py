"""A Jira site: its address, its credentials, and an HTTP client that carries them."""

from dataclasses import dataclass, field

import httpx

from collector.client import RetryPolicy, client
from collector.errors import SourceRefusedError
from evaluator.model.facts import Reason

# Jira answers in the language of the token's account, and translates the names of its own types,
# statuses and resolutions, unless a language is forced: as its API says. So they do not depend on
# that account, and are those that the defaults of `leave_out` have.
_IN_ENGLISH = {"Accept-Language": "en", "X-Force-Accept-Language": "true"}
_TOLD_BY_STATUS = {httpx.codes.UNAUTHORIZED, httpx.codes.TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True)
class JiraSite:
    """A Jira site. `url` is its absolute address; `email` is empty for Data Center.

    `token_name` is the environment variable that holds the token: errors name it.
    """

    name: str
    url: str
    email: str
    token: str = field(repr=False)
    token_name: str = "HEARTEN_JIRA_TOKEN"  # noqa: S105 - a variable's name

    @property
    def cloud(self) -> bool:
        """Whether the site is Jira Cloud: the credentials given say so."""
        return bool(self.email)

    @property
    def root(self) -> str:
        """The address without a slash at its end."""
        return self.url.rstrip("/")


def connect(site: JiraSite, retry: RetryPolicy | None = None) -> httpx.Client:
    """Return an HTTP client that signs in to `site`; threads may share it."""
    if site.cloud:
        auth = httpx.BasicAuth(site.email, site.token)
        http = client(auth=auth, headers=_IN_ENGLISH, retry=retry)
    else:
        signed = {"Authorization": f"Bearer {site.token}"}
        http = client(headers=_IN_ENGLISH | signed, retry=retry)
    http.event_hooks = {"response": [_refuse_anonymous_answers]}
    return http


def _refuse_anonymous_answers(response: httpx.Response) -> None:
    """Refuse what Jira answers to nobody in particular after it did not accept the token.

    Jira then says 200 with whatever the public may see, usually an empty list: it would look
    like a project in which nothing happened. Or it says that what the public may not see is not
    there (400, 403, 404): it would look like a project or a sprint that was removed.
    """
    reason = response.headers.get("x-seraph-loginreason", "")
    locked = "AUTHENTICATION_DENIED" in reason
    answered = not response.is_server_error and response.status_code not in _TOLD_BY_STATUS
    if answered and (locked or "AUTHENTICATED_FAILED" in reason):
        robot = " After too many wrong ones its account must first sign in once in a browser."
        raise SourceRefusedError(
            Reason.NO_ACCESS,
            "Jira did not accept the token and answered as to a stranger.",
            "Make a new read-only token and set HEARTEN_JIRA_TOKEN, or the variable that the "
            "site's token_env names." + (robot if locked else ""),
        )
