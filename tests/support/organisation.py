"""An organisation of the sandbox and the command line over it, as an operator has them."""

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from hearten.cli import app
from sandbox.server import Sandbox
from sandbox.world import World

NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the command reads the real clock
TOKEN = "token-that-nobody-may-see"
EMAIL = "operator@example.org"

ONE_TEAM = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
"""
TARGETS = """
targets:
  - id: reached-production
    title: Changes reach production
    plain_english: At least one change reaches production each sprint.
    measure: changes_in_production
    period: sprint
    helps_with: Work that waits unreleased helps nobody.
    benefit: Your work reaches people sooner.
    versions: [{effective_from: 2021-10-01, minimum: 1, status: agreed}]
  - id: commits
    title: Commits reach production
    plain_english: At least one commit reaches production each sprint.
    measure: commits_in_production
    period: sprint
    helps_with: Work that waits unreleased helps nobody.
    benefit: Your work reaches people sooner.
    versions: [{effective_from: 2021-10-01, minimum: 1, status: agreed}]
  - id: tickets-done
    title: Tickets move to Done
    plain_english: At least one ticket moves to Done each sprint.
    measure: tickets_done
    period: sprint
    helps_with: Work that is never finished helps nobody.
    benefit: The team can show what it finished.
    versions: [{effective_from: 2021-10-01, minimum: 1, status: agreed}]
"""


def ago(days: float, hours: float = 0) -> datetime:
    """An instant before now."""
    return NOW - timedelta(days=days, hours=hours)


@dataclass
class Ran:
    """What the command said."""

    code: int
    out: str
    messages: str


@dataclass
class Organisation:
    """A made-up GitHub and Jira, and the command that reads them."""

    world: World
    sandbox: Sandbox
    database_url: str
    config: Path
    github_url: str = ""
    more: Mapping[str, str] = field(default_factory=dict)  # settings
    tables: Path | None = None  # of an empty SQLite database: to copy them is quicker than to make

    def configure(
        self, teams: str, *, hearten: str = "{}\n", excused: str = "excused: []\n"
    ) -> None:
        """Write the configuration files."""
        self.config.mkdir(exist_ok=True)
        self.config.joinpath("teams.yaml").write_text(teams)
        self.config.joinpath("targets.yaml").write_text(TARGETS)
        self.config.joinpath("hearten.yaml").write_text(hearten)
        self.config.joinpath("excused.yaml").write_text(excused)

    @property
    def environment(self) -> dict[str, str]:
        """What an operator would have set."""
        return {
            "HEARTEN_CONFIG": str(self.config),
            "HEARTEN_DATABASE_URL": self.database_url,
            "HEARTEN_GITHUB_URL": self.github_url or self.sandbox.github_url,
            "HEARTEN_GITHUB_TOKEN": TOKEN,
            "HEARTEN_PORT": "0",
            "HEARTEN_JIRA_URL": self.sandbox.jira_url(),
            "HEARTEN_JIRA_EMAIL": EMAIL,
            "HEARTEN_JIRA_TOKEN": TOKEN,
            **self.more,
        }

    def run(self, *arguments: str, unset: Collection[str] = ()) -> Ran:
        """Run `hearten` with `arguments` as an operator would, with some settings taken away."""
        file = Path(self.database_url.removeprefix("sqlite:///"))
        if self.tables and arguments[0] == "collect" and file.parent.is_dir() and not file.exists():
            shutil.copy(self.tables, file)
        env = {**self.environment, **dict.fromkeys(unset, "")}
        ran = CliRunner().invoke(app, list(arguments), env=env)
        return Ran(ran.exit_code, ran.stdout, ran.stderr)

    def collect_and_evaluate(self) -> None:
        """Run both jobs; both must end well."""
        for job in ("collect", "evaluate"):
            ran = self.run(job)
            assert ran.code == 0, ran.messages

    def results(self, *arguments: str) -> list[dict[str, Any]]:
        """The stored results as data."""
        ran = self.run("results", "--format", "json", *arguments)
        assert ran.code == 0, ran.messages
        found: list[dict[str, Any]] = json.loads(ran.out)
        return found
