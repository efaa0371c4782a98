"""Working days: Monday to Friday without bank holidays and closures, as local days of the plan."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from evaluator.model.plan import Plan

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_weekday(day: date) -> bool:
    """Return whether `day` is one of Monday to Friday."""
    return day.weekday() < _SATURDAY


def is_bank_holiday(day: date, plan: Plan) -> bool:
    """Return whether `day` is one of the plan's bank holidays."""
    return day in _days(plan.bank_holidays)


@lru_cache
def _days(named: tuple[tuple[date, str], ...]) -> frozenset[date]:
    return frozenset(day for day, _ in named)


def is_closure(day: date, plan: Plan) -> bool:
    """Return whether the whole organisation is closed on `day`."""
    return any(day in closure.days for closure in plan.closures)


def is_working_day(day: date, plan: Plan) -> bool:
    """Return whether people are expected to work on local `day`."""
    return is_weekday(day) and not is_bank_holiday(day, plan) and not is_closure(day, plan)


def after(instant: datetime, days: int, plan: Plan) -> datetime:
    """Return the instant, in UTC, when `days` working days have passed since `instant`.

    The local wall time is kept through clock changes. From a day that is no working day, counting
    begins at the midnight with which the next working day begins. A wall time that the target day
    does not have is read with the offset before the change.
    """
    local = instant.astimezone(plan.zone)
    day, wall = local.date(), local.time()
    if not is_working_day(day, plan):
        day, wall = _next_working_day(day, plan), time()
    for _ in range(days):
        day = _next_working_day(day, plan)
    return datetime.combine(day, wall, plan.zone).astimezone(UTC)


def before(instant: datetime, days: int, plan: Plan) -> datetime:
    """Return the instant, in UTC, since when `days` working days have passed until `instant`.

    As `after`, backwards: from a day that is no working day, counting begins at its midnight.
    """
    local = instant.astimezone(plan.zone)
    day, wall = local.date(), local.time()
    if not is_working_day(day, plan):
        day, wall = _next_working_day(day, plan), time()
    for _ in range(days):
        day = _next_working_day(day, plan, back=True)
    return datetime.combine(day, wall, plan.zone).astimezone(UTC)


def working_time(start: datetime, end: datetime, plan: Plan) -> timedelta:
    """Return how much of start <= t < end falls on working days, by wall time."""
    first, last = (at.astimezone(plan.zone).replace(tzinfo=None) for at in (start, end))
    found, day = timedelta(), first.date()
    while day <= last.date():
        midnight = datetime.combine(day, time())
        if is_working_day(day, plan):
            found += max(min(last, midnight + _DAY) - max(first, midnight), timedelta())
        day += _DAY
    return found


def _next_working_day(day: date, plan: Plan, *, back: bool = False) -> date:
    step = -_DAY if back else _DAY
    day += step
    while not is_working_day(day, plan):
        day += step
    return day
