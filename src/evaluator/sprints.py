"""Sprints: the windows in which a team is judged, from a fixed cadence or from its Jira board."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest

from evaluator.board_sprints import BoardRun, board_run, from_elsewhere, future_starts
from evaluator.laid_windows import laid_after, of_a_cadence
from evaluator.model.facts import BoardSprint
from evaluator.model.patterns import fits
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Calendars,
    Closed,
    DatedSprints,
    FormerSprints,
    Plan,
    Team,
    sprints_on,
)
from evaluator.model.results import Result, Sprint
from evaluator.model.source_id import SourceId
from evaluator.wording import day_words, duration_words, last_day, span_words
from evaluator.working_days import after

_DAY = timedelta(days=1)
_GRACE_DAYS = 3  # working days for which a sprint may stay open after its planned end


def with_the_next(
    team: Team,
    plan: Plan,
    board_sprints: Iterable[BoardSprint],
    *,
    earliest: datetime | None,
    now: datetime,
    former: Sequence[FormerSprints] = (),
    known: Iterable[Result] = (),
) -> list[Sprint]:
    """Return the team's sprints in order of start: ended ones, the current, a cadence's next one.

    Left out are sprints that ended at or before `earliest` (None: no bound), or whose first local
    day lies outside the team's active days. A team without sprints has none.
    `former` is where its sprints came from before, in order: what had begun by then stays, and
    only the running one takes the length of a cadence that begins on its first day. Of a board
    that is the team's no more, the sprints are those of the results `known`.
    """
    board_sprints, known = list(board_sprints), list(known)
    every = [*team.calendars, *(each for one in former for each in one.calendars)]
    days = [each.first for each in every if each.first]
    turns = [*(each.until for each in former), *map(plan.midnight, days)]
    back_to = min([*turns, *([earliest] if earliest else [])], default=None)

    def of(source: DatedSprints) -> list[Sprint]:
        if isinstance(source.calendar, Cadence):
            return list(_of_cadence(source.calendar, plan, back_to, now))
        if source.calendar not in team.boards or not source.names_usable:
            return _as_judged(source.calendar, known)
        own = _teams_own(source, source.calendar, board_sprints)
        return list(_of_board(own, source.calendar, plan, now))

    kept: list[Sprint] = []
    seen: datetime | None = None
    for calendars, until in [*((f.calendars, f.until) for f in former), (team.calendars, None)]:
        stay = [] if seen is None else _stay(kept, calendars, seen, plan)
        kept, seen = laid_after(stay, _day_by_day(calendars, of, plan), plan), until
    return [
        sprint
        for sprint in kept
        if sprint.first_day in team.active and (earliest is None or earliest < sprint.end)
    ]


def while_closed(sprint: Sprint, closed: Iterable[Closed], plan: Plan) -> bool:
    """Whether a sprint began after its team's last day, and ended while it was known as closed."""
    return any(
        each.last < sprint.first_day
        and each.since < sprint.end
        and sprint.end <= (plan.midnight(each.again) if each.again else each.until)
        for each in closed
    )


def open_sprints(sprints: Iterable[BoardSprint]) -> set[str]:
    """Return the ids of the sprints that are open on their boards, as windows have them."""
    return {
        _board_id(SourceId.parse(sprint.source).site, sprint)
        for sprint in sprints
        if sprint.state == "active"
    }


def _board_id(site: str, sprint: BoardSprint) -> str:
    return f"{site}-{sprint.sprint_id}"


def _day_by_day(
    calendars: Calendars, of: Callable[[DatedSprints], list[Sprint]], plan: Plan
) -> list[Sprint]:
    """Return the sprints where each calendar holds from its day on: what runs then ends first."""
    found: list[Sprint] = []
    for each, following in zip_longest(calendars, calendars[1:]):
        offered = of(each)
        if each.first is not None:
            begin = plan.midnight(each.first)
            found = [sprint for sprint in found if sprint.start < begin]
            offered = [sprint for sprint in offered if begin < sprint.end]
        if following is not None and following.first is not None:
            end = plan.midnight(following.first)
            offered = [sprint for sprint in offered if sprint.start < end]
        found = laid_after(found, offered, plan)
    return found


def _stay(
    sprints: Sequence[Sprint], calendars: Calendars, seen: datetime, plan: Plan
) -> list[Sprint]:
    """Return those of the sprints that had begun when `calendars` were first seen, and stay."""
    begun = [sprint for sprint in sprints if sprint.start <= seen]
    if not begun or begun[-1].end <= seen:
        return begun
    running = begun[-1]
    new = sprints_on(running.first_day, calendars)
    if new is not None and isinstance(new.calendar, Cadence):
        begins = running.first_day in {new.first, new.calendar.first_day}
        return begun[:-1] if begins else begun
    today = sprints_on(seen.astimezone(plan.zone).date(), calendars)
    by_board = today is not None and isinstance(today.calendar, BoardSource)
    return begun[:-1] if by_board and not of_a_cadence(running) else begun


def _as_judged(board: BoardSource, known: Iterable[Result]) -> list[Sprint]:
    """Return the sprints that were judged as this board's, in order."""
    found = {result.sprint.id: result.sprint for result in known if board.id in result.sources}
    return sorted(
        (sprint for sprint in found.values() if not of_a_cadence(sprint)),
        key=lambda sprint: sprint.start,
    )


