import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

import store.store as store_module
from evaluator.model.facts import Reading
from store.errors import StoreError
from store.migrate import REVISIONS
from store.store import Store
from store.tables import TableRow
from tests.store.examples import READ
from tests.support.databases import ENGINES, fresh_database

OPEN = "import sys; from store.store import Store; Store.open(sys.argv[1]).close()"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/hearten.db"
        return
    with fresh_database(request.getfixturevalue("postgresql_server")) as url:
        yield url


def test_the_migrations_make_exactly_the_tables_of_the_code(
    database_url: str, engine: Engine
) -> None:
    Store.open(database_url).close()

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, TableRow.metadata)

    assert differences == []


def test_the_revisions_that_the_code_knows_are_those_of_its_migrations() -> None:
    folder = Path(store_module.__file__).with_name("migrations")

    newest_first = [script.revision for script in ScriptDirectory(folder).walk_revisions()]

    assert list(reversed(newest_first)) == list(REVISIONS)


@pytest.mark.parametrize("address", ["sqlite:///{}", "sqlite:///file:{}?uri=true"])
def test_nobody_else_may_read_what_sqlite_keeps_whatever_the_umask(
    tmp_path: Path, address: str
) -> None:
    link, before = tmp_path / "link.db", os.umask(0)
    link.symlink_to(tmp_path / "hearten.db")
    try:
        with Store.open(address.format(link)) as store:
            store.facts.keep(Reading(READ))
            modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes.keys() >= {"hearten.db", "hearten.db-wal", "hearten.db-shm"}
    assert set(modes.values()) == {0o600}


def test_a_file_that_was_there_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "hearten.db"
    file.touch(0o640)
    file.chmod(0o640)

    Store.open(f"sqlite:///{file}").close()

    assert file.stat().st_mode & 0o777 == 0o640


def test_a_database_opened_again_still_has_its_facts(database_url: str) -> None:
    with Store.open(database_url) as first:
        first.facts.keep(Reading(READ))

    with Store.open(database_url) as second:
        assert second.facts.coverage() == {READ.source: READ}


def test_processes_that_open_an_empty_database_at_once_do_not_collide(database_url: str) -> None:
    source = str(Path(store_module.__file__).parents[1])
    opening = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, database_url],
            env={"PYTHONPATH": source},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    said = [process.communicate()[1] for process in opening]

    assert said == ["", ""]
    assert [process.returncode for process in opening] == [0, 0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_others_keep_in_another_schema_or_an_extension_brings_is_in_nobodys_way(
    database_url: str, engine: Engine
) -> None:
    with engine.begin() as connection:
        for statement in (
            "CREATE SCHEMA another",
            "CREATE TABLE another.jobs (id int)",
            "CREATE TABLE of_an_extension (id int)",
            "ALTER EXTENSION plpgsql ADD TABLE of_an_extension",
        ):
            connection.execute(text(statement))

    Store.open(database_url).close()


def test_a_database_written_by_a_newer_version_is_left_alone(
    database_url: str, engine: Engine
) -> None:
    Store.open(database_url).close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(
        StoreError, match=r"written by a newer version of hearten \(revision 9999\)"
    ):
        Store.open(database_url)


def test_where_a_database_is_can_be_told_without_its_password(postgresql_server: str) -> None:
    with fresh_database(postgresql_server) as url:
        address = make_url(url).set(password="hunter2")
        with Store.open(address.render_as_string(hide_password=False)) as store:
            place = store.place

    assert f"/{address.database}" in place
    assert "hunter2" not in place


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    file = tmp_path / "var" / "deep" / "hearten.db"

    Store.open(f"sqlite:///{file}").close()

    assert file.is_file()
    assert file.parent.stat().st_mode & 0o777 == 0o700  # nobody else reads what is beside it


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_url_may_be_written_in_each_usual_way(
    postgresql_server: str, scheme: str
) -> None:
    address = make_url(postgresql_server).set(drivername=scheme, database="nowhere")

    with pytest.raises(StoreError, match=r"database \"nowhere\" does not exist"):
        Store.open(address.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://hearten:hunter2@localhost/hearten", id="another engine"),
        pytest.param("hunter2 is not a URL", id="no URL at all"),
        pytest.param("postgresql://hearten:hunter2@localhost:port/x", id="a port that is a word"),
        pytest.param("sqlite://", id="a database in memory"),
        pytest.param("sqlite:///:memory:", id="a database in memory by name"),
    ],
)
def test_a_url_that_cannot_be_used_is_answered_with_what_to_write(url: str) -> None:
    with pytest.raises(StoreError, match=r"Write sqlite:///folder/file\.db or") as said:
        Store.open(url)

    assert "hunter2" not in str(said.value)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql://hearten:hunter2@127.0.0.1:1/hearten", id="in front of the host"),
        pytest.param("postgresql://127.0.0.1:1/hearten?password=hunter2", id="as a parameter"),
    ],
)
def test_a_database_that_does_not_answer_is_named_without_its_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/hearten cannot be opened") as said:
        Store.open(url)

    assert "hunter2" not in str(said.value)


def test_a_database_that_does_not_run_is_told_in_whole_sentences() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://reader@127.0.0.1:1/hearten")

    assert re.search(r"refused.*\? See that it runs", str(caught.value))
    assert "?." not in str(caught.value)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database " * 100)

    with pytest.raises(StoreError, match=r"notes\.txt cannot be opened: file is not a database"):
        Store.open(f"sqlite:///{tmp_path}/notes.txt")


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")

    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(f"sqlite:///{tmp_path}/var/hearten.db")


def test_a_database_that_goes_away_is_said_to_be_away(
    database_url: str, request: pytest.FixtureRequest
) -> None:
    with Store.open(database_url) as store:
        if database_url.startswith("sqlite"):
            for file in Path(database_url.removeprefix("sqlite:///")).parent.iterdir():
                file.write_bytes(b"not a database " * 1000)
        else:
            _drop(request.getfixturevalue("postgresql_server"), make_url(database_url).database)

        with pytest.raises(StoreError, match="does not answer"):
            store.plans.newest()


def _drop(server: str, name: str | None) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
