"""Sprints: the windows in which a team is judged, from a fixed cadence or from its Jira board."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest

from evaluator.board_sprints import BoardRun, board_run, from_elsewhere, future_starts
from evaluator.model.facts import BoardSprint
from evaluator.model.plan import BoardSource, Cadence, Plan, Team
from evaluator.model.results import Sprint
from evaluator.wording import day_words, duration_words, last_day, span_words
from evaluator.working_days import after

_DAY = timedelta(days=1)
_GRACE_DAYS = 3  # working days for which a sprint may stay open after its planned end


def sprints_of(
    team: Team,
    plan: Plan,
    board_sprints: Iterable[BoardSprint],
    *,
    earliest: datetime | None,
    now: datetime,
) -> list[Sprint]:
    """Return the team's sprints in order of start: those that have ended and the current one.

    Left out are sprints that ended at or before `earliest` (None: no bound), that have not
    started by `now`, or whose first local day lies outside the team's active days. A team
    without sprints has none.
    """
    if team.sprints is None:
        return []
    if isinstance(team.sprints, BoardSource):
        windows = _of_board(_teams_own(team, team.sprints, board_sprints), team.sprints, plan, now)
    else:
        windows = _of_cadence(team.sprints, plan, earliest, now)
    return [
        sprint
        for sprint in windows
        if sprint.first_day in team.active
        and sprint.start <= now
        and (earliest is None or earliest < sprint.end)
    ]


def _of_cadence(
    cadence: Cadence, plan: Plan, earliest: datetime | None, now: datetime
) -> Iterator[Sprint]:
    length = timedelta(days=cadence.length_days)
    first = cadence.first_day
    if earliest is not None:  # the first day anchors a grid, which goes back as far as was read
        before = (first - earliest.astimezone(plan.zone).date()) // length + 1
        first -= max(before, 0) * length
    while (start := _midnight(first, plan)) <= now:
        following = first + length
        end = _midnight(following, plan)
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
    team: Team, board: BoardSource, board_sprints: Iterable[BoardSprint]
) -> set[BoardSprint]:
    """Return the board's sprints whose whole name is as the team's are, all where none is told."""
    return {
        sprint
        for sprint in board_sprints
        if sprint.source == board.id
        and (not team.sprint_names or re.fullmatch(team.sprint_names, sprint.name))
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
            id=f"{board.site}-{run.sprint.sprint_id}",
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
