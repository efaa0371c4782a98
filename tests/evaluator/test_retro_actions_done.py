from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.measures import MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import Gone, LabelChange, Reason, Ticket
from evaluator.model.plan import Target, TeamJira, TicketSource
from evaluator.model.results import Measurement, Result, Sprint, State, Status
from evaluator.model.ticket_labels import TicketLabels
from evaluator.team_facts import team_facts
from tests.evaluator.builders import (
    AT_LEAST_ONE,
    BOARD,
    DOING,
    DONE,
    HER,
    LATER,
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    TO_DO,
    WEB,
    at,
    jira,
    labels,
    moved,
    read,
    reasons,
    ticket,
)

FORTNIGHT = timedelta(days=14)
TARGET = Target("retro-actions", "", "", "retro_actions_done", (AT_LEAST_ONE,), stretch=True)


def before(window: Sprint, count: int = 3) -> tuple[Sprint, ...]:
    return tuple(
        replace(
            window,
            id=f"before-{n}",
            start=window.start - n * FORTNIGHT,
            end=window.start - (n - 1) * FORTNIGHT,
        )
        for n in range(count, 0, -1)
    )


def action(key: str, *changes: object, made: str = "2026-03-04", **known: object) -> Ticket:
    known = {"labels": ("retro-action",), "created": at(made)} | known
    return ticket(key, *changes, **known)  # type: ignore[arg-type]


def find(
    *tickets: Ticket,
    window: Sprint = SPRINT_A,
    earlier: Sequence[Sprint] | None = None,
    now: object = LATER,
) -> Measurement:
    facts = team_facts(TEAM, PLAN, jira(*tickets))
    earlier = before(window) if earlier is None else earlier
    context = MeasureContext(TEAM, window, PLAN, facts, now, tuple(earlier))  # type: ignore[arg-type]
    return MEASURES["retro_actions_done"].found(context)


def judged(*tickets: Ticket, now: str = "2026-05-01", previous: Sequence[Result] = ()) -> Result:
    """Return what holds of sprint A."""
    plan = replace(PLAN, targets=(TARGET,))
    known = {(one.sprint.id, one.target): one for one in previous}
    rows = evaluate_team(TEAM, plan, jira(*tickets), at(now), known)
    (result,) = [row for row in rows if row.sprint.id == SPRINT_A.id]
    return result


@pytest.mark.parametrize(
    ("made", "counts"),
    [
        pytest.param("2026-03-16", True, id="in this sprint"),
        pytest.param("2026-02-17", True, id="in the one before"),
        pytest.param("2026-02-03", True, id="as the second one before begins"),
        pytest.param("2026-02-02 23:59", False, id="before that"),
    ],
)
def test_what_was_made_in_the_last_three_sprints_and_is_done_in_this_one_counts(
    made: str, counts: bool
) -> None:
    found = find(action("HER-1", moved("2026-03-16 12:00"), made=made))

    assert labels(found) == (["HER-1"] if counts else [])
    assert reasons(found) == (
        {} if counts else {"HER-1": "made before the two sprints before this one"}
    )


def test_what_was_made_between_two_sprints_is_of_the_next_one() -> None:
    third, second, first = before(SPRINT_A)
    earlier = (replace(third, end=third.end - timedelta(days=3)), second, first)

    found = find(action("HER-1", moved("2026-03-05"), made="2026-02-01"), earlier=earlier)

    assert labels(found) == ["HER-1"]


def test_what_was_made_before_the_first_sprint_of_all_is_of_that_one() -> None:
    old = action("HER-1", moved("2026-03-05"), made="2025-11-01")
    waiting = action("HER-2", made="2025-11-01")

    assert labels(find(old, earlier=())) == ["HER-1"]
    assert find(waiting, earlier=()).silent, "nobody knows how long it has waited"


