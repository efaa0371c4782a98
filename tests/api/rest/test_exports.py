"""Results as files, and sprint ends as a calendar."""

import csv
import io
import json
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from evaluator.model.days import Days
from evaluator.model.plan import AgreedDate, Closure, TargetVersion, VersionStatus
from hearten.console.results import results_csv
from tests.support.judged_teams import NOW, PLAN, World, result, sprint

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


@pytest.mark.parametrize(
    "begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " \ufeff="]
)
def test_a_name_that_looks_like_a_formula_is_none_in_a_spreadsheet(
    world: World, begins: str
) -> None:
    named = replace(result("avocet", 1), sprint=replace(sprint(1), name=f"{begins}HYPERLINK(0)"))
    world.store.results.save([named])
    printed = io.StringIO()

    served = world.client().get(f"{CSV}?team=avocet").text
    results_csv([named], printed)

    for table in (served, printed.getvalue()):
        (row,) = csv.DictReader(io.StringIO(table, newline=""))
        assert row["sprint_name"] == f"'{begins}HYPERLINK(0)".replace("\r", "\n")


def test_a_carriage_return_in_a_name_begins_no_row() -> None:
    named = replace(result("avocet", 1), sprint=replace(sprint(1), name="x\r=HYPERLINK(0)"))
    printed = io.StringIO()

    results_csv([named], printed)

    assert len(list(csv.reader(io.StringIO(printed.getvalue(), newline="")))) == 2


