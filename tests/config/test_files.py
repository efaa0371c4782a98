import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from hearten.config.files import NotWrittenError, init, schema
from tests.config.folder import Folder

NAMES = [
    "hearten.yaml",
    "teams.yaml",
    "targets.yaml",
    "excused.yaml",
    "roles.yaml",
    "time_allocation.yaml",
]


def content(path: Path) -> Any:
    """Return the file as an editor sees it, with days as text."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))


def properties(node: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return every property at any depth of a schema."""
    if isinstance(node, list):
        return [found for item in node for found in properties(item)]
    if not isinstance(node, dict):
        return []
    here = node.get("properties", {}) if node.get("type") == "object" else {}
    return [*here.items(), *(found for item in node.values() for found in properties(item))]


def test_the_first_files_load_as_they_are(tmp_path: Path) -> None:
    written = init(tmp_path / "new" / "config")

    plan = Folder(tmp_path / "new" / "config").load()

    assert [path.name for path in written] == NAMES
    assert [team.id for team in plan.teams] == ["heron", "wren"]
    assert [target.id for target in plan.targets] == [
        *("reached-production", "tickets-done", "retro-actions", "user-feedback")
    ]


def test_every_line_that_is_commented_out_in_the_first_files_loads_too(tmp_path: Path) -> None:
    for path in init(tmp_path):
        lines = (
            path.read_text(encoding="utf-8").replace(": []\n#", ":\n#").replace(": {}\n#", ":\n#")
        )
        told = lines.replace("#  - ", "  - ").replace("#  legacy", "  legacy")
        told = re.sub(r"^#  ((retro|user|needs|thirty)_)", r"  \1", told, flags=re.MULTILINE)
        told = told.replace("      # - eff", "      - eff").replace("      #   ", "        ")
        told = told.replace("      # leave_out:", "      leave_out:")
        path.write_text(told, encoding="utf-8")

    plan = Folder(tmp_path).load()

    assert len(plan.closures) == len(plan.excuses) == 1
    assert len(plan.targets[0].versions) == 2
    assert (plan.labels.retro_action, plan.feedback_links) == ("retro-action", ("Feedback",))
    assert dict(plan.jira_html)["legacy"] == "https://jira.example.org"


def test_the_first_files_overwrite_nothing(tmp_path: Path) -> None:
    mine = tmp_path / "teams.yaml"
    mine.write_text("teams: []\n", encoding="utf-8")

    with pytest.raises(
        NotWrittenError, match=r"teams\.yaml: there already, so nothing was written"
    ):
        init(tmp_path)

    assert list(tmp_path.iterdir()) == [mine]


@pytest.mark.parametrize("name", NAMES)
def test_an_editor_accepts_the_first_files_and_no_unknown_key(tmp_path: Path, name: str) -> None:
    init(tmp_path)
    validator = jsonschema.Draft202012Validator(schema()[name])
    good = content(tmp_path / name)

    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "colour": "red"})


def test_an_editor_accepts_one_jira_entry_or_a_list() -> None:
    validator = jsonschema.Draft202012Validator(schema()["teams.yaml"])
    team = {"id": "heron", "name": "Heron"}

    for jira in ({"project": "HER"}, [{"project": "HER"}]):
        assert validator.is_valid({"teams": [{**team, "jira": jira}]})


@pytest.mark.parametrize("name", NAMES)
def test_an_editor_can_explain_every_key(name: str) -> None:
    unexplained = [key for key, said in properties(schema()[name]) if "description" not in said]

    assert unexplained == []
