"""Tickets of Jira Data Center, read through the collector."""

import httpx
import pytest

from collector.source_read import Task
from evaluator.model.facts import Reason
from tests.collector.jira.stand_in import (
    CLOUD,
    DATA_CENTER,
    HERON,
    SINCE,
    StandInJira,
    a_history,
    an_issue,
    next_task,
    read,
)

SEARCH = "/rest/api/2/search"
FIRST = Task(HERON, SINCE)


def test_data_center_gives_the_same_facts_as_cloud(jira: StandInJira) -> None:
    jira.holds(5)

    assert read(DATA_CENTER, FIRST).tickets == read(CLOUD, FIRST).tickets


def test_pages_come_by_offset_even_where_they_are_smaller_than_asked(jira: StandInJira) -> None:
    jira.holds(7)
    jira.page = 3

    reading = read(DATA_CENTER, FIRST)

    assert [ticket.key for ticket in reading.tickets] == [f"HER-{n}" for n in range(1, 8)]
    assert [asked.get("startAt", "0") for asked in jira.asked(SEARCH)] == ["0", "3", "6"]


def test_nothing_is_asked_on_the_way(jira: StandInJira) -> None:
    jira.holds(120)

    reading = read(DATA_CENTER, FIRST)

    assert jira.paths == [SEARCH, SEARCH, "/rest/api/2/status"]
    assert reading.coverage.requests == 3
    assert {request.headers["authorization"] for request in jira.requests} == {
        "Bearer data-center-token"
    }


def test_a_later_read_gives_only_what_changed(jira: StandInJira) -> None:
    jira.holds(3)
    first = read(DATA_CENTER, FIRST)
    jira.issues[1] = an_issue(2, updated="2025-03-20")

    again = read(DATA_CENTER, next_task(FIRST, first))

    assert [ticket.key for ticket in again.tickets] == ["HER-2"]
    assert again.coverage.requests == 1


@pytest.mark.parametrize(
    "total", [pytest.param(1, id="fewer than it gives"), pytest.param(3, id="more than it gives")]
)
def test_a_count_that_differs_from_the_tickets_closes_nothing(
    jira: StandInJira, total: int
) -> None:
    issues = [{**an_issue(n), "changelog": {"total": 0, "histories": []}} for n in (1, 2)]
    end: dict[str, object] = {"issues": [], "total": total}
    jira.says_once(SEARCH, {"issues": issues, "total": total}, end)

    reading = read(DATA_CENTER, FIRST)

    assert (reading.coverage.reason, reading.tickets) == (Reason.SOURCE_DOWN, ())
    assert "counts other tickets than it gave" in reading.coverage.detail


def first_page(jira: StandInJira, count: int) -> None:
    """Give the first two tickets of `count`, before something happens to the others."""
    jira.holds(count)
    issues = [
        {**issue, "changelog": {"total": 1, "histories": jira.histories[issue["id"]]}}
        for issue in jira.issues[:2]
    ]
    jira.says_once(SEARCH, {"issues": issues, "total": count})


def test_tickets_that_are_made_while_others_are_read_are_read_too(jira: StandInJira) -> None:
    first_page(jira, 3)
    jira.holds(5)

    reading = read(DATA_CENTER, FIRST)

    assert reading.coverage.reason is None
    assert [ticket.key for ticket in reading.tickets] == [f"HER-{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    "left",
    [
        pytest.param([2, 3, 4], id="one was removed, which moves another past the next page"),
        pytest.param([1, 2, 3, 3, 4], id="one came in before the next page, and is not on it"),
    ],
)
def test_tickets_that_may_have_been_missed_between_two_pages_close_nothing(
    jira: StandInJira, left: list[int]
) -> None:
    first_page(jira, 4)
    jira.issues = [an_issue(number) for number in left]

    reading = read(DATA_CENTER, FIRST)

    assert (reading.coverage.reason, reading.tickets) == (Reason.SOURCE_DOWN, ())
    assert "counts other tickets than it gave" in reading.coverage.detail


def test_a_page_that_comes_again_is_left_at_once_however_large_the_total(
    jira: StandInJira,
) -> None:
    page = {"issues": [{**an_issue(1), "changelog": {"total": 0, "histories": []}}], "total": 10**9}
    jira.says_once(SEARCH, *[page] * 9)

    reading = read(DATA_CENTER, FIRST)

    assert (reading.coverage.reason, reading.tickets) == (Reason.SOURCE_DOWN, ())
    assert reading.coverage.requests == 2


def test_a_change_log_that_is_cut_is_read_alone(jira: StandInJira) -> None:
    jira.holds(1)
    jira.histories["10001"] = [a_history(1, "1>3"), a_history(2, "3>5")]
    cut = {"total": 2, "histories": jira.histories["10001"][:1]}
    jira.says_once(SEARCH, {"issues": [{**an_issue(1), "changelog": cut}], "total": 1})

    (ticket,) = read(DATA_CENTER, FIRST).tickets

    assert [change.to_id for change in ticket.changes] == ["3", "5"]
    assert jira.asked("/issue/10001")[0]["expand"] == "changelog"


def test_a_change_log_that_stays_cut_closes_nothing(jira: StandInJira) -> None:
    cut = {**an_issue(1), "changelog": {"total": 41, "histories": [a_history(1, "1>3")]}}
    jira.says_once(SEARCH, {"issues": [cut], "total": 1})
    jira.says_once("/issue/10001", cut)

    reading = read(DATA_CENTER, FIRST)

    assert (reading.coverage.reason, reading.tickets) == (Reason.SOURCE_DOWN, ())
    assert "cuts the change log" in reading.coverage.detail


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(httpx.Response(401, text="<p>Perpetua"), Reason.NO_ACCESS, id="no token"),
        pytest.param(httpx.Response(400, text="<p>Perpetua"), Reason.NOT_FOUND, id="odd JQL"),
        pytest.param(httpx.Response(200, json=["Perpetua"]), Reason.SOURCE_DOWN, id="a list"),
        pytest.param(httpx.Response(200, json={"total": 1}), Reason.SOURCE_DOWN, id="no tickets"),
    ],
)
def test_a_read_that_does_not_close_says_why_and_shows_no_answer(
    jira: StandInJira, answer: httpx.Response, reason: Reason
) -> None:
    jira.says_once(SEARCH, answer)

    reading = read(DATA_CENTER, FIRST)

    assert (reading.coverage.reason, reading.tickets, reading.bookmark) == (reason, (), "")
    assert "Perpetua" not in reading.coverage.detail
