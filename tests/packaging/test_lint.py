"""What is looked at before each commit is what `make check` looks at first."""

import os
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def commands(target: str) -> list[str]:
    """The commands that make would run for `target`, where all is installed."""
    dry = ["make", "--dry-run", "--old-file=.venv/.dev", target]
    said = subprocess.run(
        dry, cwd=ROOT, env={"PATH": os.defpath}, check=True, capture_output=True, text=True
    )
    return said.stdout.splitlines()


def test_a_commit_is_held_against_make_lint_alone_with_nothing_fetched() -> None:
    config = yaml.safe_load(ROOT.joinpath(".pre-commit-config.yaml").read_text())

    hooks = [(repo["repo"], hook) for repo in config["repos"] for hook in repo["hooks"]]

    assert [(origin, hook["entry"], hook["language"]) for origin, hook in hooks] == [
        ("local", "make lint", "system")
    ]
    assert hooks[0][1]["pass_filenames"] is False


def test_make_check_begins_with_all_of_make_lint() -> None:
    lint = commands("lint")

    assert commands("check")[: len(lint)] == lint


def test_make_lint_looks_at_format_rules_types_and_import_contracts() -> None:
    formats, rules, types, contracts = commands("lint")

    assert formats.startswith(".venv/bin/ruff format --check src ")
    assert rules.startswith(".venv/bin/ruff check src ")
    assert types == ".venv/bin/mypy"
    assert contracts == "PYTHONPATH=src .venv/bin/lint-imports"


def test_types_are_looked_at_wherever_format_and_rules_are() -> None:
    typed = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text())["tool"]["mypy"]["packages"]
    ours = {file.parent.name for file in ROOT.joinpath("src").glob("*/__init__.py")}

    formats, rules, *_ = (command.rpartition(" src ")[2].split() for command in commands("lint"))

    assert formats == rules
    assert set(typed) == ours | set(formats)
