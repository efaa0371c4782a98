from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from evaluator.model.days import Days
from evaluator.model.evidence import Production
from evaluator.model.facts import Commit, Evidence, Facts, ProductionEvent
from evaluator.model.plan import Plan, TeamRepository
from evaluator.model.results import LeftOut
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
    merged,
    read,
    reasons,
    shipped,
    shipping,
)

commits_in_production = partial(find, "commits_in_production")

SEED = deployed("D0", "c0", "2025-12-01")
ROOT = commit("c0", made="2025-11-01")


def history(*commits: Commit, events: tuple[ProductionEvent, ...] = ()) -> Facts:
    """Return facts in which a deployment on 5 March brings the last commit."""
    newest = deployed("D1", commits[-1].sha, "2026-03-05")
    return shipped([ROOT, *commits], [SEED, *(events or (newest,))])


def test_every_human_commit_counts_with_a_link_and_the_time_it_reached_production() -> None:
    sha = "5f1c2d3e4a5b6c7d"

    [item] = commits_in_production(history(commit(sha, "c0"))).evidence

    assert (item.kind, item.label, item.at) == ("commit", "5f1c2d3e4a", at("2026-03-05"))
    assert item.url == f"https://github.com/nhsuk/web/commit/{sha}"
    assert item.flags == ()


@pytest.mark.parametrize(
    ("when", "counted"),
    [
        pytest.param("2026-03-02 23:59", [], id="just before the window"),
        pytest.param("2026-03-03", ["c1"], id="as the window begins"),
        pytest.param("2026-03-16 23:59", ["c1"], id="just before its end"),
        pytest.param("2026-03-17", [], id="as it ends"),
    ],
)
def test_the_window_is_half_open(when: str, counted: list[str]) -> None:
    facts = history(commit("c1", "c0"), events=(deployed("D1", "c1", when),))

    assert labels(commits_in_production(facts)) == counted


def test_what_reaches_production_after_now_is_not_seen_yet() -> None:
    facts = history(commit("c1", "c0"))

    assert labels(commits_in_production(facts, now=at("2026-03-05"))) == []
    assert labels(commits_in_production(facts, now=at("2026-03-06"))) == ["c1"]


def test_reverts_count_and_are_flagged() -> None:
    [item] = commits_in_production(history(commit("c1", "c0", revert=True))).evidence

    assert item.flags == ("revert",)


def test_bots_and_merges_are_left_out_with_the_reason() -> None:
    found = commits_in_production(
        history(
            commit("bot", "c0", bot=True),
            commit("merge", "c0", "bot"),
            commit("bot-merge", "merge", "bot", bot=True),
        )
    )

    assert found.value == 0
    assert reasons(found) == {
        "bot": "made by a bot",
        "merge": "a merge commit",
        "bot-merge": "a merge commit",
    }


def test_a_redeploy_and_a_rollback_add_nothing() -> None:
    facts = history(
        commit("c1", "c0"),
        commit("c2", "c1"),
        events=(
            deployed("D1", "c1", "2026-03-04"),
            deployed("D2", "c2", "2026-03-05"),
            deployed("D3", "c2", "2026-03-06"),
            deployed("D4", "c1", "2026-03-07"),
        ),
    )

    found = commits_in_production(facts)

    assert found.value == 2
    assert found.left_out == (
        LeftOut(
            "deployment of c2 to production",
            "nothing new: it had reached production already",
            "https://github.example/deployments/D3",
            at("2026-03-06"),
        ),
        LeftOut(
            "deployment of c1 to production",
            "a rollback, nothing new: it had reached production already",
            "https://github.example/deployments/D4",
            at("2026-03-07"),
        ),
    )


def test_going_forward_again_after_a_rollback_is_no_rollback() -> None:
    order = (("c1", "04"), ("c2", "05"), ("c1", "06"), ("c2", "07"))
    events = tuple(deployed(f"D{day}", sha, f"2026-03-{day}") for sha, day in order)
    facts = history(commit("c1", "c0"), commit("c2", "c1"), events=events)

    found = commits_in_production(facts)

    assert [item.reason.partition(":")[0] for item in found.left_out] == [
        "a rollback, nothing new",
        "nothing new",
    ]


def test_what_came_with_another_event_of_the_same_instant_is_no_rollback() -> None:
    events = tuple(deployed(sha, sha, "2026-03-05") for sha in ("a", "b"))
    facts = history(commit("b", "c0"), commit("a", "b"), events=events)  # by name, a is first

    found = commits_in_production(facts)

    assert found.value == 2
    assert reasons(found) == {
        "deployment of b to production": "came with another change at the same time; counted once"
    }


def test_merges_of_one_instant_each_bring_their_own() -> None:
    merge, plan = shipping(Production())
    facts = shipped(
        [ROOT, commit("c", "c0"), commit("b", "c"), commit("a", "b")],
        [merged("c0", "2025-12-01"), *(merged(sha, "2026-03-05") for sha in ("a", "b", "c"))],
        by=merge,
        coverage=(read(merge),),
    )

    found = commits_in_production(facts, plan=plan)

    assert (found.value, found.left_out) == (3, ())


def test_events_that_the_configuration_does_not_admit_are_ignored() -> None:
    staging = deployed("D1", "c1", "2026-03-05", name="staging")

    found = commits_in_production(history(commit("c1", "c0"), events=(staging,)))

    assert (found.evidence, found.left_out) == ((), ())


