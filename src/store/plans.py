"""Snapshots of the plan: configuration is a fact, and everyone reads it from here."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from evaluator.model.plan import Plan
from store.tables import PLANS

_NEWEST = select(PLANS.c.snapshot).order_by(PLANS.c.id.desc()).limit(1)
_SNAPSHOT: TypeAdapter[Plan] = TypeAdapter(Plan)


def save(connection: Connection, plan: Plan, at: datetime) -> None:
    """Keep a snapshot, unless the newest one says the same."""
    snapshot = _SNAPSHOT.dump_json(plan).decode()
    if snapshot != _newest(connection):
        connection.execute(PLANS.insert(), {"saved_at": at, "snapshot": snapshot})


class PlanStore:
    """The newest snapshot, kept parsed: whoever serves pages asks for it every time."""

    def __init__(self) -> None:
        self._known: tuple[str, Plan] | None = None

    def newest(self, connection: Connection) -> Plan | None:
        """The newest snapshot, or None where no plan was ever saved."""
        snapshot = _newest(connection)
        if snapshot is None:
            return None
        known = self._known
        if known is None or known[0] != snapshot:
            known = self._known = (snapshot, _SNAPSHOT.validate_json(snapshot))
        return known[1]


def _newest(connection: Connection) -> str | None:
    return connection.execute(_NEWEST).scalar_one_or_none()
