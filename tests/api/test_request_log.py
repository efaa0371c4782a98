"""One line for each request, with nothing in it that a caller wrote."""

import logging
from datetime import UTC, datetime

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from store.store import Store

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
NAME = "zebedee-quillfeather"


@pytest.fixture
def client(store: Store) -> TestClient:
    """A program that asks the service, which has routes below a prefix and one with a defect."""
    app = create_app(Service(store, lambda: NOW, version="1"))
    router = APIRouter()

    @router.get("/things/{thing}/parts")
    def parts(thing: str) -> str:
        return thing

    @router.get("/defect/{thing}")
    def defect(thing: str) -> str:
        raise RuntimeError(thing)

    @router.get("/files/{file:path}")
    def files(file: str) -> str:
        return file

    app.include_router(router, prefix="/api/v9")
    return TestClient(app)


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        pytest.param(
            f"/api/v9/things/{NAME}/parts", "/api/v9/things/{thing}/parts", 200, id="path"
        ),
        pytest.param(
            f"/api/v9/things/a%2Fb/parts?who={NAME}",
            "(no such page)",
            404,
            id="a value with a slash",
        ),
        pytest.param(
            f"/api/v9/things/1/parts?who={NAME}", "/api/v9/things/{thing}/parts", 200, id="query"
        ),
        pytest.param(f"/{NAME}", "(no such page)", 404, id="no such page"),
        pytest.param(f"/api/v9/defect/1?who={NAME}", "/api/v9/defect/{thing}", 500, id="a defect"),
    ],
)
def test_a_request_is_logged_by_its_route_and_never_by_what_was_written(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str, route: str, status: int
) -> None:
    caplog.set_level(logging.INFO, logger="api")

    answer = client.get(path)

    (line,) = [record for record in caplog.records if record.name == "api.middleware.request_log"]
    said = {key: vars(line)[key] for key in ("method", "route", "status", "request_id")}
    assert said == {
        "method": "GET",
        "route": route,
        "status": status,
        "request_id": answer.headers["x-request-id"],
    }
    assert line.getMessage().startswith(f"GET {route} {status} in ")
    assert NAME not in caplog.text


def test_what_is_answered_as_it_was_before_is_logged_by_its_route_too(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="api")

    answers = [client.get("/api/v1/teams") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    lines = [record for record in caplog.records if record.name == "api.middleware.request_log"]
    assert [vars(line)["route"] for line in lines] == ["/api/v1/teams"] * 2


def test_what_a_file_is_called_is_not_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="api")

    assert client.get(f"/api/v9/files/a/{NAME}").status_code == 200

    assert NAME not in caplog.text


def test_probes_do_not_fill_the_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="api")

    for path in ("/healthz", "/readyz"):
        assert client.get(path).status_code == 200

    assert [
        record for record in caplog.records if record.name == "api.middleware.request_log"
    ] == []