def _of_cadence(
    cadence: Cadence, plan: Plan, earliest: datetime | None, now: datetime
) -> Iterator[Sprint]:
    length = timedelta(days=cadence.length_days)
    first = cadence.first_day
    if earliest is not None:  # the first day anchors a grid, which goes back as far as was read
        before = (first - earliest.astimezone(plan.zone).date()) // length + 1
        first -= max(before, 0) * length
    begun = True
    while begun:  # the first that has not is the last, because what is left of one may join it
        following = first + length
        start, end = _midnight(first, plan), _midnight(following, plan)
        begun = start <= now
        if earliest is None or earliest < end:
            yield Sprint(
                id=first.isoformat(),
                name=span_words(first, following - _DAY),
                start=start,
                end=end,
                first_day=first,
                settled_at=after(end, plan.settle_days, plan),
                gap_end=end,
            )
        first = following


def _midnight(day: date, plan: Plan) -> datetime:
    return plan.midnight(day).astimezone(UTC)


def _teams_own(
    source: DatedSprints, board: BoardSource, board_sprints: Iterable[BoardSprint]
) -> set[BoardSprint]:
    """Return the board's sprints whose whole name is as the team's are, all where none is told."""
    return {
        sprint
        for sprint in board_sprints
        if sprint.source == board.id and (not source.names or fits(source.names, sprint.name))
    }


def _of_board(
    sprints: Iterable[BoardSprint], board: BoardSource, plan: Plan, now: datetime
) -> Iterator[Sprint]:
    made_here = [sprint for sprint in sprints if sprint.origin_board in {None, board.board}]
    own, _ = _without_clashes(_started(made_here))
    foreign = from_elsewhere(
        _started(sprint for sprint in sprints if sprint not in made_here),
        own,
        future_starts(made_here),
        plan,
    )
    kept, dropped = _without_clashes(
        [run for run in _started(sprints) if run.sprint.sprint_id not in foreign]
    )
    dropped = [*foreign.values(), *dropped]
    notes = _notes_on_neighbours(kept, dropped)
    for run, following in zip_longest(kept, kept[1:]):
        end, gap_end = _end(run, following, plan, now)
        yield Sprint(
            id=_board_id(board.site, run.sprint),
            name=run.sprint.name,
            start=run.start,
            end=end,
            first_day=run.start.astimezone(plan.zone).date(),
            settled_at=after(end, plan.settle_days, plan),
            gap_end=gap_end,
            notes=_open_notes(run, following, plan, now)
            + _short_notes(run, end, plan)
            + notes[run.sprint.sprint_id],
        )


def _started(sprints: Iterable[BoardSprint]) -> list[BoardRun]:
    """Return those of the sprints that have started, in order of their start."""
    runs = [run for sprint in sprints if (run := board_run(sprint)) is not None]
    return sorted(runs, key=lambda run: (run.start, run.sprint.sprint_id))


def _short_notes(run: BoardRun, end: datetime, plan: Plan) -> tuple[str, ...]:
    """Return that little of a sprint's plan is left, where the next one began so early."""
    if end - run.start >= (run.planned_end - run.start) / 2:
        return ()
    day = day_words(end.astimezone(plan.zone).date())
    return (f"Less than half as long as planned: the next sprint began on {day}",)


def _open_notes(
    run: BoardRun, following: BoardRun | None, plan: Plan, now: datetime
) -> tuple[str, ...]:
    """Return why a sprint ends later than people expect, where nobody has closed it."""
    if run.closed_at is not None or following is not None or now < run.planned_end:
        return ()
    due = day_words(last_day(run.planned_end, plan.zone))
    return (f"Due to end on {due} and still open on its board, so its end has moved",)


def _without_clashes(
    started: Sequence[BoardRun],
) -> tuple[list[BoardRun], list[tuple[BoardRun, str]]]:
    """Return the runs that are judged, and the dropped ones with what their note says."""
    kept: list[BoardRun] = []
    dropped: list[tuple[BoardRun, str]] = []
    for run in started:
        if run.sprint.state == "deleted":
            dropped.append((run, "it was deleted from Jira"))
        elif run.closed_at is not None and run.lasted < _DAY:
            dropped.append((run, f"it lasted {duration_words(max(run.lasted, timedelta()))}"))
        elif not kept or run.start - kept[-1].start >= _DAY:
            kept.append(run)
        else:
            pair = sorted((kept.pop(), run), key=lambda r: (-r.lasted, r.sprint.sprint_id))
            kept.append(pair[0])
            dropped.append((pair[1], f"it started within 24 hours of {pair[0].sprint.name}"))
    return kept, dropped


def _notes_on_neighbours(
    kept: Sequence[BoardRun], dropped: Sequence[tuple[BoardRun, str]]
) -> dict[int, tuple[str, ...]]:
    """Return the notes of each kept run by sprint id; a dropped one is noted on the nearest."""
    notes = {run.sprint.sprint_id: run.notes for run in kept}
    for run, why in dropped if kept else ():
        nearest = min(kept, key=lambda other: abs(other.start - run.start))
        notes[nearest.sprint.sprint_id] += (f"The board's {run.sprint.name} was left out: {why}",)
    return notes


def _end(
    run: BoardRun, following: BoardRun | None, plan: Plan, now: datetime
) -> tuple[datetime, datetime | None]:
    """Return where the window ends, and where the time between it and the next sprint does.

    A window runs to the next sprint's start, at most to 3 working days after the planned end.
    While a sprint runs as planned, its planned end is what people expect to read.
    """
    cap = after(run.planned_end, _GRACE_DAYS, plan)
    if following is not None:
        return min(cap, following.start), following.start
    if run.closed_at is None and now < run.planned_end:
        return run.planned_end, None
    return cap, None
