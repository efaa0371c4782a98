"""The log as an operator and their log store have it."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from hearten import logs, wiring
from hearten.clock import now
from hearten.runs import jobs
from hearten.runs.progress import UnrecordedRun
from hearten.setting_values import LogFormat, LogLevel
from hearten.settings import read_settings
from sandbox.demo.config import demo_config
from sandbox.demo.world import demo_world
from sandbox.people import personal_strings
from store.store import Store
from tests.support.organisation import EMAIL, NOW, TOKEN, Organisation
from tests.support.sandbox_servers import serve

PASSWORD = 'a"password\\with signs'
DATABASE = "postgresql://hearten:a%22password%5Cwith%20signs@db.example/hearten"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    uvicorn = logging.getLogger("uvicorn")
    # A server of uvicorn's own making, in another test, keeps its records to itself.
    kept_to_itself, uvicorn.propagate = not uvicorn.propagate, True
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in ("github", "jira", "uvicorn", "api")}
    yield
    uvicorn.propagate = not kept_to_itself
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in {**levels, **dict.fromkeys(logs.OURS, logging.NOTSET)}.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged."""
    monkeypatch.setenv("HEARTEN_GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("HEARTEN_DATABASE_URL", DATABASE)
    return io.StringIO()


def set_up(said: io.StringIO, form: LogFormat, level: LogLevel = LogLevel.INFO) -> None:
    settings = read_settings().model_copy(update={"log_format": form, "log_level": level})
    logs.set_up(settings, to=said)


def lines(said: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_each_record_is_one_json_object_with_what_it_says_beside_the_message(
    said: io.StringIO,
) -> None:
    set_up(said, LogFormat.JSON)

    logging.getLogger("api.x").info(
        "GET %s\nin two lines", "/x", extra={"status": 200, "none": None}
    )

    (line,) = lines(said)
    at = line.pop("at")
    assert at.endswith("Z")
    assert line == {
        "level": "info",
        "logger": "api.x",
        "message": "GET /x\nin two lines",
        "status": 200,
    }


def test_as_text_a_record_is_a_line_with_its_instant(said: io.StringIO) -> None:
    set_up(said, LogFormat.TEXT)

    logging.getLogger("hearten.x").info("so it is")

    assert said.getvalue().endswith("Z INFO hearten.x: so it is\n")


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize(
    "secret", [TOKEN, PASSWORD, DATABASE], ids=["token", "password", "address"]
)
def test_no_secret_is_logged_whatever_says_it(
    said: io.StringIO, form: LogFormat, secret: str
) -> None:
    set_up(said, form)

    try:
        raise RuntimeError(f"with {secret} in it")  # noqa: TRY301 - a traceback is wanted
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("of %s", secret, extra={"given": [secret]})

    text = said.getvalue()
    assert "RuntimeError" in text
    assert "***" in text
    assert TOKEN not in text
    assert "password" not in text


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("api", logging.INFO, True),
        ("api", logging.DEBUG, False),
        ("uvicorn.error", logging.INFO, True),
        ("httpx", logging.INFO, False),
        ("httpx", logging.WARNING, True),
        ("github.Requester", logging.ERROR, False),
        ("jira", logging.ERROR, False),
    ],
)
def test_libraries_say_what_is_worth_knowing_and_no_more(
    said: io.StringIO, name: str, level: int, *, written: bool
) -> None:
    set_up(said, LogFormat.JSON)

    logging.getLogger(name).log(level, "something")

    assert bool(said.getvalue()) is written


def test_the_level_is_that_of_our_own_records_alone(said: io.StringIO) -> None:
    set_up(said, LogFormat.JSON, LogLevel.DEBUG)

    for name in ("collector", "httpx", "github.Requester", "urllib3"):
        logging.getLogger(name).debug("something")

    assert [line["logger"] for line in lines(said)] == ["collector"]


def test_the_log_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(read_settings(), to=sys.stderr)

    logging.getLogger("hearten").error("something")

    out, messages = capsys.readouterr()
    assert (out, messages.count("something")) == ("", 1)


def test_collecting_and_serving_a_whole_organisation_logs_nobody_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = demo_world(NOW)
    said = io.StringIO()
    with serve(world) as sandbox:
        database = f"sqlite:///{tmp_path}/hearten.sqlite3"
        organisation = Organisation(world, sandbox, database, tmp_path / "config")
        organisation.config.mkdir()
        for name, text in demo_config(NOW, data_center_url=sandbox.jira_url("legacy")).items():
            organisation.config.joinpath(name).write_text(text)
        for name, value in {**organisation.environment, "DEMO_DC_TOKEN": "legacy-canary"}.items():
            monkeypatch.setenv(name, value)
        settings = read_settings()
        set_up(said, LogFormat.JSON, LogLevel.DEBUG)
        plan = wiring.load_plan(settings, None)
        collectors = wiring.connect(settings, plan)
        with Store.open(database) as store:
            monitor = UnrecordedRun(logs.LoggedProgress())
            read = jobs.collect(plan, store, collectors, monitor, clock=now)
            collectors.close()
            jobs.evaluate(plan, store, monitor, now=now())
            client = TestClient(create_app(Service(store, now, version="1")))
            for text in personal_strings():
                client.get(f"/api/v1/teams/{text}", params={"q": text}, headers={"X-Team": text})

    found = lines(said)
    sources = {line["step"] for line in found if "step" in line}
    assert {coverage.source for coverage in read.coverage} <= sources
    assert len([line for line in found if line["logger"] == "api.middleware.request_log"]) >= 5
    leaked = (*personal_strings(), TOKEN, EMAIL, "legacy-canary")
    assert [text for text in leaked if text in said.getvalue()] == []
