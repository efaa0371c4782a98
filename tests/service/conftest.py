from collections.abc import Iterator

import pytest

from tests.conftest import _fresh_database


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database: several machines share one."""
    with _fresh_database(postgresql_server) as url:
        yield url
