"""Access: which program may do what. A token belongs to a program, never to a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a token allows: to read results, to ask for runs, to make and revoke tokens."""

    READ = "read"
    RUN = "run"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Token:
    """An API token; the store holds its SHA-256 alone. `label` says which program uses it."""

    id: str
    label: str
    digest: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def valid(self, now: datetime) -> bool:
        """Whether it may be used at `now`."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: what was written, when, with whose leave, and how it ended.

    `by` is a token's id, "command", "proxy" or "nobody"; `outcome` an HTTP status or "done".
    """

    at: datetime
    by: str
    action: str
    about: str
    outcome: str
    request_id: str = ""
