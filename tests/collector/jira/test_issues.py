import pytest

from collector.jira.issue_parser import read_category, read_moves
from evaluator.model.facts import StatusCategory
from tests.collector.jira.stand_in import a_history


def test_moves_come_in_order_of_time_and_each_once() -> None:
    last = a_history(12, "3>5", "2025-03-12T10:00:00.000+0000")
    first = a_history(9, "1>3", "2025-03-12T10:00:00.000+0000")
    earlier = a_history(20, "5>1", "2025-03-11T10:00:00.000+0000")

    moves = read_moves([last, first, earlier, last])

    assert [(move.from_id, move.to_id) for move in moves] == [("5", "1"), ("1", "3"), ("3", "5")]


@pytest.mark.parametrize(
    ("item", "moves"),
    [
        pytest.param({"fieldId": "status", "field": "Status"}, 1, id="the status of Cloud"),
        pytest.param({"field": "status", "fieldtype": "jira"}, 1, id="the status of Data Center"),
        pytest.param({"field": "Status", "fieldtype": "jira"}, 1, id="the same, written large"),
        pytest.param({"fieldId": "customfield_1", "field": "status"}, 0, id="a field of that name"),
        pytest.param({"field": "status", "fieldtype": "custom"}, 0, id="the same on Data Center"),
        pytest.param({"field": "assignee", "fieldtype": "jira"}, 0, id="another field"),
    ],
)
def test_only_the_status_itself_moves_a_ticket(item: dict[str, str], moves: int) -> None:
    history = {**a_history(1, "1>5"), "items": [{**item, "from": "1", "to": "5"}]}

    assert len(read_moves([history])) == moves


def test_a_category_that_nobody_has_heard_of_is_unknown() -> None:
    assert read_category({"statusCategory": {"key": "later"}}) is StatusCategory.UNKNOWN
