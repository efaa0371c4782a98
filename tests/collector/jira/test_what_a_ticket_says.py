"""What a ticket says beside its moves: names of statuses, its resolution, where it came from."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.jira.site import JiraSite
from collector.source_read import Task
from evaluator.model.facts import Ticket
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
    a_status,
    an_issue,
    next_task,
    read,
)

FIRST = Task(HERON, SINCE)
HOUR = timedelta(hours=1)
HER, OWL, EGR = "200", "300", "400"  # ids of projects
SITES = pytest.mark.parametrize("site", [CLOUD, DATA_CENTER], ids=["Cloud", "Data Center"])


def a_move_between_projects(number: int, before: str, after: str, day: int) -> Json:
    item = {"field": "project", "fieldtype": "jira", "from": before, "to": after}
    return {
        "id": str(number),
        "created": f"2025-03-{day:02d}T10:00:00.000+0000",
        "items": [{**item, "fromString": "Owl", "toString": "Heron"}],
    }


def an_issue_of(project: str, *, number: int = 1) -> Json:
    return an_issue(number, project={"key": "HER", "id": project})


def the_one(site: JiraSite) -> Ticket:
    [ticket] = read(site, FIRST).tickets
    return ticket


@SITES
def test_names_of_statuses_and_the_time_of_the_resolution_are_kept(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.issues = [an_issue(1, resolutiondate="2025-03-12T10:00:00.000+0000")]
    move = a_history(1, "1>5")
    move["items"][0] |= {"fromString": "To Do", "toString": "Finished"}
    jira.histories = {"10001": [move]}

    ticket = the_one(site)

    assert (ticket.status, ticket.changes[0].to_name) == ("Done", "Finished")
    assert ticket.resolved_at == datetime(2025, 3, 12, 10, tzinfo=UTC)


@SITES
def test_a_ticket_says_since_when_it_is_in_its_project(jira: StandInJira, site: JiraSite) -> None:
    jira.issues = [an_issue_of(HER)]
    moves = [(OWL, HER, 4), (HER, OWL, 5), (EGR, HER, 6), (HER, OWL, 7)]
    jira.histories = {
        "10001": [
            a_history(1, "1>5"),
            *(a_move_between_projects(n, *move) for n, move in enumerate(moves, start=2)),
        ]
    }

    ticket = the_one(site)

    assert (ticket.here_since, ticket.came_from) == (datetime(2025, 3, 6, 10, tzinfo=UTC), EGR)
    assert len(ticket.changes) == 1


@SITES
def test_between_the_projects_of_a_filter_no_ticket_leaves_it(
    jira: StandInJira, site: JiraSite
) -> None:
    both = TicketSource("jira", jql="project in (HER, OWL)")
    jira.issues = [an_issue_of(HER), an_issue_of(OWL, number=2)]
    jira.histories = {
        "10001": [
            a_history(1, "1>5"),
            a_move_between_projects(2, EGR, OWL, 4),
            a_move_between_projects(3, OWL, HER, 6),
        ],
        "10002": [a_history(1, "1>5")],
    }

    moved, stayed = read(site, Task(both, SINCE)).tickets

    assert (moved.here_since, moved.came_from) == (datetime(2025, 3, 4, 10, tzinfo=UTC), EGR)
    assert stayed.here_since is None


def test_a_field_of_people_that_is_called_project_is_no_move_between_projects(
    jira: StandInJira,
) -> None:
    jira.issues = [an_issue_of(HER)]
    custom = a_move_between_projects(2, OWL, HER, 4)
    custom["items"][0]["fieldId"] = "customfield_10010"
    jira.histories = {"10001": [a_history(1, "1>5"), custom]}

    assert the_one(CLOUD).here_since is None


@pytest.mark.parametrize(
    ("level", "epic"), [(1, True), (0, False), (2, False), (-1, False), (None, False)]
)
def test_an_epic_is_told_by_the_level_of_its_type_however_that_is_called(
    jira: StandInJira, level: int | None, *, epic: bool
) -> None:
    kind = {"name": "Épopée", "subtask": False, "hierarchyLevel": level}
    jira.issues = [an_issue(1, issuetype={k: v for k, v in kind.items() if v is not None})]
    jira.histories = {"10001": [a_history(1, "1>5")]}

    ticket = the_one(CLOUD)

    assert (ticket.type, ticket.epic) == ("Épopée", epic)


@SITES
def test_names_are_asked_for_in_english_whatever_the_language_of_the_account(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(1)

    read(site, FIRST)

    asked = [request.headers for request in jira.requests]
    assert {each["accept-language"] for each in asked} == {"en"}
    assert {each["x-force-accept-language"] for each in asked} == {"true"}


@pytest.mark.parametrize("lacking", [("names", "projects"), ("form",)], ids=["names", "levels"])
def test_what_was_read_before_names_or_levels_were_kept_is_read_once_more(
    jira: StandInJira, lacking: tuple[str, ...]
) -> None:
    jira.holds(2)
    task = next_task(FIRST, read(CLOUD, FIRST))
    held = json.loads(task.bookmark)
    for name in lacking:
        del held[name]

    reading = read(CLOUD, replace(task, bookmark=json.dumps(held)), now=NOW + HOUR)
    third = read(CLOUD, replace(task, bookmark=reading.bookmark), now=NOW + HOUR)

    assert len(reading.tickets) == 2
    assert third.tickets == ()


def test_a_status_that_was_renamed_is_read_again_of_every_ticket_once(jira: StandInJira) -> None:
    jira.holds(2)
    task = next_task(FIRST, read(CLOUD, FIRST))
    for issue in jira.issues:
        issue["fields"]["status"] = {**a_status("5"), "name": "Won't do"}

    reading = read(CLOUD, task, now=NOW + HOUR)
    third = read(CLOUD, replace(task, bookmark=reading.bookmark), now=NOW + HOUR)

    assert [ticket.status for ticket in reading.tickets] == ["Won't do", "Won't do"]
    assert third.tickets == ()


@SITES
@pytest.mark.parametrize(
    ("status", "moves", "listed"),
    [
        pytest.param("5", ["1>5"], True, id="as it is"),
        pytest.param("1", ["1>5", "5>1"], False, id="reopened"),
        pytest.param("5", ["1>5", "5>1"], False, id="before it was reopened"),
    ],
)
def test_a_ticket_says_whether_it_was_listed_as_done(
    jira: StandInJira, site: JiraSite, status: str, moves: list[str], *, listed: bool
) -> None:
    jira.issues = [an_issue(1, status=status)]
    jira.histories = {
        "10001": [
            a_history(number, move, f"2025-03-{11 + number}T10:00:00.000+0000")
            for number, move in enumerate(moves, start=1)
        ]
    }

    ticket = the_one(site)

    assert (ticket.listed_done == ticket.updated) is listed
