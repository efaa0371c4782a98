"""PostgreSQL that falls silent without a word is given up in time, and taken up again by itself."""

import time
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import text

from store.database import Database
from store.errors import StoreError
from store.patience import Patience
from store.store import Store
from tests.support.databases import fresh_database
from tests.support.silent_proxy import SilentProxy, silent_proxy

SHORT = Patience(connect=2, answer=0.2, lock=0.1, ping=0.2)
GIVEN_UP = 5.0  # seconds: with SHORT, a connection has 2 of them, an answer 2.2


@pytest.fixture
def database_url(postgresql_server: str, postgresql_tables: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with the tables."""
    with fresh_database(postgresql_server, postgresql_tables) as url:
        yield url


@pytest.fixture
def proxy(postgresql_server: str) -> Iterator[SilentProxy]:
    """A way to the server that can fall silent."""
    with silent_proxy(postgresql_server) as opened:
        yield opened


def test_a_pooled_connection_that_fell_silent_is_replaced_by_a_new_one(
    database_url: str, proxy: SilentProxy
) -> None:
    with Store.open(proxy.url(database_url), SHORT) as store:
        store.revision()
        proxy.silence()
        proxy.heal()  # what is open stays silent, as after a failover
        began = time.monotonic()

        assert store.revision()
        assert time.monotonic() - began < 1


@pytest.mark.slow
def test_while_all_is_silent_every_question_is_given_up_and_then_answered_again(
    database_url: str, proxy: SilentProxy
) -> None:
    with Store.open(proxy.url(database_url), SHORT) as store:
        proxy.silence()
        for question in (store.revision, store.ready, store.plans.newest, store.health):
            began = time.monotonic()
            with pytest.raises(StoreError, match="does not answer"):
                question()
            assert time.monotonic() - began < GIVEN_UP
        proxy.heal()

        store.ready()


@pytest.mark.slow
@pytest.mark.parametrize("pause", [0, 0.4])
def test_a_transaction_whose_network_falls_silent_is_given_up(
    database_url: str, proxy: SilentProxy, pause: float
) -> None:
    database = Database(proxy.url(database_url), patience=SHORT)

    def ask() -> None:
        with database.writing() as connection:
            proxy.trickle(pause) if pause else proxy.silence()
            connection.execute(text("SELECT repeat('x', 9999)"))

    with pytest.raises(StoreError, match="does not answer: it is silent"):
        ask()
    database.close()


@pytest.mark.slow
def test_a_new_connection_that_nobody_answers_is_given_up(
    database_url: str, proxy: SilentProxy
) -> None:
    proxy.silence()
    began = time.monotonic()

    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(proxy.url(database_url), Patience(connect=1))
    assert time.monotonic() - began < GIVEN_UP


def test_locks_of_a_writer_that_is_heard_of_no_more_end_with_its_transaction(
    database_url: str, proxy: SilentProxy
) -> None:
    database = Database(proxy.url(database_url), patience=SHORT)

    with (
        psycopg.connect(database_url) as another,
        suppress(InterruptedError),
        database.writing() as connection,
    ):
        connection.execute(text("LOCK TABLE runs IN ACCESS EXCLUSIVE MODE"))
        proxy.silence()
        another.execute("SET LOCAL lock_timeout = '3s'")

        assert another.execute("SELECT count(*) FROM runs").fetchone() == (0,)
        connection.invalidate()
        raise InterruptedError  # nothing is to be committed any more
    database.close()


def test_a_statement_that_takes_too_long_is_ended_by_the_server(database_url: str) -> None:
    database = Database(database_url, patience=SHORT)

    with pytest.raises(StoreError, match="statement timeout"), database.reading() as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    with database.reading() as connection:  # and the connection is as good as before
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


def test_nothing_is_asked_for_at_the_start_that_a_pooler_refuses(database_url: str) -> None:
    database = Database(database_url)
    asked = "SELECT name FROM pg_settings WHERE source = 'client' AND name LIKE '%timeout%'"

    with database.reading() as connection:
        assert connection.execute(text(asked)).all() == []
        times = [
            connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("statement_timeout", "lock_timeout")
        ]
    database.close()

    assert times == ["2min", "30s"]
