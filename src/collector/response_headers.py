"""What an HTTP answer says beside its content: limits, waits, its time; and its body as JSON."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic_core import from_json

_LONGEST_SAID = 7 * 24 * 3600.0  # seconds; no limit lasts longer, whatever a header says

# JSON may spell out what no database takes: a NUL, and half of a character, as is left where a
# name was cut at a number of UTF-16 units.
_NOT_TEXT = re.compile(  # begins with what is rare, so that a search costs next to nothing
    rb"\\u(?:0000"
    rb"|[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u)[dD][c-fC-F][0-9a-fA-F]{2})"
)


def parsed(body: bytes) -> Any:
    """Return the JSON in `body`, in which every text can be stored. Errors: ValueError."""
    return from_json(_NOT_TEXT.sub(rb"\\ufffd", body))


def says_too_fast(response: httpx.Response, body: bytes) -> bool:
    """Whether an answer is about a limit. A 403 of GitHub's may also mean "no permission"."""
    if response.status_code != httpx.codes.FORBIDDEN:
        return response.status_code == httpx.codes.TOO_MANY_REQUESTS
    return (
        "retry-after" in response.headers
        or response.headers.get("x-ratelimit-remaining") == "0"
        or re.search(b"rate limit|abuse detection", body[:2000], re.IGNORECASE) is not None
    )


def lacks_scope(body: bytes) -> bool:
    """Whether an answer is Atlassian's to a token that is right and lacks a scope."""
    return b"scope does not match" in body[:2000].lower()


def seconds_asked(response: httpx.Response) -> float | None:
    """The wait that an answer asks for: `Retry-After` (seconds or date), else when a limit resets.

    GitHub says that as seconds since 1970, Jira Cloud as an ISO date.

    Measured on the server's own clock, so that a wrong clock here changes no wait.
    """
    asked = response.headers.get("retry-after", "").strip()
    if seconds := number(asked):
        return min(float(seconds), _LONGEST_SAID)
    now = server_time(response)
    until = http_date(asked)
    spent = response.headers.get("x-ratelimit-remaining") == "0"
    if until is None and (spent or response.status_code == httpx.codes.TOO_MANY_REQUESTS):
        reset = response.headers.get("x-ratelimit-reset", "")
        until = _counted(reset) or _iso_date(reset)
    if until is None or now is None:
        return 0.0 if seconds == 0 else None
    return min(max(0.0, (until - now).total_seconds()), _LONGEST_SAID)


def server_time(response: httpx.Response) -> datetime | None:
    """When the server says that it answered."""
    return http_date(response.headers.get("date", ""))


def http_date(text: str) -> datetime | None:
    """Return the aware instant that a header's date means, None where it is none."""
    try:
        at = parsedate_to_datetime(text)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _counted(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(number(text) or 0, UTC) if number(text) else None
    except (ValueError, OverflowError, OSError):
        return None


def _iso_date(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def number(text: str) -> int | None:
    """Return the whole number that a header's text means, None where it is none, or too long."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None
