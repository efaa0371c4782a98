"""Tickets that are linked to others, and tickets by label."""

from collections.abc import Collection

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Connection, Row, String, and_, cast, or_, select

from evaluator.model.facts import StatusCategory
from evaluator.model.ticket_labels import plain
from store.tables import TICKETS

IS_OPEN = and_(TICKETS.c.status_category != StatusCategory.DONE.value, TICKETS.c.gone == "")
_LINKED = cast(TICKETS.c.links, String) != "[]"  # which is not so where there never was one
_OTHER = 4  # where a link has the issue id of the other ticket


def has_label(label: str) -> ColumnElement[bool]:
    """Return the condition that a ticket has a label today."""
    written = to_json(plain(label)).decode()
    return cast(TICKETS.c.labels, String).contains(written, autoescape=True)


def find(connection: Connection, sources: Collection[str], label: str) -> list[Row[tuple[object]]]:
    """Return the open tickets of `sources` that have links or a label, and what those lead to."""
    mine = select(TICKETS).where(TICKETS.c.source.in_(sources))
    rows = connection.execute(mine.where(IS_OPEN, or_(_LINKED, has_label(label)))).all()
    known = {row.issue_id for row in rows}
    others = {link[_OTHER] for row in rows for link in row.links or ()} - known
    asked = mine.where(TICKETS.c.issue_id.in_(others)) if others else None
    return [*rows, *(connection.execute(asked).all() if asked is not None else ())]
