"""What is ahead: when sprints end and are confirmed, and what is in the calendar of all teams."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.calendar_events import AllDay, ahead
from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.model.plan import Plan
from evaluator.model.results import ResultSummary
from evaluator.wording import last_day, span_words

_AHEAD = timedelta(days=183)
_CONFIRMED = ("is confirmed", "are confirmed")  # of one sprint, and of several
_NAMED = 20  # teams in a row of the table, so that one finds itself; in a sentence fewer


@dataclass(frozen=True, slots=True, order=True)
class _Row:
    """Something on the days `first` to `last`: what, of which teams, and where it leads."""

    first: date
    last: date
    said: str
    href: str = ""
    teams: tuple[str, ...] = ()

    def what(self, most: int = 5) -> str:
        return f"{self.said}: {words.some(self.teams, most)}" if self.teams else self.said


def calendar(
    plan: Plan, results: Iterable[ResultSummary], now: datetime
) -> tuple[str, Table | None]:
    """Return what comes first in a sentence, and everything of the next half year."""
    today = now.astimezone(plan.zone).date()
    until = today + _AHEAD
    rows = [_shared(each) for each in ahead(plan, today, until)]
    rows += [row for row in _sprints(plan, results) if today <= row.first <= until]
    rows.sort()
    if not rows:
        return "Nothing is known of the next 6 months.", None
    cells = tuple((_days(row), Cell(row.what(_NAMED), row.href)) for row in rows)
    return _first(rows, today), Table("The next 6 months", heads("Day", "What"), cells)


def _first(rows: list[_Row], today: date) -> str:
    coming = [row for row in rows if row.first >= today]
    if not coming:
        return f"{rows[0].what()}."
    following = coming[0]
    more = sum(1 for row in coming if row.first == following.first) - 1
    others = f" That day has {words.count(more, 'more entry', 'more entries')}." if more else ""
    return f"Next is {words.weekday(following.first).words}. {following.what()}.{others}"


def _days(row: _Row) -> Cell:
    if row.first == row.last:
        return Cell(when=words.weekday(row.first))
    return Cell(span_words(row.first, row.last))


def _shared(each: AllDay) -> _Row:
    href = links.target(each.target) if each.target else ""
    return _Row(each.first, each.last, each.what, href)


def _sprints(plan: Plan, results: Iterable[ResultSummary]) -> Iterator[_Row]:
    """One row for each day on which sprints end or settle, however many teams there are."""
    names = {team.id: team.name for team in plan.teams}
    days: dict[tuple[date, str, str], dict[tuple[str, str], str]] = {}
    for each in results:
        if each.team in names:
            last = last_day(each.end, plan.zone)
            settles = each.settled_at.astimezone(plan.zone).date()
            for day, one, all_ in ((last, "ends", "end"), (settles, *_CONFIRMED)):
                sprints = days.setdefault((day, one, all_), {})
                sprints[each.team, each.sprint_id] = each.sprint_name
    for (day, does, do), sprints in days.items():
        if len(sprints) == 1:
            [((team, sprint), name)] = sprints.items()
            what = f"Team {names[team]}: sprint {name} {does}"
            yield _Row(day, day, what, links.sprint(team, sprint))
        else:
            teams = sorted((names[team] for team, _ in sprints), key=str.casefold)
            yield _Row(day, day, f"Sprints {do}", teams=tuple(teams))
