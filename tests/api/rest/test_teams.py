"""Teams, where they stand, their sprints, what is asked of them, and what is missing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from evaluator.model.plan import Plan
from store.store import Store
from tests.support.databases import on_both_engines
from tests.support.judged_teams import NOW, World, sprint


def test_teams_come_by_name_a_to_z(client: TestClient) -> None:
    teams = client.get("/api/v1/teams").json()["teams"]

    assert [team["id"] for team in teams] == ["heron", "kestrel", "plover"]
    assert teams[0]["sources"] == ["board:jira:42", "github:acme/shop", "jira:jira:HER"]
    assert teams[1]["not_applicable"] == {"tickets-done": "We do not use Jira."}
    assert client.get("/api/v1/teams/heron").json() == teams[0]


def test_a_team_stands_where_its_sprints_say(client: TestClient) -> None:
    status = client.get("/api/v1/teams/heron/status").json()

    assert status["last_finished"]["sprint"]["id"] == "jira-5"
    assert status["just_closed"]["sprint"]["id"] == "jira-6"
    assert status["current"]["sprint"]["id"] == "jira-7"
    targets = [r["target"]["id"] for r in status["last_finished"]["results"]]
    assert targets == ["reached-production", "tickets-done"]
    assert status["last_finished"]["results"][0]["evidence"][0]["label"] == "#7"
    assert status["streaks"][0] == {"target": "reached-production", "length": 4, "paused": False}
    assert client.get("/api/v1/teams/kestrel/status").json()["streaks"] == [], "not opted in"
    assert status["data_as_of"] is None
    assert {gap["source"] for gap in status["gaps"]} >= {"board:jira:42", "jira:jira:HER"}


@on_both_engines
def test_where_a_team_stands_moves_with_the_day_and_not_only_with_the_store(world: World) -> None:
    client = world.client()
    before = client.get("/api/v1/teams/heron/status").json()

    world.now = sprint(7).end + timedelta(days=1)

    after = client.get("/api/v1/teams/heron/status").json()
    assert before["current"]["sprint"]["id"] == after["just_closed"]["sprint"]["id"] == "jira-7"
    assert after["current"] is None


def test_a_team_of_which_nothing_was_judged_has_gaps_and_no_sprint(client: TestClient) -> None:
    status = client.get("/api/v1/teams/plover/status").json()

    assert (status["last_finished"], status["current"], status["gaps"]) == (None, None, [])
    assert client.get("/api/v1/teams/plover/sprints").json()["sprints"] == []


def test_sprints_come_newest_first_with_their_statuses(client: TestClient) -> None:
    sprints = client.get("/api/v1/teams/heron/sprints").json()["sprints"]

    assert [s["id"] for s in sprints] == [f"jira-{number}" for number in range(7, 0, -1)]
    assert [s["target"] for s in sprints[0]["statuses"]] == ["reached-production", "tickets-done"]
    assert sprints[4]["statuses"][0]["status_text"] == "No data"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("javascript:alert(1)", None),
        ("//elsewhere.example", None),
        ("https://forum.example/7", "https://forum.example/7"),
    ],
)
def test_of_where_a_target_was_proposed_only_a_web_address_is_shown(
    world: World, kept: str, shown: str | None
) -> None:
    plan = world.store.plans.newest()
    assert plan is not None
    first = plan.targets[0]
    version = replace(first.versions[0], proposed_in=kept)
    world.store.plans.save(replace(plan, targets=(replace(first, versions=(version,)),)), NOW)

    target = world.client().get(f"/api/v1/targets/{first.id}").json()

    assert {each["proposed_in"] for each in target["versions"]} == {shown}


def test_a_target_says_what_is_in_force_on_a_day(client: TestClient) -> None:
    def in_force(target: str, query: str = "") -> str | None:
        found = client.get(f"/api/v1/targets/{target}{query}").json()["in_force"]
        return found and str(found["effective_from"])

    assert in_force("reached-production") == "2021-10-01"
    assert in_force("reached-production", "?on=2021-09-30") is None
    assert in_force("reached-production", "?on=2026-07-01") == "2021-10-01", "only proposed"
    assert in_force("tickets-done", "?on=2022-04-01") == "2022-04-01"
    listed = client.get("/api/v1/targets?on=2022-01-01").json()["targets"]
    assert [(t["id"], t["in_force"] is None) for t in listed] == [
        ("reached-production", False),
        ("tickets-done", True),
    ]


def test_coverage_says_of_each_source_who_needs_it_and_what_to_do(client: TestClient) -> None:
    found = client.get("/api/v1/coverage").json()
    sources = {each["source"]: each for each in found["sources"]}

    assert list(sources) == sorted(sources)
    shop, jobs, board = (
        sources[name] for name in ("github:acme/shop", "github:acme/jobs", "board:jira:42")
    )
    assert (shop["teams"], shop["action"]) == (["heron", "kestrel"], None)
    assert shop["last_full_read"]["started"] == "2026-03-31T12:00:00Z"
    assert (jobs["last_full_read"], jobs["newest_attempt"]["reason"]) == (None, "no_access")
    assert jobs["action"] == "Give the token access to acme/jobs."
    assert jobs["unread_in_a_row"] == 1
    assert (board["newest_attempt"], board["kind"]) == (None, "board")
    assert board["action"] == "Not read yet. Run `hearten collect`."
    assert found["data_as_of"] is None


def test_before_anything_was_read_lists_are_empty(store: Store) -> None:
    client = World(store).client()

    for path, key in (("teams", "teams"), ("targets", "targets"), ("coverage", "sources")):
        assert client.get(f"/api/v1/{path}").json()[key] == []
    assert client.get("/api/v1/results").json()["results"] == []
    store.plans.save(Plan((), ()), NOW)
    assert client.get("/api/v1/teams/heron").status_code == 404


def test_the_past_of_a_renamed_team_is_shown_as_the_one_of_now(world: World) -> None:
    plan = world.store.plans.newest()
    assert plan is not None
    _, kestrel, plover = sorted(plan.teams, key=lambda team: team.id)
    renamed = replace(plover, continues=("heron",), streaks=True)
    world.store.plans.save(replace(plan, teams=(kestrel, renamed)), NOW)
    client = world.client()

    sprints = client.get("/api/v1/teams/plover/sprints").json()["sprints"]
    status = client.get("/api/v1/teams/plover/status").json()
    results = client.get("/api/v1/results?team=plover").json()["results"]

    assert [s["id"] for s in sprints] == [f"jira-{number}" for number in range(7, 0, -1)]
    assert "/teams/heron/" in sprints[0]["statuses"][0]["evidence_url"]
    assert status["last_finished"]["results"][0]["evidence"][0]["label"] == "#7"
    assert status["streaks"][0]["length"] == 4
    assert {r["team"] for r in results} == {"heron"}
