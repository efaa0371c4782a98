"""A configuration folder to write faults into, and to load."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from evaluator.measures import MEASURES
from evaluator.model.plan import Plan
from hearten.config.faults import ConfigError, Fault
from hearten.config.loading import load

TODAY = date(2026, 11, 2)

TEAMS = """\
teams:
  - id: heron
    name: Heron
    sprints: {from: cadence, first_day: 2024-01-01, length_days: 14}
"""

TARGETS = """\
targets:
  - id: reached-production
    title: Changes reach production
    plain_english: At least one change reaches production each sprint.
    measure: changes_in_production
    helps_with: Work that waits unreleased helps nobody.
    benefit: Your work reaches people sooner.
    versions:
      - {effective_from: 2021-10-01, minimum: 1, status: agreed}
"""


def consulted(effective_from: str, minimum: int, *, closes: str = "") -> str:
    """Return an agreed version that had its month, which closed the day before unless said."""
    day_before = date.fromisoformat(effective_from) - timedelta(days=1)
    closing = date.fromisoformat(closes) if closes else day_before
    return (
        f"{{effective_from: {effective_from}, minimum: {minimum}, status: agreed, "
        f"rationale: Light, proposed_on: {closing - timedelta(days=28)}, "
        f"consultation_closes: {closing}}}"
    )


@dataclass(frozen=True)
class Folder:
    """A folder that holds one good team and one good target until told otherwise."""

    path: Path

    def write(self, **files: str) -> "Folder":
        """Write `teams="…"` as teams.yaml, and so on."""
        for name, text in files.items():
            (self.path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return self

    def load(self, **said: Any) -> Plan:
        """Load the folder with a Jira site, three measures and a day, unless said otherwise."""
        usual: dict[str, Any] = {
            "sites": {"jira": "https://jira.example.org"},
            "github_html": "https://github.com",
            "measures": set(MEASURES),
            "today": TODAY,
        }
        return load(self.path, **{**usual, **said})

    def faults(self, **said: Any) -> list[Fault]:
        """Return the faults that loading finds, with file names alone."""
        try:
            self.load(**said)
        except ConfigError as error:
            return [
                Fault(Path(f.file).name, f.line, f.key, f.message.replace(f"{self.path}/", ""))
                for f in error.faults
            ]
        return []
