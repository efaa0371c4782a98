"""Days, times, spans and amounts as people read them, in British plain English."""

import re
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

_MOMENT = timedelta(microseconds=1)
_NOON = 12
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_ENOUGH = 2  # of a unit; below that, the next smaller one says more


@lru_cache
def day_words(day: date) -> str:
    """Return a day such as "3 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def day_of(instant: datetime, zone: tzinfo) -> str:
    """Return the local day of an instant, such as "3 March 2026"."""
    return day_words(instant.astimezone(zone).date())


def short_day(instant: datetime, zone: tzinfo) -> str:
    """Return the local day of an instant without its year, such as "3 March"."""
    day = instant.astimezone(zone)
    return f"{day.day} {day:%B}"


def time_words(instant: datetime, zone: tzinfo) -> str:
    """Return the local time of an instant: "9am", "9:10am", "midday" or "midnight"."""
    local = instant.astimezone(zone)
    if local.minute == 0 and local.hour in {0, _NOON}:
        return "midday" if local.hour else "midnight"
    half = "am" if local.hour < _NOON else "pm"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % _NOON or _NOON}{minutes}{half}"


def instant_words(instant: datetime, zone: tzinfo) -> str:
    """Return the local time and day of an instant, such as "9:10am on 8 November 2026"."""
    return f"{time_words(instant, zone)} on {day_of(instant, zone)}"


def last_day(end: datetime, zone: tzinfo) -> date:
    """Return the last local day before `end`: a midnight belongs to the day before."""
    return (end - _MOMENT).astimezone(zone).date()


def span_words(first: date, last: date) -> str:
    """Return the days from `first` to `last`, both included, saying month and year only once."""
    if first == last:
        return day_words(last)
    if first.year != last.year:
        return f"{day_words(first)} to {day_words(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {day_words(last)}"
    return f"{first.day} to {day_words(last)}"


def short_span_words(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Return the local days of start <= t < end for a table, such as "20 Oct to 2 Nov 2026"."""
    first, last = start.astimezone(zone).date(), last_day(end, zone)
    begin = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {first:%b}"
    if first.year != last.year:
        begin += f" {first.year}"
    return f"{begin} to {last.day} {last:%b %Y}"


def amount(number: int, plural: str) -> str:
    """Return a number and its unit, "1 change" or "1,234 changes"; `plural` ends in -s."""
    return f"{number:,} {plural.removesuffix('s') if number == 1 else plural}"


def without_name(text: str, name: str) -> str:
    """Return what is said of `name` as it is for others like it: "it" stands in its place."""
    return re.sub(rf"(?<![\w/.-]){re.escape(name)}(?![\w/-])", "it", text)


def duration_words(duration: timedelta) -> str:
    """Return a duration under a day in whole minutes or hours, rounded down."""
    if duration < _HOUR:
        return amount(duration // _MINUTE, "minutes")
    return amount(duration // _HOUR, "hours")


def difference_words(difference: timedelta) -> str:
    """Return how far two clocks are apart, in the unit that says enough: "3 hours"."""
    seconds = round(abs(difference).total_seconds())
    minutes = round(seconds / 60)
    if minutes < _ENOUGH:
        return amount(seconds, "seconds")
    if minutes < _ENOUGH * 60:
        return amount(minutes, "minutes")
    hours = round(minutes / 60)
    return amount(hours, "hours") if hours < _ENOUGH * 24 else amount(round(hours / 24), "days")