def test_a_sub_task_or_an_epic_with_the_label_is_a_retro_action() -> None:
    sub_task = action("HER-1", moved("2026-03-05"), sub_task=True)
    epic = action("HER-2", moved("2026-03-05"), type="Epic")

    assert labels(find(sub_task, epic)) == ["HER-1", "HER-2"]


def test_what_was_declined_is_decided_listed_and_not_left_open() -> None:
    found = find(action("HER-1", moved("2026-03-05"), resolution="Won't Do"))

    assert (found.value, found.silent != "") == (0, True)
    assert reasons(found) == {"HER-1": "decided not to do: its resolution is Won't Do"}


def test_one_done_in_a_later_sprint_was_open_at_the_end_of_this_one() -> None:
    result = judged(action("HER-1", moved("2026-03-18")))

    assert (result.status, result.state, result.value) == (Status.NOT_MET, State.FINAL, 0)


def test_where_none_was_open_or_done_there_is_no_data_and_no_gap_and_it_stays() -> None:
    forgotten = action("HER-1", made="2025-03-04")
    first = judged(forgotten, now="2026-03-25")
    again = judged(forgotten, now="2026-04-25", previous=[first])

    assert (first.status, first.state, first.gaps) == (Status.NO_DATA, State.FINAL, ())
    assert first.coverage == 1
    assert first.sentence == (
        "No data: none of the last three sprints' retro actions was open at its end or done in it."
    )
    assert again == replace(first, checked_at=at("2026-04-25"))


def test_such_no_data_is_raised_by_what_is_read_later() -> None:
    forgotten = action("HER-1", made="2025-03-04")
    first = judged(forgotten, now="2026-03-25")

    raised = judged(forgotten, action("HER-2", moved("2026-03-05")), previous=[first])

    assert (raised.status, raised.state, raised.version) == (Status.MET, State.FINAL, 2)


def test_before_any_ticket_had_the_label_nothing_matched() -> None:
    for tickets in ([], [action("HER-1", made="2026-03-21")]):
        found = find(ticket("HER-9", moved("2026-03-05")), *tickets)
        (gap,) = found.against(1).gaps
        assert (found.value, gap.reason) == (None, Reason.NOTHING_MATCHED)
        assert gap.detail == "no ticket of it ever had the label retro-action"


def test_the_very_first_label_counts_where_it_came_before_the_sprint_settled() -> None:
    first = (LabelChange(at("2026-03-18"), "retro-action", added=True),)

    found = find(action("HER-1", moved("2026-03-05"), label_changes=first))

    assert (found.value, labels(found)) == (1, ["HER-1"])


def given(when: str, *, added: bool = True, label: str = "retro-action") -> LabelChange:
    return LabelChange(at(when), label, added)


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        pytest.param([given("2026-03-19")], True, id="given after it was Done, before settling"),
        pytest.param([given("2026-03-20 00:01")], False, id="given after settling"),
        pytest.param([given("2026-03-06", added=False)], False, id="taken away"),
        pytest.param([given("2026-04-06", added=False)], True, id="taken away after settling"),
    ],
)
def test_the_labels_count_that_a_ticket_had_when_the_sprint_settled(
    changes: list[LabelChange], counts: bool
) -> None:
    named = ("retro-action",) if changes[-1].added else ()
    done = action("HER-1", moved("2026-03-05"), labels=named, label_changes=tuple(changes))

    found = find(done, action("HER-2"))

    assert labels(found) == (["HER-1"] if counts else [])


def test_a_label_that_the_ticket_has_counts_although_its_log_says_that_it_went() -> None:
    """Part of a history was imported: the log's last word is older than the ticket."""
    gone = (given("2026-03-05"), given("2026-03-06", added=False))

    found = find(action("HER-1", moved("2026-03-05"), label_changes=gone))

    assert labels(found) == ["HER-1"]


