"""Snapshots of the plan: configuration is a fact, and everyone reads it from here."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from evaluator.model.plan import Plan
from store.tables import PLANS

_SNAPSHOT: TypeAdapter[Plan] = TypeAdapter(Plan)


def save(connection: Connection, plan: Plan, at: datetime) -> None:
    """Keep a snapshot, unless the newest one says the same."""
    snapshot = _SNAPSHOT.dump_json(plan).decode()
    if snapshot != _newest(connection):
        connection.execute(PLANS.insert(), {"saved_at": at, "snapshot": snapshot})


def newest(connection: Connection) -> Plan | None:
    """The newest snapshot, or None where no plan was ever saved."""
    snapshot = _newest(connection)
    return None if snapshot is None else _SNAPSHOT.validate_json(snapshot)


def _newest(connection: Connection) -> str | None:
    query = select(PLANS.c.snapshot).order_by(PLANS.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()
