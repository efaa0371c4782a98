"""Cursors: where the next page begins, opaque to clients."""

import base64
import re
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json

from api.problems import InvalidError
from store.results import Place

_NAME = re.compile(r"[!-~]{1,200}")
_ORDERS = {False: "r", True: "w"}
_MOST = 2**31 - 1  # the largest id of a run
_WHAT_TO_DO = "Hand back `next_cursor` as it was given, or leave it out to begin anew."


def of_place(place: Place, *, newest: bool = False) -> str:
    """The cursor of the page that begins after a result's place, in one order or the other."""
    return _packed([_ORDERS[newest], place[0], place[1].isoformat(), *place[2:]])


def to_place(cursor: str | None, *, newest: bool = False) -> Place | None:
    """The place that a cursor stands for.

    Errors: InvalidError where it is none of ours, or of the other order.
    """
    if cursor is None:
        return None
    match _unpacked(cursor):
        case [str(order), str(team), str(start), str(sprint), str(target)] if order == _ORDERS[
            newest
        ] and all(map(_NAME.fullmatch, (team, sprint, target))):
            try:
                at = datetime.fromisoformat(start)
            except ValueError:
                raise _unknown() from None
            if at.tzinfo is None or not 1900 < at.year < 9000:  # noqa: PLR2004
                raise _unknown()
            return (team, at, sprint, target)
        case _:
            raise _unknown()


def of_run(run: int) -> str:
    """The cursor of the page that begins after a run."""
    return _packed(["n", run])


def to_run(cursor: str | None) -> int | None:
    """The run that a cursor stands for. Errors: InvalidError where it is none of ours."""
    if cursor is None:
        return None
    match _unpacked(cursor):
        case ["n", int(run)] if not isinstance(run, bool) and 0 < run <= _MOST:
            return run
        case _:
            raise _unknown()


def _packed(parts: list[Any]) -> str:
    return base64.urlsafe_b64encode(to_json(parts)).rstrip(b"=").decode()


def _unpacked(cursor: str) -> Any:
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True)
        return from_json(whole)
    except ValueError:
        raise _unknown() from None


def _unknown() -> InvalidError:
    return InvalidError("query.cursor", _WHAT_TO_DO)
