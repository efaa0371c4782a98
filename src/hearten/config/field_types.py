"""The kinds of value that several files share."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from evaluator.model import patterns
from evaluator.model.days import Days
from hearten.config.base_model import Entry
from hearten.config.faults import Fault, InvalidValueError

# No name on GitHub ends in .git, or is one that an address leaves out.
REPOSITORY = r"[A-Za-z0-9_-]+/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9_.-]+"
_FIRST_YEAR = 1900
_LONGEST_NAME = 24  # of those that are repeated; tokens are longer


def _day(value: object) -> object:
    day = _as_day(value)
    if isinstance(day, date) and day.year < _FIRST_YEAR:
        raise InvalidValueError(f"lies before {_FIRST_YEAR}", "write a later day")
    return day


def _as_day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InvalidValueError(
                f"{value} does not exist", "write a day as 2026-01-31"
            ) from None
    raise InvalidValueError("must be a day", "write it as 2026-01-31")


def spelled(pattern: str, what: str, remedy: str) -> AfterValidator:
    """Return a check that the whole text matches `pattern`; where not, it says `what` and `remedy`.

    Neither repeats the text.
    """

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise InvalidValueError(what, remedy)
        return text

    return AfterValidator(check)


def steered(away: dict[str, tuple[str, str]]) -> BeforeValidator:
    """Return a check that answers some values with what is wrong and a remedy of their own."""

    def check(value: object) -> object:
        if isinstance(value, str) and value in away:
            raise InvalidValueError(*away[value])
        return value

    return BeforeValidator(check)


def regular_expression(pattern: str, example: str) -> str:
    """Return the pattern. Errors: InvalidValueError with `example` where it cannot be used."""
    try:
        patterns.check(pattern)
    except patterns.PatternError as error:
        if error.valid:
            raise _not_matched_here() from None
        raise InvalidValueError(
            f"is not a regular expression ({error})",
            f"write one for the whole name, such as {example}",
        ) from None
    return pattern


def _name_or_pattern(text: str) -> str:
    if patterns.refused(text):
        raise _not_matched_here()
    return text


def _not_matched_here() -> InvalidValueError:
    return InvalidValueError(
        "asks for more than is matched here, such as look-around, a back-reference, or over 1,000 "
        "times the same",
        "write a plainer pattern, and what it must not match as `not_production: '.*rc.*'`",
    )


def as_list(item_or_list: object) -> object:
    """Return one mapping as a list of it, anything else as it is."""
    return [item_or_list] if isinstance(item_or_list, dict) else item_or_list


def as_texts(value: object) -> object:
    """Return one text as a list of it, anything else as it is."""
    return [value] if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _slug(text: str) -> str:
    if re.fullmatch("[a-z0-9][a-z0-9-]*", text):
        return text
    raise InvalidValueError(
        "must be small letters, digits and hyphens, beginning with a letter or digit",
        f"write it as {_as_slug(text) or 'booking-web'}",
    )


def _as_slug(text: str) -> str:
    """Return what was meant; nothing where the text is too long for a name, and may be a secret."""
    slug = re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")
    return slug if len(text) <= _LONGEST_NAME else ""


NameOrPattern = Annotated[Text, AfterValidator(_name_or_pattern)]
Slug = Annotated[str, AfterValidator(_slug)]


def days_in_order(
    entry: Entry, first: date | None, last: date | None, keys: tuple[str, str] = ("from", "to")
) -> list[Fault]:
    """Return a fault where the last day lies before the first."""
    if first is None or last is None or last >= first or not entry.sound(*keys):
        return []
    what = f"{last} lies before `{keys[0]}`, {first}"
    return [entry.fault(what, keys[1], remedy="write a later day")]


def overlap(one: Days, other: Days) -> bool:
    """Whether two spans of days share a day."""
    return one.shared_with(other) is not None
