"""What GitHub says of a token in the headers of every answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collector.json_fields import understood
from collector.response_headers import http_date


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """A token that GitHub takes. `scopes` are a classic token's, `permissions` an App's, else None.

    `left` of `limit` points may be asked until `resets`; all None where GitHub sets no limit.
    `ahead` is how far our clock is ahead of GitHub's, to the second.
    """

    scopes: frozenset[str] | None = None
    permissions: Mapping[str, str] | None = None
    expires: datetime | None = None
    limit: int | None = None
    left: int | None = None
    resets: datetime | None = None
    ahead: timedelta | None = None


@dataclass(slots=True)
class LastAnswer:
    """The newest answer without its body; `at` is when it came, by our clock.

    `without_limits` says that it is a 404 with which GitHub Enterprise says that it sets none.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    without_limits: bool = False

    def token(self, limits: Any, about: str) -> TokenCheck:
        """Return what the answer says of the token; `limits` is GitHub's list, None for none."""
        scopes = self.headers.get("x-oauth-scopes")
        server_time = http_date(self.headers.get("date", ""))
        check = TokenCheck(
            scopes=None if scopes is None else frozenset(_words(scopes, ",")),
            expires=_expiry(self.headers.get("github-authentication-token-expiration", "")),
            ahead=self.at - server_time if self.at and server_time else None,
        )
        if limits is None:
            return check
        with understood("GitHub", about):
            points = limits["resources"]["graphql"]
            resets = datetime.fromtimestamp(points["reset"], UTC)
            return replace(check, limit=points["limit"], left=points["remaining"], resets=resets)

    def accepted_permissions(self) -> set[str]:
        """Return the permissions with which GitHub would have answered, empty where it says none.

        Source: `X-Accepted-GitHub-Permissions`; of several sets, the first.
        """
        sets = _words(self.headers.get("x-accepted-github-permissions", ""), ";")
        return {each.partition("=")[0] for each in _words(sets[0], ",")} if sets else set()


def _words(text: str, separator: str) -> list[str]:
    return [word for part in text.split(separator) if (word := part.strip())]


def _expiry(text: str) -> datetime | None:
    """Return what `2026-12-01 09:30:00 UTC`, or the same with `+0100`, means; None for no date."""
    try:
        at = datetime.strptime(text.replace("UTC", "+0000"), "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None
    return at.astimezone(UTC)
