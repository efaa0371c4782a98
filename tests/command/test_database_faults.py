"""A database on a bad day: it is said plainly who must do what, and what was kept stays whole."""

import ctypes
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from tests.support.databases import on_both_engines
from tests.support.organisation import Organisation, Ran, ago
from tests.support.processes import begin, end

pytestmark = pytest.mark.slow


FIRST_DAY = f"{ago(203):%Y-%m-%d}"  # a sprint began a week ago, whatever day it is
TEAMS = f"""
teams:
  - id: heron
    name: Heron
    repositories: [{{name: acme/shop}}, {{name: acme/web}}]
    sprints: {{from: cadence, first_day: {FIRST_DAY}, length_days: 14}}
    not_applicable: {{tickets-done: "We do not use Jira."}}
"""
COMMANDS = ("collect", "evaluate")
ROOM = "Make room on its disk; what was kept before is whole."
WAIT = "Another program holds it: let that end, or stop it, and run hearten again."
ACCESS = "Give the user that runs hearten write access to it"
PATIENT_FOR = {  # in place of half a minute
    "sqlite": {"timeout": "0.3"},
    "postgresql": {"options": "-c lock_timeout=300ms"},
}


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    """Two repositories, read and judged; then a lot more came, in the sprint that goes on."""
    for name in ("acme/shop", "acme/web"):
        repo = organisation.world.repository(name)
        for days in range(196, 0, -14):
            repo.squash_merge(at=ago(days))
    organisation.configure(TEAMS)
    organisation.collect_and_evaluate()
    for repo in organisation.world.repositories.values():
        for number in range(300, 0, -1):
            repo.squash_merge(at=ago(3, hours=-number / 60))
    return organisation


def is_sqlite(organisation: Organisation) -> bool:
    return organisation.database_url.startswith("sqlite")


def file_of(organisation: Organisation) -> Path:
    return Path(organisation.database_url.removeprefix("sqlite:///"))


def with_url(organisation: Organisation, **parameters: str) -> Organisation:
    """The organisation whose database is reached with these parameters too."""
    url = make_url(organisation.database_url).update_query_dict(parameters)
    return replace(organisation, database_url=url.render_as_string(hide_password=False))


def check_plain(ran: Ran, *said: str) -> None:
    """The command failed for the database, and said so in a sentence."""
    assert ran.code == 2, ran.messages
    assert [words for words in said if words not in ran.messages] == []
    assert "Traceback" not in ran.messages
    assert "x-password" not in ran.messages


def judged(organisation: Organisation) -> list[dict[str, Any]]:
    times = {"evaluated_at": "", "checked_at": ""}
    return [result | times for result in organisation.results()]


def heal(organisation: Organisation, before: list[dict[str, Any]]) -> None:
    """Run both jobs when all is well; what was judged before stays, and what is new is there."""
    organisation.collect_and_evaluate()
    after = judged(organisation)
    settled = [result for result in before if result["state"] == "final"]
    assert [result for result in settled if result not in after] == []
    assert max(result["value"] for result in after if result["value"] is not None) >= 300
    assert "defect" not in organisation.run("runs", "--format", "json").out


def limited(organisation: Organisation, command: str, limit: Callable[[], None] | None) -> Ran:
    """Run a command; in a process of its own where there is a limit to set on it."""
    if limit is None:
        return organisation.run(command)
    return end(begin(organisation, command, before=limit))


