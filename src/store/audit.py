"""The audit log: who did what, and with what outcome."""

from datetime import datetime

from sqlalchemy import delete, select

from evaluator.model.access import AuditEntry
from store.database import Database
from store.tables import AUDIT


class AuditStore:
    """The audit log: lines are added, and forgotten with age. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, line: AuditEntry) -> None:
        """Add a line to the audit log."""
        with self._database.writing() as connection:
            connection.execute(
                AUDIT.insert(),
                {
                    "at": line.at,
                    "by": line.by,
                    "action": line.action,
                    "about": line.about,
                    "outcome": line.outcome,
                    "request_id": line.request_id,
                },
            )

    def forget(self, before: datetime) -> None:
        """Forget lines of before this instant."""
        with self._database.writing() as connection:
            connection.execute(delete(AUDIT).where(AUDIT.c.at < before))

    def newest(self, limit: int) -> list[AuditEntry]:
        """The newest lines of the audit log, the newest first."""
        columns = [c for c in AUDIT.c if c.name != "id"]
        query = select(*columns).order_by(AUDIT.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [AuditEntry(**row) for row in connection.execute(query).mappings()]
