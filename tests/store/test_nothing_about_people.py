import re
from dataclasses import fields, is_dataclass

import pytest
from sqlalchemy import JSON

from evaluator.model import facts
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
# What stands in a column of lists, whose name says less than that of a fact's field.
LISTS = {
    "closed_issues.labels": "named in configuration",
    "commits.parents": "shas",
    "commits.paths": "configured folders",
    "coverage.gone_folders": "configured folders",
    "coverage.older_paths": "configured folders",
    "results.basis": "sources and digests",
    "results.evidence": "numbers, keys and addresses",
    "results.gaps": "sources and reasons of our own",
    "results.left_out": "numbers, keys and reasons of our own",
    "results.notes": "notes of our own",
    "results.sources": "ids of sources",
    "results.sprint_notes": "notes of our own",
    "tickets.changes": "times and statuses",
    "tickets.label_changes": "times, and labels that are named in configuration",
    "tickets.labels": "named in configuration",
    "tickets.links": "types, keys, categories and times",
    "tokens.scopes": "scopes",
}
FIELDS = [
    f"{fact.__name__}.{field.name}"
    for fact in vars(facts).values()
    if isinstance(fact, type) and is_dataclass(fact)
    for field in fields(fact)
]
COLUMNS = [f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns]


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_could_hold_a_person_a_title_or_prose(column: str) -> None:
    name = column.partition(".")[2]

    assert not ABOUT_PEOPLE_OR_PROSE.search(name) or column == PUBLISHED_BY_ITS_TEAM
    assert "name" not in name or column in NAMES_OF_THINGS


def test_no_field_of_a_fact_could_hold_a_person_a_title_or_prose() -> None:
    assert {"Ticket.links", "TicketLink.key", "ClosedIssue.labels"} <= set(FIELDS)
    prose = [each for each in FIELDS if ABOUT_PEOPLE_OR_PROSE.search(each.partition(".")[2])]
    assert prose == ["Story.text"]


def test_what_stands_in_each_list_is_known() -> None:
    lists = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if isinstance(column.type, JSON)
    }

    assert lists == LISTS.keys()
