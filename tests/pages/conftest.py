"""One database for all tests of pages, filled once and then only read."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from store.store import Store
from tests.support.served_demo import client_of, fill


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The made-up organisation, collected and judged."""
    folder = tmp_path_factory.mktemp("pages")
    with Store.open(f"sqlite:///{folder}/hearten.db") as store:
        fill(store, folder)
        yield store


@pytest.fixture(scope="session")
def browser(demo: Store) -> TestClient:
    """Somebody who looks at its pages."""
    return client_of(demo)
