"""Picks values out of Jira's answers; one that is missing or odd is named, never shown."""

from datetime import UTC, datetime
from typing import TypeVar

from collector.errors import SourceUnavailableError
from evaluator.model.facts import Reason

_T = TypeVar("_T")

# Jira's bulk change logs date by milliseconds, Atlassian's own example of them by seconds.
# Seconds reach this number in the year 5138, milliseconds passed it in 1973.
_MILLISECONDS_FROM = 100_000_000_000


def pick(answer: object, path: str, kind: type[_T]) -> _T:
    """Return the value of `kind` at the dotted `path`.

    Errors: SourceUnavailableError that names the path when it is missing or of another kind.
    """
    value: object = answer
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            raise not_understood(f"`{path}` is missing")
        value = value[name]
    if not isinstance(value, kind):
        raise not_understood(f"`{path}` is of another kind")
    return value


def pick_or_none(answer: object, name: str, kind: type[_T]) -> _T | None:
    """Return the value of `kind` under `name`, None where Jira leaves it out or says null."""
    if isinstance(answer, dict) and answer.get(name) is None:
        return None
    return pick(answer, name, kind)


def instant(answer: object, path: str) -> datetime:
    """Return the aware UTC time at `path`, written as ISO 8601 or counted from 1970.

    Errors: SourceUnavailableError that names the path when it holds no aware time.
    """
    value = pick(answer, path, object)
    try:
        moment = _counted(value) if isinstance(value, int) else datetime.fromisoformat(str(value))
    except (ValueError, OverflowError):
        raise not_understood(f"`{path}` is no date") from None
    if moment.tzinfo is None:
        raise not_understood(f"`{path}` is a date without a time zone")
    return moment.astimezone(UTC)


def _counted(number: int) -> datetime:
    return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)


def not_understood(what: str) -> SourceUnavailableError:
    """Return the error for an answer of an unknown shape; `what` names the field, not its value."""
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"Jira gave an answer that hearten does not understand: {what}. The next run tries "
        "again; if it stays so, check that the site's address leads to Jira itself.",
    )


def inconsistent(what: str) -> SourceUnavailableError:
    """Return the error for answers that contradict each other, so that something may be lost."""
    return SourceUnavailableError(
        Reason.SOURCE_DOWN, f"Jira {what}. Nothing of it is kept; the next run reads it again."
    )
