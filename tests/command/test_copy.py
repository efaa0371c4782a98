"""`hearten copy`, as an operator uses it, over the demonstration's record."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from evaluator.model.days import Days
from evaluator.model.plan import Excuse
from evaluator.model.results import State, Status
from hearten.cli import app
from hearten.runs import jobs
from store.store import Store
from store.tables import TABLES
from tests.support.databases import fresh_database
from tests.support.demo_record import NOW
from tests.support.made_up_rows import rows_of
from tests.support.organisation import Ran
from tests.support.quiet import Quiet

STEP = re.compile(r"\w+: ([\d,]+ copied|the same in both)")
SOURCE = Path(__file__).parents[2] / "src"
LATER = NOW + timedelta(days=30)  # when further sprints have ended


def hearten(database_url: str, *arguments: str) -> Ran:
    ran = CliRunner().invoke(app, list(arguments), env={"HEARTEN_DATABASE_URL": database_url})
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def kept(url: str) -> dict[str, list[str]]:
    with Store.open(url) as store:
        return rows_of(store)


@pytest.fixture
def record(demo_url: str, tmp_path: Path) -> str:
    """The demonstration's record, with a correction, a token of each kind and their audit."""
    shutil.copy(demo_url.removeprefix("sqlite:///"), tmp_path / "record.db")
    url = f"sqlite:///{tmp_path}/record.db"
    for label in ("dashboards", "chat"):
        assert hearten(url, "token", "create", "--label", label, "--scope", "read").code == 0
    with Store.open(url) as store:
        first = store.tokens.all()[0].id
        correct(store)
    assert hearten(url, "token", "revoke", first).code == 0
    return url


def correct(store: Store) -> None:
    """Judge again after a team was excused for a sprint that was finally "Not met"."""
    plan = store.plans.newest()
    assert plan
    fell_short = next(
        result
        for result in store.results.find()
        if result.status is Status.NOT_MET and result.state is State.FINAL
    )
    day = fell_short.sprint.start.date()
    excuse = Excuse(fell_short.team, Days(day, day + timedelta(days=20)), "agreed_other")
    excused = replace(plan, excuses=(*plan.excuses, excuse))
    jobs.evaluate(excused, store, Quiet(), now=NOW + timedelta(hours=1))


@pytest.fixture
def postgresql(postgresql_server: str, postgresql_tables: str) -> Iterator[str]:
    """A database of PostgreSQL that has the tables, without a row."""
    with fresh_database(postgresql_server, postgresql_tables) as url:
        yield url


@pytest.mark.slow
def test_the_record_is_the_same_there_and_back_and_is_judged_the_same_afterwards(
    record: str, postgresql: str, tmp_path: Path
) -> None:
    back = f"sqlite:///{tmp_path}/back.db"

    there = hearten(record, "copy", postgresql)
    again = hearten(postgresql, "copy", back)

    assert (there.code, again.code) == (0, 0), there.messages + again.messages
    copied = kept(record)
    assert copied == kept(postgresql) == kept(back)
    assert max(map(len, copied.values())) > 1_000
    assert len(copied["audit"]) == 3
    assert len(copied["tokens"]) == 2
    assert "audit: 3 copied\n" in there.messages
    assert "audit: the same in both\n" in again.messages
    with Store.open(record) as store:
        assert any(result.version > 1 for result in store.results.find())
    for url in (record, postgresql, back):
        with Store.open(url) as store:
            plan = store.plans.newest()
            assert plan
            assert jobs.evaluate(plan, store, Quiet(), now=LATER).changed > 0
    assert kept(record) == kept(postgresql) == kept(back)
    assert kept(record) != copied


@pytest.mark.slow
def test_a_copy_that_is_killed_ten_times_is_made_by_the_eleventh(
    record: str, postgresql: str, tmp_path: Path
) -> None:
    random = Random(14)
    back = f"sqlite:///{tmp_path}/back.db"

    for source, target in ((record, postgresql), (postgresql, back)):
        for _ in range(5):
            lines = random.randint(0, 2 * len(TABLES) - 1)
            assert struck_after(lines, source, target, signal.SIGKILL) == Ran(-9, "", "")
            assert not any(kept(target).values())
        ran = hearten(source, "copy", target)
        assert ran.code == 0, ran.messages
        assert kept(target) == kept(record)


@pytest.mark.slow
def test_who_stops_a_copy_is_told_that_nothing_is_there_yet(demo_url: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/copy.db"

    ran = struck_after(3, demo_url, target, signal.SIGINT)

    assert ran == Ran(130, "", "Stopped. Nothing was copied. Run the same command again.\n")
    assert not any(kept(target).values())


def struck_after(lines: int, source: str, target: str, sign: signal.Signals) -> Ran:
    """Strike a copy once it has said so many lines, of the thirty that it says before it is kept.

    What it says from then on but for its steps is returned.
    """
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "HEARTEN_DATABASE_URL": source}  # noqa: TID251 - the child's
    command = [sys.executable, "-m", "hearten", "copy", target]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stderr
        for _ in range(lines):
            assert process.stderr.readline()
        process.send_signal(sign)
        out, said = process.communicate(timeout=120)
    rest = [line for line in said.splitlines(keepends=True) if not STEP.fullmatch(line.strip())]
    return Ran(process.returncode, out, "".join(rest))


def test_what_a_copy_asks_for_next_is_said(demo_url: str, tmp_path: Path) -> None:
    first = hearten(demo_url, "copy", f"sqlite:///{tmp_path}/copy.db")
    again = hearten(demo_url, "copy", f"sqlite:///{tmp_path}/copy.db")

    assert (first.code, first.out, again.code, again.out) == (0, "", 0, "")
    assert f"of {len(TABLES)} tables from " in first.messages
    assert f"to {tmp_path}/copy.db in " in first.messages
    assert f"{tmp_path}/copy.db holds the same record already" in again.messages
    for ran in (first, again):
        assert "Set HEARTEN_DATABASE_URL to the copy" in ran.messages
        assert "`hearten token revoke --all` revokes all" in ran.messages


def test_a_copy_that_cannot_be_made_ends_with_wrong_use_and_prints_no_password(
    demo_url: str,
) -> None:
    ran = hearten(demo_url, "copy", "postgresql://hearten:hunter2@127.0.0.1:1/hearten")

    assert (ran.code, ran.out) == (2, "")
    assert "127.0.0.1:1/hearten cannot be opened" in ran.messages
    assert "See that it runs, and that URL names it." in ran.messages
    assert "hunter2" not in ran.messages
