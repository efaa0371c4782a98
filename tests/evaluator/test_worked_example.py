from dataclasses import replace
from datetime import date

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.results import Sprint, Status
from evaluator.reach import reach
from tests.evaluator.builders import (
    LATER,
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    WEB,
    at,
    find,
    labels,
    read,
    reasons,
    shipped,
)
from tests.evaluator.worked_example import AFTER_THE_SEED, BEGUN, HISTORY, SEED

COVERED = (read(WEB, since=BEGUN),)
FACTS = shipped(HISTORY, [SEED, *AFTER_THE_SEED], coverage=COVERED)
NO_SEED = shipped(HISTORY, AFTER_THE_SEED, coverage=COVERED)


def test_each_commit_is_brought_by_the_first_event_that_holds_it() -> None:
    graph = {one.sha: one.parents for one in HISTORY}

    found = reach(graph, [SEED, *AFTER_THE_SEED])

    assert {sha: event.ident for sha, event in found.items()} == {
        "c1": "D0",
        "c2": "D1",
        "c3": "D2",
        "c4": "D2",
        "c5": "D2",
        "c6": "D4",
    }


@pytest.mark.parametrize(
    ("measure", "window", "counted"),
    [
        pytest.param("changes_in_production", SPRINT_A, ["#7", "#9"], id="changes in sprint A"),
        pytest.param("commits_in_production", SPRINT_A, ["c2", "c5"], id="commits in sprint A"),
        pytest.param("changes_in_production", SPRINT_B, [], id="changes in sprint B"),
        pytest.param("commits_in_production", SPRINT_B, ["c6"], id="commits in sprint B"),
    ],
)
def test_what_counts(measure: str, window: Sprint, counted: list[str]) -> None:
    found = find(measure, FACTS, window)

    assert labels(found) == counted
    assert (found.value, found.gaps, found.coverage) == (len(counted), (), 1.0)


@pytest.mark.parametrize("measure", ["changes_in_production", "commits_in_production"])
def test_what_is_left_out_of_sprint_a(measure: str) -> None:
    left_out = find(measure, FACTS, SPRINT_A).left_out

    assert [(item.label, item.reason) for item in left_out] == [
        ("c3", "made by a bot"),
        ("c4", "a merge commit"),
        (
            "deployment of c2 to production",
            "a rollback, nothing new: it had reached production already",
        ),
    ]


def test_what_is_left_out_of_sprint_b() -> None:
    assert find("commits_in_production", FACTS, SPRINT_B).left_out == ()
    assert reasons(find("changes_in_production", FACTS, SPRINT_B)) == {
        "c6": "#9 counts once: its first commit reached production on 12 March 2026"
    }


def test_sprint_b_is_not_met_on_changes_once_settled_and_read() -> None:
    results = evaluate_team(TEAM, PLAN, FACTS, LATER, {})

    found = {(r.sprint.id, r.target): r for r in results}
    of_b = found["2026-03-17", "reached-production"]
    assert of_b.status is Status.NOT_MET
    assert of_b.sentence == "Not met: 0 changes reached production. The target is at least 1."
    assert of_b.target_version == date(2021, 10, 1)
    assert found["2026-03-03", "reached-production"].status is Status.MET


@pytest.mark.parametrize(
    ("c1_made", "counted"),
    [
        pytest.param("2026-02-18 00:01", ["c1", "c2", "c5"], id="just after 18 February"),
        pytest.param("2026-02-18", ["c2", "c5"], id="exactly 14 days before the baseline"),
    ],
)
def test_without_the_seed_the_first_event_counts_what_is_younger_than_14_days(
    c1_made: str, counted: list[str]
) -> None:
    history = [replace(HISTORY[0], committed_at=at(c1_made)), *HISTORY[1:]]

    found = find("commits_in_production", shipped(history, AFTER_THE_SEED, coverage=COVERED))

    assert labels(found) == counted


def test_the_baselines_older_commits_are_left_out_as_one_item() -> None:
    old = [replace(one, committed_at=at("2026-02-01")) for one in HISTORY[:2]]

    found = find(
        "changes_in_production",
        shipped([*old, *HISTORY[2:]], AFTER_THE_SEED, coverage=COVERED),
    )

    assert labels(found) == ["#9"]
    assert reasons(found)["older commits"] == (
        "reached production with the first deployment that hearten knows, and older than 14 days"
    )


def test_the_seed_is_no_baseline_and_counts_nowhere() -> None:
    before = replace(SPRINT_A, start=at("2026-02-17"), first_day=date(2026, 2, 17))

    found = find("commits_in_production", FACTS, before)

    assert labels(found) == ["c2", "c5"]
    assert "older commits" not in reasons(found)
