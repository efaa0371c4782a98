"""docs/decisions: no page is missing from its list."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"


def test_every_decision_is_in_the_list_with_its_number() -> None:
    pages = {page.name for page in FOLDER.glob("[0-9]*.md")} - {"0000-template.md"}

    rows = re.findall(
        r"^\| \[(\d+)\]\((.+?)\)", FOLDER.joinpath("README.md").read_text(), re.MULTILINE
    )

    assert {file for _, file in rows} == pages
    assert [number for number, file in rows if not file.startswith(f"{number}-")] == []
