"""Actions that were agreed for thirty days or so: each with its due day, month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from evaluator.counted_tickets import done_at, why_not_done
from evaluator.model.facts import StatusCategory, Ticket
from evaluator.model.plan import LeaveOut, Plan
from evaluator.model.source_id import SourceId
from evaluator.model.ticket_labels import plain
from evaluator.retro_actions import is_open, of_any_type

_SOON = timedelta(days=7)


class ActionState(StrEnum):
    """How an action stands today."""

    OPEN = "open"
    DUE_SOON = "due_soon"  # within a week, today included
    PAST_DUE = "past_due"
    DONE = "done"
    DECLINED = "declined"


UNDER_WAY = (ActionState.OPEN, ActionState.DUE_SOON, ActionState.PAST_DUE)


@dataclass(frozen=True, slots=True)
class ThirtyDayAction:
    """One action. `ended` is when it moved to Done, None where it did not or nobody can see."""

    ticket: Ticket
    site: str
    state: ActionState
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class ActionMonth:
    """The actions that are due in a month, by day; `first` is None of those without a due day.

    `done` of `expected` are: what was decided against is expected no more.
    """

    first: date | None
    actions: tuple[ThirtyDayAction, ...]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(one.state is ActionState.DONE for one in self.actions)

    @property
    def expected(self) -> int:
        """How many were not decided against."""
        return sum(one.state is not ActionState.DECLINED for one in self.actions)


def thirty_day_actions(plan: Plan, tickets: Iterable[Ticket], today: date) -> list[ActionMonth]:
    """Return the actions among the stored `tickets`, the latest month first, undated ones last.

    Those that left their source are none.
    """
    outs = {
        entry.tickets.id: of_any_type(entry).leave_out for team in plan.teams for entry in team.jira
    }
    label = plain(plan.labels.thirty_day_action)
    found = {}
    for ticket in tickets:
        if label in ticket.labels and not ticket.gone:
            site = SourceId.parse(ticket.source).site
            state = _state(ticket, outs.get(ticket.source, LeaveOut()), today)
            if state is not None:
                action = ThirtyDayAction(ticket, site, state, done_at(ticket))
                found[site, ticket.issue_id] = action
    months: dict[date | None, list[ThirtyDayAction]] = {}
    for action in sorted(found.values(), key=lambda a: (a.ticket.due or date.max, a.ticket.key)):
        due = action.ticket.due
        months.setdefault(due and due.replace(day=1), []).append(action)
    latest_first = sorted(months, key=lambda first: first or date.min, reverse=True)
    return [ActionMonth(first, tuple(months[first])) for first in latest_first]


def _state(ticket: Ticket, leave_out: LeaveOut, today: date) -> ActionState | None:
    """Return how a ticket stands; None where Jira no longer knows its status."""
    if ticket.status_category is StatusCategory.DONE:
        return ActionState.DECLINED if why_not_done(ticket, leave_out) else ActionState.DONE
    if not is_open(ticket):
        return None
    if ticket.due is None or ticket.due > today + _SOON:
        return ActionState.OPEN
    return ActionState.DUE_SOON if ticket.due >= today else ActionState.PAST_DUE
