from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from store.store import Store
from tests.api.rest.world import World, fill


@pytest.fixture
def world(store: Store) -> World:
    """A filled store on each engine."""
    fill(store)
    return World(store)


@pytest.fixture
def client(world: World) -> TestClient:
    """A program without a token."""
    return world.client()


@pytest.fixture
def small_world(tmp_path: Path) -> Iterator[World]:
    """A filled store on SQLite alone, for what has nothing to do with the engine."""
    with Store.open(f"sqlite:///{tmp_path}/hearten.db") as store:
        fill(store)
        yield World(store)
