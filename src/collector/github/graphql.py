"""GitHub's GraphQL: one question out, one answer in, and what its errors mean."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from collector.errors import SourceError, SourceUnavailableError, refusal
from collector.transport import Transport
from evaluator.model.facts import Reason

_STATUS_OF = {"NOT_FOUND": 404, "FORBIDDEN": 403, "INSUFFICIENT_SCOPES": 403}


class GraphQL:
    """Asks questions about repositories for one source read."""

    def __init__(self, transport: Transport, url: str) -> None:
        self._transport = transport
        self._url = url

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""
        return self._transport.requests

    def ask(self, query: str, *, about: str) -> "Answer":
        """Return the answer to `query`, whole or partial: each alias is asked for its own error."""
        body = self._transport.post(
            self._url, about=about, json={"query": query}, says_limited=_says_limited
        )
        data, errors = body.get("data"), body.get("errors") or []
        if not isinstance(data, dict):
            raise _error(errors, about)
        return Answer(data, errors)


class Answer:
    """The data of one answer. An alias that GitHub refused raises when it is taken."""

    def __init__(self, data: Mapping[str, Any], errors: list[Mapping[str, Any]]) -> None:
        self.data = data
        self._errors = errors

    def take(self, alias: str, *, about: str) -> Any:
        """Return what GitHub gave for `alias`; SourceError where it, or a part of it, is missing.

        A part that GitHub left out is never taken for an empty one.
        """
        mine = [e for e in self._errors if (e.get("path") or [alias])[0] == alias]
        if mine or self.data.get(alias) is None:
            raise _error(mine, about)
        return self.data[alias]


def quoted(text: str) -> str:
    """Return `text` as a GraphQL string."""
    return json.dumps(text)


def repository_field(full_name: str, selection: str, *, alias: str = "repository") -> str:
    """Return the selection of one repository, followed to its new name where it was renamed."""
    owner, _, name = full_name.partition("/")
    arguments = f"owner: {quoted(owner)}, name: {quoted(name)}, followRenames: true"
    return f"{alias}: repository({arguments}) {{ {selection} }}"


@contextmanager
def understood(about: str) -> Iterator[None]:
    """Turn an answer of an unexpected shape into a SourceError that names the field."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as exc:
        field = f" (field {exc})" if isinstance(exc, KeyError) else ""
        raise SourceUnavailableError(
            Reason.SOURCE_DOWN,
            f"GitHub gave an answer about {about} that hearten does not understand{field}.",
        ) from None


def _says_limited(body: Any) -> bool:
    errors = body.get("errors") if isinstance(body, dict) else None
    return any(str(e.get("type", "")).startswith("RATE_LIMIT") for e in errors or [])


def _error(errors: list[Mapping[str, Any]], about: str) -> SourceError:
    kinds = {str(e.get("type") or "") for e in errors}
    for kind, status in _STATUS_OF.items():
        if kind in kinds:
            return refusal("GitHub", status, about)
    named = f" ({', '.join(sorted(filter(None, kinds)))})" if any(kinds) else ""
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"GitHub gave no full answer about {about}{named}. The next run tries again.",
    )
