"""The whole record in another database: there, back, and after it was stopped in between."""

import gc
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from evaluator.model.access import AuditEntry
from evaluator.model.facts import Reading
from evaluator.model.runs import Job
from store.backup import back_up
from store.copying import Copied, copy_record
from store.errors import StoreError
from store.store import Store
from store.tables import TABLES
from tests.store.examples import READ, at
from tests.support.databases import fresh_database
from tests.support.made_up_rows import fill, rows_of
from tests.support.quiet import Quiet

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
NUMBERED = ("audit", "plans", "runs")


class AtStep(Quiet):
    """Does something at one of the steps."""

    def __init__(self, number: int, what: Callable[[], object]) -> None:
        self.left = number
        self.what = what

    def step(self, _name: str, _said: str) -> None:
        self.left -= 1
        if self.left == 0:
            self.what()


class Named(Quiet):
    """Keeps which tables it was told of: once when copied, once when compared."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def step(self, name: str, _said: str) -> None:
        self.names.append(name)


def stop() -> None:
    raise KeyboardInterrupt


def engine_of(url: str) -> Engine:
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)


@pytest.fixture(scope="module")
def made_up(sqlite_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with rows in every table."""
    file = tmp_path_factory.mktemp("made-up") / "from.db"
    shutil.copy(sqlite_tables, file)
    with Store.open(f"sqlite:///{file}") as store:
        fill(store)
    return file


@pytest.fixture
def sqlite(made_up: Path, tmp_path: Path) -> str:
    """A record in SQLite, with rows in every table."""
    shutil.copy(made_up, tmp_path / "from.db")
    return f"sqlite:///{tmp_path}/from.db"


@pytest.fixture
def postgresql(postgresql_server: str, postgresql_tables: str) -> Iterator[str]:
    """A database of PostgreSQL that has the tables, without a row."""
    with fresh_database(postgresql_server, postgresql_tables) as url:
        yield url


def kept(url: str) -> dict[str, list[str]]:
    with Store.open(url) as store:
        return rows_of(store)


def is_empty(url: str) -> bool:
    return not any(kept(url).values())


def test_every_row_of_every_table_is_the_same_there_and_back(
    sqlite: str, postgresql: str, tmp_path: Path
) -> None:
    back = f"sqlite:///{tmp_path}/deep/back.db"

    there_copied = copy_record(sqlite, postgresql, Quiet())
    back_copied = copy_record(postgresql, back, Quiet())

    assert all(kept(sqlite).values())
    assert kept(sqlite) == kept(postgresql) == kept(back)
    assert there_copied.rows == back_copied.rows == 8 * there_copied.tables


def test_no_table_that_the_migrations_make_is_left_out(database_url: str, sqlite: str) -> None:
    with Store.open(database_url) as empty, empty._database.writing() as connection:
        made = set(inspect(connection).get_table_names())
    told = Named()

    copy_record(sqlite, database_url, told)

    assert sorted(told.names) == sorted(2 * list(made - {"alembic_version"}))


def test_new_rows_are_numbered_after_those_that_came(sqlite: str, database_url: str) -> None:
    copy_record(sqlite, database_url, Quiet())

    with Store.open(database_url) as store:
        store.audit.add(AuditEntry(at(1), "command", "copied", "", "done"))
        run = store.runs.ask(Job.COLLECT, "new", asked_by="api", due_at=at(1))
        newest = store.audit.newest(1)

    assert newest[0].action == "copied"
    assert run.id == 7 * 7 + 2


def test_an_empty_record_leaves_the_numbers_at_their_beginning(
    database_url: str, tmp_path: Path
) -> None:
    Store.open(f"sqlite:///{tmp_path}/from.db").close()

    copy_record(f"sqlite:///{tmp_path}/from.db", database_url, Quiet())

    with Store.open(database_url) as store:
        assert store.runs.ask(Job.COLLECT, "new", asked_by="api", due_at=at(1)).id == 1


