"""GitHub's GraphQL: sends a question, checks the answer, and says what its errors mean."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from collector import json_fields
from collector.errors import GaveUpError, SourceError, missing_scope, not_signed_on, refusal
from collector.json_fields import OddAnswerError, pick_or_none
from collector.transport import Transport
from evaluator.model.facts import Reason

AT_ONCE = 50  # repositories, or stanzas, in a question: more would be more nodes than GitHub allows
_STATUS_OF = {"NOT_FOUND": 404, "FORBIDDEN": 403, "INSUFFICIENT_SCOPES": 403}
_PLAIN = re.compile("[A-Z_]{3,40}")  # as GitHub's error types are: a word, never a text
_Errors = list[Mapping[str, Any]]
_NOT_ALLOWED = ("FORBIDDEN", "INSUFFICIENT_SCOPES")


class Part(NamedTuple):
    """One part of a question, by an alias of its own; it weighs as much as so many stanzas."""

    text: str
    weight: int = 1


class GraphQL:
    """Asks questions about repositories for one source read."""

    def __init__(self, transport: Transport, url: str) -> None:
        self._transport = transport
        self._url = url

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""
        return self._transport.requests

    def complete_until(self, started: datetime) -> datetime:
        """Return up to when the answers to a read that began at `started` can be complete."""
        return self._transport.complete_until(started)

    def answered_at(self, otherwise: datetime) -> datetime:
        """Return when the first answer came, by GitHub's own clock; else `otherwise`."""
        return self._transport.server_time or otherwise

    def ask(self, query: str, *, about: str) -> "GraphQLAnswer":
        """Return the answer to `query`, whole or partial: each alias is asked for its own error."""
        body = self._transport.post(
            self._url,
            about=about,
            json={"query": query},
            says_limited=_says_limited,
            says_gave_up=_says_gave_up,
            always_there=True,
        )
        with understood(about):
            errors = _errors_of(body)
            data = pick_or_none(body, "data", dict)
        if data is None:
            raise _error(errors, about)
        return GraphQLAnswer(data, errors)

    def ask_in_parts(self, parts: Iterable[Part], *, about: str) -> "GraphQLAnswer":
        """Return the answer to all parts: of one request for each 50 that they weigh."""
        answers = [
            self.ask(f"query {{ {' '.join(some)} }}", about=about) for some in _questions(parts)
        ]
        return answers[0] if len(answers) == 1 else GraphQLAnswer.joined(answers)


def _questions(parts: Iterable[Part]) -> Iterator[list[str]]:
    texts: list[str] = []
    weight = 0
    for part in parts:
        if texts and weight + part.weight > AT_ONCE:
            yield texts
            texts, weight = [], 0
        texts.append(part.text)
        weight += part.weight
    yield texts


