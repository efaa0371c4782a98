from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from store.store import Store
from tests.conftest import fresh_database
from tests.support.judged_teams import World, fill


@pytest.fixture
def world(store: Store) -> World:
    """A filled store on each engine, to write to."""
    fill(store)
    return World(store)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _world_to_read(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('read')}/hearten.db"
        with Store.open(url) as store:
            fill(store)
            yield World(store)
        return
    server, tables = map(request.getfixturevalue, ("postgresql_server", "postgresql_tables"))
    with fresh_database(server, tables) as url, Store.open(url) as store:
        fill(store)
        yield World(store)


@pytest.fixture
def client(_world_to_read: World) -> TestClient:
    """A program without a token, over a filled store on each engine, which it only reads."""
    return _world_to_read.client()


@pytest.fixture
def small_world(tmp_path: Path) -> Iterator[World]:
    """A filled store on SQLite alone, for what has nothing to do with the engine."""
    with Store.open(f"sqlite:///{tmp_path}/hearten.db") as store:
        fill(store)
        yield World(store)
