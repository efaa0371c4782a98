"""What a ticket says of labels, due days, links and the next sprint: no summary, no author."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from collector.jira.site import JiraSite
from collector.source_read import Task
from evaluator.model.facts import LabelChange, LinkedTicket, Reading, Reason, StatusCategory
from tests.collector.jira.stand_in import (
    CLOUD,
    DATA_CENTER,
    HERON,
    SINCE,
    Json,
    StandInJira,
    a_history,
    a_status,
    an_issue,
    next_task,
    read,
)

SITES = pytest.mark.parametrize("site", [CLOUD, DATA_CENTER], ids=["Cloud", "Data Center"])
FIRST = Task(HERON, SINCE)
FEEDBACK = Task(replace(HERON, feedback_links=("feedback",)), SINCE)


def a_change_of_labels(number: int, before: str, after: str, day: int) -> Json:
    item: Json = {"field": "labels", "fieldtype": "jira", "from": None, "to": None}
    return {
        "id": str(number),
        "author": {"displayName": "Perpetua Quillfeather"},
        "created": f"2025-03-{day:02d}T10:00:00.000+0000",
        "items": [{**item, "fromString": before, "toString": after}],
    }


def a_link(number: int, other: int, *, kind: str = "Feedback", outward: bool = True) -> Json:
    fields = {"summary": "Perpetua cannot sign in", "status": a_status("5")}
    linked: Json = {"id": str(10_000 + other), "key": f"FB-{other}", "fields": fields}
    return {
        "id": str(number),
        "type": {"name": kind, "inward": "is asked by", "outward": "asks"},
        "outwardIssue" if outward else "inwardIssue": linked,
    }


def march(day: int) -> datetime:
    return datetime(2025, 3, day, 10, tzinfo=UTC)


@SITES
def test_when_labels_came_and_went_is_kept_of_those_that_are_named(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.issues = [an_issue(1, labels=["Retro-Action", "ask-perpetua"])]
    jira.histories = {
        "10001": [
            a_change_of_labels(1, "", "ask-perpetua bug", 4),
            a_change_of_labels(2, "ask-perpetua bug", "Retro-Action ask-perpetua", 5),
            a_history(3, "1>5"),
        ]
    }

    (ticket,) = read(site, FIRST).tickets

    assert ticket.labels == ("retro-action",)
    assert ticket.label_changes == (
        LabelChange(march(4), "bug", added=True),
        LabelChange(march(5), "bug", added=False),
        LabelChange(march(5), "retro-action", added=True),
    )


@SITES
def test_due_days_and_links_are_kept_without_what_they_say(
    jira: StandInJira, site: JiraSite
) -> None:
    links = [a_link(8, 3, kind="Blocks", outward=False), a_link(7, 2)]
    unseen = {"id": "9", "type": {"name": "Blocks"}}  # its other end may not be seen
    jira.issues = [an_issue(1, duedate="2025-04-01", issuelinks=[*links, unseen])]

    reading = read(site, FIRST)

    (ticket,) = reading.tickets
    assert ticket.due == date(2025, 4, 1)
    assert [(one.type, one.outward, one.key, one.issue_id) for one in ticket.links] == [
        ("Feedback", True, "FB-2", "10002"),
        ("Blocks", False, "FB-3", "10003"),
    ]
    assert {one.status_category for one in ticket.links} == {StatusCategory.DONE}
    assert {one.linked for one in ticket.links} == {None}, "no type of link is configured"
    assert "Perpetua" not in repr(reading)


@pytest.mark.parametrize(
    ("field", "odd"), [("duedate", "soon"), ("duedate", 7), ("issuelinks", "none")]
)
def test_an_odd_one_leaves_the_source_unread(jira: StandInJira, field: str, odd: Any) -> None:
    jira.issues = [an_issue(1, **{field: odd})]

    reading = read(CLOUD, FIRST)

    assert reading.coverage.reason is Reason.SOURCE_DOWN
    assert f"`{field}`" in reading.coverage.what


def feedback_of(reading: Reading) -> list[LinkedTicket | None]:
    return [link.linked for link in reading.tickets[0].links]


@SITES
def test_when_linked_feedback_was_made_is_asked_once_for_each_link(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.issues = [
        an_issue(1, issuelinks=[a_link(7, 2)]),
        an_issue(2, labels=["user-research", "perpetua"], created="2025-03-01T10:00:00.000+0000"),
    ]
    first = read(site, FEEDBACK)
    before = len(jira.requests)
    known = {link.ident: link.linked for t in first.tickets for link in t.links if link.linked}
    jira.issues[0]["fields"]["updated"] = "2025-03-13T10:00:00.000+0000"

    again = read(site, replace(next_task(FEEDBACK, first), known_links=known))

    assert feedback_of(first) == [LinkedTicket(march(1), ("user-research",))]
    assert feedback_of(again) == feedback_of(first)
    assert "Perpetua" not in repr(first)
    asked = [
        request
        for request in jira.requests[before:]
        if "10002" in f"{request.url}{request.content!r}"
    ]
    assert not [one for one in asked if b"changelog" not in one.url.raw_path], "asked no more"


@SITES
def test_linked_feedback_that_nobody_may_read_fails_nothing_and_is_asked_no_more(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.issues = [an_issue(1, issuelinks=[a_link(7, 99)])]

    reading = read(site, FEEDBACK)

    assert reading.coverage.reason is None
    assert feedback_of(reading) == [LinkedTicket()]


@SITES
def test_what_is_planned_next_is_asked_where_a_board_has_the_tickets(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(2)
    jira.issues[0] = an_issue(1, status="1")
    del jira.histories["10001"]
    in_sprints = Task(replace(HERON, in_sprints=True), SINCE)

    first = read(site, in_sprints)
    again = read(site, next_task(in_sprints, first))

    assert read(site, FIRST).planned is None
    assert set(first.planned or ()) == {"10001", "10002"}, (
        "the stand-in finds both, whatever is asked"
    )
    assert again.planned is None, "nothing changed"


@SITES
def test_where_no_ticket_is_open_none_is_planned_and_nobody_asks(
    jira: StandInJira, site: JiraSite
) -> None:
    jira.holds(2)
    plain = len(read(site, FIRST).tickets), len(jira.requests)
    jira.requests.clear()

    reading = read(site, Task(replace(HERON, in_sprints=True), SINCE))

    assert (len(reading.tickets), len(jira.requests)) == plain
    assert reading.planned == frozenset()
