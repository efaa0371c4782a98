"""Sprints of a board, read through the collector; the same for Cloud and Data Center."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from collector.jira.site import JiraSite
from collector.source_read import Task
from evaluator.model.facts import BoardSprint, Reason
from tests.collector.jira.stand_in import (
    BOARD,
    CLOUD,
    DATA_CENTER,
    NOW,
    SINCE,
    StandInJira,
    a_collector,
    a_sprint,
    next_task,
    read,
)

LIST = "/board/42/sprint"
FIRST = Task(BOARD, SINCE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    "site", [pytest.param(CLOUD, id="Cloud"), pytest.param(DATA_CENTER, id="Data Center")]
)
def test_a_sprint_is_kept_without_its_goal(jira: StandInJira, site: JiraSite) -> None:
    jira.sprints = [a_sprint(7, completeDate="2025-03-18T15:00:00.000Z", originBoardId=9)]

    reading = read(site, FIRST)

    assert reading.sprints == (
        BoardSprint(
            source="board:jira:42",
            sprint_id=7,
            name="Heron 7",
            state="closed",
            start=datetime(2025, 3, 3, 9, tzinfo=UTC),
            planned_end=datetime(2025, 3, 17, 9, tzinfo=UTC),
            completed=datetime(2025, 3, 18, 15, tzinfo=UTC),
            origin_board=9,
        ),
    )
    assert "Perpetua" not in repr(reading)
    assert (reading.coverage.requests, len(jira.requests)) == (1, 1)


def test_a_sprint_begins_when_it_was_activated(jira: StandInJira) -> None:
    jira.sprints = [a_sprint(7, activatedDate="2025-03-04T11:30:00.000+00:00")]

    (sprint,) = read(DATA_CENTER, FIRST).sprints

    assert sprint.start == datetime(2025, 3, 4, 11, 30, tzinfo=UTC)


def test_a_sprint_without_dates_is_kept(jira: StandInJira) -> None:
    jira.sprints = [{"id": 7, "name": "Some day", "state": "future"}]

    (sprint,) = read(CLOUD, FIRST).sprints

    assert (sprint.start, sprint.planned_end, sprint.completed) == (None, None, None)


@pytest.mark.parametrize("odd", ["0001-01-01T00:00:00.000Z", "9999-12-31T00:00:00.000Z"])
def test_a_date_that_no_sprint_has_is_none(jira: StandInJira, odd: str) -> None:
    jira.sprints = [a_sprint(7, startDate=odd, endDate=odd, completeDate=odd), a_sprint(8)]

    (first, second) = read(CLOUD, FIRST).sprints

    assert (first.start, first.planned_end, first.completed) == (None, None, None)
    assert second.start is not None


def test_every_page_is_read_even_where_pages_are_smaller_than_asked(jira: StandInJira) -> None:
    jira.sprints = [a_sprint(number) for number in range(1, 8)]
    jira.page = 3

    reading = read(CLOUD, FIRST)

    assert [sprint.sprint_id for sprint in reading.sprints] == list(range(1, 8))
    assert reading.coverage.requests == 3


def test_an_empty_board_is_read_to_its_end(jira: StandInJira) -> None:
    jira.says_once(LIST, {"values": [], "isLast": True})

    assert read(CLOUD, FIRST).coverage.reason is None


def test_later_only_what_can_still_change_is_asked_for(jira: StandInJira) -> None:
    jira.sprints = [a_sprint(1), a_sprint(2, "active"), a_sprint(3, "future")]
    first = read(CLOUD, FIRST)

    again = read(CLOUD, next_task(FIRST, first))

    assert [asked.get("state") for asked in jira.asked(LIST)] == [None, "active,future"]
    assert (again.sprints, again.coverage.requests) == ((), 1)


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("active", id="it was running"),
        pytest.param("future", id="it began and ended between two runs"),
    ],
)
def test_a_sprint_that_ended_is_asked_for_by_id(jira: StandInJira, state: str) -> None:
    jira.sprints = [a_sprint(2, state)]
    first = read(CLOUD, FIRST)
    jira.sprints = [a_sprint(2, completeDate="2025-03-20T08:00:00.000Z"), a_sprint(3, "active")]

    again = read(CLOUD, next_task(FIRST, first))

    assert [(sprint.sprint_id, sprint.state) for sprint in again.sprints] == [
        (2, "closed"),
        (3, "active"),
    ]
    assert jira.paths[-1] == "/rest/agile/1.0/sprint/2"


def test_a_sprint_that_was_deleted_is_asked_for_once_a_day(jira: StandInJira) -> None:
    jira.sprints = [a_sprint(2, "future")]
    first = read(CLOUD, FIRST)
    jira.sprints = []
    task = next_task(FIRST, first)

    second = read(CLOUD, task)
    third = read(CLOUD, replace(task, bookmark=second.bookmark))
    the_next_day = read(CLOUD, replace(task, bookmark=third.bookmark), now=NOW + DAY)

    assert (second.sprints, second.coverage.requests, second.coverage.reason) == ((), 2, None)
    assert (third.coverage.requests, the_next_day.coverage.requests) == (1, 2)


def test_a_running_sprint_is_deleted_once_jira_neither_lists_nor_has_it(jira: StandInJira) -> None:
    jira.sprints = [a_sprint(1), a_sprint(2, "active")]
    task = next_task(FIRST, read(CLOUD, FIRST))
    jira.sprints = [a_sprint(1)]

    within_the_hour = read(CLOUD, task, now=NOW + HOUR)
    the_next_day = read(CLOUD, replace(task, bookmark=within_the_hour.bookmark), now=NOW + DAY)
    deleted = replace(task, known_sprints=(task.known_sprints[0], *the_next_day.sprints))
    jira.sprints = [a_sprint(1), a_sprint(2, "active")]
    back = read(CLOUD, replace(deleted, bookmark=the_next_day.bookmark), now=NOW + 2 * DAY)

    assert within_the_hour.sprints == ()
    assert [(s.sprint_id, s.state) for s in the_next_day.sprints] == [(2, "deleted")]
    assert [(s.sprint_id, s.state) for s in back.sprints] == [(2, "active")]


def test_a_sprint_that_jira_hid_for_a_while_is_found_again_within_a_day(jira: StandInJira) -> None:
    jira.sprints = [a_sprint(1, "active"), a_sprint(2, "future")]
    task = next_task(FIRST, read(CLOUD, FIRST))
    jira.sprints, everything = [], [a_sprint(1), a_sprint(2)]
    hidden = read(CLOUD, task, now=NOW + HOUR)
    jira.sprints = everything

    reading = read(CLOUD, replace(task, bookmark=hidden.bookmark), now=NOW + DAY)

    assert hidden.sprints == ()
    assert [(sprint.sprint_id, sprint.state) for sprint in reading.sprints] == [
        (1, "closed"),
        (2, "closed"),
    ]


def test_every_sprint_is_listed_once_a_day_however_often_the_board_is_read(
    jira: StandInJira,
) -> None:
    jira.sprints = [a_sprint(1), a_sprint(2)]
    jira.says_once(LIST, {"values": [a_sprint(1)], "isLast": True})
    first = read(CLOUD, FIRST)
    task, found = next_task(FIRST, first), []
    for hours in (10, 19, 28, 37):
        reading = read(CLOUD, task, now=NOW + hours * HOUR)
        task = replace(task, bookmark=reading.bookmark)
        found.append([sprint.sprint_id for sprint in reading.sprints])

    assert found == [[], [], [2], []]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"listed": None}, id="of an earlier version"),
        pytest.param({"read": "2025-04-20T09:00:00+00:00"}, id="of a clock that ran ahead"),
        pytest.param({"listed": "2025-04-20T09:00:00+00:00"}, id="listed by such a clock"),
    ],
)
def test_a_bookmark_that_cannot_say_where_to_go_on_leads_to_every_sprint(
    jira: StandInJira, changed: dict[str, str | None]
) -> None:
    jira.sprints = [a_sprint(1)]
    task = next_task(FIRST, read(CLOUD, FIRST))
    held = {**json.loads(task.bookmark), **changed}
    bookmark = json.dumps({key: value for key, value in held.items() if value is not None})

    reading = read(CLOUD, replace(task, bookmark=bookmark), now=NOW + HOUR)

    assert "state" not in jira.asked(LIST)[-1]
    assert (reading.coverage.reason, reading.sprints) == (None, ())


@pytest.mark.parametrize(
    ("answers", "reason", "said"),
    [
        pytest.param(
            [{"values": [a_sprint(1)]}, {"values": [a_sprint(1)]}],
            Reason.SOURCE_DOWN,
            "repeats a page",
            id="a page comes again",
        ),
        pytest.param(
            [{"values": [a_sprint(1)], "isLast": True, "total": 2}],
            Reason.SOURCE_DOWN,
            "more sprints than it gave",
            id="it says that there are more",
        ),
        pytest.param(
            [{"Perpetua": []}], Reason.SOURCE_DOWN, "list of sprints", id="another kind of answer"
        ),
        pytest.param(
            [{"values": [{"id": 1}], "isLast": True}],
            Reason.SOURCE_DOWN,
            "`name` is missing",
            id="a sprint without a name",
        ),
        pytest.param(
            [httpx.Response(400, text="Perpetua")], Reason.NOT_FOUND, "Kanban", id="no sprints"
        ),
        pytest.param(
            [httpx.Response(404, text="Perpetua")], Reason.NOT_FOUND, "board 42", id="no board"
        ),
        pytest.param(
            [httpx.Response(403, text="Perpetua")], Reason.NO_ACCESS, "read access", id="no access"
        ),
    ],
)
def test_a_read_that_does_not_close_gives_no_sprints_and_says_why(
    jira: StandInJira, answers: list[object], reason: Reason, said: str
) -> None:
    jira.says_once(LIST, *answers)

    reading = read(CLOUD, FIRST)

    assert (reading.coverage.reason, reading.sprints, reading.bookmark) == (reason, (), "")
    assert said in reading.coverage.detail
    assert "Perpetua" not in reading.coverage.detail


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(httpx.Response(401), Reason.NO_ACCESS, id="the token ran out meanwhile"),
        pytest.param(httpx.Response(200, json=["odd"]), Reason.SOURCE_DOWN, id="an odd answer"),
        pytest.param(
            httpx.Response(404, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}),
            Reason.NO_ACCESS,
            id="Jira answers as to a stranger",
        ),
    ],
)
def test_a_sprint_that_cannot_be_read_is_not_taken_for_deleted(
    jira: StandInJira, answer: httpx.Response, reason: Reason
) -> None:
    jira.sprints = [a_sprint(2, "active")]
    first = read(CLOUD, FIRST)
    jira.sprints = []
    jira.says_once("/sprint/2", answer)

    assert read(CLOUD, next_task(FIRST, first)).coverage.reason is reason


def test_one_collector_reads_board_after_board(jira: StandInJira) -> None:
    jira.sprints = [a_sprint(1)]
    collector = a_collector()

    found = [len(collector.read(FIRST).sprints) for _ in range(2)]
    collector.close()

    assert found == [1, 1]
