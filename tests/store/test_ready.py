"""A store that is ready can be read and written, and is the one that was opened."""

import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from store.database import Database
from store.errors import StoreError
from store.health import check_ready
from store.patience import Patience
from store.store import Store
from tests.support.databases import fresh_database

IMPATIENT = Patience(lock=0.05)


@pytest.fixture
def file(tmp_path: Path, sqlite_tables: Path) -> Path:
    """An SQLite database with the tables."""
    return Path(shutil.copy(sqlite_tables, tmp_path / "hearten.db"))


def remove(file: Path) -> None:
    file.unlink()


def move(file: Path) -> None:
    file.rename(file.with_name("elsewhere.db"))


def replace(file: Path) -> None:
    copy = Path(shutil.copy(file, file.with_name("copy.db")))
    copy.replace(file)


@pytest.mark.parametrize(
    ("lose", "said"), [(remove, "is gone"), (move, "is gone"), (replace, "is another one")]
)
def test_a_file_that_is_no_longer_there_is_noticed(
    file: Path, lose: Callable[[Path], None], said: str
) -> None:
    with Store.open(f"sqlite:///{file}") as store:
        store.ready()
        lose(file)

        with pytest.raises(StoreError, match=said):
            store.ready()
        assert lose is replace or not file.exists()  # and no empty one was made


def test_a_file_that_is_put_back_is_the_one_that_was_opened(file: Path) -> None:
    with Store.open(f"sqlite:///{file}") as store:
        move(file)
        file.with_name("elsewhere.db").rename(file)

        store.ready()


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_noticed_before_anything_is_lost(file: Path) -> None:
    with Store.open(f"sqlite:///{file}") as store:
        with no_file_grows_beyond(8192), pytest.raises(StoreError, match=r"disk|full"):
            store.ready()
        store.ready()


@pytest.mark.parametrize("limit", ["-1", "8"])
def test_of_postgresql_room_on_the_disk_is_tried_where_that_is_not_limited(
    postgresql_server: str, postgresql_tables: str, limit: str
) -> None:
    """Only a disk that is full would refuse what was tried here."""
    with (
        fresh_database(postgresql_server, postgresql_tables) as url,
        psycopg.connect(url, autocommit=True) as admin,
    ):
        name = sql.Identifier(admin.info.dbname)
        admin.execute(
            sql.SQL("ALTER DATABASE {} SET temp_file_limit = {}").format(name, sql.Literal(limit))
        )
        with Store.open(url) as store:
            store.ready()
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
        while admin.execute(others, (admin.info.backend_pid,)).fetchone():  # they count as they end
            time.sleep(0.01)
        tried = "SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()"

        assert (admin.execute(tried).fetchone() or (0,))[0] > (0 if limit == "8" else 100_000)


def test_being_asked_changes_nothing_that_anybody_sees(database_url: str) -> None:
    with Store.open(database_url) as store, Store.open(database_url) as another:
        before = store.revision(), another.revision()
        store.ready()

        assert (store.revision(), another.revision()) == before


def test_the_write_lock_of_another_program_is_noticed(file: Path) -> None:
    address = f"sqlite:///{file}"
    with (
        closing(Database(address, patience=IMPATIENT)) as ours,
        closing(Database(address)) as another,
    ):
        with another.writing(), pytest.raises(StoreError, match="is locked"):
            check_ready(ours)
        check_ready(ours)
