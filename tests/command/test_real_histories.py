"""Real recorded histories, against answers that git and the change logs themselves give.

It needs recorded data beside the project and a stand-in that serves it; `HEARTEN_FORGE_URL` says
where. Without them it is skipped: the same behaviour is tested on made-up worlds everywhere else.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from hearten.cli import app
from tests.support.organisation import TARGETS

EXPECTED = Path(__file__).parents[3] / "shared" / "data" / "expected"
FORGE = os.environ.get("HEARTEN_FORGE_URL", "")  # noqa: TID251 - a setting of the tests alone
READINGS = {"by git tag date": "", "by the date written in the tag name": "%Y-%m-%d"}
SERVICE_ACCOUNTS = ["bot-a808ef", "bot-8fc818"]  # the data shows them as ordinary users
TICKETS = {"aea": "aea_aearep_created_2023-12_to_2024-11", "devlake": "devlake"}

pytestmark = pytest.mark.skipif(
    not (FORGE and EXPECTED.exists()),
    reason="no recorded data beside the project, or HEARTEN_FORGE_URL is not set",
)

Judge = Callable[[dict[str, Any], str], dict[str, dict[str, Any]]]


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Collects and evaluates one team; returns its results of one target by the sprint's start."""
    config = tmp_path / "config"
    config.mkdir()
    sites = {
        name: {
            "url": f"{FORGE}/jira/{name}",
            "token_env": "FORGE_TOKEN",
            "email_env": "FORGE_EMAIL",
        }
        for name in TICKETS
    }
    organisation = {"bots": SERVICE_ACCOUNTS, "jira_sites": sites}
    config.joinpath("hearten.yaml").write_text(yaml.safe_dump(organisation))
    config.joinpath("targets.yaml").write_text(TARGETS.replace("2021-10-01", "2019-01-01"))
    env = {
        "HEARTEN_CONFIG": str(config),
        "HEARTEN_DATABASE_URL": f"sqlite:///{tmp_path}/hearten.sqlite3",
        "HEARTEN_GITHUB_URL": FORGE,
        "HEARTEN_GITHUB_TOKEN": "any",
        "FORGE_TOKEN": "any",
        "FORGE_EMAIL": "somebody@example.org",
    }
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    def judged(team: dict[str, Any], target: str) -> dict[str, dict[str, Any]]:
        cadence = {"from": "cadence", "first_day": "2019-12-23", "length_days": 14}
        teams = {"teams": [{"id": "team", "name": "Team", "sprints": cadence, **team}]}
        config.joinpath("teams.yaml").write_text(yaml.safe_dump(teams))
        for arguments in (["collect", "--since", "2019-12-23"], ["evaluate"]):
            ran = CliRunner().invoke(app, arguments)
            assert ran.exit_code == 0, ran.stderr
        ran = CliRunner().invoke(app, ["results", "--format", "json", "--target", target])
        return {r["sprint"]["start"]: r for r in json.loads(ran.stdout)}

    return judged


def histories() -> list[Any]:
    files = sorted(EXPECTED.glob("githistory/*.json"))
    cases = [(file, json.loads(file.read_text())["readings"]) for file in files]
    return [
        pytest.param(file, reading, id=f"{file.name.partition('.')[0]}, {reading}")
        for file, readings in cases
        for reading in READINGS
        if reading in readings
    ]


@pytest.mark.parametrize(("file", "reading"), histories())
def test_commits_in_production_are_those_that_git_itself_finds(
    judge: Judge, file: Path, reading: str
) -> None:
    expected = json.loads(file.read_text())
    answer = expected["readings"][reading]
    production = {"evidence": "tag", "tags": re.sub(r"^\^|\$$", "", answer["release_tag_regex"])}
    if READINGS[reading]:
        production["at"] = READINGS[reading]

    found = judge(
        {"repositories": [{"name": expected["repository"], "production": production}]}, "commits"
    )

    sprints = answer["sprints"]
    first = next(index for index, sprint in enumerate(sprints) if sprint["releases"])
    complete = [sprint for sprint in sprints[first + 1 :] if sprint["complete"]]
    assert {s["start_utc"]: found[_z(s["start_utc"])]["value"] for s in complete} == {
        s["start_utc"]: s["commits_non_bot_non_merge"] for s in complete
    }


@pytest.mark.parametrize("site", TICKETS)
def test_tickets_done_are_those_that_the_change_logs_leave_done(judge: Judge, site: str) -> None:
    expected = json.loads((EXPECTED / "jira" / f"{TICKETS[site]}.expected.json").read_text())
    everything = {"types": [], "sub_tasks": False, "resolutions": []}
    jira = {"jql": "project is not EMPTY", "site": site, "leave_out": everything}

    found = judge({"jira": jira}, "tickets-done")

    answers = {s["start_utc"]: s["done_in_force_keys"] for s in expected["sprints"]}
    assert {
        start: sorted(item["label"] for item in found[_z(start)]["evidence"]) for start in answers
    } == {start: sorted(keys) for start, keys in answers.items()}


def _z(start: str) -> str:
    return start.replace("+00:00", "Z")
