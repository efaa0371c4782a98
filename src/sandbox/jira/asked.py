"""One question to a Jira site: what was asked, and how Jira reads it."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.jira.shapes import Shape, Shapes
from sandbox.jira.site import Site


class JiraError(Exception):
    """Something that Jira answers with a status of its own and `errorMessages`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class JiraRequest:
    """The site that is asked, its shapes, and the parameters of path, query and body together."""

    site: Site
    shapes: Shapes
    given: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a parameter, empty where it was not given."""
        return str(self.given.get(name) or "")

    def number(self, name: str, default: int) -> int:
        """Return a whole number. Errors: JiraError 400."""
        try:
            return int(self.given.get(name, default))
        except (TypeError, ValueError):
            raise JiraError(400, f"{name} is not a number.") from None

    def page(self, rows: Sequence[Shape], most: int) -> Shape:
        """Return the page of `rows` that `startAt` and `maxResults` (at most `most`) ask for."""
        start = self.number("startAt", 0)
        size = min(self.number("maxResults", 50), most)
        return {
            "maxResults": size,
            "startAt": start,
            "total": len(rows),
            "isLast": start + size >= len(rows),
            "values": rows[start : start + size],
        }

    def words(self, name: str) -> list[str]:
        """Return a list, given as one or as text with commas."""
        value = self.given.get(name) or []
        parts = value.split(",") if isinstance(value, str) else [str(part) for part in value]
        return [part.strip() for part in parts if part.strip()]

    def offset(self, about: object) -> int:
        """Return where the page of `nextPageToken` begins; another question's is refused."""
        token = self.text("nextPageToken")
        if not token:
            return 0
        try:
            mark, _, offset = base64.b64decode(token).decode().partition(":")
            if mark == _mark(about):
                return int(offset)
        except (binascii.Error, ValueError):
            pass
        raise JiraError(400, "The provided next page token is invalid or expired.")


def token(about: object, offset: int) -> str:
    """Return the token of the page of `about` that begins at `offset`."""
    return base64.b64encode(f"{_mark(about)}:{offset}".encode()).decode()


def _mark(about: object) -> str:
    return hashlib.sha256(repr(about).encode()).hexdigest()[:12]
