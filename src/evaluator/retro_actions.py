"""A team's retro actions: which are open, since how many sprints, and what became of the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evaluator.counted_tickets import done_at, why_not_done
from evaluator.model.facts import StatusCategory, Ticket
from evaluator.model.plan import LeaveOut, Plan, Team, TeamJira
from evaluator.model.results import Sprint
from evaluator.model.source_id import SourceId
from evaluator.model.ticket_labels import plain

SMALL_ENOUGH = 3  # sprints: what is open for longer may be too large
OPEN = (StatusCategory.TO_DO, StatusCategory.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action that is open, and how many sprints began after the one that it was made in.

    `older` is whether it was made before all sprints that are known: it is at least that old.
    """

    ticket: Ticket
    age: int
    older: bool
    needs_other_team: bool

    @property
    def large(self) -> bool:
        """Whether it may be worth splitting."""
        return self.age > SMALL_ENOUGH


@dataclass(frozen=True, slots=True)
class EndedAction:
    """An action that is Done, or was decided against, and when that was."""

    ticket: Ticket
    at: datetime


@dataclass(frozen=True, slots=True)
class RetroActions:
    """What a team looks at in the retrospective of sprint `about`; None where none is known.

    `completed` and `declined` ended at `since` or later, when the sprint before that one ended, the
    newest first; `open` are all that are, the oldest first.
    """

    about: Sprint | None
    since: datetime | None
    completed: tuple[EndedAction, ...]
    open: tuple[OpenAction, ...]
    declined: tuple[EndedAction, ...]


def retro_actions(
    team: Team, plan: Plan, tickets: Iterable[Ticket], sprints: Iterable[Sprint], now: datetime
) -> RetroActions:
    """Return the team's retro actions at `now`, by its stored tickets and its newest sprints."""
    begun = sorted((s for s in sprints if s.start <= now), key=lambda s: s.start)
    about = min(begun, key=lambda s: (abs(s.end - now), s.start), default=None)
    today = now.astimezone(plan.zone).date()
    outs = {
        entry.tickets.id: of_any_type(entry).leave_out for entry in team.jira if today in entry.days
    }
    actions = {
        (SourceId.parse(ticket.source).site, ticket.issue_id): ticket
        for ticket in sorted(tickets, key=lambda t: not t.gone)  # one source may list it still
        if ticket.source in outs and plain(plan.labels.retro_action) in ticket.labels
    }
    since = _since(begun, about)
    ended = _ended(actions.values(), since, now) if since else []
    waiting = (ticket for ticket in actions.values() if is_open(ticket))
    return RetroActions(
        about,
        since,
        tuple(one for one in ended if not _is_declined(one.ticket, outs)),
        tuple(
            _open(ticket, plan, begun)
            for ticket in sorted(waiting, key=lambda t: (t.created, t.key))
        ),
        tuple(one for one in ended if _is_declined(one.ticket, outs)),
    )


def of_any_type(entry: TeamJira) -> TeamJira:
    """Return the entry without the types that it leaves out: the label says what an action is."""
    return replace(entry, leave_out=replace(entry.leave_out, types=(), sub_tasks=False))


def is_open(ticket: Ticket) -> bool:
    """Return whether a ticket is open now. One that left its source is no open one."""
    return not ticket.gone and ticket.status_category in OPEN


def was_open(ticket: Ticket, at: datetime) -> bool:
    """Return whether a ticket was open just before an instant, as far as its moves tell.

    One that left its source by now was no open one.
    """
    if ticket.gone or ticket.created >= at:
        return False
    moves = sorted(ticket.changes, key=lambda change: change.at)
    past = [move for move in moves if move.at < at]
    if past:
        return past[-1].to_category in OPEN
    return (moves[0].from_category if moves else ticket.status_category) in OPEN


def sprints_since(created: datetime, sprints: Sequence[Sprint]) -> int:
    """Return how many sprints began after the one in which something was made.

    What was made between two sprints is of the next one, what was made before the first of that.
    """
    ended = sum(1 for sprint in sprints if sprint.end <= created)
    return max(len(sprints) - 1 - ended, 0)


def _open(ticket: Ticket, plan: Plan, sprints: Sequence[Sprint]) -> OpenAction:
    return OpenAction(
        ticket,
        sprints_since(ticket.created, sprints),
        older=bool(sprints) and ticket.created < sprints[0].start,
        needs_other_team=plain(plan.labels.needs_other_team) in ticket.labels,
    )


def _since(sprints: Sequence[Sprint], about: Sprint | None) -> datetime | None:
    """Return the end of the sprint before that one, or its own start where it is the first."""
    if about is None:
        return None
    before = [sprint.end for sprint in sprints if sprint.start < about.start]
    return min(max(before, default=about.start), about.start)


def _ended(actions: Iterable[Ticket], since: datetime, now: datetime) -> list[EndedAction]:
    found = [
        EndedAction(ticket, at)
        for ticket in actions
        if (at := done_at(ticket)) and since <= at <= now
    ]
    return sorted(found, key=lambda one: (one.at, one.ticket.key), reverse=True)


def _is_declined(ticket: Ticket, outs: dict[str, LeaveOut]) -> bool:
    return bool(why_not_done(ticket, outs[ticket.source]))
