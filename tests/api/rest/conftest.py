import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from store.store import Store
from tests.support.databases import empty_database
from tests.support.judged_teams import World, fill


@pytest.fixture
def world(store: Store) -> World:
    """A filled store to write to: on SQLite, or as `@on_both_engines` says."""
    fill(store)
    return World(store)


@pytest.fixture(scope="module")
def read_only_world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_tables: Path
) -> Iterator[World]:
    """A filled store that is only read: on SQLite, or on each engine that a test asks for."""
    engine = getattr(request, "param", "sqlite")
    folder = tmp_path_factory.mktemp("read")
    with empty_database(request, engine, folder) as url:
        if engine == "sqlite":
            shutil.copy(sqlite_tables, folder / "hearten.db")
        with Store.open(url) as store:
            fill(store)
            yield World(store)


@pytest.fixture(scope="module")
def client(read_only_world: World) -> Iterator[TestClient]:
    """A program without a token, over a filled store which it only reads."""
    with read_only_world.client() as client:
        yield client