def test_a_label_that_came_too_late_is_told_in_a_note_of_the_final_result() -> None:
    waiting = action("HER-2")
    plain = ticket("HER-1", moved("2026-03-05"), created=at("2026-03-04"))
    late = replace(plain, labels=("retro-action",), label_changes=(given("2026-04-01"),))
    first = judged(plain, waiting, now="2026-03-25")

    day_by_day = judged(late, waiting, previous=[first])
    at_the_end = judged(late, waiting)

    note = "HER-1 was given the label retro-action on 1 April 2026, too late to count here"
    assert (day_by_day.status, day_by_day.notes) == (Status.NOT_MET, (note,))
    assert (at_the_end.status, at_the_end.notes) == (Status.NOT_MET, (note,))
    assert judged(late, waiting, previous=[day_by_day]).notes == (note,)


def test_an_action_that_was_deleted_or_moved_away_is_not_open() -> None:
    left = action("HER-1", gone=Gone.MOVED, gone_after=at("2026-04-01"), gone_by=at("2026-04-02"))

    assert find(left).silent


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        pytest.param([moved("2026-03-05", TO_DO, DOING)], True, id="in progress"),
        pytest.param([moved("2026-03-05"), moved("2026-03-06", DONE, DOING)], True, id="reopened"),
        pytest.param([moved("2026-03-18", DONE, DOING)], False, id="Done then, and reopened since"),
    ],
)
def test_open_is_what_was_open_at_the_end_of_the_sprint(
    changes: list[object], is_open: bool
) -> None:
    assert bool(find(action("HER-1", *changes)).silent) is not is_open


def test_a_ticket_without_the_label_is_no_doubt_however_it_came_to_be_done() -> None:
    undated = ticket(
        "HER-9",
        status_category=DONE,
        resolved_at=at("2026-03-06"),
        created=at("2026-03-05"),
        updated=at("2026-03-06"),
    )

    left = ticket("HER-8", gone=Gone.UNSEEN, gone_after=at("2026-03-04"), gone_by=at("2026-03-06"))

    found = find(undated, left, action("HER-1"))

    assert (found.value, found.against(1).gaps, found.left_out) == (0, (), ())


def test_an_action_that_two_of_the_teams_filters_show_is_one() -> None:
    other = TicketSource("jira", jql="labels = retro-action")
    team = replace(TEAM, jira=(*TEAM.jira, TeamJira(other)))
    one = action("HER-1", moved("2026-03-05"), listed_done=at("2026-03-05"))
    coverage = (read(WEB), read(HER), read(BOARD), read(other))
    facts = jira(one, replace(one, source=other.id), coverage=coverage)
    known = team_facts(team, PLAN, facts)
    context = MeasureContext(team, SPRINT_A, PLAN, known, LATER, before(SPRINT_A))

    assert labels(MEASURES["retro_actions_done"].found(context)) == ["HER-1"]


def test_what_the_team_calls_its_label_is_what_counts() -> None:
    plan = replace(PLAN, labels=TicketLabels(retro_action="Improvement"))
    facts = jira(action("HER-1", moved("2026-03-05"), labels=("improvement",)))
    known = team_facts(TEAM, plan, facts)
    context = MeasureContext(TEAM, SPRINT_A, plan, known, LATER, before(SPRINT_A))

    assert labels(MEASURES["retro_actions_done"].found(context)) == ["HER-1"]


def test_the_sprints_before_are_those_of_the_team_also_where_nothing_was_read_of_them() -> None:
    """Reading began with sprint A: an action of January is of no sprint from then on."""
    plan = replace(PLAN, targets=(TARGET,))
    facts = jira(action("HER-1", moved("2026-03-18"), made="2026-01-20"))
    coverage = tuple(replace(each, since=at("2026-03-03")) for each in facts.coverage)

    rows = evaluate_team(TEAM, plan, replace(facts, coverage=coverage), LATER, {})

    (result,) = [row for row in rows if row.sprint.id == SPRINT_B.id]
    assert [item.label for item in result.left_out] == ["HER-1"]
