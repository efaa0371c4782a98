"""Dates and times as people read them, in the organisation's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from evaluator.wording import last_day

_NOON = 12


def day(at: date) -> str:
    """Return `20 October 2026`."""
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return `9:15am on 8 November 2026`."""
    local = at.astimezone(zone)
    half = "am" if local.hour < _NOON else "pm"
    return f"{local.hour % _NOON or _NOON}:{local:%M}{half} on {day(local)}"


def window(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return `20 Oct to 2 Nov 2026`: the local days of start <= t < end."""
    first = start.astimezone(zone).date()
    last = last_day(end, zone)
    begin = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {first:%b}"
    if first.year != last.year:
        begin += f" {first.year}"
    return f"{begin} to {last.day} {last:%b %Y}"
