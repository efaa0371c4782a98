"""The queue's connections to PostgreSQL, which never wait without an end, as all others.

What a transaction needs is set in it, because poolers refuse such options at the start.
"""

import math
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import psycopg
from procrastinate import PsycopgConnector, exceptions
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import Row

from store.database import address_of, as_store_error
from store.patience import Patience
from store.postgresql import ON_THE_WAY, in_time, network, time_outs

_RV = TypeVar("_RV")
OF_THE_QUEUE = Patience(answer=30)


def connector(
    url: str, schema: str, *, connections: int, patience: Patience = OF_THE_QUEUE
) -> PsycopgConnector:
    """Return what reaches the tables of `schema`, by up to so many connections at once."""
    address = address_of(url)
    options = str(address.query.get("options", ""))
    limits = time_outs(patience.answer, patience.lock, options)
    begin = "; ".join([f'SET LOCAL search_path = "{schema}"', *limits])

    class Connection(_Connection[Any]):
        answer_within = patience.answer + ON_THE_WAY

    class Cursor(_Cursor[Any]):
        begins_with = begin

    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return PsycopgConnector(
        conninfo=plain,
        kwargs={"cursor_factory": Cursor, **network(address, patience)},
        connection_class=Connection,
        min_size=1,
        max_size=connections,
        timeout=patience.connect + patience.lock,
    )


@contextmanager
def as_store_errors() -> Iterator[None]:
    """Let it be said as StoreError where the queue's database does not answer."""
    try:
        yield
    except (exceptions.ConnectorException, psycopg.Error) as exc:
        cause = exc.__cause__ if isinstance(exc.__cause__, psycopg.Error) else exc
        raise as_store_error("The queue's database does not answer", cause) from exc


class _Connection(psycopg.AsyncConnection[Row]):
    """A connection that is given up where an answer takes too long."""

    answer_within: float  # seconds

    async def wait(self, gen: PQGen[_RV], *args: Any, **kwargs: Any) -> _RV:
        """Return what `gen` ends with. Errors: OperationalError where that takes too long."""
        return await super().wait(in_time(gen, self.pgconn, self.answer_within), *args, **kwargs)

    async def notifies(self, **kwargs: Any) -> AsyncGenerator[psycopg.Notify, None]:
        """Yield what others tell, for which there is no end to wait: jobs are looked for anyway."""
        self.answer_within = math.inf
        async for told in super().notifies(**kwargs):
            yield told


class _Cursor(psycopg.AsyncCursor[Row]):
    """A cursor that begins each transaction by saying what holds in it."""

    begins_with: str

    async def execute(self, *args: Any, **kwargs: Any) -> Self:
        """Execute a statement, as the first of a transaction or within one."""
        idle = self.connection.info.transaction_status is TransactionStatus.IDLE
        if idle and not self.connection.autocommit:
            await super().execute(self.begins_with)
        return await super().execute(*args, **kwargs)
