from dataclasses import replace
from functools import partial

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Commit, Evidence, Facts, ProductionEvent
from evaluator.model.plan import TeamRepository
from tests.evaluator.builders import (
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
    read,
    reasons,
    shipped,
    shipping,
)

changes_in_production = partial(find, "changes_in_production")

SEED = deployed("D0", "c0", "2025-12-01")
ROOT = commit("c0", made="2025-11-01")


def history(*commits: Commit, events: tuple[ProductionEvent, ...] = ()) -> Facts:
    """Return facts in which a deployment on 5 March brings the last commit."""
    newest = deployed("D1", commits[-1].sha, "2026-03-05")
    return shipped([ROOT, *commits], [SEED, *(events or (newest,))])


@pytest.mark.parametrize(
    "commits",
    [
        pytest.param([commit("s", "c0", pull_request=12)], id="squashed into one commit"),
        pytest.param(
            [commit("r1", "c0", pull_request=12), commit("r2", "r1", pull_request=12)],
            id="rebased as two commits",
        ),
        pytest.param(
            [
                commit("b1", "c0", pull_request=12),
                commit("b2", "b1", pull_request=12),
                commit("m", "c0", "b2", pull_request=12),
            ],
            id="joined by a merge commit",
        ),
    ],
)
def test_a_pull_request_is_one_change_however_it_was_merged(commits: list[Commit]) -> None:
    found = changes_in_production(history(*commits))

    [item] = found.evidence
    assert (item.kind, item.label, item.at) == ("pull_request", "#12", at("2026-03-05"))
    assert item.url == "https://github.com/nhsuk/web/pull/12"


def test_a_commit_without_a_pull_request_is_a_change_of_its_own() -> None:
    [item] = changes_in_production(history(commit("c1", "c0"))).evidence

    assert (item.kind, item.label) == ("commit", "c1")
    assert item.url == "https://github.com/nhsuk/web/commit/c1"


def test_a_bots_pull_request_is_no_change() -> None:
    found = changes_in_production(history(commit("bump", "c0", bot=True, pull_request=3)))

    assert found.value == 0
    assert reasons(found) == {"bump": "made by a bot"}


def test_a_deployment_that_is_inactive_today_counts_for_it_once_succeeded() -> None:
    superseded = deployed("D1", "c1", "2026-03-05")
    following = deployed("D2", "c2", "2026-03-06")

    found = changes_in_production(
        history(commit("c1", "c0"), commit("c2", "c1"), events=(superseded, following))
    )

    assert found.value == 2


@pytest.mark.parametrize("again", ["c1", "c0"], ids=["a redeploy", "a rollback"])
def test_deploying_something_again_adds_nothing(again: str) -> None:
    events = (deployed("D1", "c1", "2026-03-05"), deployed("D2", again, "2026-03-06"))

    found = changes_in_production(history(commit("c1", "c0"), events=events))

    assert labels(found) == ["c1"]
    assert "nothing new" in found.left_out[0].reason


def test_a_pull_request_that_ships_in_two_parts_of_one_sprint_is_listed_once() -> None:
    facts = history(
        commit("c1", "c0", pull_request=12),
        commit("c2", "c1", pull_request=12),
        events=(deployed("D1", "c1", "2026-03-05"), deployed("D2", "c2", "2026-03-06")),
    )

    found = changes_in_production(facts)

    assert labels(found) == ["#12"]
    assert found.left_out == ()


def test_a_pull_request_counts_only_in_the_sprint_of_its_first_commit() -> None:
    facts = history(
        commit("c1", "c0", pull_request=12),
        commit("c2", "c1", pull_request=12),
        events=(deployed("D1", "c1", "2026-03-05"), deployed("D2", "c2", "2026-03-18")),
    )

    assert labels(changes_in_production(facts, SPRINT_A)) == ["#12"]
    later = changes_in_production(facts, SPRINT_B)
    assert later.value == 0
    assert reasons(later) == {
        "c2": "#12 counts once: its first commit reached production on 5 March 2026"
    }


def test_a_pull_request_that_the_seed_began_is_not_counted_again() -> None:
    facts = history(
        commit("c1", "c0", pull_request=12),
        commit("c2", "c1", pull_request=12),
        events=(deployed("D1", "c1", "2026-02-27"), deployed("D2", "c2", "2026-03-05")),
    )

    found = changes_in_production(replace(facts, coverage=(read(WEB, since="2026-03-03"),)))

    assert found.value == 0


def test_a_pull_request_of_the_baseline_counts_if_one_of_its_commits_does() -> None:
    old = commit("old", made="2026-01-10", pull_request=12)
    young = commit("young", "old", made="2026-03-01", pull_request=12)

    found = changes_in_production(shipped([old, young], [deployed("D1", "young", "2026-03-05")]))

    assert labels(found) == ["#12"]
    assert "older commits" in reasons(found)


