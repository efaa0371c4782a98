"""The clock. Everything else takes `now` as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant as an aware UTC datetime."""
    return datetime.now(UTC)
