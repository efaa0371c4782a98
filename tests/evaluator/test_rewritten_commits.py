"""History that was rewritten: what had reached production is no change a second time."""

from dataclasses import replace

import pytest

from evaluator.model.delivery import Delivery
from evaluator.model.facts import Facts
from evaluator.model.plan import TeamRepository
from tests.evaluator.builders import (
    BY_DEPLOYMENT,
    PLAN,
    SHIPS,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    WEB,
    at,
    commit,
    deployed,
    find,
    labels,
    reasons,
    shipped,
)

MEASURES = ["changes_in_production", "commits_in_production"]
SEED = deployed("D0", "c0", "2026-03-01")
ROOT = commit("c0", made="2025-12-01")


def of(*commits: str, **events: str) -> Facts:
    """Facts of a repository with the old `o1` and `o2`, and such commits; events by their sha."""
    old = [ROOT, commit("o1", "c0"), commit("o2", "o1")]
    new = [
        commit(sha, *parents.split(), rewrites=rewrites)
        for sha, parents, rewrites in (one.split("<") for one in commits)
    ]
    return shipped(
        [*old, *new], [SEED, *(deployed(f"D-{sha}", sha, day) for sha, day in events.items())]
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_a_commit_that_had_reached_production_before_it_was_rewritten_is_left_out(
    measure: str,
) -> None:
    facts = of("n2<o1<o2", "n3<n2<", o2="2026-03-05", n3="2026-03-20")

    found = find(measure, facts, SPRINT_B)

    assert (labels(found), reasons(found)) == (["n3"], {"n2": "history was rewritten"})
    assert found.left_out[0].url.endswith("/commit/n2")


@pytest.mark.parametrize("measure", MEASURES)
def test_a_commit_that_never_had_counts_when_it_does(measure: str) -> None:
    facts = of("n2<o1<o2", o1="2026-03-05", n2="2026-03-20")

    assert labels(find(measure, facts, SPRINT_B)) == ["n2"]


def test_a_pull_request_of_a_commit_that_was_rewritten_is_the_one_it_was() -> None:
    facts = shipped(
        [
            ROOT,
            commit("o1", "c0", pull_request=7),
            commit("n1", "c0", pull_request=8, rewrites="o1"),
        ],
        [SEED, deployed("D1", "o1", "2026-03-05"), deployed("D2", "n1", "2026-03-20")],
    )

    before, after = (find("changes_in_production", facts, s) for s in (SPRINT_A, SPRINT_B))

    assert (labels(before), labels(after)) == (["#7"], [])


def test_what_another_team_looks_after_is_not_listed() -> None:
    entry = TeamRepository("nhsuk/web", ("api/",), delivery=SHIPS)
    team = replace(TEAM, repositories=(entry,))
    facts = of("n2<o1<o2", o2="2026-03-05", n2="2026-03-20")

    found = find("commits_in_production", facts, SPRINT_B, team=team)

    assert (labels(found), reasons(found)) == ([], {})


def test_of_one_event_the_one_that_was_there_first_counts() -> None:
    facts = of("j<o2 n2<", "n2<o1<o2", j="2026-03-05")

    found = find("commits_in_production", facts, SPRINT_A)

    assert labels(found) == ["o1", "o2"]
    assert reasons(found) == {"n2": "history was rewritten", "j": "a merge commit"}


def test_what_one_service_shipped_and_another_ships_rewritten_counts_once() -> None:
    api = Delivery((replace(BY_DEPLOYMENT, environments=("api",)),))
    both = (*TEAM.repositories, TeamRepository("nhsuk/web", delivery=api))
    source = replace(WEB, deliveries=(*WEB.deliveries, api))
    team = replace(TEAM, repositories=both)
    plan = replace(PLAN, teams=(team,), sources=(source,))
    facts = shipped(
        [ROOT, commit("o1", "c0"), commit("n1", "c0", rewrites="o1")],
        [
            SEED,
            replace(deployed("A0", "c0", "2026-03-01"), name="api"),
            deployed("D1", "o1", "2026-03-05"),
            replace(deployed("A1", "n1", "2026-03-20"), name="api"),
        ],
        by=source,
    )

    found = find("commits_in_production", facts, SPRINT_B, plan=plan)

    assert labels(found) == []


def test_when_a_branch_was_pushed_anew_need_not_be_known() -> None:
    late = deployed("D2", "n1", "2026-03-20", not_before=at("2026-03-10"), seen_by=at("2026-03-21"))
    facts = shipped(
        [ROOT, commit("o1", "c0"), commit("n1", "c0", rewrites="o1")],
        [SEED, deployed("D1", "o1", "2026-03-05"), late],
    )

    found = find("commits_in_production", facts).against(9)

    assert (found.value, found.gaps) == (1, ())
