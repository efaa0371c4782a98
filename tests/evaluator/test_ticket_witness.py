"""That no ticket moved to Done is believed only where others were seen to be Done before."""

from dataclasses import replace

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.facts import Facts, Reason, Ticket
from evaluator.model.plan import TeamJira, TicketSource
from evaluator.model.results import GapKind, Status
from evaluator.sentences import no_data
from tests.evaluator.builders import (
    DOING,
    DONE,
    HER,
    LATER,
    PLAN,
    SPRINT_A,
    TEAM,
    TO_DO,
    UNKNOWN,
    at,
    find,
    moved,
    read,
    shipped,
    ticket,
)

WEB = TicketSource("jira", jql="component = web")
TEAM_OF_WEB = replace(TEAM, jira=(TeamJira(WEB),))


def known(*tickets: Ticket) -> Facts:
    """Return facts with these tickets alone."""
    return shipped((), (), tickets=tickets, coverage=(read(HER), read(WEB)))


def of_web(one: Ticket, updated: str = "2026-03-25") -> Ticket:
    return replace(one, source=WEB.id, updated=at(updated))


@pytest.mark.parametrize(
    ("tickets", "kind"),
    [
        pytest.param((), GapKind.EMPTY_PROJECT, id="no ticket is shown"),
        pytest.param(
            (ticket("HER-1", moved("2026-03-05", TO_DO, DOING)),),
            GapKind.NEVER_DONE,
            id="none was ever Done",
        ),
        pytest.param(
            (
                ticket(
                    "HER-1", moved("2026-02-05"), here_since=at("2026-02-06"), status_category=DOING
                ),
            ),
            GapKind.NEVER_DONE,
            id="one was Done in another project",
        ),
    ],
)
def test_a_project_that_never_showed_one_done_is_not_a_zero(
    tickets: tuple[Ticket, ...], kind: GapKind
) -> None:
    found = find("tickets_done", known(*tickets))

    [gap] = found.gaps
    assert found.value is None
    assert (gap.reason, gap.kind, gap.detail) == (Reason.NOTHING_MATCHED, kind, kind.value)
    assert no_data(TEAM, found) == f"we could not count in 1 of 1 Jira project (HER: {kind.value})."


@pytest.mark.parametrize(
    ("tickets", "kind"),
    [
        pytest.param((), GapKind.NO_TICKET, id="none is found"),
        pytest.param((ticket("HER-1"),), GapKind.NEVER_DONE, id="none was ever Done"),
        pytest.param(
            (ticket("HER-1", moved("2026-02-05"), moved("2026-02-06", DONE, DOING)),),
            GapKind.NEVER_DONE,
            id="one is listed since it was reopened",
        ),
        pytest.param(
            (
                ticket(
                    "HER-1",
                    moved("2026-02-05"),
                    moved("2026-02-06", DONE, DOING),
                    listed_done=at("2026-02-03"),
                ),
            ),
            GapKind.NEVER_DONE,
            id="one was listed as another kind of Done, before",
        ),
        pytest.param(
            (ticket("HER-1", moved("2026-02-06", TO_DO, DOING), listed_done=at("2026-02-07")),),
            GapKind.NEVER_DONE,
            id="one was listed in a status that is not Done by now",
        ),
    ],
)
def test_a_filter_that_never_listed_one_as_done_is_not_a_zero(
    tickets: tuple[Ticket, ...], kind: GapKind
) -> None:
    found = find("tickets_done", known(*map(of_web, tickets)), team=TEAM_OF_WEB)

    assert (found.value, [gap.kind for gap in found.gaps]) == (None, [kind])


def test_a_filter_that_once_listed_a_ticket_as_done_does_not_drop_them() -> None:
    reopened = ticket(
        "HER-1",
        moved("2026-02-05"),
        moved("2026-03-20", DONE, DOING),
        listed_done=at("2026-02-05"),
        updated=at("2026-03-20"),
    )

    found = find("tickets_done", known(of_web(reopened)), team=TEAM_OF_WEB).against(1)

    assert (found.value, found.gaps) == (0, ())


def test_a_filter_that_listed_a_ticket_before_it_was_done_may_drop_it_since() -> None:
    listed = of_web(ticket("HER-1", moved("2026-03-05")), updated="2026-03-04")

    found = find("tickets_done", known(listed), team=TEAM_OF_WEB)

    assert [gap.kind for gap in found.gaps] == [GapKind.NEVER_DONE]


@pytest.mark.parametrize(
    "witness",
    [
        pytest.param(ticket("HER-1", moved("2026-03-02")), id="one that moved"),
        pytest.param(
            ticket("HER-1", moved("2026-02-05"), moved("2026-02-06", DONE, DOING)),
            id="one that was Done for a day",
        ),
        pytest.param(
            ticket("HER-1", status_category=DONE, updated=at("2026-03-02")), id="one made in Done"
        ),
        pytest.param(
            ticket(
                "HER-1",
                moved("2026-01-05"),
                here_since=at("2026-02-06"),
                updated=at("2026-02-06"),
            ),
            id="one that came as Done from another project",
        ),
        pytest.param(ticket("HER-1", moved("2026-03-02"), type="Epic"), id="one that counts not"),
        pytest.param(
            ticket("HER-1", moved("2026-03-02", UNKNOWN, DONE)), id="from nobody knows where"
        ),
    ],
)
def test_one_that_was_done_before_the_window_says_that_in_it_there_was_none(
    witness: Ticket,
) -> None:
    found = find("tickets_done", known(witness)).against(1)

    assert (found.value, found.gaps) == (0, ())


def test_a_window_before_the_first_one_may_be_met_and_is_never_not_met() -> None:
    facts = known(ticket("HER-1", moved("2026-03-20"), updated=at("2026-03-20")))

    short = find("tickets_done", facts, SPRINT_A).against(1)
    met = find("tickets_done", facts, replace(SPRINT_A, end=at("2026-03-21"))).against(1)

    [gap] = short.gaps
    assert (gap.reason, gap.kind) == (Reason.HISTORY_BEFORE_START, GapKind.BEFORE_FIRST_DONE)
    assert gap.detail == "nothing shows a ticket of it that was Done before 20 March 2026"
    assert no_data(TEAM, short) == (
        f"we could not count in 1 of 1 Jira project (HER: {gap.detail})."
    )
    assert (met.value, met.gaps, met.coverage) == (1, (), 1)


def test_what_a_whole_year_shows_is_judged_from_its_first_done_ticket_on() -> None:
    facts = known(ticket("HER-1", moved("2026-03-20"), updated=at("2026-03-20")))

    rows = evaluate_team(TEAM, PLAN, facts, LATER, {})

    statuses = {r.sprint.first_day: r.status for r in rows if r.target == "tickets-done"}
    by_day = [status for _, status in sorted(statuses.items())]
    met = by_day.index(Status.MET)
    assert set(by_day[:met]) == {Status.NO_DATA}
    assert Status.NO_DATA not in by_day[met:]
