"""Open tickets that are missing from a whole list are asked for once, by their ids."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collector.jira.site import JiraSite
from collector.source_read import Task
from evaluator.model.facts import Gone, Reading, Reason
from evaluator.model.plan import TicketSource
from tests.collector.jira.stand_in import (
    CLOUD,
    DATA_CENTER,
    HERON,
    NOW,
    SINCE,
    Json,
    StandInJira,
    a_history,
    an_issue,
    next_task,
    read,
)

FIRST = Task(HERON, SINCE)
FILTER = Task(TicketSource("jira", jql="project = HER AND resolution = Unresolved"), SINCE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_ID = "/rest/api/3/issue/bulkfetch"
SITES = pytest.mark.parametrize("site", [CLOUD, DATA_CENTER], ids=["Cloud", "Data Center"])
NEW = {"created": "2025-03-21T08:00:00.000+0000"}


def of_project(number: int, project: str = "900", status: str = "3", **fields: Any) -> Json:
    key = "HER" if project == "900" else "OWL"
    return an_issue(number, status=status, project={"key": key, "id": project}, **fields)


def holds(jira: StandInJira, *numbers: int) -> None:
    """Let the project have these open tickets, which were all taken up, and nothing else."""
    jira.issues = [of_project(number) for number in numbers]
    jira.histories = {issue["id"]: [a_history(1, "1>3")] for issue in jira.issues}


def hows(reading: Reading) -> dict[str, Gone]:
    return {one.issue_id: one.how for one in reading.gone}


def later(first: Reading, site: JiraSite, task: Task = FIRST, days: int = 1) -> Reading:
    return read(site, next_task(task, first), now=NOW + days * DAY)


@SITES
def test_a_ticket_that_was_deleted_or_hidden_left_unseen_since_the_last_list_with_it(
    jira: StandInJira, site: JiraSite
) -> None:
    holds(jira, 1, 2)
    first = read(site, FIRST)
    jira.issues.pop()

    reading = later(first, site)

    (gone,) = reading.gone
    assert (gone.issue_id, gone.how, reading.tickets) == ("10002", Gone.UNSEEN, ())
    assert (gone.after, gone.by) == (first.coverage.read_started, reading.coverage.read_started)


@SITES
def test_a_ticket_that_is_in_another_project_moved(jira: StandInJira, site: JiraSite) -> None:
    holds(jira, 1, 2)
    first = read(site, FIRST)
    jira.issues.pop()
    jira.elsewhere = [of_project(2, project="901", status="5")]

    reading = later(first, site)

    assert (hows(reading), reading.tickets) == ({"10002": Gone.MOVED}, ())


@SITES
def test_an_archived_ticket_keeps_what_its_log_shows_and_is_no_open_work(
    jira: StandInJira, site: JiraSite
) -> None:
    holds(jira, 1, 2)
    first = read(site, FIRST)
    jira.issues.pop()
    jira.elsewhere = [of_project(2, updated="2025-03-20", archiveddate="2025-03-20")]
    jira.histories["10002"].append(a_history(2, "3>1", "2025-03-20T10:00:00.000+0000"))

    reading = later(first, site)

    assert hows(reading) == {"10002": Gone.MOVED}
    assert [len(ticket.changes) for ticket in reading.tickets] == [2]


@SITES
def test_a_ticket_that_the_index_leaves_out_once_is_not_gone(
    jira: StandInJira, site: JiraSite
) -> None:
    holds(jira, 1, 2)
    first = read(site, FIRST)
    left_out = jira.issues.pop()
    jira.elsewhere = [left_out]

    reading = later(first, site)

    assert (reading.gone, [ticket.key for ticket in reading.tickets]) == ((), ["HER-2"])
    known = next_task(FIRST, first)
    again = read(site, replace(known, bookmark=reading.bookmark), now=NOW + 2 * DAY)
    assert hows(again) == {"10002": Gone.MOVED}  # it is in no list for whatever reason


@SITES
def test_a_ticket_that_was_finished_and_is_left_out_is_one_that_is_done(
    jira: StandInJira, site: JiraSite
) -> None:
    holds(jira, 1, 2)
    first = read(site, FIRST)
    jira.issues.pop()
    jira.elsewhere = [of_project(2, status="5", updated="2025-03-20")]
    jira.histories["10002"].append(a_history(2, "3>5", "2025-03-20T10:00:00.000+0000"))

    reading = later(first, site)

    assert (reading.gone, [len(ticket.changes) for ticket in reading.tickets]) == ((), [2])


@SITES
@pytest.mark.parametrize(
    ("elsewhere", "how"),
    [
        pytest.param(of_project(2, status="5"), Gone.UNSEEN, id="finished, and dropped for that"),
        pytest.param(of_project(2), Gone.MOVED, id="open, and the filter's no more"),
        pytest.param(of_project(2, "901", "5"), Gone.MOVED, id="in another project"),
    ],
)
def test_a_filter_says_nothing_of_what_it_drops(
    jira: StandInJira, site: JiraSite, elsewhere: Json, how: Gone
) -> None:
    holds(jira, 1, 2)
    first = read(site, FILTER)
    jira.issues.pop()
    jira.elsewhere = [elsewhere]

    reading = later(first, site, FILTER)

    assert (hows(reading), reading.tickets) == ({"10002": how}, ())


@SITES
def test_a_ticket_that_moves_between_the_projects_of_a_filter_does_not_leave_it(
    jira: StandInJira, site: JiraSite
) -> None:
    holds(jira, 1, 2)
    jira.issues.append(of_project(3, "901"))
    first = read(site, FILTER)
    jira.issues[1] = of_project(2, "901", updated="2025-03-20")

    reading = later(first, site, FILTER)

    assert (reading.gone, [ticket.project for ticket in reading.tickets]) == ((), ["OWL"])
    jira.issues.pop(1)
    jira.elsewhere = [of_project(2, "901", "5", updated="2025-03-20")]
    assert hows(later(first, site, FILTER)) == {"10002": Gone.UNSEEN}


@SITES
@pytest.mark.parametrize(
    ("before", "after", "new", "how"),
    [
        pytest.param(8, 3, True, Gone.HIDDEN, id="5 of 8 while a newer one is shown"),
        pytest.param(8, 3, False, Gone.UNSEEN, id="5 of 8 and nothing newer"),
        pytest.param(6, 2, True, Gone.UNSEEN, id="4 of 6"),
        pytest.param(10, 5, True, Gone.UNSEEN, id="5 of 10"),
    ],
)
def test_most_tickets_do_not_vanish_at_once_because_each_was_deleted(
    jira: StandInJira, site: JiraSite, before: int, after: int, how: Gone, *, new: bool
) -> None:
    holds(jira, *range(1, before + 1))
    first = read(site, FIRST)
    del jira.issues[after:]
    if new:
        jira.issues.append(of_project(90, updated="2025-03-21", **NEW))

    reading = later(first, site)

    assert set(hows(reading).values()) == {how}
    assert len(reading.gone) == before - after


@SITES
def test_a_ticket_that_is_listed_again_is_read_again(jira: StandInJira, site: JiraSite) -> None:
    holds(jira, 1, 2)
    first = read(site, FIRST)
    back = jira.issues.pop()
    reading = later(first, site)
    jira.issues.append(back)

    task = next_task(FIRST, first)
    gone = task.known_tickets["10002"]._replace(open=False, gone=True)
    known = {**task.known_tickets, "10002": gone}
    still_open = {"10001": task.open_tickets["10001"]}
    task = replace(task, bookmark=reading.bookmark, known_tickets=known, open_tickets=still_open)
    again = read(site, task, now=NOW + 2 * DAY)

    assert (again.gone, [ticket.key for ticket in again.tickets]) == ((), ["HER-2"])


def test_tickets_are_asked_for_only_after_a_whole_list_and_a_hundred_at_once(
    jira: StandInJira,
) -> None:
    holds(jira, *range(1, 103))
    first = read(CLOUD, FIRST)
    del jira.issues[1:]

    within_the_day = read(CLOUD, next_task(FIRST, first), now=NOW + HOUR)
    assert (within_the_day.gone, jira.asked(BY_ID)) == ((), [])
    the_next_day = later(first, CLOUD)

    assert [len(asked["issueIdsOrKeys"]) for asked in jira.asked(BY_ID)] == [100, 1]
    assert len(the_next_day.gone) == 101
    assert "assignee" not in jira.asked(BY_ID)[0]["fields"]


def test_of_data_center_no_more_than_a_hundred_are_asked_for_one_by_one(jira: StandInJira) -> None:
    holds(jira, *range(1, 103))
    first = read(DATA_CENTER, FIRST)
    del jira.issues[1:]

    reading = later(first, DATA_CENTER)

    alone = [path for path in jira.paths if "/issue/" in path]
    assert (len(reading.gone), len(alone)) == (101, 100)


def test_what_jira_could_not_give_just_now_closes_nothing(jira: StandInJira) -> None:
    holds(jira, 1, 2)
    first = read(CLOUD, FIRST)
    jira.issues.pop()
    jira.says_once(BY_ID, {"issues": [], "issueErrors": [{"id": "10002", "errorMessage": "busy"}]})

    reading = later(first, CLOUD)

    assert (reading.coverage.reason, reading.gone) == (Reason.SOURCE_DOWN, ())


def test_without_a_bookmark_a_ticket_may_be_missing_since_it_was_updated(
    jira: StandInJira,
) -> None:
    holds(jira, 1, 2)
    task = next_task(FIRST, read(CLOUD, FIRST))
    jira.issues.pop()
    earlier = replace(task, since=SINCE - DAY, bookmark="", known_tickets={})

    reading = read(CLOUD, earlier, now=NOW + DAY)

    assert [one.after for one in reading.gone] == [task.open_tickets["10002"]]


def test_what_was_missing_before_lists_were_compared_did_not_vanish_at_once(
    jira: StandInJira,
) -> None:
    holds(jira, *range(1, 9))
    task = next_task(FIRST, read(CLOUD, FIRST))
    jira.issues = [*jira.issues[:3], of_project(90, updated="2025-03-21", **NEW)]
    held = json.loads(task.bookmark)
    del held["unlisted"]

    reading = read(CLOUD, replace(task, bookmark=json.dumps(held)), now=NOW + DAY)

    assert set(hows(reading).values()) == {Gone.UNSEEN}
    assert {one.after for one in reading.gone} == {task.open_tickets["10008"]}


@SITES
def test_tickets_of_a_former_project_of_that_key_were_not_hidden(
    jira: StandInJira, site: JiraSite
) -> None:
    holds(jira, *range(1, 9))
    first = read(site, FIRST)
    jira.elsewhere = [of_project(1, "900")]
    new = {"key": "HER", "id": "950"}
    jira.issues = [an_issue(90, status="1", updated="2025-03-21", project=new, **NEW)]

    reading = later(first, site)

    assert reading.coverage.number == "950"
    assert hows(reading).pop("10001") is Gone.MOVED
    assert set(hows(reading).values()) == {Gone.MOVED, Gone.UNSEEN}


@SITES
def test_the_number_of_the_project_is_told_at_no_request(jira: StandInJira, site: JiraSite) -> None:
    holds(jira, 1)

    assert read(site, FIRST).coverage.number == "900"
    assert read(site, FILTER).coverage.number == ""


@SITES
def test_a_key_that_an_older_project_took_over_is_no_want_of_access(
    jira: StandInJira, site: JiraSite
) -> None:
    holds(jira, 1, 2)
    first = read(site, FIRST)
    jira.issues = [an_issue(7, project={"key": "HER", "id": "901"})]

    reading = later(first, site)

    assert (reading.coverage.reason, reading.coverage.number) == (None, "901")
    assert [ticket.issue_id for ticket in reading.tickets] == ["10007"]
