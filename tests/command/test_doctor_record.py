"""`hearten doctor` on the database, and on how new what is kept in it is."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from evaluator.model.facts import Coverage, Reading
from hearten.cli import app
from hearten.doctor.record import look_at_database
from store.store import Store
from tests.support.databases import on_both_engines
from tests.support.organisation import NOW, Organisation, ago

TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop}, {name: acme/web}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
"""


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    for name in ("acme/shop", "acme/web"):
        organisation.world.repository(name).commit(at=ago(40))
    organisation.configure(TEAMS)
    return organisation


@on_both_engines
def test_the_database_is_named_and_what_was_read_of_late(shop: Organisation) -> None:
    shop.collect_and_evaluate()

    ran = shop.run("doctor")

    engine = "SQLite" if shop.database_url.startswith("sqlite") else "PostgreSQL"
    assert ran.code == 0, ran.out
    assert f"Database: ok, {engine}, at the newest version" in ran.out
    assert "2 of 2 sources completely read within 2 days" in ran.out
    assert ("GiB free" in ran.out) == (engine == "SQLite")


def test_a_source_that_was_not_read_for_days_is_told(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    long_ago = NOW - timedelta(days=3)
    with Store.open(shop.database_url) as store:
        store.facts.keep(
            Reading(
                Coverage(
                    "github:acme/web",
                    since=ago(90),
                    read_started=long_ago,
                    read_finished=long_ago,
                    attempt_started=long_ago,
                    attempt_finished=long_ago,
                )
            )
        )

    ran = shop.run("doctor")

    assert ran.code == 1
    assert "1 of 2 sources completely read within 2 days" in ran.out
    assert "1 source was not completely read within 2 days: github:acme/web." in ran.out


def test_nothing_is_changed_by_looking(shop: Organisation) -> None:
    shop.collect_and_evaluate()
    with Store.open(shop.database_url) as store:
        before = (
            store.plans.newest(),
            store.facts.coverage(),
            store.results.find(every_version=True),
        )

    shop.run("doctor")

    with Store.open(shop.database_url) as store:
        assert (
            store.plans.newest(),
            store.facts.coverage(),
            store.results.find(every_version=True),
        ) == before


def test_a_database_that_does_not_answer_is_told_and_the_rest_is_looked_at(
    shop: Organisation,
) -> None:
    url = "postgresql://someone:hush-hush@127.0.0.1:9/nothing"

    ran = CliRunner().invoke(app, ["doctor"], env=shop.environment | {"HEARTEN_DATABASE_URL": url})

    assert ran.exit_code == 1
    assert "Database: 1 to fix, nothing can be kept." in ran.stdout
    assert "HEARTEN_DATABASE_URL: The database postgresql" in ran.stdout
    assert "2 of 2 repositories readable" in ran.stdout
    assert "hush-hush" not in ran.stdout + ran.stderr


def test_an_sqlite_file_on_a_disk_that_is_almost_full_is_told(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/hearten.db") as store:
        section = look_at_database(store, [], now=NOW, free_space=lambda _: 50 * 1024**2)

    (finding,) = section.findings
    assert finding.what == "There are only 50 megabytes of space left beside it."


def test_an_sqlite_file_that_others_may_read_is_told(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/hearten.db") as store:
        tmp_path.joinpath("hearten.db").chmod(0o644)
        (finding,) = look_at_database(store, [], now=NOW).findings

    assert finding.what == "Any user of this machine may read or write hearten.db."
    assert finding.remedy.startswith(f"Run `chmod o-rwx {tmp_path}/hearten.db*`.")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no users
def test_a_user_who_may_only_read_the_database_is_told(shop: Organisation) -> None:
    with Store.open(shop.database_url):
        pass
    reader = f"reader_{uuid4().hex}"
    url = make_url(shop.database_url).set(username=reader, password="x")
    with psycopg.connect(shop.database_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {reader} LOGIN PASSWORD 'x'")
        admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
        try:
            given = {"HEARTEN_DATABASE_URL": url.render_as_string(hide_password=False)}
            ran = CliRunner().invoke(app, ["doctor"], env=shop.environment | given)
        finally:
            admin.execute(f"DROP OWNED BY {reader}")
            admin.execute(f"DROP ROLE {reader}")

    assert ran.exit_code == 1
    assert "Database: 1 to fix" in ran.stdout
    assert "write access" in ran.stdout
