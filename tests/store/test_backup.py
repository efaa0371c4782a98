"""A copy of the database, taken while it is in use."""

from pathlib import Path

import pytest

from evaluator.model.facts import Reading
from store.backup import back_up
from store.errors import StoreError
from store.store import Store
from tests.store.examples import READ
from tests.support.database_dump import everything_in


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/hearten.sqlite3"


def keep_something(store: Store) -> None:
    store.facts.keep(Reading(READ))


def test_a_copy_holds_everything_and_is_one_file(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "copy.sqlite3"
    copy.parent.mkdir()
    with Store.open(url) as store:
        keep_something(store)
        back_up(url, copy)
        kept = everything_in(store)

    assert list(copy.parent.iterdir()) == [copy]
    with Store.open(f"sqlite:///{copy}") as store:
        assert everything_in(store) == kept


def test_nobody_else_may_read_a_copy(url: str, tmp_path: Path) -> None:
    Store.open(url).close()

    back_up(url, tmp_path / "copy")

    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_a_copy_is_taken_while_another_writes(url: str, tmp_path: Path) -> None:
    with Store.open(url) as store, store._database.writing():
        back_up(url, tmp_path / "copy.sqlite3")

    Store.open(f"sqlite:///{tmp_path}/copy.sqlite3").close()


def test_a_database_of_another_version_is_copied_as_it_is(url: str, tmp_path: Path) -> None:
    tmp_path.joinpath("hearten.sqlite3").touch()

    back_up(url, tmp_path / "copy.sqlite3")

    assert b"alembic" not in tmp_path.joinpath("copy.sqlite3").read_bytes()


def test_nothing_is_written_over(url: str, tmp_path: Path) -> None:
    Store.open(url).close()
    copy = tmp_path / "copy"
    copy.write_text("kept")

    with pytest.raises(StoreError, match="is there already"):
        back_up(url, copy)

    assert copy.read_text() == "kept"


def test_no_database_is_made_where_there_is_none(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no database"):
        back_up(url, tmp_path / "copy")

    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_cannot_be_made_leaves_nothing_behind(url: str, tmp_path: Path) -> None:
    tmp_path.joinpath("hearten.sqlite3").write_bytes(b"no database, but long enough for one" * 99)

    with pytest.raises(StoreError, match="cannot be made: file is not a database"):
        back_up(url, tmp_path / "copy")

    assert [path.name for path in tmp_path.iterdir()] == ["hearten.sqlite3"]


def test_a_folder_that_is_not_there_is_said(url: str, tmp_path: Path) -> None:
    Store.open(url).close()

    with pytest.raises(StoreError, match="There is no folder"):
        back_up(url, tmp_path / "nowhere" / "copy")


def test_postgresql_has_its_own_program(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        back_up("postgresql://hearten:canary@db.example/hearten", tmp_path / "copy")