def test_a_copy_that_was_stopped_leaves_nothing_and_can_be_made_again(
    sqlite: str, database_url: str
) -> None:
    for moment in (1, len(TABLES), 2 * len(TABLES)):
        with pytest.raises(KeyboardInterrupt):
            copy_record(sqlite, database_url, AtStep(moment, stop))
        assert is_empty(database_url)

    copy_record(sqlite, database_url, Quiet())

    assert kept(database_url) == kept(sqlite)


# Of a connection that was cut, SQLAlchemy leaves the cursor open.
@pytest.mark.filterwarnings("ignore:Exception ignored.*ServerCursor")
@pytest.mark.parametrize("moment", [1, 2 * len(TABLES) - 1])
def test_a_connection_that_is_cut_leaves_nothing_and_is_said(
    sqlite: str, postgresql: str, tmp_path: Path, moment: int
) -> None:
    def cut() -> None:
        with engine_of(postgresql).begin() as connection:
            connection.execute(text(f"{CUT} AND datname = current_database()"))

    with pytest.raises(StoreError, match=r"/hearten_test_.* does not answer.* that URL names it"):
        copy_record(sqlite, postgresql, AtStep(moment, cut))
    assert is_empty(postgresql)
    copy_record(sqlite, postgresql, Quiet())
    back = f"sqlite:///{tmp_path}/back.db"
    with pytest.raises(StoreError, match=r"/hearten_test_.* does not answer.*HEARTEN_DATABASE_URL"):
        copy_record(postgresql, back, AtStep(moment, cut))

    assert is_empty(back)
    gc.collect()  # here, and not in a test that comes later


def test_what_is_written_meanwhile_is_kept_where_it_is_and_tears_nothing(
    database_url: str, tmp_path: Path
) -> None:
    copy = f"sqlite:///{tmp_path}/copy.db"
    with Store.open(database_url) as store:
        fill(store)
        before = rows_of(store)

        copy_record(database_url, copy, AtStep(1, lambda: store.facts.keep(Reading(READ))))

        assert kept(copy) == before
        assert len(rows_of(store)["coverage"]) == len(before["coverage"]) + 1


