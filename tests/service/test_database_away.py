"""A service whose database is held by another program says so, stays up, and goes on by itself."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.engine import make_url

from evaluator.model.runs import Job
from hearten.clock import now
from hearten.runs.runner import Runner
from hearten.runs.scheduler import Schedule
from hearten.settings import read_settings
from store.store import Store
from tests.support.databases import on_both_engines

LEASE = timedelta(seconds=2)  # so that it looks again every fraction of a second
IMPATIENT = {
    "sqlite": {"timeout": "0.2"},
    "postgresql": {"options": "-c lock_timeout=200ms"},
}


@contextmanager
def held_by_another(database_url: str) -> Iterator[None]:
    if database_url.startswith("sqlite"):
        file = database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, check_same_thread=False)) as another:
            another.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(database_url) as another:
        another.execute("LOCK TABLE runs IN ACCESS EXCLUSIVE MODE")
        yield


def soon(what: Callable[[], bool]) -> bool:
    """Whether it comes true within half a minute."""
    until = time.monotonic() + 30
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    return what()


@on_both_engines
def test_a_schedule_without_its_database_says_what_to_do_and_goes_on_when_it_is_back(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    impatient = make_url(database_url).update_query_dict(IMPATIENT[database_url.partition(":")[0]])
    with Store.open(impatient.render_as_string(hide_password=False)) as store:
        stop = threading.Event()
        runner = Runner(store, read_settings, clock=now, lease=LEASE, stop=stop)
        schedule = Schedule(store, runner, cron="7 * * * *", clock=now, lease=LEASE)
        with held_by_another(database_url):
            schedule.start()
            told = soon(
                lambda: (
                    "What is due could not be asked for: The database " in caplog.text
                    and "Another program holds it" in caplog.text
                )
            )
        went_on = soon(lambda: store.runs.find(job=Job.COLLECT) != [])
        stop.set()
        schedule.stop(5)

    assert told
    assert went_on
    assert "Traceback" not in caplog.text


@on_both_engines
def test_a_schedule_that_has_stopped_asks_for_nothing_any_more(database_url: str) -> None:
    with Store.open(database_url) as store, ExitStack() as another:
        stop = threading.Event()
        stop.set()  # so that it only asks, and runs nothing
        runner = Runner(store, read_settings, clock=now, lease=LEASE, stop=stop)
        schedule = Schedule(store, runner, cron="7 * * * *", clock=now, lease=LEASE)
        another.enter_context(held_by_another(database_url))
        schedule.start()
        time.sleep(0.5)  # it waits for the other program now
        threading.Timer(0.5, another.close).start()
        schedule.stop(30)

        asked = store.runs.find(job=Job.COLLECT)
        time.sleep(1)

        assert store.runs.find(job=Job.COLLECT) == asked
