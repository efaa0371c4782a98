import re

import pytest

from store.tables import TABLES

ABOUT_PEOPLE_OR_PROSE = re.compile(
    r"author|committer|login|user|person|people|email|mail|avatar|assignee|reporter|creator|actor"
    r"|owner|member|display|title|summary|description|body|message|headline|comment|text|goal"
)
NAMES_OF_THINGS = {
    "events.name": "an environment, tag, workflow or branch",
    "other_evidence.name": "an environment, a workflow, or the style of tags",
    "sprints.name": "a sprint",
    "results.sprint_name": "a sprint",
}
PUBLISHED_BY_ITS_TEAM = "stories.text"  # the one text that is kept
COLUMNS = [f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns]


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_could_hold_a_person_a_title_or_prose(column: str) -> None:
    name = column.partition(".")[2]

    assert not ABOUT_PEOPLE_OR_PROSE.search(name) or column == PUBLISHED_BY_ITS_TEAM
    assert "name" not in name or column in NAMES_OF_THINGS
