"""A way to look into the database past the store."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine of our own on the test's database."""
    address = make_url(database_url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    opened = create_engine(address)
    yield opened
    opened.dispose()