# Repositories of several teams


TWO_SERVICES = history(
    commit("ours", "c0", paths=frozenset({"services/heron/"})),
    commit("both", "ours", paths=frozenset({"services/heron/", "services/wren/"})),
    commit("theirs", "both", paths=frozenset({"services/wren/"})),
    commit("bot", "theirs", bot=True, paths=frozenset({"services/wren/"})),
    commit("nobody", "bot"),
)


def shared_plan(ours: tuple[TeamRepository, ...], theirs: TeamRepository) -> Plan:
    heron = replace(TEAM, repositories=ours)
    return replace(PLAN, teams=(heron, replace(TEAM, id="wren", repositories=(theirs,))))


OURS = TeamRepository("nhsuk/web", ("services/heron/",), delivery=SHIPS)
THEIRS = TeamRepository("nhsuk/web", ("services/wren/",), delivery=SHIPS)
WHOLE = TeamRepository("nhsuk/web", delivery=SHIPS)
LONG_AGO = TeamRepository("nhsuk/web", days=Days(last=date(2026, 3, 2)), delivery=SHIPS)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        pytest.param((OURS,), THEIRS, {"ours": (), "both": ("shared",)}, id="by folders"),
        pytest.param(
            (OURS, THEIRS),
            LONG_AGO,
            {"ours": (), "both": (), "theirs": ()},
            id="two folders of one team",
        ),
        pytest.param(
            (OURS, WHOLE),
            LONG_AGO,
            {"ours": (), "both": (), "theirs": (), "nobody": ()},
            id="a folder and the whole",
        ),
        pytest.param(
            (WHOLE,),
            WHOLE,
            dict.fromkeys(["ours", "both", "theirs", "nobody"], ("shared",)),
            id="whole for two teams",
        ),
        pytest.param((LONG_AGO,), WHOLE, {}, id="no longer ours"),
    ],
)
def test_a_repository_belongs_to_teams_by_folders_and_days(
    ours: tuple[TeamRepository, ...],
    theirs: TeamRepository,
    expected: dict[str, tuple[str, ...]],
) -> None:
    plan = shared_plan(ours, theirs)

    found = commits_in_production(TWO_SERVICES, team=plan.teams[0], plan=plan)

    assert {item.label: item.flags for item in found.evidence} == expected


def test_bots_in_other_teams_folders_are_not_listed() -> None:
    plan = shared_plan((OURS,), THEIRS)

    found = commits_in_production(TWO_SERVICES, team=plan.teams[0], plan=plan)

    assert found.left_out == ()


# What reading knows


def test_what_reached_production_before_reading_began_is_never_counted() -> None:
    facts = history(
        commit("c1", "c0"),
        commit("c2", "c1"),
        events=(deployed("D1", "c1", "2026-03-04"), deployed("D2", "c2", "2026-03-06")),
    )

    found = commits_in_production(replace(facts, coverage=(read(WEB, since="2026-03-05"),)))

    assert labels(found) == ["c2"]


def test_a_baseline_whose_older_commits_are_other_teams_mentions_none() -> None:
    first = commit("first", made="2026-01-01", paths=frozenset({"services/wren/"}))
    plan = shared_plan((OURS,), THEIRS)

    found = commits_in_production(
        shipped([first], [deployed("D1", "first", "2026-03-05")]), team=plan.teams[0], plan=plan
    )

    assert found.left_out == ()


TAGGED, TAG_PLAN = shipping(Production(Evidence.TAG, pattern="production-.*", at="%Y-%m-%d"))


def tag(name: str, sha: str, when: str | None) -> ProductionEvent:
    return deployed(name, sha, when, kind=Evidence.TAG, name=name, dated_by="%Y-%m-%d")


def test_a_tag_without_a_time_is_listed_with_the_newest_sprint_only() -> None:
    facts = shipped(
        [ROOT, commit("c1", "c0")],
        [tag("production-2025-12-01", "c0", "2025-12-01"), tag("production-next", "c1", None)],
        by=TAGGED,
        coverage=(read(TAGGED),),
    )

    in_a = commits_in_production(facts, SPRINT_A, plan=TAG_PLAN, now=at("2026-03-20"))
    in_b = commits_in_production(facts, SPRINT_B, plan=TAG_PLAN, now=at("2026-03-20"))

    assert in_a.left_out == ()
    assert reasons(in_b) == {"production-next": "no time in the name that fits '%Y-%m-%d'"}


# Between sprints


@pytest.mark.parametrize(
    ("gap_end", "listed"),
    [
        pytest.param("2026-03-19", True, id="the next sprint started later"),
        pytest.param(None, True, id="no next sprint yet"),
        pytest.param("2026-03-18", False, id="the next sprint had started"),
    ],
)
def test_what_reaches_production_between_sprints_is_listed_with_the_one_before(
    gap_end: str | None, *, listed: bool
) -> None:
    window = replace(SPRINT_A, gap_end=at(gap_end) if gap_end else None)
    facts = history(commit("c1", "c0"), events=(deployed("D1", "c1", "2026-03-18"),))

    found = commits_in_production(facts, window)

    expected = {"c1": "between sprints: reached production on 18 March 2026"}
    assert reasons(found) == (expected if listed else {})
    assert found.value == 0
