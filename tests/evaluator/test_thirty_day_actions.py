from dataclasses import replace
from datetime import date

import pytest

from evaluator.model.facts import Gone, Ticket
from evaluator.model.plan import TeamJira, TicketSource
from evaluator.model.ticket_labels import TicketLabels
from evaluator.thirty_day_actions import ActionState, thirty_day_actions
from tests.evaluator.builders import HER, PLAN, TEAM, UNKNOWN, at, moved, ticket

TODAY = date(2026, 3, 27)


def action(key: str, *moves: object, due: str = "2026-03-30", **known: object) -> Ticket:
    day = date.fromisoformat(due) if due else None
    known = {"labels": ("30-day-action",), "due": day} | known
    return ticket(key, *moves, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "state"),
    [
        ("", ActionState.OPEN),
        ("2026-04-04", ActionState.OPEN),
        ("2026-04-03", ActionState.DUE_SOON),
        ("2026-03-27", ActionState.DUE_SOON),
        ("2026-03-26", ActionState.PAST_DUE),
    ],
)
def test_an_open_one_is_due_soon_in_its_last_week_and_past_due_after_its_day(
    due: str, state: ActionState
) -> None:
    ((found,),) = (
        month.actions for month in thirty_day_actions(PLAN, [action("HER-1", due=due)], TODAY)
    )

    assert (found.state, found.ended) == (state, None)


def test_what_moved_to_done_is_done_however_late_and_what_was_dropped_is_declined() -> None:
    done = action("HER-1", moved("2026-03-26"), due="2026-03-02", type="Epic")
    dropped = action("HER-2", moved("2026-03-20"), due="2026-03-03", resolution="Won't Do")
    still = action("HER-3", due="2026-03-01")

    (month,) = thirty_day_actions(PLAN, [done, dropped, still], TODAY)

    assert [(one.ticket.key, one.state) for one in month.actions] == [
        ("HER-3", ActionState.PAST_DUE),
        ("HER-1", ActionState.DONE),
        ("HER-2", ActionState.DECLINED),
    ]
    assert month.actions[1].ended == at("2026-03-26")
    assert (month.done, month.expected) == (1, 2)


def test_months_stand_the_latest_first_and_those_without_a_day_last() -> None:
    months = thirty_day_actions(
        PLAN,
        [
            action("HER-1", due=""),
            action("HER-2", due="2026-02-01"),
            action("HER-3", due="2026-04-01"),
            action("HER-4", due="2026-02-28"),
        ],
        TODAY,
    )

    assert [(m.first, [one.ticket.key for one in m.actions]) for m in months] == [
        (date(2026, 4, 1), ["HER-3"]),
        (date(2026, 2, 1), ["HER-2", "HER-4"]),
        (None, ["HER-1"]),
    ]


def test_other_tickets_and_those_that_are_gone_or_whose_status_nobody_knows_are_none() -> None:
    assert (
        thirty_day_actions(
            PLAN,
            [
                ticket("HER-1"),
                action("HER-2", gone=Gone.UNSEEN),
                action("HER-3", status_category=UNKNOWN),
            ],
            TODAY,
        )
        == []
    )


def test_one_that_two_sources_list_is_there_once_by_the_organisations_own_label() -> None:
    everything = TicketSource("jira", jql="labels = promise")
    team = replace(TEAM, jira=(TeamJira(HER), TeamJira(everything)))
    plan = replace(PLAN, teams=(team,), labels=TicketLabels(thirty_day_action="Promise"))
    mine = action("HER-1", labels=("promise",))

    (month,) = thirty_day_actions(plan, [mine, replace(mine, source=everything.id)], TODAY)

    assert len(month.actions) == 1
