"""Tickets of Jira Cloud, read through the collector."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from collector.source_read import Task
from evaluator.model.facts import Reason, StatusCategory, StatusChange, Ticket
from evaluator.model.plan import TicketSource
from tests.collector.jira.stand_in import (
    CLOUD,
    HERON,
    SINCE,
    Json,
    StandInJira,
    a_collector,
    a_history,
    an_issue,
    next_task,
    read,
)

TO_DO, DONE = StatusCategory.TO_DO, StatusCategory.DONE
UNKNOWN = StatusCategory.UNKNOWN
SEARCH, BULK = "/search/jql", "/changelog/bulkfetch"
FIRST = Task(HERON, SINCE)


def test_a_ticket_is_kept_without_a_person_or_a_text(jira: StandInJira) -> None:
    jira.issues = [an_issue(7)]
    jira.histories = {"10007": [a_history(1, "1>5", 1741773600000)]}

    reading = read(CLOUD, FIRST)

    moved = datetime(2025, 3, 12, 10, tzinfo=UTC)
    assert reading.tickets == (
        Ticket(
            source="jira:jira:HER",
            issue_id="10007",
            key="HER-7",
            project="HER",
            type="Story",
            sub_task=False,
            labels=("tech-debt",),
            created=datetime(2025, 3, 3, 10, tzinfo=UTC),
            updated=moved,
            status_id="5",
            status_category=DONE,
            resolution="Fixed",
            changes=(StatusChange(moved, "1", "5", TO_DO, DONE),),
            status="Done",
            listed_done=moved,
        ),
    )
    assert "Perpetua" not in repr(reading)


def test_jira_is_asked_for_named_fields_and_for_moves_alone(jira: StandInJira) -> None:
    jira.holds(1)

    read(CLOUD, FIRST)

    (search,), (bulk,) = jira.asked(SEARCH), jira.asked(BULK)
    assert search["jql"].startswith(
        '(project = "HER") AND (updated >= "2025-02-27 22:00" OR statusCategory != Done)'
    )
    assert search["fields"] == [
        *("status", "issuetype", "resolution", "resolutiondate", "labels", "created", "updated"),
        *("project", "duedate", "issuelinks"),
    ]
    fields = ["status", "project", "labels"]
    assert bulk == {"issueIdsOrKeys": ["10001"], "fieldIds": fields, "maxResults": 10_000}


def test_a_first_read_of_120_tickets_takes_four_requests(jira: StandInJira) -> None:
    jira.holds(120)

    reading = read(CLOUD, FIRST)

    assert len(reading.tickets) == 120
    assert (reading.coverage.requests, len(jira.requests)) == (4, 4)


def test_a_read_with_nothing_new_takes_one_request(jira: StandInJira) -> None:
    jira.holds(3)
    first = read(CLOUD, FIRST)

    again = read(CLOUD, next_task(FIRST, first))

    assert (again.tickets, again.coverage.reason, again.coverage.requests) == ((), None, 1)
    assert 'updated >= "2025-03-19 07:00"' in jira.asked(SEARCH)[-1]["jql"]
    assert "statusCategory" not in jira.asked(SEARCH)[-1]["jql"]


def test_a_later_read_gives_only_what_changed(jira: StandInJira) -> None:
    jira.holds(3)
    first = read(CLOUD, FIRST)
    jira.issues[1] = an_issue(2, updated="2025-03-20")

    again = read(CLOUD, next_task(FIRST, first))

    assert [ticket.key for ticket in again.tickets] == ["HER-2"]
    assert jira.asked(BULK)[-1]["issueIdsOrKeys"] == ["10002"]
    assert again.coverage.requests == 2  # the statuses are in the bookmark


def test_a_ticket_last_touched_before_the_window_is_no_fact(jira: StandInJira) -> None:
    jira.issues = [an_issue(1, updated="2025-02-28"), an_issue(2, updated="2025-03-01")]

    assert [ticket.key for ticket in read(CLOUD, FIRST).tickets] == ["HER-2"]


def test_an_open_ticket_is_a_fact_however_long_nobody_touched_it(jira: StandInJira) -> None:
    jira.issues = [an_issue(1, updated="2025-02-01"), an_issue(2, status="1", updated="2024-02-01")]

    reading = read(CLOUD, FIRST)

    assert [(t.key, t.status_category) for t in reading.tickets] == [("HER-2", TO_DO)]


def test_change_logs_are_asked_for_a_thousand_tickets_at_a_time(jira: StandInJira) -> None:
    jira.holds(1001)

    reading = read(CLOUD, FIRST)

    assert [len(asked["issueIdsOrKeys"]) for asked in jira.asked(BULK)] == [1000, 1]
    assert all(ticket.changes for ticket in reading.tickets)


def test_a_change_log_spread_over_pages_is_put_together(jira: StandInJira) -> None:
    jira.issues = [an_issue(1)]
    one, two = (
        {"issueChangeLogs": [{"issueId": "10001", "changeHistories": [history]}]}
        for history in (a_history(1, "1>3"), a_history(2, "3>5"))
    )
    jira.says_once(BULK, {**one, "nextPageToken": "more"}, two)

    (ticket,) = read(CLOUD, FIRST).tickets

    assert [(change.from_id, change.to_id) for change in ticket.changes] == [("1", "3"), ("3", "5")]
    assert jira.asked(BULK)[1]["nextPageToken"] == "more"


def test_a_ticket_seen_on_two_pages_is_one_ticket(jira: StandInJira) -> None:
    page = {"issues": [an_issue(1)]}
    jira.says_once(SEARCH, {**page, "nextPageToken": "more"}, {**page, "isLast": True})

    assert len(read(CLOUD, FIRST).tickets) == 1


def _repeats(jira: StandInJira) -> None:
    page = {"issues": [], "nextPageToken": "again"}
    jira.says_once(SEARCH, page, page)


def _comes_again(path: str, **page: object) -> Callable[[StandInJira], None]:
    """Each time the page of another mark, and never another one."""

    def comes_again(jira: StandInJira) -> None:
        jira.says_once(path, *({**page, "nextPageToken": f"9{mark}"} for mark in range(20)))

    return comes_again


def _breaks_off(jira: StandInJira) -> None:
    jira.says_once(SEARCH, {"issues": [], "isLast": False})


def _gives_what_nobody_asked_for(jira: StandInJira) -> None:
    jira.says_once(BULK, {"issueChangeLogs": [{"issueId": "666", "changeHistories": []}]})


def _lacks_a_field(jira: StandInJira) -> None:
    issue = an_issue(1)
    del issue["fields"]["updated"]
    jira.says_once(SEARCH, {"issues": [issue]})


def _lists_no_statuses(jira: StandInJira) -> None:
    jira.says_once("/status", {"message": "Perpetua Quillfeather"})


def _says(status: int, **headers: str) -> Callable[[StandInJira], None]:
    def says(jira: StandInJira) -> None:
        body = {"errorMessages": ["Perpetua Quillfeather"]}
        answers = [httpx.Response(status, json=body, headers=headers) for _ in range(4)]
        jira.says_once(SEARCH, *answers)

    return says


@pytest.mark.parametrize(
    ("trouble", "reason", "said"),
    [
        pytest.param(_repeats, Reason.SOURCE_DOWN, "repeats a page", id="a page comes again"),
        pytest.param(
            _comes_again(SEARCH, issues=[an_issue(1)], isLast=False),
            Reason.SOURCE_DOWN,
            "repeats a page",
            id="a page comes again and again, each time as another one",
        ),
        pytest.param(
            _comes_again(SEARCH, issues=[]),
            Reason.SOURCE_DOWN,
            "repeats a page",
            id="empty pages without end",
        ),
        pytest.param(
            _comes_again(BULK, issueChangeLogs=[]),
            Reason.SOURCE_DOWN,
            "repeats a page",
            id="empty pages of change logs without end",
        ),
        pytest.param(_breaks_off, Reason.SOURCE_DOWN, "there is more", id="the pages break off"),
        pytest.param(
            _gives_what_nobody_asked_for,
            Reason.SOURCE_DOWN,
            "nobody asked for",
            id="a change log of another ticket",
        ),
        pytest.param(_lacks_a_field, Reason.SOURCE_DOWN, "`updated` is missing", id="no date"),
        pytest.param(_lists_no_statuses, Reason.SOURCE_DOWN, "list of statuses", id="no statuses"),
        pytest.param(_says(400), Reason.NOT_FOUND, "teams.yaml", id="the project was removed"),
        pytest.param(_says(401), Reason.NO_ACCESS, "HEARTEN_JIRA_TOKEN", id="the token ran out"),
        pytest.param(_says(403), Reason.NO_ACCESS, "read access", id="the token may not read it"),
        pytest.param(_says(410), Reason.NOT_FOUND, "410", id="Jira removed the search"),
        pytest.param(_says(429), Reason.RATE_LIMITED, "rate limit", id="too many requests"),
        pytest.param(_says(503), Reason.SOURCE_DOWN, "503", id="Jira is down"),
        pytest.param(
            _says(200, **{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}),
            Reason.NO_ACCESS,
            "as to a stranger",
            id="Jira answers as to a stranger",
        ),
        pytest.param(
            _says(400, **{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}),
            Reason.NO_ACCESS,
            "as to a stranger",
            id="a stranger sees no such project",
        ),
        pytest.param(
            _says(403, **{"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}),
            Reason.NO_ACCESS,
            "sign in once in a browser",
            id="Jira wants the account to prove that it is no robot",
        ),
    ],
)
def test_a_read_that_does_not_close_gives_no_facts_and_says_why(
    jira: StandInJira, trouble: Callable[[StandInJira], None], reason: Reason, said: str
) -> None:
    jira.holds(1)
    trouble(jira)

    reading = read(CLOUD, FIRST)

    assert (reading.tickets, reading.bookmark) == ((), "")
    assert (reading.coverage.reason, reading.coverage.read_started) == (reason, None)
    assert said in reading.coverage.detail
    assert "Perpetua" not in reading.coverage.detail
    assert reading.coverage.requests == len(jira.requests)


def test_a_short_outage_is_sat_out(jira: StandInJira) -> None:
    jira.holds(1)
    jira.says_once(SEARCH, httpx.Response(503), httpx.Response(429))

    reading = read(CLOUD, FIRST)

    assert (reading.coverage.reason, len(reading.tickets)) == (None, 1)


def test_a_change_log_that_lags_behind_its_ticket_is_asked_for_again(jira: StandInJira) -> None:
    jira.holds(2)
    old = [a_history(1, "1>3")]
    jira.says_once(
        BULK,
        {
            "issueChangeLogs": [
                {"issueId": "10001", "changeHistories": old},
                {"issueId": "10002", "changeHistories": [a_history(1, "1>5")]},
            ]
        },
    )

    first, _ = read(CLOUD, FIRST).tickets

    assert jira.asked(BULK)[1]["issueIdsOrKeys"] == ["10001"]
    assert first.changes[-1].to_category is DONE


def test_a_status_without_a_move_is_kept_and_no_move_is_made_up(jira: StandInJira) -> None:
    jira.issues = [an_issue(1)]
    jira.histories = {"10001": [a_history(1, "1>3")]}
    first = read(CLOUD, FIRST)
    jira.histories["10001"].append(a_history(2, "3>5"))

    again = read(CLOUD, next_task(FIRST, first))

    (before,), (after,) = first.tickets, again.tickets
    assert (before.status_id, [change.to_id for change in before.changes]) == ("5", ["3"])
    assert [change.to_id for change in after.changes] == ["3", "5"]
    assert after.updated == before.updated  # the next run looked again nevertheless


def test_a_ticket_that_moved_on_after_it_was_listed_has_its_newest_status(
    jira: StandInJira,
) -> None:
    jira.issues = [an_issue(1, status="3", updated="2025-03-12")]
    jira.histories = {
        "10001": [a_history(1, "1>3"), a_history(2, "3>5", "2025-03-12T10:05:00.000+0000")]
    }

    (ticket,) = read(CLOUD, FIRST).tickets

    assert (ticket.status_id, ticket.status_category) == ("5", DONE)
    assert ticket.updated == datetime(2025, 3, 12, 10, tzinfo=UTC)


def test_a_status_that_jira_no_longer_knows_is_unknown_and_not_asked_for_again(
    jira: StandInJira,
) -> None:
    jira.issues = [an_issue(1)]
    jira.histories = {"10001": [a_history(1, "99>5")]}
    first = read(CLOUD, FIRST)
    jira.issues = [an_issue(1, updated="2025-03-20")]

    again = read(CLOUD, next_task(FIRST, first))

    changes = [ticket.changes[0] for reading in (first, again) for ticket in reading.tickets]
    assert [change.from_category for change in changes] == [UNKNOWN, UNKNOWN]
    assert len(jira.asked("/status")) == 1


def test_one_list_of_statuses_serves_all_sources_of_a_site(jira: StandInJira) -> None:
    jira.holds(1)
    collector = a_collector()

    by_project = collector.read(FIRST)
    by_jql = collector.read(replace(FIRST, source=TicketSource("jira", jql="component = web")))
    collector.close()

    assert (by_project.coverage.requests, by_jql.coverage.requests) == (3, 2)


def test_a_field_that_jira_leaves_out_is_empty(jira: StandInJira) -> None:
    issue = an_issue(1, resolution=None)
    del issue["fields"]["labels"]
    jira.issues = [issue]

    (ticket,) = read(CLOUD, FIRST).tickets

    assert (ticket.labels, ticket.resolution, ticket.changes) == ((), None, ())


def test_a_status_of_no_category_is_one_in_which_nothing_is_done(jira: StandInJira) -> None:
    parked = {"id": "8", "name": "Parked", "statusCategory": {"key": "undefined"}}
    jira.statuses.append(parked)
    jira.issues = [an_issue(1)]
    jira.histories = {"10001": [a_history(1, "1>8"), a_history(2, "8>5")]}

    (ticket,) = read(CLOUD, FIRST).tickets

    assert [change.to_category for change in ticket.changes] == [TO_DO, DONE]


def named(history: Json, before: str, after: str) -> Json:
    """The history with the statuses' names alone, as after a migration."""
    (item,) = history["items"]
    names = {"from": None, "fromString": before, "to": None, "toString": after}
    return {**history, "items": [{**item, **names}]}


def test_a_status_without_an_id_is_told_by_its_name(jira: StandInJira) -> None:
    jira.issues = [an_issue(1)]
    jira.histories = {"10001": [named(a_history(1, "1>5"), "To do", "Done")]}

    reading = read(CLOUD, FIRST)

    (change,) = reading.tickets[0].changes
    assert (change.from_id, change.to_id) == ("1", "5")
    assert (change.from_category, change.to_category) == (TO_DO, DONE)
    assert json.loads(reading.bookmark)["doubtful"] == []


def test_a_name_that_two_statuses_of_the_site_have_tells_nothing(jira: StandInJira) -> None:
    jira.statuses.append({"id": "9", "name": "done", "statusCategory": {"key": "new"}})
    jira.issues = [an_issue(1)]
    jira.histories = {"10001": [named(a_history(1, "1>5"), "To do", "Done")]}

    (change,) = read(CLOUD, FIRST).tickets[0].changes

    assert (change.from_category, change.to_category) == (TO_DO, UNKNOWN)
