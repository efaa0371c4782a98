"""A production time that is written in a tag's name, such as `production-2026-03-04.2`."""

import re
from datetime import UTC, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from evaluator.model.patterns import LONGEST_NAME, first_match

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
    if len(name) > LONGEST_NAME:
        return None
    pattern = _pattern(at)
    start = 0
    while (fits := first_match(pattern, name, start)) is not None:
        start = fits[0] + 1  # matches may overlap: `release-2-2026-03-04` fits only at its end
        try:
            found = datetime.strptime(name[slice(*fits)], at)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        if _TIME_OF_DAY.search(at) is None:
            found = datetime.combine(found.date(), time(12), tzinfo=zone)
        elif found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    return None


@cache
def _pattern(at: str) -> str:
    parts = re.split(r"%(.)", at)
    return "".join(
        _DIGITS.get(part, r".+?") if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )
