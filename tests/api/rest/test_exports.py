"""Results as files, and sprint ends as a calendar."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from tests.api.rest.world import NOW, PLAN, World, result, sprint

CSV, LINES, CALENDAR = "/api/v1/export.csv", "/api/v1/export.jsonl", "/api/v1/calendar.ics"


def test_json_lines_hold_the_same_results_as_the_pages(client: TestClient) -> None:
    lines = client.get(LINES)
    page = client.get("/api/v1/results?limit=500").json()["results"]

    assert lines.headers["content-type"] == "application/jsonl"
    assert [json.loads(line) for line in lines.text.splitlines()] == page


def test_a_table_has_one_line_for_each_result(client: TestClient) -> None:
    answer = client.get(f"{CSV}?team=heron&from=2026-01-05&to=2026-01-05")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-disposition"] == 'attachment; filename="hearten-results.csv"'
    assert [(r["target"], r["status_text"], r["evidence"]) for r in rows] == [
        ("reached-production", "Met", "#7"),
        ("tickets-done", "Not met", "#7"),
    ]


def test_a_name_that_looks_like_a_formula_is_none_in_a_spreadsheet(small_world: World) -> None:
    named = replace(result("avocet", 1), sprint=replace(sprint(1), name="=HYPERLINK(0)"))
    small_world.store.save_results([named])

    table = small_world.client().get(f"{CSV}?team=avocet").text

    assert "'=HYPERLINK(0)" in table


@pytest.mark.parametrize("path", [CSV, LINES, CALENDAR])
def test_what_is_not_there_is_said_before_a_file_begins(client: TestClient, path: str) -> None:
    for query in ("team=nope", "group=nope"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_file_longer_than_a_page_is_whole(small_world: World) -> None:
    many = [
        replace(result("avocet", 1), sprint=replace(sprint(1), id=f"jira-{number}"))
        for number in range(1200)
    ]
    small_world.store.save_results(many)

    lines = small_world.client().get(f"{LINES}?team=avocet").text.splitlines()

    assert len({json.loads(line)["sprint"]["id"] for line in lines}) == 1200


def test_sprint_ends_are_all_day_events_on_the_last_local_day(client: TestClient) -> None:
    calendar = Calendar.from_ical(client.get(f"{CALENDAR}?team=heron").text)
    events = calendar.walk("VEVENT")

    assert len(events) == 7
    first = events[0]
    assert str(first["summary"]) == "Heron: Heron 1 ends"
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (
        date(2026, 1, 19),
        date(2026, 1, 20),
    )
    assert str(first["uid"]) == "heron.jira-1.end@hearten"
    assert not {"ATTENDEE", "ORGANIZER"} & set(first)


def test_a_sprint_that_ends_at_midnight_ends_on_the_day_before(small_world: World) -> None:
    midnight = PLAN.midnight(date(2026, 3, 30))  # the clocks went forward the day before
    ended = replace(sprint(1), id="clock", end=midnight)
    small_world.store.save_results([replace(result("kestrel", 1), sprint=ended)])

    events = Calendar.from_ical(small_world.client().get(CALENDAR).text).walk("VEVENT")

    last = next(e for e in events if "clock" in str(e["uid"]))
    assert last.decoded("dtstart") == date(2026, 3, 29)


def test_a_calendar_that_is_fetched_again_is_the_same_to_the_byte(world: World) -> None:
    client = world.client()
    first = client.get(f"{CALENDAR}?group=appointments")
    world.store.save_results(
        [replace(each, checked_at=NOW) for each in world.store.results(team="heron")]
    )

    again = client.get(f"{CALENDAR}?group=appointments")

    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
