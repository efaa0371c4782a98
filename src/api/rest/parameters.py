"""The values that paths and queries may hold, and no others."""

import re
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from pydantic import BeforeValidator, WithJsonSchema

from api.problems import InvalidError
from evaluator.model.plan import Plan

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_DAY = r"\d{4}-\d{2}-\d{2}"
FIRST_DAY, _LAST = date(1970, 1, 1), date(2999, 12, 31)


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_DAY, value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value} does not exist; write a day as 2026-01-05.") from None
    if type(value) is date:
        return value
    raise ValueError("Write a day as 2026-01-05.")


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-01-05"]}),
]
Name = Annotated[str, Query(min_length=1, max_length=100, pattern=NAME)]
TeamPath = Annotated[
    str,
    Path(description="The team's id.", examples=["heron"], max_length=100, pattern=NAME),
]
SprintPath = Annotated[
    str,
    Path(description="The sprint's id.", examples=["jira-812"], max_length=150, pattern=NAME),
]
TargetPath = Annotated[
    str,
    Path(
        description="The target's id.",
        examples=["reached-production"],
        max_length=100,
        pattern=NAME,
    ),
]
Cursor = Annotated[
    str | None,
    Query(description="The `next_cursor` of the page before.", max_length=1000),
]


def window(
    plan: Plan, first: date | None, last: date | None
) -> tuple[datetime | None, datetime | None]:
    """The instants begin <= t < end of the local days from `first` to `last`, both included.

    Days outside of the centuries in which sprints can lie count as the first or last of those.
    """
    begin = None if first is None else plan.midnight(max(FIRST_DAY, min(first, _LAST)))
    end = (
        None if last is None else plan.midnight(max(FIRST_DAY, min(last, _LAST)) + date.resolution)
    )
    return begin, end


def _known_only(request: Request) -> None:
    """Refuse query parameters that the route does not have: a typing error must not widen it."""
    known = _names(request.scope["route"].dependant)
    for name in request.query_params:
        if name not in known:
            said = f"It has {', '.join(sorted(known))}." if known else "It has none."
            raise InvalidError(f"query.{name}", f"There is no such parameter here. {said}")


def _names(dependant: Dependant) -> set[str]:
    found = {field.alias for field in dependant.query_params}
    return found.union(*map(_names, dependant.dependencies))


KnownOnly = Depends(_known_only)
