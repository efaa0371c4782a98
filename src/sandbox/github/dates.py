"""Instants as GitHub writes and reads them."""

from datetime import UTC, datetime


def zulu(at: datetime) -> str:
    """Return `at` as GitHub writes it: 2026-03-04T10:00:00Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def zulu_or_none(at: datetime | None) -> str | None:
    """Return `at` as GitHub writes it, None where there is none."""
    return zulu(at) if at else None


def instant(text: str) -> datetime:
    """Return what a client wrote, a day being its first instant of UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
