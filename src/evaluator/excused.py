"""Excused: whether fewer than half of a sprint's working days were left to a team."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from evaluator.model.plan import Excuse, Plan
from evaluator.model.results import Sprint
from evaluator.working_days import is_bank_holiday, is_closure, is_weekday


@dataclass(frozen=True, slots=True)
class Excused:
    """Why little is expected of a sprint: the reason's code, and how many of its days are left."""

    reason: str
    days_left: int
    days: int


def excused(team_id: str, sprint: Sprint, plan: Plan) -> Excused | None:
    """Return why the sprint is excused for the team, or None where at least half of it is left.

    Days are local days of the window, Monday to Friday; its first and its last count whole.
    Bank holidays, closures and the team's own entries all take days away, each day once.
    """
    days = _weekdays(sprint, plan)
    entries = [excuse for excuse in plan.excuses if excuse.team == team_id]
    reasons = [_taken_by(day, plan, entries) for day in days]
    left = reasons.count(None)
    if left * 2 >= len(days):
        return None
    agreed = Counter(reason for reason in reasons if reason and reason.entry)
    taken = agreed or Counter(reason for reason in reasons if reason)
    most = min(taken, key=lambda reason: (-taken[reason], reason.code))
    return Excused(most.code, left, len(days))


@dataclass(frozen=True, slots=True)
class _Taken:
    code: str
    entry: bool = False


def _taken_by(day: date, plan: Plan, entries: list[Excuse]) -> _Taken | None:
    if is_bank_holiday(day, plan):
        return _Taken("bank_holidays")
    if is_closure(day, plan):
        return _Taken("closure")
    codes = sorted(entry.reason for entry in entries if day in entry.days)
    return _Taken(codes[0], entry=True) if codes else None


def _weekdays(sprint: Sprint, plan: Plan) -> list[date]:
    days: list[date] = []
    day = sprint.first_day
    while plan.midnight(day) < sprint.end:
        if is_weekday(day):
            days.append(day)
        day += timedelta(days=1)
    return days
