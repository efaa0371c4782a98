from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from store.store import Store
from tests.support.databases import on_both_engines

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.fixture
def client(store: Store) -> TestClient:
    """A program that asks the service over an empty store."""
    return TestClient(create_app(Service(store, lambda: NOW, version="1")))


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@on_both_engines
def test_a_probe_is_told_that_all_is_well(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_database_that_is_gone_makes_the_service_alive_but_not_ready(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("gone")
    with Store.open(f"sqlite:///{folder}/hearten.db") as store:
        client = TestClient(create_app(Service(store, lambda: NOW, version="1")))
        store.close()
        (folder / "hearten.db").write_bytes(b"no database, but long enough to look like one" * 99)

        ready, alive = client.get("/readyz"), client.get("/healthz")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert ready.headers["content-type"] == "application/problem+json"
    assert ready.json()["instance"] == ready.headers["x-request-id"]
