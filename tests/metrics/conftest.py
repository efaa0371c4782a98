from collections.abc import Iterator

import pytest

from store.store import Store
from tests.demo_record import fill


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demonstration's record, only to be read."""
    folder = tmp_path_factory.mktemp("demo")
    with Store.open(f"sqlite:///{folder}/hearten.db") as store:
        fill(store, folder)
        yield store