def test_the_file_that_is_copied_is_not_changed(sqlite: str, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    back_up(sqlite, backup)  # its journal has another mode than that of a database in use
    before = backup.read_bytes()

    copy_record(f"sqlite:///{backup}", f"sqlite:///{tmp_path}/copy.db", Quiet())

    assert backup.read_bytes() == before
    assert kept(f"sqlite:///{tmp_path}/copy.db") == kept(sqlite)


def test_a_copy_that_is_there_already_is_said_to_be_there(sqlite: str, database_url: str) -> None:
    first = copy_record(sqlite, database_url, Quiet())

    again = copy_record(sqlite, database_url, Quiet())

    assert again == Copied(first.source, first.target, first.tables, first.rows, before=True)


def test_another_record_is_not_touched(sqlite: str, database_url: str) -> None:
    with Store.open(database_url) as store:
        store.facts.keep(Reading(READ))
        before = rows_of(store)

    with pytest.raises(StoreError, match=r"holds another record already.* Name a file that is not"):
        copy_record(sqlite, database_url, Quiet())

    assert kept(database_url) == before


def test_a_record_that_went_on_since_it_was_copied_is_another_one(
    sqlite: str, database_url: str
) -> None:
    copy_record(sqlite, database_url, Quiet())
    with Store.open(sqlite) as store:
        store.facts.keep(Reading(READ))

    with pytest.raises(StoreError, match="holds another record already"):
        copy_record(sqlite, database_url, Quiet())


def test_a_database_is_not_copied_into_itself_however_it_is_written(
    sqlite: str, postgresql: str, tmp_path: Path
) -> None:
    tmp_path.joinpath("link.db").symlink_to(tmp_path / "from.db")
    other = make_url(postgresql).update_query_dict({"application_name": "x"})

    for source, target in (
        (sqlite, f"sqlite:///{tmp_path}/link.db"),
        (postgresql, other.render_as_string(hide_password=False)),
    ):
        with pytest.raises(StoreError, match="is the database in HEARTEN_DATABASE_URL"):
            copy_record(source, target, Quiet())


def test_a_copy_that_comes_out_otherwise_is_not_kept(
    sqlite: str, database_url: str, engine: Engine
) -> None:
    Store.open(database_url).close()
    spoil = "UPDATE tokens SET label = 'other' WHERE id = NEW.id;"
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            make = f"CREATE TRIGGER spoilt AFTER INSERT ON tokens BEGIN {spoil} END"
        else:
            connection.execute(
                text(
                    f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN {spoil} RETURN NULL; END $$"
                )
            )
            make = (
                "CREATE TRIGGER spoilt AFTER INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION spoil()"
            )
        connection.execute(text(make))

    with pytest.raises(StoreError, match="table `tokens` is not what was copied"):
        copy_record(sqlite, database_url, Quiet())

    assert is_empty(database_url)


def test_a_row_that_the_other_engine_cannot_keep_is_said(sqlite: str, postgresql: str) -> None:
    with engine_of(sqlite).begin() as connection:
        connection.execute(text("UPDATE coverage SET detail = 'a' || char(0)"))

    with pytest.raises(StoreError, match=r"row of the table `coverage` cannot be kept there.*NUL"):
        copy_record(sqlite, postgresql, Quiet())

    assert is_empty(postgresql)


def test_an_older_record_is_left_as_it_is_and_the_way_to_bring_it_up_is_said(
    database_url: str, engine: Engine, tmp_path: Path
) -> None:
    Store.open(database_url).close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    with pytest.raises(StoreError, match=r"older version of hearten\. `hearten status` brings"):
        copy_record(database_url, f"sqlite:///{tmp_path}/copy.db", Quiet())

    with engine.connect() as connection:
        kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert kept == "0001"
    assert not tmp_path.joinpath("copy.db").exists()


def test_there_must_be_a_record_to_copy(postgresql: str, tmp_path: Path) -> None:
    with engine_of(postgresql).begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    for source, said in (
        (f"sqlite:///{tmp_path}/none.db", "There is no database at"),
        (postgresql, "holds no record of hearten"),
        ("postgresql://hearten:hunter2@127.0.0.1:1/x", "127.0.0.1:1/x does not answer"),
    ):
        with pytest.raises(StoreError, match=re.escape(said)) as caught:
            copy_record(source, f"sqlite:///{tmp_path}/copy.db", Quiet())
        assert "hunter2" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("postgresql://hearten:hunter2@127.0.0.1:1/x", "See that it runs, and that URL names it."),
        ("mysql://hearten:hunter2@127.0.0.1/x", "Write sqlite:///folder/file.db or postgresql://"),
        ("hunter2", "The database URL is not a URL."),
    ],
)
def test_what_is_wrong_with_the_other_database_is_said_without_its_password(
    sqlite: str, target: str, said: str
) -> None:
    with pytest.raises(StoreError, match=re.escape(said)) as caught:
        copy_record(sqlite, target, Quiet())

    assert "hunter2" not in str(caught.value)
    assert "HEARTEN_DATABASE_URL" not in str(caught.value)


def test_another_copy_that_goes_on_is_waited_for_and_then_said(
    sqlite: str, database_url: str
) -> None:
    patience = {"timeout": "0.1"} if "sqlite" in database_url else {"options": "-c lock_timeout=1"}
    hasty = make_url(database_url).update_query_dict(patience).render_as_string(hide_password=False)

    def another() -> None:
        with pytest.raises(StoreError, match="Another program holds it"):
            copy_record(sqlite, hasty, Quiet())

    copy_record(sqlite, database_url, AtStep(1, another))

    assert kept(database_url) == kept(sqlite)


def test_another_programs_tables_are_not_touched(
    sqlite: str, database_url: str, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        connection.execute(text("CREATE TABLE theirs (id int)"))

    with pytest.raises(StoreError, match="The database in URL is not hearten's"):
        copy_record(sqlite, database_url, Quiet())
