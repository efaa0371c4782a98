"""What changes in Jira without another `updated` is found by listing every ticket once a day."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from collector.jira.site import JiraSite
from collector.source_read import Task
from evaluator.model.facts import KnownTicket, Reading, Reason, StatusCategory
from tests.collector.jira.stand_in import (
    CLOUD,
    DATA_CENTER,
    HERON,
    NOW,
    SINCE,
    StandInJira,
    a_history,
    a_status,
    an_issue,
    next_task,
    read,
)

FIRST = Task(HERON, SINCE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALL = '(updated >= "2025-02-27 22:00" OR statusCategory != Done)'
DOING, DONE, UNKNOWN = StatusCategory.IN_PROGRESS, StatusCategory.DONE, StatusCategory.UNKNOWN
BULK = "/changelog/bulkfetch"
SITES = pytest.mark.parametrize("site", [CLOUD, DATA_CENTER], ids=["Cloud", "Data Center"])


def asked_jql(jira: StandInJira) -> str:
    """The JQL of the newest search."""
    searches = [*jira.asked("/search/jql"), *jira.asked("/rest/api/2/search")]
    return str(searches[-1]["jql"])


def again(first: Reading, *, after: timedelta, site: JiraSite = CLOUD) -> Reading:
    """Read what was kept of `first` again, so long after it."""
    return read(site, next_task(FIRST, first), now=NOW + after)


@SITES
def test_every_ticket_is_listed_once_a_day(jira: StandInJira, site: JiraSite) -> None:
    jira.holds(2)
    first = read(site, FIRST)

    within_the_day = again(first, after=19 * HOUR, site=site)
    assert "2025-03-19" in asked_jql(jira)
    the_next_day = again(first, after=DAY, site=site)
    assert ALL in asked_jql(jira)
    known = next_task(FIRST, first).known_tickets
    read(site, replace(FIRST, bookmark=the_next_day.bookmark, known_tickets=known), now=NOW + DAY)
    assert "2025-03-20" in asked_jql(jira)

    assert within_the_day.tickets == the_next_day.tickets == ()
    assert the_next_day.coverage.requests == 2  # the tickets, and the statuses


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"listed": None}, id="of an earlier version"),
        pytest.param({"read": "2025-04-20T09:00:00+00:00"}, id="of a clock that ran ahead"),
        pytest.param({"listed": "2025-04-20T09:00:00+00:00"}, id="listed by such a clock"),
    ],
)
def test_a_bookmark_that_cannot_say_where_to_go_on_leads_to_every_ticket(
    jira: StandInJira, changed: dict[str, str | None]
) -> None:
    jira.holds(1)
    task = next_task(FIRST, read(CLOUD, FIRST))
    held = {**json.loads(task.bookmark), **changed}
    bookmark = json.dumps({key: value for key, value in held.items() if value is not None})

    reading = read(CLOUD, replace(task, bookmark=bookmark), now=NOW + HOUR)

    assert ALL in asked_jql(jira)
    assert (reading.coverage.reason, reading.tickets) == (None, ())


@SITES
def test_tickets_of_which_none_is_shown_any_more_are_not_taken_for_none(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(3)
    first = read(site, FIRST)
    jira.issues = [an_issue(9)]

    reading = again(first, after=DAY, site=site)

    assert reading.coverage.reason is Reason.NO_ACCESS
    assert "Jira shows none of the 3 tickets" in reading.coverage.detail
    jira.holds(1)
    assert again(first, after=DAY, site=site).coverage.reason is None


@SITES
@pytest.mark.parametrize("after", [HOUR, DAY], ids=["as soon as a ticket shows it", "daily"])
def test_a_status_that_moves_to_another_category_changes_every_ticket(
    jira: StandInJira, site: JiraSite, after: timedelta
) -> None:
    jira.issues = [an_issue(n, status="3", updated="2025-03-19") for n in (1, 2)]
    jira.histories = {issue["id"]: [a_history(1, "1>3")] for issue in jira.issues}
    first = read(site, FIRST)
    done = {**a_status("3"), "statusCategory": {"key": "done"}}
    jira.statuses[1] = done
    for issue in jira.issues:
        issue["fields"]["status"] = done

    reading = again(first, after=after, site=site)

    assert [t.changes[0].to_category for t in first.tickets] == [DOING, DOING]
    assert [t.changes[0].to_category for t in reading.tickets] == [DONE, DONE]
    assert again(reading, after=after + HOUR, site=site).tickets == ()


def test_a_list_of_statuses_that_lacked_some_is_mended_within_a_day(jira: StandInJira) -> None:
    jira.holds(1)
    jira.says_once("/status", [])
    first = read(CLOUD, FIRST)

    reading = again(first, after=DAY)

    (before,), (after,) = (each.tickets[0].changes for each in (first, reading))
    assert (before.from_category, after.from_category) == (UNKNOWN, StatusCategory.TO_DO)


@SITES
def test_change_logs_that_jira_keeps_to_itself_are_not_taken_for_none(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(3)
    empty = {**a_history(1, "1>5"), "items": []}
    jira.histories = {"10002": [empty]}

    reading = read(site, FIRST)

    assert (reading.coverage.reason, reading.tickets) == (Reason.SOURCE_DOWN, ())
    assert "gives no change log of any of 3 tickets" in reading.coverage.detail


@SITES
def test_the_log_of_an_open_ticket_shows_that_jira_keeps_none_to_itself(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.issues = [*(an_issue(n) for n in (1, 2, 3, 4)), an_issue(5, status="3")]
    jira.histories = {"10005": [a_history(1, "1>3")]}

    reading = read(site, FIRST)

    assert reading.coverage.reason is None
    assert [len(ticket.changes) for ticket in reading.tickets] == [0, 0, 0, 0, 1]


@SITES
def test_logs_that_jira_showed_before_say_that_imported_tickets_were_made_in_done(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(3)
    first = read(site, FIRST)
    jira.issues += [an_issue(n, updated="2025-03-20") for n in (4, 5, 6)]

    reading = again(first, after=DAY, site=site)

    assert reading.coverage.reason is None
    assert [ticket.key for ticket in reading.tickets] == ["HER-4", "HER-5", "HER-6"]


@SITES
def test_a_new_ticket_shows_that_access_is_there_though_all_known_ones_are_gone(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(3)
    first = read(site, FIRST)
    made = {"created": "2025-03-20T10:00:00.000+0000"}
    jira.issues = [an_issue(9, status="1", updated="2025-03-20", **made)]

    reading = again(first, after=DAY, site=site)

    assert reading.coverage.reason is None
    assert [ticket.key for ticket in reading.tickets] == ["HER-9"]


@SITES
def test_a_few_tickets_that_were_made_in_done_are_believed(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.issues = [an_issue(n) for n in (1, 2, 3, 4)]
    jira.histories = {"10004": [a_history(1, "1>5")]}

    reading = read(site, FIRST)

    assert [len(ticket.changes) for ticket in reading.tickets] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"updated": "2025-03-03"}, id="that nobody touched"),
        pytest.param({"status": "1"}, id="that are not Done"),
    ],
)
def test_tickets_need_no_change_log(jira: StandInJira, others: dict[str, str]) -> None:
    jira.issues = [an_issue(n, **others) for n in (1, 2, 3)]

    assert len(read(CLOUD, FIRST).tickets) == 3


def test_a_log_with_other_changes_shows_that_a_ticket_was_made_in_done(jira: StandInJira) -> None:
    jira.issues = [an_issue(n) for n in (1, 2, 3)]
    other = {"field": "labels", "fieldId": "labels", "from": None, "to": None}
    jira.histories = {
        issue["id"]: [{**a_history(1, "1>5"), "items": [other]}] for issue in jira.issues
    }

    reading = read(CLOUD, FIRST)

    assert [ticket.changes for ticket in reading.tickets] == [(), (), ()]
    fields = [asked.get("fieldIds") for asked in jira.asked(BULK)]
    assert fields == [["status", "project", "labels"], None]


def test_what_a_log_once_gave_stays_where_it_gives_less_when_asked_again(
    jira: StandInJira,
) -> None:
    jira.issues = [an_issue(1)]
    other = {"field": "labels", "fieldId": "labels", "from": None, "to": None}
    first, again = (
        {"issueChangeLogs": [{"issueId": "10001", "changeHistories": [history]}]}
        for history in (a_history(2, "1>3"), {**a_history(1, "1>5"), "items": [other]})
    )
    jira.says_once(BULK, first, again)

    (ticket,) = read(CLOUD, FIRST).tickets

    assert [change.to_id for change in ticket.changes] == ["3"]


def test_a_doubtful_ticket_is_asked_for_again_when_all_are_listed(jira: StandInJira) -> None:
    jira.issues = [an_issue(1), an_issue(2)]
    jira.histories = {"10001": [a_history(1, "1>3")], "10002": [a_history(1, "1>5")]}
    first = read(CLOUD, FIRST)
    jira.issues, everything = [an_issue(2)], jira.issues
    hourly = again(first, after=HOUR)
    jira.issues = everything
    jira.histories["10001"].append(a_history(2, "3>5"))

    task = replace(next_task(FIRST, first), bookmark=hourly.bookmark)
    reading = read(CLOUD, task, now=NOW + DAY)

    (mended,) = reading.tickets
    assert [change.to_id for change in mended.changes] == ["3", "5"]


@SITES
def test_a_ticket_that_seemed_to_be_made_in_done_is_looked_at_again(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.issues = [an_issue(1)]
    other = {"field": "labels", "fieldtype": "jira", "from": None, "to": None}
    jira.histories = {"10001": [{**a_history(1, "1>5"), "items": [other]}]}
    first = read(site, FIRST)
    jira.histories["10001"].append(a_history(2, "1>5"))

    (mended,) = again(first, after=DAY, site=site).tickets

    assert first.tickets[0].changes == ()
    assert [change.to_id for change in mended.changes] == ["5"]


@SITES
def test_a_log_that_shows_less_than_before_is_asked_for_again(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(1)
    (done,) = jira.histories["10001"]
    task = next_task(FIRST, read(site, FIRST))
    jira.issues, jira.histories = [an_issue(1, status="1", updated="2025-03-20")], {}
    short = read(site, task, now=NOW + HOUR)
    (seen,) = short.tickets
    known = {seen.issue_id: KnownTicket(seen.updated, moves=1)}  # the move of before is kept
    jira.histories = {"10001": [done, a_history(2, "5>1", "2025-03-20T10:00:00.000+0000")]}

    task = replace(task, bookmark=short.bookmark, known_tickets=known)
    reading = read(site, task, now=NOW + 2 * HOUR)

    (mended,) = reading.tickets
    assert [change.to_id for change in mended.changes] == ["5", "1"]
    again = next_task(FIRST, reading)
    assert read(site, again, now=NOW + 3 * HOUR).tickets == ()


def test_a_move_from_nowhere_is_one_from_a_status_that_nobody_knows(jira: StandInJira) -> None:
    jira.issues = [an_issue(1)]
    item = {"field": "status", "fieldtype": "jira", "from": None, "to": "5"}
    jira.histories = {"10001": [{**a_history(1, "1>5"), "items": [item]}]}

    (ticket,) = read(CLOUD, FIRST).tickets

    (change,) = ticket.changes
    assert (change.from_id, change.from_category, change.to_category) == ("", UNKNOWN, DONE)