def little_room(bytes_in_a_file: int) -> Callable[[], None]:
    """What lets no file of a process grow beyond a size."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_in_a_file, bytes_in_a_file))

    return limit


@contextmanager
def a_full_disk(organisation: Organisation) -> Iterator[Callable[[], None] | None]:
    """Nothing more can be kept. PostgreSQL says so for itself, when it is asked to keep commits."""
    if is_sqlite(organisation):
        yield little_room(40_000)  # a run writes more than that before it ends
        return
    full = (
        "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'"
    )
    with psycopg.connect(organisation.database_url, autocommit=True) as admin:
        admin.execute(
            f"CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN {full}; END $$ "
            "LANGUAGE plpgsql"
        )
        for table in ("commits", "results"):
            admin.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} "
                "EXECUTE FUNCTION full_disk()"
            )
        yield None
        admin.execute("DROP FUNCTION full_disk CASCADE")


@on_both_engines
def test_a_full_disk_keeps_what_was_kept_and_the_next_run_goes_on(shop: Organisation) -> None:
    before = judged(shop)

    with a_full_disk(shop) as limit:
        for command in COMMANDS:
            check_plain(limited(shop, command, limit), ROOM)

    assert judged(shop) == before
    heal(shop, before)


@contextmanager
def held_by_another(organisation: Organisation) -> Iterator[None]:
    if is_sqlite(organisation):
        with closing(sqlite3.connect(file_of(organisation))) as another:
            another.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(organisation.database_url) as another:
        another.execute("LOCK TABLE runs, coverage IN ACCESS EXCLUSIVE MODE")
        yield


@on_both_engines
def test_a_database_that_another_program_holds_is_waited_for_and_then_left(
    shop: Organisation,
) -> None:
    before = judged(shop)
    patient = with_url(shop, **PATIENT_FOR[shop.database_url.partition(":")[0]])

    with held_by_another(shop):
        for command in COMMANDS:
            check_plain(patient.run(command), WAIT)
        doctor = patient.run("doctor")

    assert doctor.code == 1
    assert WAIT in doctor.out
    heal(shop, before)


def without_superpowers(*files: Path) -> Callable[[], None]:
    """What lets a process write only what it may: root, too, may write no file of mode 0444."""
    libc, drop_from_the_bounding_set, override_permissions = ctypes.CDLL(None), 24, 1

    def drop() -> None:
        libc.prctl(drop_from_the_bounding_set, override_permissions, 0, 0, 0)

    for file in files:
        file.chmod(0o555 if file.is_dir() else 0o444)
    return drop


@pytest.fixture
def read_only(shop: Organisation) -> Iterator[tuple[Organisation, Callable[[], None] | None]]:
    """A database that hearten may read and not write."""
    if is_sqlite(shop):
        folder = file_of(shop).parent
        own = folder / "read-only"
        own.mkdir()
        file = own / "hearten.db"
        shutil.copy(file_of(shop), file)
        url = f"sqlite:///{file}"
        yield replace(shop, database_url=url), without_superpowers(file, own)
        own.chmod(0o755)
        file.chmod(0o644)
        return
    reader = f"reader_{uuid4().hex}"
    address = make_url(shop.database_url).set(username=reader, password="x-password")
    with psycopg.connect(shop.database_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {reader} LOGIN PASSWORD 'x-password'")
        admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
        yield replace(shop, database_url=address.render_as_string(hide_password=False)), None
        admin.execute(f"DROP OWNED BY {reader}")
        admin.execute(f"DROP ROLE {reader}")


@on_both_engines
def test_a_database_that_may_not_be_written_names_who_must_be_let_in(
    read_only: tuple[Organisation, Callable[[], None] | None],
) -> None:
    organisation, drop = read_only

    for command in COMMANDS:
        check_plain(limited(organisation, command, drop), ACCESS)
    doctor = limited(organisation, "doctor", drop)

    assert doctor.code == 1
    assert ACCESS in doctor.out
    assert "2 of 2 repositories readable" in doctor.out


def execute(organisation: Organisation, *statements: str) -> None:
    engine = create_engine(
        make_url(organisation.database_url).set(
            drivername="sqlite" if is_sqlite(organisation) else "postgresql+psycopg"
        )
    )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def tables_of(organisation: Organisation) -> list[str]:
    engine = create_engine(
        make_url(organisation.database_url).set(
            drivername="sqlite" if is_sqlite(organisation) else "postgresql+psycopg"
        )
    )
    found = inspect(engine).get_table_names()
    engine.dispose()
    return found


@on_both_engines
def test_a_database_of_a_newer_version_is_left_alone_and_says_what_to_install(
    shop: Organisation,
) -> None:
    execute(shop, "UPDATE alembic_version SET version_num = '9999'")

    for command in (*COMMANDS, "status", "results"):
        check_plain(
            shop.run(command),
            "written by a newer version of hearten (revision 9999). "
            "Install that version, or use another database.",
        )
    doctor = shop.run("doctor")

    assert doctor.code == 1
    assert "Install that version, or use another database." in doctor.out


LATER_COLUMNS = (
    *(("coverage", column) for column in ("unread_in_a_row", "number", "created", "older_paths")),
    ("coverage", "gone_folders"),
    *(("events", column) for column in ("place", "merged_at", "not_before", "seen_by")),
    *(("tickets", column) for column in ("status", "resolved_at", "here_since", "came_from")),
    *(("tickets", column) for column in ("gone", "gone_after", "gone_by", "listed_done")),
    ("coverage", "remedy"),
    ("tickets", "epic"),
    *(("tickets", column) for column in ("due", "label_changes", "links", "planned")),
    *(("commits", column) for column in ("written_at", "rewrites")),
    ("sprints", "origin_board"),
    ("results", "basis"),
)


@on_both_engines
def test_a_database_of_an_older_version_is_brought_up_to_date_with_all_that_it_holds(
    shop: Organisation,
) -> None:
    before = judged(shop)
    tables = (
        "run_steps",
        "runs",
        "tallies",
        "audit",
        "tokens",
        "other_evidence",
        "first_evaluations",
        "ticket_keys",
        "closed_issues",
        "stories",
        "shipped_tickets",
    )
    execute(
        shop,
        *(f"DROP TABLE {table}" for table in tables),
        "DROP INDEX ix_results_team_sprint_start_sprint_end_sprint_settled_at",
        "CREATE INDEX ix_results_team_sprint_start ON results (team, sprint_start)",
        *(f"ALTER TABLE {table} DROP COLUMN {column}" for table, column in LATER_COLUMNS),
        "UPDATE alembic_version SET version_num = '0001'",
    )

    assert judged(shop) == before
    heal(shop, before)


@pytest.mark.parametrize("table", ["commits", "invoices"])
@on_both_engines
def test_a_database_of_another_program_is_not_touched(
    organisation: Organisation, table: str
) -> None:
    if organisation.database_url.startswith("postgresql"):  # it came with ours
        execute(organisation, "DROP SCHEMA public CASCADE")
        execute(organisation, "CREATE SCHEMA public")
    execute(organisation, f"CREATE TABLE {table} (message text)")
    before = file_of(organisation).read_bytes() if is_sqlite(organisation) else b""
    organisation.configure(TEAMS)

    check_plain(
        organisation.run("collect"),
        "It holds another program's tables: make an empty database, and name that.",
    )
    assert before == (file_of(organisation).read_bytes() if is_sqlite(organisation) else b"")
    execute(organisation, f"INSERT INTO {table} (message) VALUES ('still there')")
    assert tables_of(organisation) == [table]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL mends its own
def test_a_damaged_file_is_not_taken_for_an_empty_one(shop: Organisation) -> None:
    file = file_of(shop)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)

    check_plain(shop.run("collect"), "Put a copy of it back")
