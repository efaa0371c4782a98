"""What is ahead: when sprints end and settle, and what stands in the calendar of all."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from api.ahead import AllDay, ahead
from api.pages.presenters import links, words
from api.pages.presenters.tables import Cell, Table, heads
from evaluator.model.plan import Plan
from evaluator.model.results import Glance
from evaluator.wording import last_day, span_words

_AHEAD = timedelta(days=183)
_Row = tuple[date, date, str, str]  # from, to, what, and where it leads


def calendar(plan: Plan, results: Iterable[Glance], now: datetime) -> tuple[str, Table | None]:
    """Return what comes first in a sentence, and everything of the next half year."""
    today = now.astimezone(plan.zone).date()
    until = today + _AHEAD
    rows = [_shared(each) for each in ahead(plan, today, until)]
    rows += [row for row in _sprints(plan, results) if today <= row[0] <= until]
    rows.sort()
    if not rows:
        return "Nothing is known of the next six months.", None
    cells = tuple((_days(first, last), Cell(what, href)) for first, last, what, href in rows)
    return _first(rows, today), Table("The next six months", heads("Day", "What"), cells)


def _first(rows: list[_Row], today: date) -> str:
    coming = [row for row in rows if row[0] >= today]
    if not coming:
        return f"Going on: {rows[0][2]}."
    first, _, what, _ = coming[0]
    more = sum(1 for row in coming if row[0] == first) - 1
    others = f", and {more} more" if more else ""
    return f"Next, on {words.weekday(first).words}: {what}{others}."


def _days(first: date, last: date) -> Cell:
    return Cell(when=words.weekday(first)) if first == last else Cell(span_words(first, last))


def _shared(each: AllDay) -> _Row:
    return each.first, each.last, each.what, links.target(each.target) if each.target else ""


def _sprints(plan: Plan, results: Iterable[Glance]) -> Iterator[_Row]:
    """One row for each day on which sprints end or settle, however many teams there are."""
    names = {team.id: team.name for team in plan.teams}
    days: dict[tuple[date, str], dict[tuple[str, str], str]] = {}
    for each in results:
        if each.team in names:
            last = last_day(each.end, plan.zone)
            settles = each.settled_at.astimezone(plan.zone).date()
            for day, does in ((last, "end"), (settles, "settle")):
                sprints = days.setdefault((day, does), {})
                sprints[each.team, each.sprint_id] = each.sprint_name
    for (day, does), sprints in days.items():
        if len(sprints) == 1:
            [((team, sprint), name)] = sprints.items()
            what = f"Team {names[team]}: sprint {name} {does}s"
            yield day, day, what, links.sprint(team, sprint)
        else:
            teams = sorted((names[team] for team, _ in sprints), key=str.casefold)
            yield day, day, f"Sprints {does}: {words.some(teams)}", ""
