"""Making tokens. The secret is seen once, by whoever asked for it; its SHA-256 is what is kept."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from evaluator.model.access import Scope, Token

PREFIX = "hearten_"  # so that scanners of repositories can tell what leaked
LABEL = r"^[a-z0-9][a-z0-9-]{0,39}$"
LABEL_HELP = (
    "Name the program that uses the token, never a person: small letters, digits and hyphens, "
    "at most 40, such as team-dashboards."
)
MOST_DAYS = 366
_SECRET_BYTES = 32
_ID_BYTES = 6


def new_token(label: str, scopes: Iterable[Scope], days: int, now: datetime) -> tuple[Token, str]:
    """Return a token that is valid for `days` from `now`, and its secret."""
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    token = Token(
        id=secrets.token_hex(_ID_BYTES),
        label=label,
        digest=digest(secret),
        scopes=frozenset(scopes),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, secret


def digest(secret: str) -> str:
    """The SHA-256 of a secret. It needs no salt: the secret is 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
