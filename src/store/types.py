"""Column types that keep the domain's promises on every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

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

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What makes of each instant what is stored."""
        if dialect.name == "sqlite":
            return _to_text  # at once: a first read writes tens of thousands
        return super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """What makes an aware UTC instant of each stored value."""
        if dialect.name == "sqlite":
            return _from_text  # at once: a page reads hundreds
        return super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The stored value as aware UTC."""
        return None if value is None else as_utc(value)


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def _to_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return as_utc(value).isoformat(" ", "microseconds").removesuffix("+00:00")


def as_utc(value: datetime) -> datetime:
    """The same instant in UTC. Errors: ValueError for a naive datetime."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; the store keeps aware datetimes only")
    return value if value.tzinfo is UTC else value.astimezone(UTC)
