"""Column types that keep the domain's promises on every database."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: takes aware datetimes only, and always gives back aware UTC.

    SQLite drops time zones and PostgreSQL answers in the session's: both are put right here.
    Errors: ValueError for a naive datetime (SQLAlchemy wraps it in StatementError).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The value in UTC, as it is stored."""
        return None if value is None else as_utc(value)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The stored value as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_utc(value: datetime) -> datetime:
    """The same instant in UTC. Errors: ValueError for a naive datetime."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; the store keeps aware datetimes only")
    return value if value.tzinfo is UTC else value.astimezone(UTC)