def test_the_same_number_in_two_repositories_is_two_pull_requests() -> None:
    other = replace(WEB, repository="nhsuk/api")
    team = replace(
        TEAM, repositories=(*TEAM.repositories, TeamRepository("nhsuk/api", delivery=SHIPS))
    )
    facts = shipped(
        [
            commit("c1", pull_request=12),
            commit("d1", pull_request=12, repository="nhsuk/api"),
        ],
        [
            deployed("D1", "c1", "2026-03-05"),
            deployed("D2", "d1", "2026-03-05", repository="nhsuk/api"),
        ],
        coverage=(read(WEB), read(other)),
    )

    found = changes_in_production(facts, team=team, plan=replace(PLAN, sources=(WEB, other)))

    assert [item.url for item in found.evidence] == [
        "https://github.com/nhsuk/api/pull/12",
        "https://github.com/nhsuk/web/pull/12",
    ]
    assert found.sources == ("github:nhsuk/api", "github:nhsuk/web")


@pytest.mark.parametrize(
    ("second", "flags"),
    [
        pytest.param(commit("c2", "c1", pull_request=12, revert=True), ("revert",), id="both"),
        pytest.param(commit("c2", "c1", pull_request=12), (), id="one of two commits"),
    ],
)
def test_a_change_is_a_revert_if_all_of_its_commits_are(
    second: Commit, flags: tuple[str, ...]
) -> None:
    first = commit("c1", "c0", pull_request=12, revert=True)

    [item] = changes_in_production(history(first, second)).evidence

    assert item.flags == flags


def test_a_sprint_of_nothing_but_reverts_can_be_told() -> None:
    found = changes_in_production(
        history(
            commit("c1", "c0", pull_request=12, revert=True),
            commit("c2", "c1", revert=True),
        )
    )

    assert found.value == 2
    assert all("revert" in item.flags for item in found.evidence)


@pytest.mark.parametrize(
    ("folder", "in_a", "in_b"),
    [
        pytest.param("wren/", ["#12"], [], id="the folder that the first commit touches"),
        pytest.param("heron/", [], ["#12"], id="the folder that only the second one touches"),
    ],
)
def test_a_pull_request_is_each_teams_by_the_first_commit_in_its_own_folders(
    folder: str, in_a: list[str], in_b: list[str]
) -> None:
    facts = history(
        commit("c1", "c0", pull_request=12, paths=frozenset({"wren/"})),
        commit("c2", "c1", pull_request=12, paths=frozenset({"heron/", "wren/"})),
        events=(deployed("D1", "c1", "2026-03-05"), deployed("D2", "c2", "2026-03-18")),
    )
    team = replace(TEAM, repositories=(TeamRepository("nhsuk/web", (folder,), delivery=SHIPS),))

    assert labels(changes_in_production(facts, SPRINT_A, team=team)) == in_a
    assert labels(changes_in_production(facts, SPRINT_B, team=team)) == in_b


def test_a_change_is_shared_if_one_of_its_commits_is_another_teams_too() -> None:
    heron = replace(TEAM, repositories=(TeamRepository("nhsuk/web", ("heron/",), delivery=SHIPS),))
    wren = replace(
        TEAM, id="wren", repositories=(TeamRepository("nhsuk/web", ("wren/",), delivery=SHIPS),)
    )
    facts = history(
        commit("c1", "c0", pull_request=12, paths=frozenset({"heron/"})),
        commit("c2", "c1", pull_request=12, paths=frozenset({"heron/", "wren/"})),
    )

    [item] = changes_in_production(
        facts, team=heron, plan=replace(PLAN, teams=(heron, wren))
    ).evidence

    assert item.flags == ("shared",)


def test_between_sprints_a_pull_request_is_listed_once_and_counts_nowhere() -> None:
    facts = history(
        commit("c1", "c0", pull_request=12),
        commit("c2", "c1", pull_request=12),
        commit("c3", "c2", pull_request=12),
        events=(deployed("D1", "c2", "2026-03-17"), deployed("D2", "c3", "2026-03-20")),
    )
    gap_until = at("2026-03-19")

    in_a = changes_in_production(facts, replace(SPRINT_A, gap_end=gap_until))
    in_b = changes_in_production(facts, replace(SPRINT_B, start=gap_until))

    assert reasons(in_a) == {"#12": "between sprints: reached production on 17 March 2026"}
    assert reasons(in_b) == {
        "c3": "#12 counts once: its first commit reached production on 17 March 2026"
    }


def test_with_merges_as_evidence_each_merge_into_the_branch_brings_its_pull_request() -> None:
    merging, plan = shipping(Production())
    facts = shipped(
        [ROOT, commit("b1", "c0", pull_request=12), commit("m1", "c0", "b1")],
        [
            deployed("c0", "c0", "2025-12-01", kind=Evidence.MERGE, name="main"),
            deployed("m1", "m1", "2026-03-05", kind=Evidence.MERGE, name="main"),
        ],
        by=merging,
        coverage=(read(merging),),
    )

    found = changes_in_production(facts, plan=plan)

    assert (labels(found), found.gaps) == (["#12"], ())
