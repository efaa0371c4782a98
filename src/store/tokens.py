"""API tokens of programs."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update

from evaluator.model.access import Scope, Token
from store.database import Database
from store.tables import TOKENS


class TokenStore:
    """API tokens. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, token: Token) -> None:
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

    def all(self) -> list[Token]:
        """All tokens that were ever made, the newest last."""
        with self._database.reading() as connection:
            query = select(TOKENS).order_by(TOKENS.c.created_at, TOKENS.c.id)
            return [_to_token(row) for row in connection.execute(query).mappings()]

    def find_by_digest(self, digest: str) -> Token | None:
        """The token whose secret has this SHA-256, None where there is none."""
        with self._database.reading() as connection:
            query = select(TOKENS).where(TOKENS.c.digest == digest)
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _to_token(row)


def _to_token(row: RowMapping) -> Token:
    values: dict[str, Any] = dict(row)
    return Token(**{**values, "scopes": frozenset(map(Scope, values["scopes"]))})
