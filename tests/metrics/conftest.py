from collections.abc import Iterator

import pytest

from store.store import Store
from tests.support.demo_record import fill


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database of the demonstration's record, only to be read."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder}/hearten.db"
    with Store.open(url) as store:
        fill(store, folder)
    return url


@pytest.fixture(scope="session")
def demo(demo_url: str) -> Iterator[Store]:
    """The demonstration's record, only to be read."""
    with Store.open(demo_url) as store:
        yield store
