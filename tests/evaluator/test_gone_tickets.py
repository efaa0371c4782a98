"""Tickets that were open and left their source: a doubt where they may have been Done first."""

from dataclasses import replace
from datetime import date

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.gap_remedies import gap_remedy
from evaluator.model.facts import Gone, Reason, Ticket
from evaluator.model.plan import TeamJira, TicketSource
from evaluator.model.results import GapKind, Sprint, State, Status
from evaluator.sentences import no_data
from tests.evaluator.builders import (
    DOING,
    DONE,
    HER,
    LATER,
    LONG_DONE,
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    TO_DO,
    at,
    find,
    jira,
    labels,
    moved,
    read,
    reasons,
    ticket,
)

WEB = TicketSource("jira", jql="component = web")


def gone(key: str, after: str, by: str, how: Gone = Gone.UNSEEN) -> Ticket:
    started = moved("2026-02-01", TO_DO, DOING)
    return ticket(key, started, gone=how, gone_after=at(after), gone_by=at(by))


UNSEEN = gone("HER-2", "2026-03-10", "2026-03-11")
HIDDEN = gone("HER-3", "2026-03-10", "2026-03-11", Gone.HIDDEN)


def test_a_ticket_that_left_unseen_is_a_doubt_where_it_may_have_been_done() -> None:
    found = find("tickets_done", jira(UNSEEN)).against(1)

    [gap] = found.gaps
    assert (found.value, gap.reason, gap.kind) == (0, Reason.LEFT_UNSEEN, GapKind.LEFT_UNSEEN)
    assert gap.detail == "it no longer shows a ticket that was open"
    assert no_data(TEAM, found) == (
        "we could not count in 1 of 1 Jira project "
        "(HER: it no longer shows a ticket that was open)."
    )
    assert reasons(found) == {
        "HER-2": "open when it was last listed; nobody can tell whether it was Done before it left"
    }
    said = gap_remedy(gap).what
    assert said.startswith("It no longer shows a ticket that was open, and nobody can tell")


@pytest.mark.parametrize(
    ("left", "doubt"),
    [
        pytest.param(("2026-03-01", "2026-03-02 23:59"), False, id="before it began"),
        pytest.param(("2026-03-02", "2026-03-03"), False, id="until it began"),
        pytest.param(("2026-03-02", "2026-03-04"), True, id="as it began"),
        pytest.param(("2026-03-16", "2026-03-18"), True, id="as it ended"),
        pytest.param(("2026-03-17", "2026-03-18"), False, id="since it ended"),
        pytest.param(("2026-02-01", "2026-04-18"), True, id="all the time"),
    ],
)
def test_only_windows_that_hold_some_of_the_time_between_the_two_lists_are_in_doubt(
    left: tuple[str, str], *, doubt: bool
) -> None:
    found = find("tickets_done", jira(gone("HER-2", *left))).against(1)

    assert bool(found.gaps) == doubt


def test_a_doubt_counts_one_and_vanishes_where_enough_is_done() -> None:
    facts = jira(UNSEEN, ticket("HER-1", moved("2026-03-05")))

    assert find("tickets_done", facts).against(1).gaps == ()
    assert len(find("tickets_done", facts).against(2).gaps) == 1
    assert find("tickets_done", facts).against(3).gaps == ()


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(replace(UNSEEN, gone=Gone.MOVED), id="moved"),
        pytest.param(replace(UNSEEN, type="Epic"), id="of a type that counts not"),
        pytest.param(replace(HIDDEN, type="Epic"), id="hidden, of such a type"),
    ],
)
def test_what_could_not_have_counted_is_no_doubt(left: Ticket) -> None:
    assert find("tickets_done", jira(left)).against(1).gaps == ()


def test_a_ticket_that_another_source_of_the_team_shows_is_no_doubt() -> None:
    team = replace(TEAM, jira=(TeamJira(HER), TeamJira(WEB)))
    dropped = replace(UNSEEN, source=WEB.id)
    shown = ticket("HER-9", moved("2026-01-04"), source=WEB.id)
    facts = jira(
        dropped,
        shown,
        ticket("HER-2", moved("2026-03-10 12:00")),
        coverage=(read(HER), read(WEB)),
    )

    found = find("tickets_done", facts, team=team).against(2)

    assert (labels(found), found.gaps) == (["HER-2"], ())


def test_a_reopened_ticket_that_left_unseen_may_have_been_done_again() -> None:
    reopened = replace(UNSEEN, changes=(moved("2026-03-05"), moved("2026-03-06", DONE, DOING)))

    found = find("tickets_done", jira(reopened)).against(1)

    assert [gap.reason for gap in found.gaps] == [Reason.LEFT_UNSEEN]


AFTER = replace(SPRINT_B, start=at("2026-03-30 23:00"), end=at("2026-04-13 23:00"))


@pytest.mark.parametrize(
    ("window", "seen_from", "in_doubt"),
    [
        pytest.param(SPRINT_A, None, True, id="the window in which they vanished"),
        pytest.param(AFTER, None, True, id="a later one"),
        pytest.param(replace(SPRINT_A, end=at("2026-03-10")), None, False, id="an earlier one"),
        pytest.param(SPRINT_B, date(2026, 3, 18), True, id="one that began before the day"),
        pytest.param(SPRINT_B, date(2026, 3, 17), False, id="one that began on the day"),
        pytest.param(AFTER, date(2026, 3, 18), False, id="one that began after the day"),
    ],
)
def test_hidden_tickets_leave_every_later_window_in_doubt_until_the_day_that_is_named(
    window: Sprint, seen_from: date | None, *, in_doubt: bool
) -> None:
    team = replace(TEAM, jira=(TeamJira(HER, seen_from=seen_from),))

    found = find("tickets_done", jira(HIDDEN), window, team=team).against(1)

    assert [gap.kind for gap in found.gaps] == [GapKind.HIDDEN] * in_doubt
    assert [gap.reason for gap in found.gaps] == [Reason.NO_ACCESS] * in_doubt


def test_what_is_hidden_takes_nothing_from_what_is_met() -> None:
    found = find("tickets_done", jira(HIDDEN, ticket("HER-1", moved("2026-03-05")))).against(1)

    assert (found.value, found.gaps, found.coverage) == (1, (), 1)


def test_a_final_not_met_becomes_no_data_where_a_ticket_turns_out_to_have_left_unseen() -> None:
    first = evaluate_team(TEAM, PLAN, jira(), LATER, {})
    before = {(row.sprint.id, row.target): row for row in first}

    rows = evaluate_team(TEAM, PLAN, jira(UNSEEN), LATER, before)

    (row,) = (r for r in rows if (r.target, r.sprint.id) == ("tickets-done", SPRINT_A.id))
    assert before[row.sprint.id, row.target].status is Status.NOT_MET
    assert (row.status, row.state, row.version) == (Status.NO_DATA, State.PROVISIONAL, 2)


def test_a_ticket_that_left_may_still_witness_that_one_was_done_before() -> None:
    left = replace(UNSEEN, changes=(moved("2026-02-05"), moved("2026-02-06", DONE, DOING)))
    facts = replace(jira(left), tickets=(left,))

    assert LONG_DONE not in facts.tickets
    assert find("tickets_done", facts, SPRINT_B).against(1).gaps == ()