@pytest.mark.parametrize("path", [CSV, LINES, CALENDAR])
def test_what_is_not_there_is_said_before_a_file_begins(client: TestClient, path: str) -> None:
    for query in ("team=nope", "group=nope"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_file_longer_than_a_page_is_whole(world: World) -> None:
    many = [
        replace(result("avocet", 1), sprint=replace(sprint(1), id=f"jira-{number}"))
        for number in range(1200)
    ]
    world.store.results.save(many)

    lines = world.client().get(f"{LINES}?team=avocet").text.splitlines()

    assert len({json.loads(line)["sprint"]["id"] for line in lines}) == 1200


def test_sprint_ends_are_all_day_events_on_the_last_local_day(client: TestClient) -> None:
    calendar = Calendar.from_ical(client.get(f"{CALENDAR}?team=heron").text)
    events = [e for e in calendar.walk("VEVENT") if str(e["uid"]).startswith("heron.")]

    assert len([e for e in events if str(e["uid"]).endswith(".end@hearten")]) == 7
    first = events[0]
    assert str(first["summary"]) == "Heron: Heron 1 ends"
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (
        date(2026, 1, 19),
        date(2026, 1, 20),
    )
    assert str(first["uid"]) == "heron.jira-1.end@hearten"
    assert not {"ATTENDEE", "ORGANIZER"} & set(first)
    assert str(first["url"]).endswith("/teams/heron")
    assert "/api/" not in str(first["url"])


def test_control_characters_of_a_name_are_not_in_the_calendar(world: World) -> None:
    odd = replace(sprint(1), id="odd", name="A\x1b[31m\x00\x07\x7f\x9b\r\nB\rC\tD")
    world.store.results.save([replace(result("kestrel", 1), sprint=odd)])
    world.store.plans.save(replace(PLAN, product_name="hear\x1bten"), NOW)

    content = world.client().get(CALENDAR).content.decode()

    assert not [c for c in content if unicodedata.category(c) == "Cc" and c not in "\r\n\t"]
    assert "Kestrel: A[31m\\nB\\nC\tD ends" in content.replace("\r\n ", "")
    assert "\r" not in content.replace("\r\n", "")


def test_the_day_on_which_a_sprint_settles_is_an_event_too(client: TestClient) -> None:
    events = Calendar.from_ical(client.get(f"{CALENDAR}?team=heron").text).walk("VEVENT")

    settles = next(e for e in events if str(e["uid"]) == "heron.jira-1.settle@hearten")
    assert str(settles["summary"]) == "Heron: Heron 1 settles"
    assert settles.decoded("dtstart") == sprint(1).settled_at.astimezone(PLAN.zone).date()


def test_a_sprint_that_ends_at_midnight_ends_on_the_day_before(world: World) -> None:
    midnight = PLAN.midnight(date(2026, 3, 30))  # the clocks went forward the day before
    ended = replace(sprint(1), id="clock", end=midnight)
    world.store.results.save([replace(result("kestrel", 1), sprint=ended)])

    events = Calendar.from_ical(world.client().get(CALENDAR).text).walk("VEVENT")

    last = next(e for e in events if "clock" in str(e["uid"]))
    assert last.decoded("dtstart") == date(2026, 3, 29)


def test_a_team_that_is_gone_has_no_page_but_its_sprints_do(world: World) -> None:
    world.store.results.save([result("gone", 1)])

    events = Calendar.from_ical(world.client().get(CALENDAR).text).walk("VEVENT")

    (end,) = (e for e in events if str(e["uid"]) == "gone.jira-1.end@hearten")
    assert str(end["url"]).endswith("/teams/gone/sprints/jira-1")


def test_what_all_share_stands_in_the_calendar_of_every_team(world: World) -> None:
    version = TargetVersion(
        date(2026, 4, 1),
        2,
        VersionStatus.PROPOSED,
        proposed_on=date(2026, 3, 1),
        consultation_closes=date(2026, 3, 31),
    )
    target = replace(PLAN.targets[0], title="Changes reach production, " * 4, versions=(version,))
    plan = replace(
        PLAN,
        targets=(target,),
        bank_holidays=((date(2026, 4, 3), "Good Friday"),),
        closures=(Closure(Days(date(2026, 5, 4), date(2026, 5, 5)), "Moving"),),
        dates=(
            AgreedDate("Timesheets close", date(2026, 3, 27), date(2026, 3, 27)),
            AgreedDate("Coaching", date(2024, 10, 1), date(2025, 4, 30), every_year=True),
            AgreedDate("Leap", date(2024, 2, 29), date(2024, 2, 29), every_year=True),
        ),
    )
    world.store.plans.save(plan, NOW)

    text = world.client().get(f"{CALENDAR}?team=heron").text
    events = Calendar.from_ical(text).walk("VEVENT")

    days = {
        (str(e["summary"]), e.decoded("dtstart").isoformat(), e.decoded("dtend").isoformat())
        for e in events
    }
    assert {
        ("A quarter of the year ends", "2026-03-31", "2026-04-01"),
        ("Bank holiday: Good Friday", "2026-04-03", "2026-04-04"),
        ("Closed: Moving", "2026-05-04", "2026-05-06"),
        (f"Say what you think of a change to: {target.title}", "2026-03-01", "2026-04-01"),
        (f"Proposed first day of a change to: {target.title}", "2026-04-01", "2026-04-02"),
        ("Timesheets close", "2026-03-27", "2026-03-28"),
        ("Coaching", "2025-10-01", "2026-05-01"),
        ("Coaching", "2026-10-01", "2027-05-01"),
        ("Leap", "2026-02-28", "2026-03-01"),
    } <= days
    assert all(e["dtstart"].params["VALUE"] == "DATE" for e in events)
    assert len({str(e["uid"]) for e in events}) == len(events)
    assert not [e for e in events if {"ATTENDEE", "ORGANIZER"} & set(e)]
    assert not [line for line in text.split("\r\n") if len(line.encode()) > 75]
    assert "X-WR-TIMEZONE:Europe/London" in text


def test_a_name_in_the_calendar_does_not_follow_its_place_in_the_configuration(
    world: World,
) -> None:
    one = AgreedDate("One", date(2026, 3, 27), date(2026, 3, 27))
    other = AgreedDate("Other", date(2026, 3, 27), date(2026, 3, 27))

    def uids(dates: tuple[AgreedDate, ...]) -> set[str]:
        world.store.plans.save(replace(PLAN, dates=dates), NOW)
        text = world.client().get(CALENDAR).text
        return {str(e["uid"]) for e in Calendar.from_ical(text).walk("VEVENT")}

    assert uids((one,)) < uids((other, one))


def test_a_calendar_that_is_fetched_again_is_the_same_to_the_byte(world: World) -> None:
    client = world.client()
    first = client.get(f"{CALENDAR}?group=appointments")
    world.store.results.save(
        [replace(each, checked_at=NOW) for each in world.store.results.find(team="heron")]
    )

    again = client.get(f"{CALENDAR}?group=appointments")

    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
