from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, select, text
from sqlalchemy.exc import StatementError

from store.types import UtcDateTime

LONDON = ZoneInfo("Europe/London")
TABLE = Table(
    "instants", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime)
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as opened:
        TABLE.create(opened)
        yield opened


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param(datetime(2026, 7, 1, 9, 30, 0, 123456, tzinfo=LONDON), id="summer in London"),
        pytest.param(datetime(2026, 10, 25, 1, 30, tzinfo=LONDON), id="the hour that comes twice"),
        pytest.param(
            datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1), id="and its second time"
        ),
        pytest.param(datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), id="UTC already"),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(
    connection: Connection, instant: datetime
) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TIME ZONE 'Pacific/Auckland'"))
    connection.execute(TABLE.insert(), {"at": instant})

    found = connection.execute(select(TABLE.c.at)).scalar_one()

    assert found == instant.astimezone(UTC)
    assert found.tzinfo is UTC


def test_no_instant_comes_back_as_none(connection: Connection) -> None:
    connection.execute(TABLE.insert(), {"at": None})

    assert connection.execute(select(TABLE.c.at)).scalar_one() is None


def test_a_naive_datetime_is_refused(connection: Connection) -> None:
    naive = datetime(2026, 7, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(StatementError, match="has no time zone"):
        connection.execute(TABLE.insert(), {"at": naive})


def test_an_instant_is_found_by_comparing_it_in_another_zone(connection: Connection) -> None:
    connection.execute(TABLE.insert(), {"at": datetime(2026, 7, 1, 8, 30, tzinfo=UTC)})

    same = select(TABLE).where(TABLE.c.at == datetime(2026, 7, 1, 9, 30, tzinfo=LONDON))

    assert connection.execute(same).first() is not None
