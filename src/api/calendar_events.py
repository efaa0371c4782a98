"""Events in the calendar of all teams: quarters, holidays, closures, targets, and agreed dates."""

import hashlib
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluator.model.plan import AgreedDate, Plan, Target, VersionStatus

_QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class AllDay:
    """Something on local days, both included. `name` is the same for ever, for calendars.

    `target` is the id of the target that it is about, empty where it is about none.
    """

    first: date
    last: date
    what: str
    name: str
    target: str = ""


def ahead(plan: Plan, first: date, last: date) -> list[AllDay]:
    """Return what falls on one of the days `first` to `last`, in order."""
    found = [e for e in _every(plan, first, last) if e.first <= last and e.last >= first]
    return sorted(found, key=lambda each: (each.first, each.last, each.what))


def _every(plan: Plan, first: date, last: date) -> Iterator[AllDay]:
    for year in range(first.year, last.year + 1):
        for month, of_month in _QUARTER_ENDS:
            end = date(year, month, of_month)
            yield AllDay(end, end, "A quarter of the year ends", f"quarter.{end}")
    for day, name in plan.bank_holidays:
        yield AllDay(day, day, f"Bank holiday: {name}", f"bank-holiday.{day}")
    for closure in plan.closures:
        begins = closure.days.first or first
        ends = closure.days.last or last
        yield AllDay(
            begins, ends, f"Closed: {closure.name}", f"closure.{begins}.{_short(closure.name)}"
        )
    for target in plan.targets:
        yield from _changes(target)
    for agreed in plan.dates:
        yield from _dates(agreed, last)


def _changes(target: Target) -> Iterator[AllDay]:
    for version in target.versions:
        of = f"{target.id}.{version.effective_from}"
        begins, closes, starts = (
            version.proposed_on,
            version.consultation_closes,
            version.effective_from,
        )
        if begins and closes:
            what = f"Say what you think of a change to: {target.title}"
            yield AllDay(begins, closes, what, f"consultation.{of}", target.id)
        elif closes:
            what = f"Last day to say what you think of a change to: {target.title}"
            yield AllDay(closes, closes, what, f"consultation.{of}", target.id)
        if version.status is VersionStatus.AGREED:
            what = f"A new version is in force of: {target.title}"
            yield AllDay(starts, starts, what, f"version.{of}", target.id)
        elif version.status is VersionStatus.PROPOSED:
            what = f"Proposed first day of a change to: {target.title}"
            yield AllDay(starts, starts, what, f"version.{of}", target.id)


def _dates(agreed: AgreedDate, last: date) -> Iterator[AllDay]:
    """The days as agreed and, where they come back, once for each year until `last`."""
    begins, ends = agreed.first, agreed.last
    for years in range(last.year - begins.year + 1 if agreed.every_year else 1):
        first = _years_later(begins, years)
        name = f"date.{first}.{_short(agreed.name)}"
        yield AllDay(first, _years_later(ends, years), agreed.name, name)


def _years_later(day: date, years: int) -> date:
    """The same day so many years later; 28 February where there is no 29th."""
    leaps = (day.month, day.day) == (2, 29) and not isleap(day.year + years)
    return day.replace(year=day.year + years, day=28 if leaps else day.day)


def _short(name: str) -> str:
    """Letters that stand for a name, for ever the same."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]
