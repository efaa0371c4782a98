"""Who may do what: every kind of caller at every kind of route, in each mode."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Match

from api.access_policy import Mode, Rules
from api.middleware.access import what_is_needed
from api.pages.assets import PREFIX
from evaluator.model.access import Scope
from tests.support.databases import on_both_engines
from tests.support.judged_teams import World

READ, RUN, ADMIN = Scope
PROXY, ELSEWHERE = "10.1.2.3", "192.0.2.9"
SIGNED_IN = {"X-Forwarded-User": "whoever"}
RULES = {
    Mode.OPEN: Rules(),
    Mode.PROXY: Rules(Mode.PROXY, "x-forwarded-user", (ip_network("10.1.0.0/16"),)),
    Mode.TOKENS: Rules(Mode.TOKENS),
}
A_RUN = {"job": "collect"}
A_TOKEN = {"label": "dashboards", "scopes": ["read"]}
ROUTES = {
    "probe": ("GET", "/healthz", None),
    "read": ("GET", "/api/v1/teams", None),
    "document": ("GET", "/openapi.json", None),
    "docs": ("GET", "/docs", None),
    "unknown": ("GET", "/metrics-of-another-name", None),
    "run": ("POST", "/api/v1/runs", A_RUN),
    "not offered": ("PUT", "/api/v1/runs", A_RUN),
    "make": ("POST", "/api/v1/tokens", A_TOKEN),
    "list": ("GET", "/api/v1/tokens", None),
    "revoke": ("DELETE", "/api/v1/tokens/abc", None),
    "audit": ("GET", "/api/v1/audit", None),
}
#                       probe read doc docs 404 run 405 make list revoke audit
NOBODY_IN = "           200   401  401 401  401 401 401 401  401  401    401"
READERS_ONLY = "        200   200  200 200  404 401 405 401  401  401    401"
MATRIX = {
    (Mode.OPEN, "nobody"): READERS_ONLY,
    (Mode.OPEN, "read"): "   200 200 200 200 404 403 405 403 403 403 403",
    (Mode.OPEN, "run"): "    200 200 200 200 404 202 405 403 403 403 403",
    (Mode.OPEN, "admin"): "  200 200 200 200 404 403 405 201 200 404 200",
    (Mode.OPEN, "expired"): NOBODY_IN,
    (Mode.OPEN, "guessed"): NOBODY_IN,
    (Mode.PROXY, "nobody"): NOBODY_IN,
    (Mode.PROXY, "signed in"): READERS_ONLY,
    (Mode.PROXY, "pretends"): NOBODY_IN,
    (Mode.PROXY, "read"): "  200 200 200 200 404 403 405 403 403 403 403",
    (Mode.PROXY, "run"): "   200 403 403 403 403 202 403 403 403 403 403",
    (Mode.TOKENS, "nobody"): NOBODY_IN,
    (Mode.TOKENS, "pretends"): NOBODY_IN,
    (Mode.TOKENS, "read"): " 200 200 200 200 404 403 405 403 403 403 403",
    (Mode.TOKENS, "run"): "  200 403 403 403 403 202 403 403 403 403 403",
    (Mode.TOKENS, "admin"): "200 403 403 403 403 403 403 201 200 404 200",
    (Mode.TOKENS, "all"): "  200 200 200 200 404 202 405 201 200 404 200",
    (Mode.TOKENS, "expired"): NOBODY_IN,
    (Mode.TOKENS, "revoked"): NOBODY_IN,
}


def caller(world: World, who: str) -> TestClient:
    """A client as the matrix names it."""
    match who:
        case "nobody":
            return world.client()
        case "signed in":
            client = world.client(peer=PROXY)
            client.headers.update(SIGNED_IN)
            return client
        case "pretends":
            client = world.client(peer=ELSEWHERE)
            client.headers.update(SIGNED_IN | {"X-Forwarded-For": PROXY})
            return client
        case "read" | "run" | "admin":
            return world.client(Scope(who))
        case "all":
            return world.client(*Scope)
        case _:
            pass
    client = world.client()
    secret = "hearten_guessed"
    if who != "guessed":
        secret = world.secret(*Scope, days=1)
        token = world.store.tokens.all()[-1]
        if who == "revoked":
            world.store.tokens.revoke(token.id, world.now)
        else:
            world.now = token.expires_at
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


@pytest.mark.parametrize(("mode", "who"), MATRIX, ids=str)
def test_everybody_may_do_what_the_matrix_says_and_nothing_else(
    world: World, mode: Mode, who: str
) -> None:
    world.rules = RULES[mode]
    client = caller(world, who)

    statuses = {
        name: client.request(method, path, json=body).status_code
        for name, (method, path, body) in ROUTES.items()
    }

    expected = dict(zip(ROUTES, map(int, MATRIX[mode, who].split()), strict=True))
    assert statuses == expected


def test_no_route_writes_without_a_token_that_may(world: World) -> None:
    app = world.app()
    writes = 0
    for path, operations in app.openapi()["paths"].items():
        for method in set(operations) - {"get", "parameters"}:
            scope = {"type": "http", "app": app, "path": path, "method": method.upper()}
            scope |= {"root_path": "", "headers": []}
            assert any(r.matches(scope)[0] is Match.FULL for r in app.routes)
            needed = what_is_needed(scope)
            assert needed.writes
            assert needed.scope in {RUN, ADMIN}
            writes += 1
    assert writes == 3


def test_no_answer_that_needs_leave_may_be_kept_by_a_shared_cache(world: World) -> None:
    client = world.client(*Scope)
    shown = ["/", "/teams/heron", "/nowhere", "/about/", "/data", "/docs", "/docs/reference.css"]
    shown += ["/openapi.json", "/metrics", f"{PREFIX}/hearten.css", "/api/v1/nope", "/targets/x"]
    shown += [f"/api/v1/{path}" for path in ("teams", "export.csv", "calendar.ics", "audit")]

    for path in shown:
        for accept in ("text/html", "application/json"):
            headers = {"Accept": accept}
            answer = client.get(path, headers=headers, follow_redirects=False)
            kept = answer.headers["cache-control"]
            assert "private" in kept or "no-store" in kept, path


def test_a_refusal_says_how_to_be_let_in(world: World) -> None:
    world.rules = RULES[Mode.TOKENS]

    nobody = world.client().get("/api/v1/teams")
    reader = world.client(READ).post("/api/v1/runs", json=A_RUN)

    assert nobody.headers["www-authenticate"] == 'Bearer realm="hearten"'
    assert "a token with the scope `read`" in nobody.json()["detail"]
    assert reader.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="run"'
    assert reader.json()["detail"] == "The token lacks the scope `run`."


@on_both_engines
def test_a_revoked_token_is_refused_at_its_very_next_use(world: World) -> None:
    world.rules = RULES[Mode.TOKENS]
    client = world.client(READ)
    assert client.get("/api/v1/teams").status_code == 200
    assert client.get("/api/v1/teams").status_code == 200

    world.store.tokens.revoke(world.store.tokens.all()[-1].id, world.now)

    assert client.get("/api/v1/teams").status_code == 401


def test_a_token_that_was_used_a_moment_ago_still_expires(world: World) -> None:
    world.rules = RULES[Mode.TOKENS]
    client = world.client()
    client.headers["Authorization"] = f"Bearer {world.secret(READ, days=1)}"
    assert client.get("/api/v1/teams").status_code == 200

    world.now += timedelta(days=1)

    assert client.get("/api/v1/teams").status_code == 401


def test_a_bearer_token_of_the_proxy_is_none_of_ours(world: World) -> None:
    client = world.client()

    answer = client.get("/api/v1/teams", headers={"Authorization": "Bearer eyJhbGciOi.x.y"})

    assert answer.status_code == 200


@on_both_engines
def test_the_life_of_a_token_is_told_by_the_api(world: World) -> None:
    admin = world.client(ADMIN)

    made = admin.post("/api/v1/tokens", json=A_TOKEN | {"days": 30})
    ident, secret = made.json()["id"], made.json()["secret"]
    listed = admin.get("/api/v1/tokens")
    used = world.client().get("/api/v1/teams", headers={"Authorization": f"Bearer {secret}"})
    revoked = admin.delete(f"/api/v1/tokens/{ident}")
    again = admin.delete(f"/api/v1/tokens/{ident}")

    assert made.headers["location"].endswith(f"/api/v1/tokens/{ident}")
    assert made.headers["cache-control"] == "no-store"
    assert secret.startswith("hearten_")
    assert secret not in listed.text
    assert "digest" not in listed.text
    assert {each["label"] for each in listed.json()["tokens"]} == {"some-program", "dashboards"}
    assert (used.status_code, revoked.status_code, again.status_code) == (200, 204, 404)
    usable = {t["id"]: t["usable"] for t in admin.get("/api/v1/tokens").json()["tokens"]}
    assert usable.pop(ident) is False
    assert list(usable.values()) == [True]


@pytest.mark.parametrize("label", ["Jo Bloggs", "jo.bloggs@example.org", "-x", "", "a" * 41])
def test_a_token_is_named_after_a_program(world: World, label: str) -> None:
    answer = world.client(ADMIN).post("/api/v1/tokens", json=A_TOKEN | {"label": label})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "body.label"


@on_both_engines
def test_every_write_is_written_down_and_so_is_one_that_a_token_is_refused(world: World) -> None:
    admin, runner, nobody = world.client(ADMIN), world.client(RUN), world.client()
    ids = {token.id for token in world.store.tokens.all()}

    runner.post("/api/v1/runs", json=A_RUN, headers={"X-Request-ID": "request-1"})
    runner.post("/api/v1/runs", json={"job": "nothing"})
    nobody.post("/api/v1/runs", json=A_RUN)
    made = admin.post("/api/v1/tokens", json=A_TOKEN).json()["id"]
    admin.delete(f"/api/v1/tokens/{made}")
    nobody.put("/api/v1/runs", json=A_RUN)
    nobody.get("/api/v1/teams")

    lines = admin.get("/api/v1/audit").json()["lines"]
    assert [(line["action"], line["about"], line["outcome"]) for line in reversed(lines)] == [
        ("POST /api/v1/runs", "run 1: collect", "202"),
        ("POST /api/v1/runs", "", "422"),
        ("POST /api/v1/tokens", f"token {made}: dashboards", "201"),
        (f"DELETE /api/v1/tokens/{made}", f"token {made}", "204"),
    ]
    assert lines[-1]["request_id"] == "request-1"
    assert {line["by"] for line in lines} == ids


@on_both_engines
def test_writes_that_nobody_is_let_do_are_counted_and_change_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.rules = Rules(rate_limit=100_000)
    app = world.app()
    nobody = TestClient(app, headers={"Authorization": "Bearer hearten_guessed"})
    before = world.store.revision()

    for number in range(100):
        world.now += timedelta(seconds=1)
        headers = {} if number % 2 else {"Authorization": ""}
        assert nobody.post("/api/v1/runs", json=A_RUN, headers=headers).status_code == 401
    shown = TestClient(app).get("/metrics").text

    assert world.store.audit.newest(10) == []
    assert world.store.revision() == before, "what is kept of pages stays"
    assert "hearten_refused_writes_total 100.0" in shown
    said = [r.getMessage() for r in caplog.records if "refused" in r.getMessage()]
    assert [line.split()[0] for line in said] == ["1", "60"], "at most once a minute"


def test_a_token_that_is_refused_over_and_over_fills_no_table(world: World) -> None:
    reader = world.client(READ)

    for _ in range(30):
        assert reader.post("/api/v1/runs", json=A_RUN).status_code == 403

    assert len(world.store.audit.newest(100)) == 10
    assert "hearten_refused_writes_total 20.0" in reader.get("/metrics").text


def test_what_the_proxy_says_of_a_person_is_nowhere(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.rules = RULES[Mode.PROXY]
    client = world.client(peer=PROXY)
    client.headers.update({"X-Forwarded-User": "somebody-in-particular"})

    answers = [client.get("/api/v1/teams"), client.post("/api/v1/runs", json=A_RUN)]

    lines = world.store.audit.newest(10)
    assert lines == []
    said = caplog.text + "".join(a.text + repr(a.headers) for a in answers)
    assert "somebody-in-particular" not in said


def test_an_open_service_is_not_read_by_another_sites_page(world: World) -> None:
    world.rules = Rules(hosts=frozenset({"localhost", "127.0.0.1", "::1"}))
    client = world.client()

    statuses = {
        host: client.get("/api/v1/teams", headers={"Host": host}).status_code
        for host in ("localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "evil.example")
    }

    assert statuses.pop("evil.example") == 400
    assert set(statuses.values()) == {200}
