"""A production time that is written in a tag's name, such as `production-2026-03-04.2`."""

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

_DIGITS = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{1,2}",
    "d": r"\d{1,2}",
    "H": r"\d{1,2}",
    "M": r"\d{1,2}",
    "S": r"\d{1,2}",
    "j": r"\d{1,3}",
    "f": r"\d{1,6}",
    "b": r"[^\W\d_]+",
    "B": r"[^\W\d_]+",
    "z": r"(?:Z|[+-]\d\d:?\d\d)",
    "%": "%",
}
_TIME_OF_DAY = re.compile(r"%[HIMSfTXc]")


def time_in_name(name: str, at: str, zone: ZoneInfo) -> datetime | None:
    """Return the UTC instant at the first place in `name` where the strptime format `at` fits.

    A date alone is midday in `zone`; a date with a time of day is UTC. None where it fits nowhere.
    """
    for match in _pattern(at).finditer(name):
        try:
            found = datetime.strptime(match.group(1), at)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        if _TIME_OF_DAY.search(at) is None:
            found = datetime.combine(found.date(), time(12), tzinfo=zone)
        elif found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    return None


def _pattern(at: str) -> re.Pattern[str]:
    """A look-ahead, so that matches may overlap: `release-2-2026-03-04` fits only at its end."""
    parts = re.split(r"%(.)", at)
    text = "".join(
        _DIGITS.get(part, r".+?") if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )
    return re.compile(f"(?=({text}))")
