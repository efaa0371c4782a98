"""The demonstration, as a newcomer runs it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hearten.cli import app


def test_the_demo_shows_every_team_explains_one_result_and_can_be_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    first, second = (CliRunner().invoke(app, ["demo"]) for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0)
    names = [line.split("  ")[0] for line in second.stdout.splitlines() if "data as of" in line]
    assert names == sorted(names, key=str.casefold)
    assert len(names) >= 9
    for words in ("Met", "Not met", "No data", "Excused", "In progress", "Not applicable"):
        assert words in second.stdout, f"the demo shows no team with `{words}`"
    for words in ("What is missing", "One result, explained", "Counted", "Where to look next"):
        assert words in second.stdout
