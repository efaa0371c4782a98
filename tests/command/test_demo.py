"""The demonstration, as a newcomer runs it."""

import re
import socket
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from hearten.cli import app
from hearten.demo.process import DemoService, DemoServiceError
from tests.support.organisation import NOW


def test_the_demo_shows_every_team_explains_one_result_and_can_be_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    first, second = (CliRunner().invoke(app, ["demo", "--once"]) for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0)
    names = [line.split("  ")[0] for line in second.stdout.splitlines() if "data as of" in line]
    assert names == sorted(names, key=str.casefold)
    assert len(names) >= 9
    for words in ("Met", "Not met", "No data", "Excused", "In progress", "Not applicable"):
        assert words in second.stdout, f"the demo shows no team with `{words}`"
    not_met = re.findall(r"(Changes reach production|Tickets move to Done) +Not met", second.stdout)
    assert len(not_met) == 1, "one team of the demo shows `Not met` on a target that is no stretch"
    for words in ("What is missing", "One result, explained", "Counted", "Where to look next"):
        assert words in second.stdout


@pytest.mark.slow
def test_the_demo_is_served_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("HEARTEN_PORT", str(port))

    shown = CliRunner().invoke(app, ["demo"])
    CliRunner().invoke(app, ["demo", "--stop"])

    assert f"  http://127.0.0.1:{port}/" in shown.stdout


@pytest.mark.parametrize("port", ["eight thousand", "65536"])
def test_a_port_that_is_none_is_said_to_be_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("HEARTEN_PORT", port)

    with pytest.raises(DemoServiceError, match=f"HEARTEN_PORT is `{port}`"):
        DemoService(tmp_path, NOW, "http://127.0.0.1:1").start(0)


@pytest.mark.slow
def test_the_demo_ends_with_a_service_whose_addresses_answer_until_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    shown = CliRunner().invoke(app, ["demo"])
    try:
        assert shown.exit_code == 0, shown.output
        addresses = re.findall(r"^  (http://127.0.0.1:\d+/\S*)", shown.stdout, re.MULTILINE)
        answers = {urlsplit(a).path: httpx.get(a).status_code for a in addresses}
        retro = httpx.get(f"{addresses[0]}teams/linnet/retro").text
        links = {unescape(href) for href in re.findall(r'href="(http[^"]+)"', retro)}
        led_to = {urlsplit(link).path.rpartition("/")[2]: httpx.get(link) for link in links}
    finally:
        ended = [CliRunner().invoke(app, ["demo", "--stop"]).stderr.strip() for _ in range(2)]

    assert answers.keys() >= {"/api/v1/teams", "/docs", "/metrics"}
    assert set(answers.values()) == {200}
    assert led_to.keys() >= {"CreateIssueDetails!init.jspa", "new", "discussions"}
    assert {answer.status_code for answer in led_to.values()} == {200}
    assert "<pre>Query: Linnet, Lin " in led_to["new"].text
    assert "<pre>LIN (number " in led_to["CreateIssueDetails!init.jspa"].text
    assert ended == ["Stopped.", "No demo is running."]
    with pytest.raises(httpx.ConnectError):
        httpx.get(addresses[0])
