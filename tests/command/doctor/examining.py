"""The doctor, asked; and what it says of each part."""

import json
from datetime import timedelta
from typing import Any

from typer.testing import CliRunner

from hearten.cli import app
from tests.support.organisation import EMAIL, TOKEN, Organisation, Ran

DAY = timedelta(days=1)


def team(
    repositories: str = "{name: acme/shop, production: {evidence: deployment, "
    "environments: [production]}}",
    jira: str = "{project: HER, board: 42}",
    more: str = "",
) -> str:
    return (
        "teams:\n  - id: heron\n    name: Heron\n"
        f"    repositories: [{repositories}]\n    jira: {jira}\n{more}"
    )


def examined(organisation: Organisation) -> tuple[Ran, dict[str, dict[str, Any]]]:
    """What the doctor says, and the same by section from its JSON."""
    as_json = organisation.run("doctor", "--format", "json")
    ran = organisation.run("doctor")
    sections = {each["section"]: each for each in json.loads(as_json.out)}
    assert as_json.code == ran.code
    for secret in (TOKEN, EMAIL):
        assert secret not in ran.out + ran.messages + as_json.out
    return ran, sections


def run_with(organisation: Organisation, **variables: str) -> Ran:
    """What the doctor says where some settings are others."""
    ran = CliRunner().invoke(app, ["doctor"], env=organisation.environment | variables)
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def findings(section: dict[str, Any]) -> list[tuple[str, str]]:
    return [(found["about"], found["what"]) for found in section["findings"]]
