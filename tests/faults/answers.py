"""Bad answers: what a service may say in place of the right one, and what hearten calls it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from evaluator.model.facts import Reason
from sandbox.traffic import Change, ForcedAnswer

HTML = "<!DOCTYPE html><html><body>Something went wrong, Zebedee Quillfeather</body></html>"
MESSAGE = {"message": "No, said Zebedee Quillfeather", "errorMessages": ["No, said Zebedee"]}
SERVER_TIME = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Bad:
    """A bad answer, the reason that it gives, and words of the sentence that says what to do."""

    change: Change
    reason: Reason
    words: str


def status(number: int, body: object = MESSAGE, **headers: str) -> Change:
    """An answer with another status."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = ForcedAnswer(number, b"", said).saying(body)
    return lambda _: answer


def body(text: object) -> Change:
    """The right status with another body."""
    return lambda right: right.saying(text)


def half(right: ForcedAnswer) -> ForcedAnswer:
    """JSON that ends in the middle, although all of it came."""
    return replace(right, body=right.body[: len(right.body) // 2])


def late(right: ForcedAnswer) -> ForcedAnswer:
    """The right answer, when nobody waits for it any more."""
    return replace(right, delay=20)


def edited(edit: Callable[[Any], object]) -> Change:
    """The right answer with its JSON edited."""

    def change(right: ForcedAnswer) -> ForcedAnswer:
        content = json.loads(right.body)
        edit(content)
        return right.saying(content)

    return change


def _until(wait: timedelta) -> dict[str, str]:
    said = format_datetime(SERVER_TIME + wait, usegmt=True)
    return {"retry_after": said, "date": format_datetime(SERVER_TIME, usegmt=True)}


_SOON, _LONG = timedelta(seconds=30), timedelta(hours=1)
_RESET = str(int((SERVER_TIME + _LONG).timestamp()))
_AGAIN = "The next run tries again"
_UNTIL = "until 13:00 UTC"

BAD: dict[str, Bad] = {
    "a wrong token": Bad(status(401), Reason.NO_ACCESS, "Make a new read-only token and set"),
    "no permission": Bad(status(403), Reason.NO_ACCESS, "Ask an owner to grant it read access"),
    # An entry is named, or, where each GitHub or Jira has what was asked, the address.
    "not there": Bad(status(404), Reason.NOT_FOUND, "(404). C"),
    "gone": Bad(status(410), Reason.NOT_FOUND, "ask an owner whether it was moved"),
    "empty or busy": Bad(status(409), Reason.SOURCE_DOWN, "The next run reads it again"),
    "a question not accepted": Bad(status(422), Reason.NOT_FOUND, "Check its entry"),
    "too fast, for seconds": Bad(
        status(429, retry_after="7"), Reason.RATE_LIMITED, "The next run after that continues"
    ),
    "too fast, until a time": Bad(
        status(429, **_until(_SOON)), Reason.RATE_LIMITED, "rate limit is used up"
    ),
    "too fast, for an hour": Bad(status(429, **_until(_LONG)), Reason.RATE_LIMITED, _UNTIL),
    "a secondary limit": Bad(
        status(403, {"message": "You have exceeded a secondary rate limit."}),
        Reason.RATE_LIMITED,
        "rate limit is used up",
    ),
    "a used-up limit": Bad(
        status(
            403,
            x_ratelimit_remaining="0",
            x_ratelimit_reset=_RESET,
            date=format_datetime(SERVER_TIME, usegmt=True),
        ),
        Reason.RATE_LIMITED,
        _UNTIL,
    ),
    "a limit in odd headers": Bad(
        status(
            429,
            retry_after="soon",
            date="Tue, 24 Nov 2026 12:00:00 -0000",
            x_ratelimit_remaining="0",
            x_ratelimit_reset="99999999999999",
        ),
        Reason.RATE_LIMITED,
        "rate limit is used up",
    ),
    "a server error": Bad(status(500), Reason.SOURCE_DOWN, "answered with status 500"),
    "a gateway's page": Bad(status(502, HTML), Reason.SOURCE_DOWN, _AGAIN),
    "maintenance for an hour": Bad(
        status(503, HTML, retry_after="3600"), Reason.SOURCE_DOWN, _AGAIN
    ),
    "a cut connection": Bad(
        lambda right: replace(right, cut=True),
        Reason.SOURCE_DOWN,
        "The next run tries again; if it stays so, check the address in the settings",
    ),
    "half of the JSON": Bad(half, Reason.SOURCE_DOWN, "something that is not JSON"),
    "an HTML page": Bad(body(HTML), Reason.SOURCE_DOWN, "check the address in the settings"),
    "nothing": Bad(body(""), Reason.SOURCE_DOWN, "something that is not JSON"),
    "null": Bad(body(None), Reason.SOURCE_DOWN, "does not understand"),
    "a list": Bad(body([MESSAGE]), Reason.SOURCE_DOWN, "does not understand"),
    "an empty object": Bad(body({}), Reason.SOURCE_DOWN, _AGAIN.removesuffix(" again")),
    "brackets without end": Bad(body("[" * 100_000), Reason.SOURCE_DOWN, "not JSON"),
    "bytes that are no text": Bad(
        lambda right: replace(right, body=b"\xff\xfe\x00" * 9), Reason.SOURCE_DOWN, "not JSON"
    ),
    "a circle of redirections": Bad(
        status(302, "", location="?again"), Reason.SOURCE_DOWN, "The next run tries again"
    ),
}
