"""What programs ask most: each in one call, small, and with a link for people."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.judged_teams import PUBLIC_URL, World

STATUS = "/api/v1/status"
HERON = "/api/v1/teams/heron"


def of(client: TestClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_one_small_answer_says_where_every_team_stands_from_a_to_z(client: TestClient) -> None:
    found = of(client, STATUS)

    names = [team["name"] for team in found["teams"]]
    assert names == sorted(names)
    heron = next(team for team in found["teams"] if team["team"] == "heron")
    assert heron["page_url"] == f"{PUBLIC_URL}/teams/heron"
    assert [line["target"] for line in heron["results"]] == ["reached-production", "tickets-done"]
    first = heron["results"][0]
    assert set(first) == {
        *("target", "status", "status_text", "value", "minimum", "period", "page_url")
    }
    assert first["period"]["id"] == heron["sprint"]["id"]
    assert set(found) == {"teams", "data_as_of", "time_zone"}


def test_a_team_without_a_sprint_says_why(client: TestClient) -> None:
    teams = of(client, f"{STATUS}?period=current")["teams"]

    assert all((team["sprint"] is None) == bool(team["reason"]) for team in teams)
    assert any(team["reason"] for team in teams)


def test_it_is_narrowed_by_group_target_and_period(client: TestClient) -> None:
    group = of(client, "/api/v1/teams/heron")["group"]

    found = of(client, f"{STATUS}?group={group}&target=tickets-done&period=last_finished")

    assert {team["group"] for team in found["teams"]} == {group}
    targets = {line["target"] for team in found["teams"] for line in team["results"]}
    assert targets == {"tickets-done"}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("group=nobody", 404),
        ("target=nothing", 404),
        ("period=yesterday", 422),
        ("sort=value", 422),
    ],
)
def test_what_it_cannot_answer_it_refuses(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"{STATUS}?{query}").status_code == status


def test_the_newest_results_of_a_team_come_first_page_by_page(client: TestClient) -> None:
    starts, address = [], f"{HERON}/results?order=newest&target=tickets-done&limit=2"
    while address:
        answer = client.get(address)
        page = answer.json()
        starts += [each["sprint"]["start"] for each in page["results"]]
        cursor = page["next_cursor"]
        assert ('rel="next"' in answer.headers.get("Link", "")) is (cursor is not None)
        address = f"{HERON}/results?order=newest&target=tickets-done&limit=2&cursor={cursor}"
        if cursor is None:
            break

    assert len(starts) > 2
    assert starts == sorted(starts, reverse=True)
    assert {each["team"] for each in of(client, f"{HERON}/results?limit=500")["results"]} == {
        "heron"
    }


def test_a_cursor_of_one_order_is_none_of_the_other(client: TestClient) -> None:
    cursor = of(client, "/api/v1/results?order=newest&limit=1")["next_cursor"]

    assert client.get(f"/api/v1/results?cursor={cursor}").status_code == 422


def test_what_changed_since_is_told_by_when_it_was_worked_out(world: World) -> None:
    client = world.client()
    every = of(client, "/api/v1/results?limit=500")["results"]
    newest = max(each["evaluated_at"] for each in every)

    found = of(client, f"/api/v1/results?limit=500&changed_since={newest}")["results"]

    assert found
    assert {each["evaluated_at"] for each in found} == {newest}
    after = "2999-01-01T00:00:00Z"
    assert of(client, f"/api/v1/results?changed_since={after}")["results"] == []


def test_final_results_alone(client: TestClient) -> None:
    found = of(client, "/api/v1/results?state=final&limit=500")["results"]

    assert {each["state"] for each in found} == {"final"}


def test_only_some_fields_and_always_what_it_is_about(client: TestClient) -> None:
    found = of(client, "/api/v1/results?fields=status,value&team=heron&limit=1")["results"]

    assert found == [
        {
            "team": "heron",
            "period": {"kind": "sprint", "id": found[0]["sprint"]["id"]},
            "sprint": {"id": found[0]["sprint"]["id"]},
            "target": {"id": "reached-production"},
            "status": found[0]["status"],
            "value": found[0]["value"],
        }
    ]
    assert client.get("/api/v1/results?fields=rank").status_code == 422
    assert of(client, "/api/v1/results?fields=evidence&team=heron")["results"][0]["evidence"]


def test_results_without_evidence_keep_all_else(client: TestClient) -> None:
    whole = of(client, "/api/v1/results?team=heron&limit=500")["results"]
    brief = of(client, "/api/v1/results?team=heron&limit=500&evidence=false")["results"]

    assert brief == [
        {name: value for name, value in each.items() if name not in {"evidence", "left_out"}}
        for each in whole
    ]


@pytest.mark.parametrize("which", ["last", "current", "jira-1"])
def test_one_sprint_with_its_results(client: TestClient, which: str) -> None:
    found = of(client, f"{HERON}/sprints/{which}")

    assert set(found) == {"sprint", "results"}
    assert {each["sprint"]["id"] for each in found["results"]} == {found["sprint"]["id"]}
    assert found["results"][0]["page_url"] == (
        f"{PUBLIC_URL}/teams/heron/sprints/{found['sprint']['id']}/reached-production"
    )


def test_a_sprint_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get(f"{HERON}/sprints/jira-999").status_code == 404
    assert client.get("/api/v1/teams/nobody/sprints/last").status_code == 404


def test_an_answer_is_zipped_for_whom_takes_that_and_its_etag_holds_for_both(
    client: TestClient,
) -> None:
    address = "/api/v1/results?limit=500"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) * 4 < len(plain.content)
    assert zipped.json() == plain.json()
    assert zipped.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert "Accept-Encoding" in plain.headers["Vary"]
    for encoding in ("gzip", "identity"):
        asked = {"Accept-Encoding": encoding, "If-None-Match": zipped.headers["ETag"]}
        again = client.get(address, headers=asked)
        assert (again.status_code, again.content) == (304, b"")
        assert "Content-Encoding" not in again.headers
    assert (
        "Content-Encoding"
        not in client.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"}).headers
    )


def test_headers_say_how_many_requests_are_left(client: TestClient) -> None:
    first, second = (client.get(STATUS).headers for _ in range(2))

    assert int(first["RateLimit-Limit"]) >= int(first["RateLimit-Remaining"])
    assert int(second["RateLimit-Remaining"]) == int(first["RateLimit-Remaining"]) - 1
    assert int(second["RateLimit-Reset"]) >= 0


def test_every_question_of_the_documents_is_one_call(client: TestClient) -> None:
    text = Path("docs/api.md").read_text()
    asked = re.findall(r'curl "\$api(/[^"]+)"', text)

    assert len(asked) == 10
    for address in asked:
        assert client.get(f"/api/v1{address}").status_code == 200, address


def test_flow_says_null_where_no_ticket_was_read(client: TestClient) -> None:
    found = of(client, f"{HERON}/flow")

    assert found["team"] == "heron"
    assert set(found) == {
        *("team", "sprints", "open", "oldest_in_progress", "done", "cycle_time_seconds"),
        *("timed", "kinds", "planned", "carried_over"),
    }
    assert (found["open"] is None) is (found["done"] is None)
