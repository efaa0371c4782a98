"""A command waits for nothing that it does not need. How long it takes is in benchmarks/."""

import re
from pathlib import Path

import pytest

from hearten.commands.registry import COMMANDS, load
from tests.support.organisation import ONE_TEAM, Organisation
from tests.support.processes import begin, end

TO_SERVE = {"fastapi", "starlette", "uvicorn", "jinja2", "prometheus_client", "icalendar"}
TO_READ = {"httpx", "requests", "github", "jira", "collector.client", "collector.transport"}
TO_RUN = {"apscheduler", "procrastinate", "hearten.runs", "hearten.logs", "hearten.service"}
TO_MIGRATE = {"alembic"}
OF_POSTGRESQL = {"psycopg", "sqlalchemy.dialects.postgresql"}
OF_TABLES = {"sqlmodel", "sqlalchemy.orm", "store.tables"}
OF_FILES = {"yaml", "holidays", "hearten.config.loading"}
NEVER = TO_SERVE | TO_READ | TO_RUN | TO_MIGRATE | OF_POSTGRESQL


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path}/hearten.db"


def loaded(organisation: Organisation, *arguments: str) -> set[str]:
    """Every module that the command imports, in a process of its own."""
    ran = end(begin(organisation, *arguments, python=("-X", "importtime")))
    assert ran.code == 0, ran.messages
    return set(re.findall(r"^import time:.*\| +(\S+)$", ran.messages, re.MULTILINE))


def test_the_help_of_the_whole_loads_no_command(organisation: Organisation) -> None:
    found = loaded(organisation, "--help")

    assert "typer" in found
    assert found & (NEVER | OF_TABLES | OF_FILES | {"sqlalchemy", "pydantic_settings"}) == set()
    assert {name for name in found if name.startswith("hearten.commands.")} == {
        "hearten.commands.registry"
    }


def test_the_status_loads_the_store_and_what_it_shows(organisation: Organisation) -> None:
    organisation.configure(ONE_TEAM)
    organisation.run("collect")

    found = loaded(organisation, "status")

    assert found >= OF_TABLES
    assert found & (NEVER | OF_FILES) == set()


def test_a_check_of_the_files_loads_no_database_where_there_is_none(
    organisation: Organisation,
) -> None:
    organisation.configure(ONE_TEAM)

    found = loaded(organisation, "config", "check")

    assert found >= OF_FILES
    assert found & (NEVER | OF_TABLES | {"sqlalchemy"}) == set()


def test_a_check_of_the_files_loads_no_other_table_than_that_of_plans(
    organisation: Organisation,
) -> None:
    organisation.configure(ONE_TEAM)
    organisation.run("collect")

    found = loaded(organisation, "config", "check")

    assert found >= {"sqlalchemy", *OF_FILES}
    assert found & (NEVER | OF_TABLES) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_help_is_the_first_that_the_command_says_of_itself(name: str) -> None:
    command = load(name)

    assert command.name == name
    assert command.help.partition("\n\n")[0] == COMMANDS[name][1]
