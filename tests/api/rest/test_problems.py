"""Whatever goes wrong is said as problem+json with the request's id, and never with a trace."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Response
from fastapi.testclient import TestClient
from starlette.requests import Request

from api import problems
from evaluator.model.access import Scope
from store.store import Store
from tests.support.databases import ENGINES
from tests.support.judged_teams import World

RUNS = "/api/v1/runs"
BAD_TEXTS = {
    "NUL": "%00",
    "half a character": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "a line break": "%0A",
    "long": "a" * 5000,
    "markup": "%3Cscript%3E",
    "a quote": "%27%20OR%201=1",
}


@pytest.mark.parametrize("bad", BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/teams/{}",
        "/api/v1/teams/{}/sprints/jira-1/results/tickets-done",
        "/api/v1/teams/heron/sprints/{}/results/tickets-done",
        "/api/v1/teams/heron/sprints/jira-1/results/{}",
        "/api/v1/targets/{}",
        "/api/v1/runs/{}",
        "/api/v1/{}",
        "/nowhere{}",
        "/api/v1/results?team={}",
        "/api/v1/results?group={}",
        "/api/v1/results?target={}",
        "/api/v1/results?cursor={}",
        "/api/v1/results?from={}",
        "/api/v1/results?{}=1",
        "/api/v1/calendar.ics?team={}",
    ],
)
def test_text_that_no_name_holds_is_the_callers_fault_on_every_database(
    client: TestClient, path: str, bad: str
) -> None:
    answer = client.get(path.format(bad))

    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("read_only_world", ENGINES, indirect=True)
def test_odd_places_and_cursors_are_the_callers_fault_on_every_database(client: TestClient) -> None:
    odd = [
        *('["n",true]', '["n",1e3]', '["n",1.0]', '["n",null]', '["n",99999999999999999999]', "1"),
        *('["r","heron",true,"jira-1","x"]', '["r","\\u0000","2026-01-05T00:00Z","a","b"]', "{}"),
        *('["r","a","9999-12-31T23:59:59-23:59","a","b"]', '["r","\\ud800","", "a","b"]'),
    ]
    cursors = [base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in odd]
    paths = [
        *(f"/api/v1/{what}?cursor={cursor}" for cursor in cursors for what in ("runs", "results")),
        *("/teams/%00", "/teams/heron/sprints/%00", "/teams/%00/sprints/jira-1", "/targets/%00"),
        *("/teams/heron/sprints/jira-1/%00", "/teams/%00/retro", "/teams/%00/work", "/about/%00"),
        *("/%00", "/assets/%00/x", "/api/v1/runs/%00", "/api/v1/runs/99999999999999999999"),
        *(f"/data?page={'9' * 5000}", "/data?page=%00", "/api/v1/results?limit=%00"),
    ]

    statuses = {path[:80]: client.get(path).status_code for path in paths}

    assert not {path: status for path, status in statuses.items() if not 400 <= status < 500}


@pytest.mark.parametrize(
    "body",
    [
        b'{"job": "collect", "team": "\\ud800"}',
        b'{"job": "collect", "\\ud800": 1}',
        b'{"job": "collect", "team": "\\u0000"}',
        b"[" * 60_000,
        b"{" * 100,
        b"\xff\xfe",
        b"",
        b'{"job": NaN}',
    ],
    ids=["half a character", "half a key", "NUL", "deep", "cut off", "no UTF-8", "none", "NaN"],
)
def test_a_body_that_no_program_means_is_the_callers_fault(world: World, body: bytes) -> None:
    client = world.client(Scope.RUN)

    answer = client.post(RUNS, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {400, 422}
    assert answer.json()["instance"] == answer.headers["x-request-id"]


def test_every_problem_names_its_request(world: World) -> None:
    client = world.client()

    given = client.get("/api/v1/nope", headers={"X-Request-ID": "my-request-1"})
    odd = client.get("/api/v1/nope", headers={"X-Request-ID": "no id <at all>"})

    assert given.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address. /openapi.json says what there is.",
        "instance": "my-request-1",
        "errors": [],
    }
    assert odd.json()["instance"] == odd.headers["x-request-id"] != "no id <at all>"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/v1/teams", "GET, HEAD"),
        ("DELETE", RUNS, "GET, HEAD, POST"),
        ("GET", "/api/v1/tokens/abc", "DELETE"),
        ("PUT", "/healthz", "GET, HEAD"),
        ("OPTIONS", "/api/v1/results", "GET, HEAD"),
        ("PATCH", "/openapi.json", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_offered_is_answered_with_those_that_are(
    world: World, method: str, path: str, allowed: str
) -> None:
    answer = world.client(*Scope).request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.headers["content-type"] == "application/problem+json"


def _drip() -> Iterator[bytes]:
    for _ in range(70):
        yield b" " * 1024


@pytest.mark.parametrize("content", [b" " * 70_000, _drip()], ids=["announced", "streamed"])
def test_a_request_that_is_too_long_is_refused(world: World, content: bytes) -> None:
    client = world.client(Scope.RUN)

    answer = client.post(RUNS, content=content, headers={"Content-Type": "application/json"})

    assert answer.status_code == 413
    assert answer.json()["detail"] == "A request may hold at most 64 KiB."


def test_a_client_that_asks_too_often_is_told_how_long_to_wait(world: World) -> None:
    world.rules = type(world.rules)(rate_limit=3)
    client = world.client()
    another = client.headers | {"Authorization": f"Bearer {world.secret(Scope.READ)}"}

    statuses = [client.get("/api/v1/teams").status_code for _ in range(3)]
    refused = client.get("/api/v1/teams")

    assert statuses == [200, 200, 200]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "20")
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/teams", headers=another).status_code == 429, "guessing is as slow"


def test_a_program_with_a_token_is_counted_by_itself(world: World) -> None:
    world.rules = type(world.rules)(rate_limit=3)
    client = world.client()
    known = {"Authorization": f"Bearer {world.secret(Scope.READ)}"}

    statuses = [client.get("/api/v1/teams", headers=known).status_code for _ in range(4)]
    nobody = [client.get("/api/v1/teams").status_code for _ in range(3)]

    assert statuses == [200, 200, 200, 429]
    assert nobody == [200, 200, 429], "the first use of a token asked who it is"


def test_a_defect_leaves_no_trace_but_its_request(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    app = world.app()

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError("a secret of the inside")

    answer = TestClient(app).get("/api/v1/broken")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "inside" not in answer.text
    assert "a secret of the inside" in caplog.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/api/v1/results", "/api/v1/teams/heron/status", "/readyz"])
def test_a_database_that_is_gone_is_said_to_be_so(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "hearten.db"
    with Store.open(f"sqlite:///{file}") as store:
        client = World(store).client()
        store.close()
        file.write_bytes(b"no database, but long enough to look like one" * 99)
        answer = client.get(path)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert str(tmp_path) not in answer.text
    assert "does not answer" in caplog.text


def test_people_may_be_shown_a_page_in_place_of_a_problem(world: World) -> None:
    app = world.app()

    def page(request: Request, problem: problems.Problem) -> Response | None:
        if "text/html" in request.headers.get("accept", ""):
            return Response(f"<h1>{problem.title}</h1>", problem.status, media_type="text/html")
        return None

    app.state.problem_page = page
    client = TestClient(app)
    html = {"Accept": "text/html"}

    assert client.get("/nowhere", headers=html).text == "<h1>Not Found</h1>"
    assert client.get("/nowhere").json()["status"] == 404
    assert client.get("/api/v1/nowhere", headers=html).json()["status"] == 404


def test_every_answer_is_guarded(world: World) -> None:
    client = world.client()

    for path in ("/healthz", "/docs", "/api/v1/teams", "/api/v1/export.csv", "/nope"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "set-cookie" not in headers
        assert ("x-use-limits" in headers) == path.startswith("/api/")


def test_the_page_that_describes_the_api_asks_nobody_else_for_anything(
    world: World,
) -> None:
    client = world.client()
    page = client.get("/docs").text

    assert "<script" not in page
    assert "style=" not in page
    assert "//" not in page.replace("https://github.com/acme", "")
    assert client.get("/docs/reference.css").headers["content-type"].startswith("text/css")
    assert 'id="use-limits"' in page
    for operations in client.get("/openapi.json").json()["paths"].values():
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
            assert json.dumps(operation["operationId"])[1:-1].isalnum()
