"""Asking for a run, and following it."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from evaluator.model.access import Scope
from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome
from tests.support.databases import on_both_engines
from tests.support.judged_teams import NOW, World


@on_both_engines
def test_a_run_is_asked_for_and_followed_to_its_end(world: World) -> None:
    client = world.client(Scope.RUN)
    asked = client.post("/api/v1/runs", json={"job": "collect", "since": "2026-01-05"})
    path = asked.headers["location"].removeprefix("https://hearten.example.org")
    waiting = client.get(path).json()
    runs, claims = world.store.runs, world.store.claims

    claims.claim("holder", NOW, timedelta(minutes=5))
    runs.expect(waiting["id"], 2)
    runs.step(waiting["id"], "github:acme/shop", None, NOW)
    going = client.get(path).json()
    runs.step(waiting["id"], "github:acme/jobs", Reason.NO_ACCESS, NOW)
    claims.finish(waiting["id"], "holder", Outcome.UNREAD, "1 source was not read.", NOW)
    over = client.get(path).json()

    assert asked.status_code == 202
    assert (waiting["state"], waiting["since"], waiting["asked_by"]) == (
        "waiting",
        "2026-01-05",
        "api",
    )
    assert (going["state"], going["steps"]) == ("running", {"done": 1, "total": 2})
    assert (over["outcome"], over["steps"]["done"]) == ("unread", 2)
    assert "holder" not in over


@on_both_engines
def test_who_asks_twice_before_it_begins_gets_the_same_run(world: World) -> None:
    client = world.client(Scope.RUN)

    asked = [
        client.post("/api/v1/runs", json=body).json()["id"]
        for body in (
            {"job": "evaluate"},
            {"job": "evaluate"},
            {"job": "evaluate", "team": "heron"},
            {"job": "collect"},
        )
    ]
    world.store.claims.claim("holder", NOW, timedelta(minutes=5))
    later = client.post("/api/v1/runs", json={"job": "evaluate"}).json()["id"]

    assert asked[0] == asked[1]
    assert len({*asked, later}) == 4


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, "body.job"),
        ({"job": "collect", "team": "nope"}, "body.team"),
        ({"job": "collect", "team": "a\x00b"}, "body.team"),
        ({"job": "evaluate", "since": "2026-01-05"}, "body.since"),
        ({"job": "collect", "since": "2026-04-01"}, "body.since"),
        ({"job": "collect", "since": "0001-01-01"}, "body.since"),
        ({"job": "collect", "force": True}, "body.force"),
        ("collect", "body"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused_by_name(world: World, body: object, at: str) -> None:
    answer = world.client(Scope.RUN).post("/api/v1/runs", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == at
    assert world.store.runs.find() == []


@on_both_engines
def test_runs_come_newest_first_page_by_page(world: World) -> None:
    for number in range(5):
        world.store.runs.ask(Job.COLLECT, f"slot {number}", asked_by="schedule", due_at=NOW)
    world.store.runs.ask(Job.EVALUATE, "slot", asked_by="schedule", due_at=NOW)
    client = world.client()
    page = client.get("/api/v1/runs?job=collect&limit=2").json()
    found = [run["id"] for run in page["runs"]]

    while page["next_cursor"]:
        page = client.get(f"/api/v1/runs?job=collect&limit=2&cursor={page['next_cursor']}").json()
        found += [run["id"] for run in page["runs"]]

    assert found == sorted(found, reverse=True)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/runs/99", 404),
        ("/api/v1/runs/0", 422),
        ("/api/v1/runs/99999999999999999999", 422),
        ("/api/v1/runs/one", 422),
        ("/api/v1/runs?cursor=WyJuIiwwXQ", 422),
    ],
)
def test_a_run_that_is_not_there_is_said_to_be_so(
    client: TestClient, path: str, status: int
) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("by", ["schedule", "sprint", "command", "api"])
def test_whoever_asked_for_a_run_it_is_listed(world: World, by: str) -> None:
    world.store.runs.ask(Job.COLLECT, "a slot", asked_by=by, due_at=NOW)

    answer = world.client().get("/api/v1/runs", params={"limit": 1})

    assert answer.status_code == 200
    assert answer.json()["runs"][0]["asked_by"] == by
