"""Bank holidays, from the `holidays` package, so that nobody has to write them down."""

from datetime import date
from functools import lru_cache

FIRST_YEAR = 2015  # earlier than any sprint that is likely to be collected
_YEARS_AHEAD = 2
_SUBDIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}


@lru_cache(maxsize=8)  # each takes longer than all else of a plan
def bank_holidays(where: str, today: date) -> tuple[tuple[date, str], ...]:
    """Return (day, name) in order from 2015 to the end of the second year after `today`'s.

    `where` is england-and-wales, scotland, northern-ireland or none (which has no holidays).
    """
    if where == "none":
        return ()
    import holidays  # noqa: PLC0415 - slow to import, and only a whole plan needs them

    years = range(FIRST_YEAR, today.year + _YEARS_AHEAD + 1)
    found = holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[where], years=years)
    return tuple(sorted(found.items()))
