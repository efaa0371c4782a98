"""J8: another tool asks for results, page by page, and again for what has changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from store.store import Store
from tests.support.databases import ENGINES, on_both_engines
from tests.support.judged_teams import NOW, PUBLIC_URL, World, result, results

RESULTS = "/api/v1/results"
ONE = "/api/v1/teams/heron/sprints/jira-1/results/reached-production"
read_on_both_engines = pytest.mark.parametrize("read_only_world", ENGINES, indirect=True)


def pages(client: TestClient, query: str, limit: int) -> Iterator[list[dict[str, Any]]]:
    cursor = ""
    while True:
        answer = client.get(f"{RESULTS}?{query}&limit={limit}{cursor}")
        assert answer.status_code == 200, answer.text
        yield answer.json()["results"]
        if answer.json()["next_cursor"] is None:
            return
        cursor = f"&cursor={answer.json()['next_cursor']}"


def shown(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(r["team"], r["sprint"]["id"], r["target"]["id"]) for r in found]


@read_on_both_engines
def test_a_result_says_all_that_another_tool_needs(client: TestClient) -> None:
    found = client.get(f"{RESULTS}?team=heron&limit=1").json()

    first = found["results"][0]
    assert first["sprint"]["start"] == "2026-01-05T09:00:00Z"
    assert (first["sprint"]["first_day"], first["sprint"]["last_day"]) == (
        "2026-01-05",
        "2026-01-19",
    )
    assert first["target"] == {
        "id": "reached-production",
        "version": "2021-10-01",
        "title": "Reached production",
        "stretch": False,
    }
    assert (first["status"], first["status_text"], first["value"]) == ("met", "Met", 3)
    assert first["evidence"][0]["local_date"] == "2026-01-07"
    assert first["evidence_url"] == f"{PUBLIC_URL}{ONE}"
    assert first["gaps"][0]["action"] == "Give the token access."
    assert found["time_zone"] == "Europe/London"


@pytest.mark.parametrize("limit", [1, 2, 5, 20, 21, 500])
@read_on_both_engines
def test_pages_of_any_size_hold_every_result_once_and_in_order(
    client: TestClient, limit: int
) -> None:
    found = [shown(page) for page in pages(client, "", limit)]

    flat = [each for page in found for each in page]
    assert len(flat) == len(set(flat)) == 21
    assert flat == sorted(flat)
    assert all(len(page) == limit for page in found[:-1])


@on_both_engines
def test_a_page_is_not_moved_by_what_comes_in_between(world: World) -> None:
    client = world.client()
    walk = pages(client, "", 5)
    first = shown(next(walk))

    world.store.results.save([result("avocet", 1)])
    rest = [each for page in walk for each in shown(page)]

    assert len(set(first + rest)) == 21


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("team=heron", 14),
        ("team=heron&team=kestrel", 21),
        ("group=appointments", 21),
        ("group=appointments&team=kestrel", 7),
        ("group=letters", 0),
        ("target=tickets-done", 7),
        ("status=no_data", 1),
        ("status=no_data&status=in_progress", 2),
        ("from=2026-01-19&to=2026-02-02", 6),
        ("from=2026-01-20", 15),
        ("to=2026-01-05", 3),
        ("to=2026-01-04", 0),
        ("from=0001-01-01&to=9999-12-31", 21),
        ("from=2026-03-01&to=2026-02-01", 0),
        ("team=heron&target=reached-production&status=met&from=2026-01-05&to=2026-01-05", 1),
    ],
)
@read_on_both_engines
def test_filters_narrow_what_is_asked_for(client: TestClient, query: str, count: int) -> None:
    assert len(client.get(f"{RESULTS}?{query}&limit=500").json()["results"]) == count


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (f"{RESULTS}?team=nope", "There is no team `nope`"),
        (f"{RESULTS}?group=nope", "There is no group `nope`"),
        (f"{RESULTS}?target=nope", "There is no target `nope`"),
        ("/api/v1/teams/nope/sprints/jira-1/results/tickets-done", "There is no team `nope`"),
        ("/api/v1/teams/heron/sprints/jira-1/results/nope", "There is no target `nope`"),
        ("/api/v1/teams/heron/sprints/jira-99/results/tickets-done", "no result of this sprint"),
        (f"{ONE}?version=3", "The newest version of this result is 2."),
    ],
)
def test_what_is_not_there_is_said_in_words(client: TestClient, path: str, detail: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("from=2026-02-30", "query.from"),
        ("to=yesterday", "query.to"),
        ("from=20260105", "query.from"),
        ("from=1767571200", "query.from"),
        ("limit=0", "query.limit"),
        ("limit=501", "query.limit"),
        ("limit=many", "query.limit"),
        ("status=good", "query.status.0"),
        ("cursor=nonsense", "query.cursor"),
        ("cursor=bnVsbA", "query.cursor"),
        ("sort=value", "query.sort"),
        ("order_by=status", "query.order_by"),
        ("Team=heron", "query.Team"),
    ],
)
def test_what_cannot_be_used_is_named(client: TestClient, query: str, at: str) -> None:
    answer = client.get(f"{RESULTS}?{query}")

    assert answer.status_code == 422
    assert [error["at"] for error in answer.json()["errors"]] == [at]


@read_on_both_engines
def test_a_result_is_explained_with_what_it_said_before(client: TestClient) -> None:
    newest, first = client.get(ONE), client.get(f"{ONE}?version=1")

    assert (newest.json()["version"], newest.json()["value"]) == (2, 3)
    assert [(e["version"], e["value"]) for e in newest.json()["earlier_versions"]] == [(1, 1)]
    assert newest.json()["cause"] == "A deployment was read later."
    assert (first.json()["version"], first.json()["earlier_versions"]) == (1, [])
    assert newest.json()["notes"] == ["A deployment was withdrawn."]
    assert newest.json()["left_out"][0]["reason"] == "made by a bot"


def test_only_a_final_version_may_be_kept_for_good(client: TestClient) -> None:
    caching = [
        client.get(path).headers["cache-control"]
        for path in (f"{ONE}?version=1", f"{ONE}?version=2", ONE)
    ]
    running = client.get(f"{ONE.replace('jira-1', 'jira-7')}?version=1")

    lasting = "private, max-age=31536000, immutable"
    assert caching == [lasting, lasting, "private, no-cache"]
    assert running.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("path", [RESULTS, ONE, "/api/v1/teams/heron/status", "/api/v1/coverage"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    etag = first.headers["etag"].removeprefix("W/")

    for known in (etag, f'"other", W/{etag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"].removeprefix("W/") == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


@on_both_engines
def test_a_change_shows_at_once_whoever_made_it(world: World, database_url: str) -> None:
    client = world.client()
    before = client.get(f"{RESULTS}?team=heron")
    assert client.get(f"{RESULTS}?team=heron").headers["etag"] == before.headers["etag"]

    raised = replace(results()[1], value=9, version=2, cause="Read later.")
    with Store.open(database_url) as another_process:
        another_process.results.save([raised])
    after = client.get(f"{RESULTS}?team=heron", headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    found = {(r["sprint"]["id"], r["target"]["id"]): r for r in after.json()["results"]}
    assert found["jira-2", "reached-production"]["value"] == 9
    world.store.results.save([replace(raised, value=10)])
    assert '"value":10' in client.get(f"{RESULTS}?team=heron").text


def test_an_answer_that_was_kept_is_given_to_each_question_of_its_own(client: TestClient) -> None:
    both = [client.get(f"{RESULTS}?team={team}").json()["results"] for team in ("heron", "kestrel")]
    again = [
        client.get(f"{RESULTS}?team={team}").json()["results"] for team in ("heron", "kestrel")
    ]

    assert both == again
    assert {r["team"] for r in both[0]} == {"heron"}


def test_what_was_judged_stays_when_its_team_and_target_are_configured_no_longer(
    world: World,
) -> None:
    plan = world.store.plans.newest()
    assert plan is not None
    world.store.plans.save(replace(plan, teams=(), targets=()), NOW)
    client = world.client()

    found = client.get(f"{RESULTS}?team=heron&target=tickets-done").json()["results"]

    assert len(found) == 7
    assert found[0]["target"]["title"] is None
    assert client.get(f"{RESULTS}?team=heron&status=excused").json()["results"] == []
    assert client.get(ONE).status_code == 200
    assert client.get("/api/v1/teams/heron").status_code == 404


def test_a_head_is_answered_as_a_get_without_its_body(client: TestClient) -> None:
    head, get = client.head(RESULTS), client.get(RESULTS)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
