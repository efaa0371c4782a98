"""Dates and times as people read them, in the organisation's time zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from evaluator.wording import amount, last_day

_NOON = 12
_ENOUGH = 2  # of a unit; below that, the next smaller one says more


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


def apart(difference: timedelta) -> str:
    """Return how far two clocks are apart, in the unit that says enough: "3 hours"."""
    seconds = round(abs(difference).total_seconds())
    minutes = round(seconds / 60)
    if minutes < _ENOUGH:
        return amount(seconds, "seconds")
    if minutes < _ENOUGH * 60:
        return amount(minutes, "minutes")
    hours = round(minutes / 60)
    return amount(hours, "hours") if hours < _ENOUGH * 24 else amount(round(hours / 24), "days")
