"""A file whose bytes something else changed is called damaged, and not a defect of ours."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evaluator.model.facts import Reading
from evaluator.model.plan import Plan
from store.errors import StoreError
from store.store import Store
from tests.store.examples import READ, RESULT

NOW = datetime(2026, 3, 31, tzinfo=UTC)


def plan(store: Store) -> object:
    return store.plans.newest()


def coverage(store: Store) -> object:
    return store.facts.coverage()


def results(store: Store) -> object:
    return store.results.find()


@pytest.fixture
def file(tmp_path: Path, sqlite_tables: Path) -> Path:
    """An SQLite database with a little of everything."""
    file = Path(shutil.copy(sqlite_tables, tmp_path / "hearten.db"))
    with Store.open(f"sqlite:///{file}") as store:
        store.plans.save(Plan(teams=(), targets=()), NOW)
        store.facts.keep(Reading(READ))
        store.results.save([RESULT])
    return file


@pytest.mark.parametrize(
    ("was", "flipped", "question"),
    [
        pytest.param(b'"targets"', b'"targdts"', plan, id="a key of JSON"),
        pytest.param(b'"teams":[', b'"teams":{', plan, id="JSON that is none"),
        pytest.param(b"2026-", b"20:6-", coverage, id="an instant"),
        pytest.param(b"2026-", b"20:6-", results, id="a result's instant"),
        pytest.param(RESULT.status.value.encode(), b"~~~", results, id="a word"),
        pytest.param(b"2026-", b"2\xff26-", results, id="no UTF-8"),
        pytest.param(b"CREATE TABLE", b"CREATE\xffTABLE", Store.ready, id="the tables themselves"),
    ],
)
def test_bytes_that_were_flipped_are_damage(
    file: Path, was: bytes, flipped: bytes, question: Callable[[Store], object]
) -> None:
    whole = file.read_bytes()
    assert was in whole
    file.write_bytes(whole.replace(was, flipped))

    with pytest.raises(StoreError, match="Put a copy of it back"):
        ask(file, question)


def ask(file: Path, question: Callable[[Store], object]) -> None:
    with Store.open(f"sqlite:///{file}") as store:
        question(store)
