"""`hearten serve` as an operator starts it: who may read has to be chosen first."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import httpx
import pytest

from api.access_policy import Mode
from hearten.settings import Settings
from hearten.settings_faults import SettingsError
from hearten.web import listener, rules, serve
from store.store import Store
from tests.support.organisation import Organisation
from tests.support.processes import begin, end

SOURCE = Path(__file__).parents[2] / "src"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "hearten.internal"])
def test_a_service_that_others_can_reach_does_not_start_open(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HEARTEN_HOST", host)

    ran = organisation.run("serve")

    assert ran.code == 2
    for choice in ("HEARTEN_ACCESS=proxy", "HEARTEN_ACCESS=tokens", "HEARTEN_HOST=127.0.0.1"):
        assert choice in " ".join(ran.messages.split())


def test_a_proxy_has_to_be_named(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTEN_ACCESS", "proxy")

    ran = organisation.run("serve")

    assert ran.code == 2
    assert "HEARTEN_PROXY_HEADER" in ran.messages
    assert "HEARTEN_PROXY_ADDRESSES" in ran.messages


def test_a_port_that_is_taken_is_said_before_anything_is_started(
    organisation: Organisation,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = {"HEARTEN_PORT": str(other.getsockname()[1])}
        ran = replace(organisation, more=taken).run("serve")

    assert ran.code == 2
    assert "Another program listens on port" in ran.messages
    assert "HEARTEN_PORT" in ran.messages
    assert not organisation.sandbox.log


def test_an_address_of_another_machine_is_said_to_be_one(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTEN_HOST", "192.0.2.1")
    monkeypatch.setenv("HEARTEN_ACCESS", "tokens")

    ran = organisation.run("serve")

    assert ran.code == 2
    assert "hearten cannot listen on port" in ran.messages


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HEARTEN_ACCESS", "everybody"),
        ("HEARTEN_PROXY_HEADER", "X Forwarded"),
        ("HEARTEN_PROXY_ADDRESSES", "10.0.0.0/33"),
        ("HEARTEN_RATE_LIMIT", "0"),
    ],
)
def test_a_choice_that_cannot_be_made_is_named(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)

    ran = organisation.run("serve")

    assert ran.code == 2
    assert variable in ran.messages


def test_what_was_chosen_is_what_holds() -> None:
    proxy = rules(
        Settings(
            host="0.0.0.0",
            access="proxy",
            proxy_header="X-Forwarded-User",
            proxy_addresses="10.1.0.0/16, 192.0.2.7",
        )
    )

    assert proxy.mode is Mode.PROXY
    assert proxy.proxy_header == "x-forwarded-user"
    assert [proxy.is_proxy(each) for each in ("10.1.9.9", "192.0.2.7", "::ffff:192.0.2.7")] == [
        True,
        True,
        True,
    ]
    assert not any(proxy.is_proxy(each) for each in ("10.2.0.1", "", "unix"))
    assert rules(Settings(host="::1")).hosts >= {"localhost", "::1"}
    assert rules(Settings(host="0.0.0.0", access="tokens")).mode is Mode.TOKENS
    with pytest.raises(SettingsError):
        rules(Settings(host="0.0.0.0"))


def test_the_body_of_an_answer_does_not_wait_until_its_headers_are_confirmed() -> None:
    with (
        listener(Settings(port=0)) as listens,
        socket.create_connection(listens.getsockname()),
        listens.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("loads", ["typer", "uvicorn", "fastapi", "sqlalchemy", "uvicorn.logging"])
@pytest.mark.slow
def test_told_to_stop_while_it_starts_it_ends_at_once_and_as_one_that_is_well(
    organisation: Organisation, loads: str
) -> None:
    process = begin(organisation, "serve", python=("-X", "importtime"), HEARTEN_PORT="0")
    assert process.stderr
    while not re.search(rf"\| +{re.escape(loads)}$", process.stderr.readline()):
        assert process.poll() is None

    process.send_signal(signal.SIGTERM)
    ran = end(process)

    assert ran.code == 0
    assert "Traceback" not in ran.messages


@pytest.mark.slow
def test_told_to_stop_while_another_program_holds_the_database_it_ends_at_once(
    organisation: Organisation, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/locked.db"
    with closing(sqlite3.connect(tmp_path / "locked.db", isolation_level=None)) as another:
        another.execute("BEGIN EXCLUSIVE")
        where = replace(organisation, database_url=url)
        process = begin(where, "serve", python=("-X", "importtime"), HEARTEN_PORT="0")
        assert process.stderr
        while not re.search(r"\| +sqlalchemy.dialects.sqlite$", process.stderr.readline()):
            assert process.poll() is None
        time.sleep(3)  # until it waits
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        ran = end(process)

    assert ran.code == 0
    assert time.monotonic() - told < 10  # seconds; for the lock it waits 30


def test_told_to_stop_before_it_serves_it_serves_nothing(store: Store) -> None:
    stop = Event()
    stop.set()

    with listener(Settings(port=0)) as listens:
        serve(Settings(), store, listens, stop=stop)


@contextmanager
def serving(organisation: Organisation) -> Iterator[httpx.Client]:
    """A client of a real `hearten serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = organisation.environment | {
        "PYTHONPATH": str(SOURCE),
        "HEARTEN_PORT": str(port),
        "HEARTEN_SCHEDULE": "off",  # there is nothing to collect, and nothing says what
    }
    process = subprocess.Popen([sys.executable, "-m", "hearten", "serve"], env=environment)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(600):
                try:
                    client.get("/readyz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_served_answer_is_right_to_the_last_header(organisation: Organisation) -> None:
    secret = organisation.run("token", "create", "--label", "x", "--scope", "run").out.strip()
    authorised = {"Authorization": f"Bearer {secret}"}

    def drip() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    with serving(organisation) as client:
        teams = client.get("/api/v1/teams")
        known = client.get("/api/v1/teams", headers={"If-None-Match": teams.headers["etag"]})
        head = client.head("/api/v1/results")
        nul = client.get("/api/v1/teams/%00")
        long = client.post("/api/v1/runs", content=drip(), headers=authorised)
        run = client.post("/api/v1/runs", json={"job": "evaluate"}, headers=authorised)
        foreign = client.get("/api/v1/teams", headers={"Host": "evil.example"})
        lines = client.get("/api/v1/export.jsonl")

    assert (teams.status_code, teams.json()) == (200, {"teams": []})
    assert "server" not in teams.headers
    assert (known.status_code, known.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert (nul.status_code, long.status_code, run.status_code) == (422, 413, 202)
    assert foreign.status_code == 400
    assert (lines.status_code, lines.content) == (200, b"")
