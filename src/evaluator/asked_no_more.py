"""Sources that every team has left and that no later read can add to: they are asked no more."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest

from evaluator.model.facts import Reason
from evaluator.model.plan import BoardSource, Plan, Team
from evaluator.model.results import Result, State, Status

_DAY = timedelta(days=1)
_PATIENCE = timedelta(days=35)  # for which what has no data may still be read
_LATELY = timedelta(days=400)  # in which a period that still matters must have begun
_FOR_EVER = {Reason.HISTORY_BEFORE_START, Reason.NOTHING_MATCHED, Reason.EVIDENCE_CHANGED}


def asked_no_more(
    plan: Plan, results_of: Callable[[str, datetime], Sequence[Result]], now: datetime
) -> frozenset[str]:
    """Return the ids of the sources that are asked no more.

    No team has such a source today or later, and every period that was judged with it has settled
    and is final, or has no data for a cause that no later read fixes, or for 35 days.
    `results_of` gives the newest results, whole, of a team by its id, of the sprints that began at
    or after a time. It is called only for teams that left a source lately.
    """
    today = now.astimezone(plan.zone).date()
    left: dict[str, list[tuple[Team, date]]] = {}
    needed: set[str] = set()
    for team in plan.teams:
        for source, last in _last_days(team):
            if last is None or last >= today:
                needed.add(source)
            else:
                left.setdefault(source, []).append((team, last))
    over = {source: each for source, each in left.items() if source not in needed}
    since = now - _LATELY
    lately = {
        team.id for each in over.values() for team, last in each if plan.midnight(last) >= since
    }
    known = {team: results_of(team, since) for team in sorted(lately)}
    return frozenset(
        source
        for source, each in over.items()
        if all(_is_over(source, last, known.get(team.id, ()), plan, now) for team, last in each)
    )


def left_by(team: Team, today: date) -> frozenset[str]:
    """Return the ids of the sources that the team had, and does not have today or later."""
    days = list(_last_days(team))
    kept = {source for source, last in days if last is None or last >= today}
    return frozenset(source for source, _ in days) - kept


def is_let_go(team: Team, results: Sequence[Result], plan: Plan, now: datetime) -> bool:
    """Return whether a team has closed and its results need nothing of any source any more.

    `results` are the team's newest ones, those of its last sprint among them.
    """
    last = team.active.last
    if last is None or last >= now.astimezone(plan.zone).date():
        return False
    return all(
        day is not None and _is_over(source, day, results, plan, now)
        for source, day in _last_days(team)
    )


def _last_days(team: Team) -> Iterable[tuple[str, date | None]]:
    """Yield the team's sources, each with the last day on which it is the team's."""
    end = team.active.last
    for repository in team.repositories:
        yield repository.source_id, _earlier(repository.days.last, end)
    for jira in team.jira:
        yield jira.tickets.id, _earlier(jira.days.last, end)
    for each, following in zip_longest(team.calendars, team.calendars[1:]):
        if isinstance(each.calendar, BoardSource):
            until = following.first - _DAY if following and following.first else None
            yield each.calendar.id, _earlier(until, end)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _is_over(source: str, last: date, results: Sequence[Result], plan: Plan, now: datetime) -> bool:
    """Whether a team that had the source until `last` needs nothing of it any more."""
    judged = [result for result in results if source in result.sources]
    end = plan.midnight(last)
    if not any(result.sprint.end > end for result in judged) and now < end + _PATIENCE:
        return False  # the period that holds the last day is still to be judged
    return all(_is_done(result, now) for result in judged if result.sprint.first_day <= last)


def _is_done(result: Result, now: datetime) -> bool:
    if result.state is State.FINAL or now >= result.sprint.settled_at + _PATIENCE:
        return True
    return (
        result.status is Status.NO_DATA
        and now >= result.sprint.settled_at
        and bool(result.gaps)
        and all(gap.reason in _FOR_EVER for gap in result.gaps)
    )
