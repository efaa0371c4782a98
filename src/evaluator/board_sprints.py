"""A board's sprints as they ran, and which of those from another board are not this one's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evaluator.model.facts import BoardSprint
from evaluator.model.plan import Plan
from evaluator.wording import amount
from evaluator.working_days import after, before, working_time

_DAY = timedelta(days=1)
_USUAL_LENGTH = timedelta(days=14)  # taken where a board sprint says nothing usable of its end
_NEAR = 3  # working days that a sprint from elsewhere may overlap, and must keep from an own end


@dataclass(frozen=True, slots=True)
class BoardRun:
    """A board sprint that has started, with what its window is made of."""

    sprint: BoardSprint
    start: datetime
    planned_end: datetime
    closed_at: datetime | None
    notes: tuple[str, ...]

    @property
    def end(self) -> datetime:
        """When it was closed, else when it is planned to end."""
        return self.closed_at or self.planned_end

    @property
    def lasted(self) -> timedelta:
        """From its start to its end."""
        return self.end - self.start


def board_run(sprint: BoardSprint) -> BoardRun | None:
    """Return what the sprint's window is made of, or None where it has not started."""
    if sprint.start is None or sprint.state == "future":
        return None
    closed_at = sprint.completed if sprint.state == "closed" else None
    planned = sprint.planned_end
    if planned is None or planned <= sprint.start:
        note = "It has no planned end: 14 days from its start are taken"
        return BoardRun(sprint, sprint.start, sprint.start + _USUAL_LENGTH, closed_at, (note,))
    return BoardRun(sprint, sprint.start, planned, closed_at, _close_notes(planned, closed_at))


def _close_notes(planned_end: datetime, closed_at: datetime | None) -> tuple[str, ...]:
    if closed_at is None:
        return ()
    if closed_at - planned_end >= _DAY:
        return (f"Closed {amount((closed_at - planned_end).days, 'days')} late",)
    if planned_end - closed_at >= _DAY:
        return (f"Closed {amount((planned_end - closed_at).days, 'days')} early",)
    return ()


def future_starts(sprints: Iterable[BoardSprint]) -> list[datetime]:
    """Return when those of the sprints that have not started are planned to, where that is told."""
    return [s.start for s in sprints if s.state == "future" and s.start is not None]


def from_elsewhere(
    foreign: Iterable[BoardRun],
    own: Sequence[BoardRun],
    planned_starts: Sequence[datetime],
    plan: Plan,
) -> dict[int, tuple[BoardRun, str]]:
    """Return, by sprint id, those of `foreign` that are not the board's, and why, for a note.

    One ticket is enough for Jira to list another board's sprint on this one. `own` are the runs
    that were made here, and `planned_starts` those of own sprints to come. What stands in the way
    of none of them counts: a board may have been made anew, or a sprint be shared on purpose.
    """
    found = {}
    for run in foreign:
        if (why := _in_the_way(run, own, planned_starts, plan)) is not None:
            found[run.sprint.sprint_id] = (run, f"it was made on another board and {why}")
    return found


def _in_the_way(
    run: BoardRun, own: Sequence[BoardRun], planned_starts: Sequence[datetime], plan: Plan
) -> str | None:
    if _shared(run, own, plan) > _NEAR * _DAY:
        return "overlaps this board's own"
    if any(
        before(each.end, _NEAR, plan) <= run.start <= after(each.end, _NEAR, plan) for each in own
    ):
        return "began when one of this board's own ended"
    if any(run.start <= start < run.end for start in planned_starts):
        return "one of this board's own is planned to start in it"
    return None


def _shared(run: BoardRun, own: Sequence[BoardRun], plan: Plan) -> timedelta:
    """Return the working time for which the run overlaps own ones; time of two counts once."""
    shared, since = timedelta(), run.start
    for each in sorted(own, key=lambda each: each.start):
        start, end = max(since, each.start), min(run.end, each.end)
        if start < end:
            shared += working_time(start, end, plan)
            since = end
    return shared
