"""PostgreSQL is never waited for without an end: not by the server, and not where it is silent."""

import time
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq.abc import PGconn
from sqlalchemy import URL, Connection, Engine, event

from store.patience import LONG, Patience

_LONG_SECONDS = 3600.0
ON_THE_WAY = 2.0  # seconds by which what the server says of its own time-out may come later
_RV = TypeVar("_RV")
# A network that lost the connection without a word: TCP asks after ten seconds, three times.
_NETWORK = {
    "keepalives_idle": 10,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds for which what was sent may stay unconfirmed
}


class TimedConnection(psycopg.Connection[Any]):
    """A connection that is given up where an answer takes longer than `answer_within` seconds.

    No time-out of the server's is heard of where something between has gone silent, and TCP only
    notices where nothing between confirms what it never passes on.
    """

    answer_within: float

    def wait(self, gen: PQGen[_RV], *args: Any, **kwargs: Any) -> _RV:
        """Return what `gen` ends with. Errors: OperationalError where that takes too long."""
        return super().wait(in_time(gen, self.pgconn, self.answer_within), *args, **kwargs)


def in_time(gen: PQGen[_RV], pgconn: PGconn, seconds: float) -> PQGen[_RV]:
    """Do what `gen` does, and give the connection up where that takes longer than `seconds`."""
    until = time.monotonic() + seconds
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted  # nothing is ready every tenth of a second
            if time.monotonic() > until:
                break
            wanted = gen.send(ready)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    gen.close()
    pgconn.finish()  # so that it is taken for lost, and all that are as old with it
    raise psycopg.OperationalError("it is silent")


def network(address: URL, patience: Patience) -> dict[str, Any]:
    """Return what a connection is told of the network, unless the address says it itself."""
    waits = {"connect_timeout": patience.connect, **_NETWORK}
    return {name: value for name, value in waits.items() if name not in address.query}


def limit_time(engine: Engine, patience: Patience) -> None:
    """Let all that is asked through `engine` end in time."""
    options = str(engine.url.query.get("options", ""))

    def connect(_dialect: object, _record: object, args: Any, params: Any) -> TimedConnection:
        connection = TimedConnection.connect(*args, **params)
        connection.answer_within = patience.answer  # for what SQLAlchemy asks first
        return connection

    def give_back(connection: TimedConnection | None, _record: object) -> None:
        if connection is not None:
            connection.answer_within = patience.ping

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "begin", partial(_begin, patience=patience, options=options))
    event.listen(engine, "checkin", give_back)


def _begin(connection: Connection, *, patience: Patience, options: str) -> None:
    """Set a transaction's time-outs: in each anew, because poolers refuse them at the start."""
    long = connection.get_execution_options().get(LONG, False)
    answer = _LONG_SECONDS if long else patience.answer
    driver: Any = connection.connection.driver_connection
    driver.answer_within = answer + ON_THE_WAY
    only_reads = connection.get_execution_options().get("postgresql_readonly", False)
    said = time_outs(answer, patience.lock, options, idle=not only_reads)
    if said:
        connection.exec_driver_sql("; ".join(said), execution_options={"no_parameters": True})


def time_outs(answer: float, lock: float, options: str, *, idle: bool = True) -> list[str]:
    """Return the statements that limit a transaction, in seconds, but for what `options` set."""
    waits = {"statement_timeout": answer, "lock_timeout": lock}
    if idle:
        # What holds locks and is heard of no more is not to be in everybody's way.
        waits["idle_in_transaction_session_timeout"] = answer
    return [
        f"SET LOCAL {name} = {round(seconds * 1000)}"
        for name, seconds in waits.items()
        if name not in options
    ]
