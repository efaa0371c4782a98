"""Picks values out of answers; one that is missing or odd is named, never shown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, TypeVar, cast

from pydantic import AwareDatetime, Field, Strict, TypeAdapter, ValidationError

from collector.errors import SourceUnavailableError
from evaluator.model.facts import Reason

_T = TypeVar("_T")

# Jira's bulk change logs date by milliseconds, Atlassian's own example of them by seconds.
# Seconds reach this number in the year 5138, milliseconds passed it in 1973.
_MILLISECONDS_FROM = 100_000_000_000
_LARGEST = 2**63 - 1  # that a database takes
_NAME = re.compile(r"\w{1,40}", re.ASCII)  # of a field; a library's KeyError may hold an answer


# For the types of answers that come by the thousand, which `shaped` looks at.
Text = Annotated[str, Strict()]
Number = Annotated[int, Strict(), Field(le=_LARGEST)]
Flag = Annotated[bool, Strict()]
Instant = AwareDatetime


class OddAnswerError(SourceUnavailableError):
    """An answer of an unknown shape; `what` names the field, not its value.

    It does not know who answered about what: the collectors say so with `understood`.
    """

    def __init__(self, what: str) -> None:
        super().__init__(Reason.SOURCE_DOWN, what, remedy="")


def pick(answer: object, path: str, kind: type[_T]) -> _T:
    """Return the value of `kind` at the dotted `path`.

    Errors: OddAnswerError that names the path when it is missing or of another kind.
    """
    value = answer[path] if type(answer) is dict and path in answer else _walked(answer, path)
    if isinstance(value, kind):
        if kind is int and cast("int", value) > _LARGEST:
            raise OddAnswerError(f"`{path}` is too large a number")
        return value
    raise OddAnswerError(f"`{path}` is of another kind")


def _walked(answer: object, path: str) -> object:
    for name in path.split("."):
        if not isinstance(answer, dict) or name not in answer:
            raise OddAnswerError(f"`{path}` is missing")
        answer = answer[name]
    return answer


def pick_or_none(answer: object, name: str, kind: type[_T]) -> _T | None:
    """Return the value of `kind` under `name`, None where it is left out or null."""
    if isinstance(answer, dict) and answer.get(name) is None:
        return None
    return pick(answer, name, kind)


def pick_nullable(answer: object, path: str, kind: type[_T]) -> _T | None:
    """Return the value of `kind` at `path`, None where it is null; it may not be left out."""
    value = pick(answer, path, object)
    if value is None or isinstance(value, kind):
        return value
    raise OddAnswerError(f"`{path}` is of another kind")


def instant(answer: object, path: str) -> datetime:
    """Return the aware UTC time at `path`, written as ISO 8601 or counted from 1970.

    Errors: OddAnswerError that names the path when it holds no aware time.
    """
    value = pick(answer, path, object)
    try:
        moment = _counted(value) if isinstance(value, int) else datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise OddAnswerError(f"`{path}` is a date without a time zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise OddAnswerError(f"`{path}` is no date") from None


def _counted(number: int) -> datetime:
    return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)


def shaped(answer: object, shape: TypeAdapter[_T]) -> _T:
    """Return what of `answer` has a place in `shape`, as it is typed there.

    Errors: OddAnswerError that names the first field that is missing or of another kind.
    """
    try:
        return shape.validate_python(answer)
    except ValidationError as invalid:
        (fault, *_) = invalid.errors(include_url=False, include_context=False, include_input=False)
    path = ".".join(name for name in fault["loc"] if isinstance(name, str))
    raise OddAnswerError(f"`{path}` {_what_is_odd(fault['type'])}")


def _what_is_odd(fault: str) -> str:
    match fault:
        case "missing":
            return "is missing"
        case "less_than_equal":
            return "is too large a number"
        case "timezone_aware":
            return "is a date without a time zone"
        case _ if fault.startswith("datetime"):
            return "is no date"
        case _:
            return "is of another kind"


@contextmanager
def understood(service: str, about: str) -> Iterator[None]:
    """Turn an answer of an unexpected shape into a SourceError that says whose, about what."""
    try:
        yield
    except OddAnswerError as odd:
        raise _not_understood(service, about, f": {odd.what}") from None
    except KeyError as missing:
        name = str(missing.args[0])
        what = f": `{name}` is missing" if _NAME.fullmatch(name) else ""
        raise _not_understood(service, about, what) from None
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise _not_understood(service, about, "") from None


def _not_understood(service: str, about: str, what: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"{service} gave an answer about {about} that hearten does not understand{what}.",
        "The next run tries again; if it stays so, check the address in the settings, or update "
        "hearten.",
    )
