"""The one shape in which a result leaves hearten."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from evaluator.model.facts import Reason
from evaluator.model.results import EvidenceItem, Gap, LeftOut, Result, Sprint, State, Status
from evaluator.model.serialization import PUBLISHED_COLUMNS, published, published_row, table_row

START, END = datetime(2026, 3, 3, tzinfo=UTC), datetime(2026, 3, 17, tzinfo=UTC)
RESULT = Result(
    team="heron",
    sprint=Sprint("jira-7", "Seven", START, END, date(2026, 3, 3), END, None),
    target="tickets-done",
    target_version=date(2021, 10, 1),
    status=Status.MET,
    value=1,
    minimum=1,
    unit="tickets",
    coverage=2 / 3,
    reason="1 ticket moved to Done.",
    evidence=(EvidenceItem("ticket", "HER-1", "https://jira/browse/HER-1", START, ("shared",)),),
    left_out=(LeftOut("HER-2", "a sub-task"), LeftOut("v1", "nothing new", "https://v1", END)),
    gaps=(Gap("jira:jira:HER", Reason.STALE, "not read yet"),),
    sources=("jira:jira:HER",),
    state=State.FINAL,
    evaluated_at=END,
    checked_at=END,
)


def test_times_are_utc_and_a_share_is_rounded() -> None:
    data = json.loads(json.dumps(published(RESULT)))

    assert data["sprint"]["start"] == "2026-03-03T00:00:00Z"
    assert data["coverage"] == 0.6667
    assert data["evidence"] == [
        {
            "kind": "ticket",
            "label": "HER-1",
            "url": "https://jira/browse/HER-1",
            "at": "2026-03-03T00:00:00Z",
            "flags": ["shared"],
            "steps": [],
        }
    ]
    assert data["left_out"][0] == {
        "label": "HER-2",
        "reason": "a sub-task",
        "url": None,
        "at": None,
    }
    assert data["target"] == {"id": "tickets-done", "version": "2021-10-01"}


def test_what_is_not_there_is_null() -> None:
    data = published(replace(RESULT, target_version=None, value=None, minimum=None))

    assert (data["target"]["version"], data["value"], data["minimum"]) == (None, None, None)
    assert data["cause"] is None


def test_as_a_line_of_a_table_it_has_its_columns_in_their_order() -> None:
    row = published_row(RESULT)

    assert tuple(row) == PUBLISHED_COLUMNS
    assert (row["sprint_id"], row["sprint_name"]) == ("jira-7", "Seven")
    assert (row["target"], row["target_version"]) == ("tickets-done", "2021-10-01")
    assert (row["start"], row["end"]) == ("2026-03-03T00:00:00Z", "2026-03-17T00:00:00Z")


def test_as_a_line_of_a_table_its_evidence_is_the_labels() -> None:
    two = replace(RESULT, evidence=(*RESULT.evidence, EvidenceItem("ticket", "HER-2", "u", END)))

    assert published_row(two)["evidence"] == "HER-1 HER-2"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1", "'=1"),
        ("\uff20x", "'\uff20x"),
        ("\u200b -1", "'\u200b -1"),
        ("\n", "'\n"),
        ("1-1", "1-1"),
        ("a\r=1", "a\n=1"),
        ("", ""),
        (-1, -1),
    ],
)
def test_a_cell_is_never_a_formula_and_never_ends_its_row(text: object, cell: object) -> None:
    assert table_row(RESULT, text)[-1] == cell
