"""API tokens of programs, and the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update

from evaluator.model.access import AuditEntry, Scope, Token
from store.database import Database
from store.tables import AUDIT, TOKENS


class TokenStore:
    """API tokens and the audit log. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_token(self, token: Token) -> None:
        """Add a token."""
        with self._database.writing() as connection:
            connection.execute(
                TOKENS.insert(),
                {
                    "id": token.id,
                    "label": token.label,
                    "digest": token.digest,
                    "scopes": sorted(scope.value for scope in token.scopes),
                    "created_at": token.created_at,
                    "expires_at": token.expires_at,
                    "revoked_at": token.revoked_at,
                },
            )

    def revoke(self, token_id: str, at: datetime) -> bool:
        """Let a token be used no longer; False where there is none that could be."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(TOKENS)
                .where(TOKENS.c.id == token_id, TOKENS.c.revoked_at.is_(None))
                .values(revoked_at=at)
            )
            return changed.rowcount == 1

    def tokens(
        self,
    ) -> list[Token]:
        """All tokens that were ever made, the newest last."""
        with self._database.reading() as connection:
            query = select(TOKENS).order_by(TOKENS.c.created_at, TOKENS.c.id)
            return [_to_token(row) for row in connection.execute(query).mappings()]

    def token_by_digest(self, digest: str) -> Token | None:
        """The token whose secret has this SHA-256, None where there is none."""
        with self._database.reading() as connection:
            query = select(TOKENS).where(TOKENS.c.digest == digest)
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _to_token(row)

    def write_down(self, line: AuditEntry) -> None:
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

    def audit(self, limit: int) -> list[AuditEntry]:
        """The newest lines of the audit log, the newest first."""
        with self._database.reading() as connection:
            columns = [c for c in AUDIT.c if c.name != "id"]
            query = select(*columns).order_by(AUDIT.c.id.desc()).limit(limit)
            return [AuditEntry(**row) for row in connection.execute(query).mappings()]


def _to_token(row: RowMapping) -> Token:
    values: dict[str, Any] = dict(row)
    return Token(**{**values, "scopes": frozenset(map(Scope, values["scopes"]))})
