"""The time guide: how a role's fortnight is planned, as a long-run average. No actuals exist."""

from dataclasses import dataclass

from api.pages.presenters.parts.tables import Cell, Table
from api.pages.presenters.parts.words import lower_first
from evaluator.model.product import Allocation

_HALVES = 2


@dataclass(frozen=True, slots=True)
class Guide:
    """One role's fortnight."""

    role: str
    summary: str
    rows: Table
    groups: Table


def guide(allocation: Allocation) -> Guide:
    """Return the guide with what is left computed from the rest."""
    left = allocation.days - sum(row.days for row in allocation.rows)
    groups: dict[str, float] = {}
    for row in allocation.rows:
        for name, days in row.shares:
            groups[name] = groups.get(name, 0.0) + days
    group = allocation.remainder_group
    groups[group] = groups.get(group, 0.0) + left
    rows = [
        (
            Cell(row.activity, after=row.note),
            Cell(" and ".join(name for name, _ in row.shares)),
            Cell(time_words(row.days, allocation.hours_a_day), numeric=True),
        )
        for row in allocation.rows
    ]
    rows.append((Cell(allocation.remainder), Cell(group), Cell(about(left), numeric=True)))
    return Guide(
        allocation.role,
        f"A {lower_first(allocation.role)} has {about(left)} in {days_words(allocation.days)} "
        f"for {lower_first(allocation.remainder)}.",
        Table(
            f"{allocation.role}: each activity of {days_words(allocation.days)}",
            (Cell("Activity"), Cell("Group"), Cell("Planned", numeric=True)),
            tuple(rows),
        ),
        Table(
            f"{allocation.role}: a fortnight by group",
            (Cell("Group"), Cell("Planned", numeric=True)),
            tuple((Cell(name), Cell(about(days), numeric=True)) for name, days in groups.items()),
        ),
    )


def about(days: float) -> str:
    """Return days to the nearest half, "about half a day"."""
    halves = round(days * _HALVES)
    whole, half = divmod(halves, _HALVES)
    if halves <= 0:
        return "next to nothing"
    if whole == 0:
        return "about half a day"
    if half:
        return f"about {whole} and a half days"
    return "about 1 day" if whole == 1 else f"about {whole} days"


def time_words(days: float, hours_a_day: float) -> str:
    """Return a time in days, or in hours where it is under a quarter of a day."""
    if days >= 1 / 4:
        return days_words(days)
    hours = round(days * hours_a_day * _HALVES) / _HALVES
    if hours == 1 / _HALVES:
        return "half an hour"
    return "1 hour" if hours == 1 else f"{hours:g} hours"


def days_words(days: float) -> str:
    """Return days with at most 2 decimals, "1.3 days"; half a day in words."""
    if days == 1 / _HALVES:
        return "half a day"
    number = f"{days:.2f}".rstrip("0").rstrip(".")
    return "1 day" if number == "1" else f"{number} days"
