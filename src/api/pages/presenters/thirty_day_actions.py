"""30-day actions, month by month. What is past its day is asked about, and warns nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.model.plan import Plan
from evaluator.thirty_day_actions import UNDER_WAY, ActionMonth, ActionState, ThirtyDayAction
from evaluator.wording import day_of

_SHOWN = 6  # months in which nothing is open any more
_STATES = {
    ActionState.OPEN: "Open",
    ActionState.DUE_SOON: "Due soon",
    ActionState.PAST_DUE: "Still needed?",
    ActionState.DONE: "Done",
    ActionState.DECLINED: "Decided not to do",
}


@dataclass(frozen=True, slots=True)
class ThirtyDayActions:
    """Everything on the page. `label` is what the organisation calls that of its actions."""

    summary: str
    label: str
    months: tuple[Table, ...]


def thirty_day_page(plan: Plan, months: Sequence[ActionMonth]) -> ThirtyDayActions:
    """Return the page: every month with something open, and the last ones without."""
    ended = [month for month in months if not _under_way(month)][:_SHOWN]
    shown = [month for month in months if _under_way(month) or month in ended]
    return ThirtyDayActions(
        _summary(months),
        plan.labels.thirty_day_action,
        tuple(_table(month, plan) for month in shown),
    )


def _under_way(month: ActionMonth) -> list[ThirtyDayAction]:
    return [one for one in month.actions if one.state in UNDER_WAY]


def _summary(months: Sequence[ActionMonth]) -> str:
    waiting = [one.state for month in months for one in _under_way(month)]
    if not waiting:
        return "No 30-day action is open."
    soon, past = waiting.count(ActionState.DUE_SOON), waiting.count(ActionState.PAST_DUE)
    are = "is" if len(waiting) == 1 else "are"
    said = f"{words.count(len(waiting), 'action')} {are} open: {soon:,} due soon"
    return f"{said}, {past:,} past the due day."


def _table(month: ActionMonth, plan: Plan) -> Table:
    name = f"{month.first:%B %Y}" if month.first else "Without a due day"
    caption = f"{name}: {month.done:,} of {month.expected:,} done"
    rows = tuple(
        (
            Cell(f"Ticket {one.ticket.key}", links.ticket(plan, one.site, one.ticket.key)),
            _due(one.ticket.due),
            Cell(
                _STATES[one.state], after=f"on {day_of(one.ended, plan.zone)}" if one.ended else ""
            ),
        )
        for one in month.actions
    )
    return Table(caption, heads("Action", "Due", "State"), rows)


def _due(day: date | None) -> Cell:
    return Cell(when=words.day(day)) if day else Cell("No due day")
