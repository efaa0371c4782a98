"""Files and folders that are not where they should be: said plainly, with what to set."""

import resource
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hearten.cli import app
from tests.support.organisation import Organisation, Ran
from tests.support.processes import begin, end


def check_plain(ran: Ran, *said: str) -> None:
    assert ran.code == 2, ran.messages
    assert [words for words in said if words not in ran.messages] == []
    assert "Traceback" not in ran.messages


@pytest.mark.parametrize("below", ["", "config"])
def test_init_says_plainly_that_a_file_is_where_the_folder_should_be(
    organisation: Organisation, below: str
) -> None:
    file = organisation.config.parent / "notes"
    file.write_text("mine")
    organisation.config = file / below

    ran = organisation.run("init")

    check_plain(ran, str(organisation.config), "HEARTEN_CONFIG")
    assert file.read_text() == "mine"


def test_from_another_folder_the_database_and_the_configuration_are_named_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    unset = {"HEARTEN_DATABASE_URL": "", "HEARTEN_CONFIG": ""}

    status = CliRunner().invoke(app, ["status"], env=unset)
    checked = CliRunner().invoke(app, ["config", "check"], env=unset)

    assert (status.exit_code, checked.exit_code) == (2, 2)
    assert f"the database {tmp_path}/var/hearten.sqlite3" in status.stderr
    assert "set HEARTEN_DATABASE_URL" in status.stderr
    assert f"{tmp_path}/config/teams.yaml:1: is missing" in checked.stderr
    assert "set HEARTEN_CONFIG" in checked.stderr


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "results",
        "explain heron last reached-production",
        "runs",
        "token list",
        "token revoke abc",
        "export openmetrics",
    ],
)
def test_what_reads_makes_no_database_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = CliRunner().invoke(app, command.split(), env={"HEARTEN_DATABASE_URL": ""})

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert f"the database {tmp_path}/var/hearten.sqlite3" in ran.stderr
    assert "set HEARTEN_DATABASE_URL" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_neither_a_check_nor_a_check_up_makes_a_database(organisation: Organisation) -> None:
    organisation.configure("teams: []\n")

    checked, examined = organisation.run("config", "check"), organisation.run("doctor")

    file = organisation.database_url.removeprefix("sqlite:///")
    assert checked.code == 0, checked.messages
    said = f"Database: ok, SQLite, not there yet: the first `hearten collect` makes {file}."
    assert said in examined.out
    assert not Path(file).exists()


def test_a_check_up_says_where_no_database_can_be_made(organisation: Organisation) -> None:
    file = organisation.config.parent / "notes"
    file.write_text("mine")
    organisation.database_url = f"sqlite:///{file}/hearten.db"

    ran = organisation.run("doctor")

    assert f"none can be made at {file}/hearten.db: {file} cannot be written." in ran.out


def test_a_database_address_with_a_slash_too_few_is_told_with_what_to_write(
    organisation: Organisation,
) -> None:
    organisation.database_url = "sqlite://var/hearten.db"

    check_plain(organisation.run("status"), "Write sqlite:///folder/file.db")


def test_a_backup_into_no_folder_says_so(organisation: Organisation) -> None:
    organisation.configure("teams: []\n")
    organisation.run("collect")  # makes the database
    folder = organisation.config.parent / "nowhere"

    ran = organisation.run("backup", str(folder / "copy.sqlite3"))

    check_plain(ran, f"There is no folder {folder}. Make it, or name another place.")


def test_init_leaves_no_file_half_written(organisation: Organisation) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1550, 1550))  # enough for the first file

    ran = end(begin(organisation, "init", before=little_room))

    check_plain(ran, "cannot be written", "HEARTEN_CONFIG")
    assert list(organisation.config.iterdir()) == []
