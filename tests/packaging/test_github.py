"""What .github and SECURITY.md ask people for is there to be asked for."""

import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from hearten.cli import app
from hearten.commands.registry import load

ROOT = Path(__file__).parents[2]
FORMS = sorted(ROOT.glob(".github/ISSUE_TEMPLATE/*.yml"))
ASKING = [*FORMS, ROOT / ".github/pull_request_template.md", ROOT / "SECURITY.md"]
QUOTED = sorted({words for file in ASKING for words in re.findall("`([^`]+)`", file.read_text())})


@pytest.mark.parametrize("words", [words for words in QUOTED if words.startswith("hearten ")])
def test_a_command_that_is_asked_for_exists_with_its_arguments_and_options(words: str) -> None:
    first, *others = words.split()[1:]

    asked = get_command(app) if first.startswith("--") else load(first)
    taken = {spelling for parameter in asked.params for spelling in parameter.opts}

    given = [word for word in (first, *others) if word.startswith("--") or word.isupper()]
    assert {word.lower() for word in given} <= taken


@pytest.mark.parametrize("path", [words for words in QUOTED if re.search(r"/$|\.md$", words)])
def test_a_page_or_folder_that_is_named_exists(path: str) -> None:
    assert ROOT.joinpath(path).exists()


def test_the_owners_of_the_example_own_what_there_is() -> None:
    lines = ROOT.joinpath(".github/CODEOWNERS.example").read_text().splitlines()
    owned = [line.split()[0] for line in lines if line.startswith("/")]

    assert owned
    assert [path for path in owned if not ROOT.joinpath(path[1:]).exists()] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_every_question_of_a_form_has_an_id_of_its_own_and_a_label(form: Path) -> None:
    body = yaml.safe_load(form.read_text())["body"]
    questions = [part for part in body if part["type"] != "markdown"]

    assert len({part["id"] for part in questions}) == len(questions)
    assert all(part["attributes"]["label"] for part in questions)


def test_a_wrong_number_comes_first_and_is_not_taken_without_its_witness() -> None:
    body = yaml.safe_load(FORMS[0].read_text())["body"]

    required = [part.get("id") for part in body if part.get("validations", {}).get("required")]

    assert required == ["explain", "expected", "witness", "doctor", "version"]
