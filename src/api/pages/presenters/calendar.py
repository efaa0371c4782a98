"""What is ahead: sprint ends, when targets change, quarter ends, bank holidays and closures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.pages.presenters import links, words
from api.pages.presenters.tables import Cell, Table, heads
from evaluator.model.plan import Plan, VersionStatus
from evaluator.model.results import Result

_AHEAD = timedelta(days=183)
_QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a local day."""

    day: date
    what: str
    href: str = ""


def calendar(plan: Plan, results: Iterable[Result], now: datetime) -> tuple[str, Table | None]:
    """Return what comes first in a sentence, and everything of the next half year."""
    today = now.astimezone(plan.zone).date()
    ahead = sorted(
        {e for e in _events(plan, results, today) if today <= e.day <= today + _AHEAD},
        key=lambda event: (event.day, event.what),
    )
    if not ahead:
        return "Nothing is known of the next six months.", None
    first = ahead[0]
    rows = tuple(
        (Cell(when=words.weekday(event.day)), Cell(event.what, event.href)) for event in ahead
    )
    more = sum(1 for event in ahead if event.day == first.day) - 1
    others = f", and {more} more" if more else ""
    said = f"Next, on {words.weekday(first.day).words}: {first.what}{others}."
    return said, Table("The next six months", heads("Day", "What"), rows)


def _events(plan: Plan, results: Iterable[Result], today: date) -> Iterator[Event]:
    yield from _sprints(plan, results)
    yield from _changes(plan)
    for year in (today.year, today.year + 1):
        for month, last in _QUARTER_ENDS:
            yield Event(date(year, month, last), "A quarter of the year ends")
    for day, name in plan.bank_holidays:
        yield Event(day, f"Bank holiday: {name}")
    for closure in plan.closures:
        if closure.days.first:
            yield Event(closure.days.first, f"Closed: {closure.name} begins")
        if closure.days.last:
            yield Event(closure.days.last, f"Closed: {closure.name} ends")


def _sprints(plan: Plan, results: Iterable[Result]) -> Iterator[Event]:
    names = {team.id: team.name for team in plan.teams}
    for result in results:
        sprint, name = result.sprint, names.get(result.team)
        if name is None:
            continue
        href = links.sprint(result.team, sprint.id)
        ends = words.last_day(sprint, plan.zone)
        yield Event(ends, f"Team {name}: sprint {sprint.name} ends", href)
        settles = sprint.settled_at.astimezone(plan.zone).date()
        yield Event(settles, f"Team {name}: sprint {sprint.name} settles", href)


def _changes(plan: Plan) -> Iterator[Event]:
    for target in plan.targets:
        href = links.target(target.id)
        for version in target.versions:
            if version.consultation_closes:
                what = f"Last day to say what you think of a change to: {target.title}"
                yield Event(version.consultation_closes, what, href)
            if version.status is VersionStatus.AGREED:
                what = f"A new version is in force of: {target.title}"
                yield Event(version.effective_from, what, href)
