"""Ctrl-C at any moment, and several commands at once: nothing is lost, nothing is half there."""

import json
import re
import signal
from dataclasses import replace
from typing import Any

import pytest

from tests.support.databases import on_both_engines
from tests.support.organisation import Organisation, Ran, ago
from tests.support.processes import begin, end

TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop}, {name: acme/web}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
"""
STOPPED = (
    "Stopped. What was read or judged so far is kept. Run the same command again to go on from "
    "there."
)


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    for name in ("acme/shop", "acme/web"):
        organisation.world.repository(name).squash_merge(at=ago(20))
    organisation.configure(TEAMS)
    return organisation


def judged(organisation: Organisation) -> list[dict[str, Any]]:
    """The results without the times at which they came to be."""
    times = {"evaluated_at": "", "checked_at": ""}
    return [result | times for result in organisation.results()]


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(signal.SIGINT, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, id="as containers are stopped", marks=pytest.mark.slow),
    ],
)
def test_who_stops_a_collection_is_told_what_is_kept_and_how_to_go_on(
    shop: Organisation, sign: signal.Signals
) -> None:
    shop.sandbox.spoil("acme/web", lambda answer: replace(answer, delay=3600))
    process = begin(shop, "collect")
    assert process.stderr
    first = process.stderr.readline()

    process.send_signal(sign)
    ran = end(process)
    shop.sandbox.reset()
    again = shop.run("collect")
    stopped = json.loads(shop.run("runs", "--format", "json").out)[1]

    assert first.startswith("github:acme/shop: ")
    assert ran == Ran(130, "", STOPPED + "\n")
    assert "github:acme/shop: 0 new" in again.messages, "it was kept"
    assert "Read 2 of 2 sources" in again.messages
    assert (stopped["state"], stopped["outcome"], stopped["steps"]) == ("done", "stopped", 1)


def test_who_stops_a_command_that_has_hardly_begun_sees_no_traceback(shop: Organisation) -> None:
    process = begin(shop, "collect", python=("-X", "importtime"))
    assert process.stderr
    while not re.search(r"\| +typer\b", process.stderr.readline()):
        assert process.poll() is None

    process.send_signal(signal.SIGINT)
    ran = end(process)

    assert ran.code == 130
    assert "Traceback" not in ran.messages
    assert ran.messages.endswith("Stopped before anything was begun.\n")


@pytest.mark.slow
@on_both_engines
def test_collecting_and_judging_several_times_at_once_does_no_harm(shop: Organisation) -> None:
    collected = [end(process) for process in [begin(shop, "collect") for _ in range(3)]]
    evaluated = [end(process) for process in [begin(shop, "evaluate") for _ in range(3)]]
    at_once = judged(shop)
    shop.collect_and_evaluate()

    assert [ran.code for ran in (*collected, *evaluated)] == [0] * 6, collected
    assert ["Read 2 of 2 sources" in ran.messages for ran in collected] == [True] * 3
    assert at_once == judged(shop)
    runs = json.loads(shop.run("runs", "--format", "json").out)
    assert {run["outcome"] for run in runs} == {"done"}
