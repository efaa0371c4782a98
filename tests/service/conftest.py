from collections.abc import Iterator

import pytest

from tests.support.databases import fresh_database


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_tables: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with nothing in it: several machines share one."""
    with fresh_database(postgresql_server, postgresql_tables) as url:
        yield url