class GraphQLAnswer:
    """The data of one answer. An alias that GitHub refused raises when it is taken."""

    def __init__(self, data: Mapping[str, Any], errors: _Errors) -> None:
        self.data = data
        self.errors = errors

    @classmethod
    def joined(cls, answers: Iterable["GraphQLAnswer"]) -> "GraphQLAnswer":
        """Return one answer for those to the parts of a question."""
        data: dict[str, Any] = {}
        errors: _Errors = []
        for answer in answers:
            data |= answer.data
            errors += answer.errors
        return cls(data, errors)

    def take(self, alias: str, *, about: str) -> Any:
        """Return what GitHub gave for `alias`; SourceError where it, or a part of it, is missing.

        A part that GitHub left out is never taken for an empty one.
        """
        mine = self._errors_at(alias)
        if mine or self.data.get(alias) is None:
            raise _error(mine, about)
        return self.data[alias]

    def by_id(self, alias: str, *, about: str) -> Any:
        """Return what GitHub gave for what was asked by id, None where it says that it is gone.

        Of a list of ids, those that are gone are None in it. Errors: SourceError as `take`.
        """
        mine = [e for e in self._errors_at(alias) if e.get("type") != "NOT_FOUND"]
        if mine or (self.data.get(alias) is None and not self._errors_at(alias)):
            raise _error(mine, about)
        return self.data.get(alias)

    def perhaps(self, alias: str) -> Any | None:
        """Return what GitHub gave for `alias` whole, None where it, or a part of it, is missing."""
        return None if self._errors_at(alias) else self.data.get(alias)

    @property
    def vague(self) -> bool:
        """Whether an error does not say which part of the question it is about."""
        return not all(map(_place, self.errors))

    def located(self) -> "GraphQLAnswer":
        """Return the answer without such errors. Mind that they may be why a part is null."""
        return GraphQLAnswer(self.data, [*filter(_place, self.errors)])

    def but_refused(self, field: str) -> "GraphQLAnswer":
        """Return the answer without errors on parts of `field` that this token may not read."""
        mine = (e for e in self.errors if e.get("type") in _NOT_ALLOWED and field in _place(e))
        refused = [*map(id, mine)]
        return GraphQLAnswer(self.data, [e for e in self.errors if id(e) not in refused])

    def has_gap(self, alias: str, *, but: str = "") -> bool:
        """Whether `alias`, or a part right below it, is null, and no error of its own says why.

        The part `but` may be null at any time.
        """
        part = self.data.get(alias)
        below = part.items() if isinstance(part, Mapping) else enumerate(part or [None])
        parts = [value for name, value in below if name != but]
        return not self._errors_at(alias) and None in parts

    def _errors_at(self, alias: str) -> _Errors:
        return [error for error in self.errors if _place(error)[:1] in ([alias], [])]

    def refused_parts(self, alias: str) -> set[str]:
        """Return the parts right below `alias` that this token may not read, by their aliases."""
        paths = (_place(e) for e in self.errors if e.get("type") in _NOT_ALLOWED)
        return {str(path[1]) for path in paths if len(path) > 1 and path[0] == alias}


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
    with json_fields.understood("GitHub", about):
        yield


def _errors_of(body: Any) -> _Errors:
    errors = pick_or_none(body, "errors", list) or []
    if not all(isinstance(error, Mapping) for error in errors):
        raise OddAnswerError("`errors` is of another kind")
    return errors


def _place(error: Mapping[str, Any]) -> list[Any]:
    """The part that an error is about, from the outermost alias in; empty where it does not say."""
    path = error.get("path")
    return path if isinstance(path, list) else []


def _says_limited(body: Any) -> bool:
    """Whether a 200 is about a limit: the primary one has a type, the secondary only a text."""
    if not isinstance(body, Mapping):
        return False
    errors = body.get("errors")
    said = [body, *(errors if isinstance(errors, list) else [])]
    parts = [part for part in said if isinstance(part, Mapping)]
    if any(str(part.get("type", "")).startswith("RATE_LIMIT") for part in parts):
        return True
    texts = [] if body.get("data") else [str(part.get("message", "")).lower() for part in parts]
    return any("rate limit" in text for text in texts)


def _says_gave_up(body: Any) -> bool:
    """Whether a 200 holds nothing but errors without a kind: "Something went wrong".

    A question that is wrong has `extensions`, and what was refused a type.
    """
    if not isinstance(body, Mapping) or body.get("data") or not body.get("errors"):
        return False
    errors = body["errors"]
    known = ("type", "extensions")
    return isinstance(errors, list) and not any(
        error.get(key) for error in errors if isinstance(error, Mapping) for key in known
    )


def _error(errors: _Errors, about: str) -> SourceError:
    kinds = {str(e.get("type") or "") for e in errors}
    if "INSUFFICIENT_SCOPES" in kinds:
        return missing_scope(about)
    said = [error.get("extensions") for error in errors]
    if any(isinstance(more, Mapping) and more.get("saml_failure") for more in said):
        return not_signed_on(about)
    for kind, status in _STATUS_OF.items():
        if kind in kinds:
            return refusal("GitHub", status, about)
    plain = ", ".join(sorted(filter(_PLAIN.fullmatch, kinds)))
    named = f" ({plain})" if plain else ""
    return GaveUpError(
        Reason.SOURCE_DOWN,
        f"GitHub gave no full answer about {about}{named}.",
        "The next run tries again.",
    )
