"""The server keeps a log, misbehaves on demand, and leaves nothing behind."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sandbox.server import Sandbox, serve, started
from sandbox.world import World

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
BEARER = {"Authorization": "Bearer good"}
Ask = Callable[[Sandbox, str], Any]


def small_world() -> World:
    world = World(NOON)
    world.repository("acme/shop").commit(at=NOON)
    world.site("jira").board(42, "HER")
    return world


def test_every_request_is_counted_for_its_service_until_the_log_is_forgotten(
    client: httpx.Client, ask: Ask
) -> None:
    with serve(small_world()) as sandbox:
        ask(sandbox, '{ repository(owner: "acme", name: "shop") { url isArchived } }')
        client.get(f"{sandbox.github_url}/repos/acme/shop?x=1", headers=BEARER)
        client.get(f"{sandbox.jira_url()}/rest/api/3/status")

        assert (sandbox.count("github"), sandbox.count("jira")) == (2, 1)
        assert [str(asked) for asked in sandbox.log] == [
            "POST /graphql acme/shop(url isArchived)",
            "GET /repos/acme/shop?x=1",
            "GET /jira/jira/rest/api/3/status",
        ]
        sandbox.reset()
        assert sandbox.log == []


def test_a_fault_strikes_as_often_as_told_and_only_where_it_matches(client: httpx.Client) -> None:
    with serve(small_world()) as sandbox:
        address = f"{sandbox.github_url}/repos/acme/shop"
        sandbox.fail(
            r"^GET /repos/acme/shop$",
            status=403,
            times=2,
            body={"message": "You have exceeded a secondary rate limit"},
            headers={"Retry-After": "7"},
        )

        first = client.get(address, headers=BEARER)
        other = client.get(f"{address}/actions/runs", headers=BEARER)
        rest = [client.get(address, headers=BEARER).status_code for _ in range(2)]

    assert first.json() == {"message": "You have exceeded a secondary rate limit"}
    assert first.headers["retry-after"] == "7"
    assert other.status_code == 200
    assert rest == [403, 200]


def test_a_fault_may_strike_a_question_of_graphql_by_what_it_asks(ask: Ask) -> None:
    with serve(small_world()) as sandbox:
        sandbox.fail(
            r"acme/shop\(.*releases", status=200, body={"errors": [{"type": "RATE_LIMITED"}]}
        )

        struck = ask(
            sandbox, '{ repository(owner: "acme", name: "shop") { releases { totalCount } } }'
        )
        spared = ask(sandbox, '{ repository(owner: "acme", name: "shop") { url } }')

    assert struck == {"errors": [{"type": "RATE_LIMITED"}]}
    assert "errors" not in spared


def test_what_is_built_while_it_is_served_is_in_the_next_answer(ask: Ask) -> None:
    world = small_world()
    head = '{ repository(owner: "acme", name: "shop") { defaultBranchRef { target { oid } } } }'
    with serve(world) as sandbox:
        before = ask(sandbox, head)
        commit = world.repositories["acme/shop"].commit(at=NOON)
        after = ask(sandbox, head)

    assert before != after
    assert after["data"]["repository"]["defaultBranchRef"]["target"]["oid"] == commit.sha


def test_nothing_listens_and_no_thread_is_left_when_the_block_ends(client: httpx.Client) -> None:
    before = set(threading.enumerate())  # other tests' servers among them
    with serve(small_world()) as sandbox:
        client.get(f"{sandbox.jira_url()}/rest/api/3/status")  # the connection stays open

    assert set(threading.enumerate()) <= before
    with pytest.raises(httpx.ConnectError):
        httpx.get(sandbox.address)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("/acme/config/issues/new?title=T{}&body=B{}", ["T{}", "B{}"], id="a query"),
        pytest.param(
            "/jira/jira/secure/CreateIssueDetails!init.jspa?pid=10000&issuetype=10001"
            "&labels=retro-action&summary=S{}",
            ["10000", "10001", "retro-action", "S{}"],
            id="a retro action",
        ),
    ],
)
def test_a_link_to_a_new_issue_shows_what_would_be_filled_in_and_takes_nothing(
    client: httpx.Client, path: str, shown: list[str]
) -> None:
    script = "<script>alert(1)</script>"
    with serve(small_world()) as sandbox:
        answer = client.get(sandbox.github_url + path.replace("{}", quote(script)))
        sent = client.post(sandbox.github_url + path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "In a real set-up this link opens" in answer.text
    for words in shown:
        assert f"<pre>{words.replace('{}', escape(script))}</pre>" in answer.text
    for element in ("<script", "<form", "<input", "<textarea"):
        assert element not in answer.text
    assert sent.is_client_error


def test_a_new_ticket_names_the_project_of_its_number_or_says_that_nothing_is_filled_in(
    client: httpx.Client,
) -> None:
    world = small_world()
    project = world.sites["jira"].projects["HER"]
    with serve(world) as sandbox:
        secure = f"{sandbox.jira_url()}/secure"
        known = client.get(f"{secure}/CreateIssueDetails!init.jspa?pid={project.ident}")
        empty = client.get(f"{secure}/CreateIssue!default.jspa")
        nowhere = client.get(f"{sandbox.jira_url('gone')}/secure/CreateIssue!default.jspa")

    assert f"<pre>HER (number {project.ident})</pre>" in known.text
    assert "Nothing is filled in." in empty.text
    assert nowhere.status_code == 404


def test_the_addresses_that_github_itself_says_of_evidence_lead_to_its_pages_here(
    client: httpx.Client, ask: Ask
) -> None:
    world = small_world()
    shop = world.repositories["acme/shop"]
    shop.release("v1", shop.branches["main"], at=NOON)
    shop.run("deploy.yml", shop.branches["main"], at=NOON)
    question = (
        '{ repository(owner: "acme", name: "shop") { releases(first: 1) { nodes { url } } } }'
    )
    with serve(world) as sandbox:
        release = ask(sandbox, question)["data"]["repository"]["releases"]["nodes"][0]["url"]
        runs = client.get(f"{sandbox.enterprise_url}/repos/acme/shop/actions/runs", headers=BEARER)
        run = runs.json()["workflow_runs"][0]["html_url"]

        said = [client.get(address).text for address in (release, run)]

    assert "GitHub shows releases/tag/v1 of acme/shop" in said[0]
    assert "GitHub shows actions/runs/" in said[1]


def test_links_to_a_renamed_repository_lead_on_as_on_github(client: httpx.Client) -> None:
    world = small_world()
    world.repository("acme/queue", former_names=("acme/waiting-list",))
    with serve(world) as sandbox:
        answer = client.get(f"{sandbox.github_url}/acme/waiting-list/pull/58")

    assert answer.status_code == 200
    assert "GitHub shows pull/58 of acme/waiting-list" in answer.text


def test_the_links_of_evidence_lead_to_something_that_is_there(client: httpx.Client) -> None:
    with serve(small_world()) as sandbox:
        address = sandbox.github_url
        paths = ("/acme/shop/commit/abc", "/acme/shop/pull/7", "/jira/jira/browse/HER-1")

        there = [client.get(address + path) for path in paths]
        not_there = client.get(f"{address}/acme/gone/commit/abc")

    assert [answer.status_code for answer in there] == [200, 200, 200]
    assert "GitHub shows commit/abc of acme/shop" in there[0].text
    assert not_there.status_code == 404


def test_a_server_that_shows_another_world_forgets_what_was_asked_and_struck_before(
    client: httpx.Client,
) -> None:
    empty, full = World(NOON), small_world()
    path = "/repos/acme/shop"
    with started() as server:
        before = server.show(full)
        before.fail(".", status=503)
        struck = client.get(before.github_url + path, headers=BEARER)
        after = server.show(full)
        found = client.get(after.github_url + path, headers=BEARER)
        asked = [str(request) for request in after.log]
        gone = client.get(server.show(empty).github_url + path, headers=BEARER)

    assert (struck.status_code, found.status_code, gone.status_code) == (503, 200, 404)
    assert asked == [f"GET {path}"]
