from datetime import datetime

import pytest

from collector.jira.jql import updated_since
from tests.collector.jira.stand_in import SINCE


def test_the_bound_lies_26_hours_early_because_jira_reads_it_in_a_zone_of_its_own() -> None:
    in_summer_time = datetime.fromisoformat("2025-06-01T01:00:00+01:00")

    jql = updated_since('project = "HER"', in_summer_time)

    assert jql == ('(project = "HER") AND updated >= "2025-05-30 22:00" ORDER BY key ASC')


def test_the_first_question_asks_for_open_tickets_too_however_old() -> None:
    jql = updated_since('project = "HER"', SINCE, or_open=True)

    assert jql == (
        '(project = "HER") AND (updated >= "2025-02-27 22:00" OR statusCategory != Done) '
        "ORDER BY key ASC"
    )


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        pytest.param("project = HER ORDER BY rank", "project = HER", id="an order is cut off"),
        pytest.param("project = HER order  by rank", "project = HER", id="in any writing"),
        pytest.param('text ~ "order by"', 'text ~ "order by"', id="words in quotes stay"),
        pytest.param("text ~ 'order by'", "text ~ 'order by'", id="in single quotes too"),
        pytest.param(
            r'a ~ "\" order by"', r'a ~ "\" order by"', id="an escaped quote ends nothing"
        ),
        pytest.param('a ~ "b" ORDER BY c', 'a ~ "b"', id="an order after quotes is cut off"),
        pytest.param("reorder by = 1", "reorder by = 1", id="part of a word is no order"),
    ],
)
def test_a_scope_keeps_everything_but_its_order(scope: str, kept: str) -> None:
    assert updated_since(scope, SINCE).startswith(f"({kept}) AND updated >= ")
