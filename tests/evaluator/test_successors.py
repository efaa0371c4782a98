"""What stopped matching is told: another name shows production where nothing matches any more."""

from dataclasses import replace
from typing import Any

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.gap_remedies import gap_remedy
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Facts, OtherEvidence, ProductionEvent, Reason
from evaluator.model.plan import Plan
from evaluator.model.production_names import may_be_production, same_family, style_of
from evaluator.model.results import Gap, GapKind, Measurement, Sprint, State, Status
from evaluator.model.run_places import RunPlace, run_for, run_place
from tests.evaluator.builders import (
    BY_DEPLOYMENT,
    LATER,
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    WEB,
    at,
    commit,
    deployed,
    find,
    read,
    shipped,
    shipping,
)

ROOT, SEED = commit("c0", made="2025-12-01"), deployed("D0", "c0", "2025-12-02")
NEXT = commit("c1", "c0", made="2026-03-04")
TAGGED, TAGGED_PLAN = shipping(Production(Evidence.TAG, pattern=r"v1\.\d+"))


def other(name: str = "production-eu", first: str = "2026-03-05", **known: Any) -> OtherEvidence:
    """Another environment, to which the next commit went."""
    found = OtherEvidence(
        "nhsuk/web",
        Evidence.DEPLOYMENT,
        name,
        name,
        first_at=at(first),
        first_known=True,
        newest_at=at(first),
        sha="c1",
        url="",
    )
    return replace(found, **known)


def facts(*others: OtherEvidence, events: tuple[ProductionEvent, ...] = ()) -> Facts:
    return shipped([ROOT, NEXT], [SEED, *events], coverage=(read(WEB),), others=others)


def found(
    *others: OtherEvidence,
    window: Sprint = SPRINT_A,
    events: tuple[ProductionEvent, ...] = (),
    by: Production = BY_DEPLOYMENT,
) -> Measurement:
    _, plan = shipping(by)
    known = facts(*others, events=events)
    return find("changes_in_production", known, window, plan=plan).against(1)


def named(measured: Measurement) -> list[str]:
    """What shows production instead."""
    return [
        gap.detail.removeprefix(GapKind.ANOTHER_NAME).partition(" since ")[0]
        for gap in measured.gaps
        if gap.reason is Reason.EVIDENCE_CHANGED
    ]


def dismissing(text: str) -> Production:
    """The stanza, where `not_production` has this."""
    return replace(BY_DEPLOYMENT, not_production=(text,))


def test_a_window_after_production_was_renamed_proves_no_zero() -> None:
    detail = "production seems to be production-eu since 5 March 2026"
    gap = Gap(WEB.id, Reason.EVIDENCE_CHANGED, detail, GapKind.ANOTHER_NAME)

    assert found(other()).gaps == (gap,)
    assert found(other(), window=SPRINT_B).gaps == (gap,)
    assert gap_remedy(gap).text == (
        "Production seems to be production-eu since 5 March 2026. "
        "List it under `production` in teams.yaml, or name it under `not_production` there."
    )


def test_a_window_that_ended_before_is_judged_as_any_other() -> None:
    assert found(other(first="2026-03-17")).gaps == ()


def test_what_was_enough_before_the_name_changed_is_enough() -> None:
    change = commit("c2", "c0", made="2026-03-03")
    known = shipped(
        [ROOT, change, NEXT],
        [SEED, deployed("D1", "c2", "2026-03-04")],
        coverage=(read(WEB),),
        others=(other(),),
    )

    measured = find("changes_in_production", known)

    assert (measured.against(1).gaps, named(measured.against(2))) == ((), ["production-eu"])


@pytest.mark.parametrize("text", ["production-eu", "production-.*", "PRODUCTION-EU"])
def test_it_ends_once_the_name_is_listed_or_said_to_be_none(text: str) -> None:
    assert named(found(other(), by=dismissing(text))) == []
    listed = replace(BY_DEPLOYMENT, environments=("production", text))
    assert named(found(other(), by=listed)) == []


def test_it_ends_once_something_matches_again() -> None:
    again = deployed("D1", "c0", "2026-03-06")

    assert named(found(other(), events=(again,))) == []


def test_a_stage_before_production_is_none_once_its_commit_went_on() -> None:
    went_on = deployed("D1", "c1", "2026-03-10")

    assert named(found(other("inner-ring"), window=SPRINT_B, events=(went_on,))) == []


def test_what_came_before_the_last_match_is_none() -> None:
    assert named(found(other(first="2025-12-01"))) == []


def test_what_brought_nothing_that_production_has_not_is_none() -> None:
    assert named(found(other(sha="c0"))) == []


@pytest.mark.parametrize("name", ["staging", "pre-production", "pr-7", "preview", "review-cart"])
def test_a_place_before_production_is_none(name: str) -> None:
    assert named(found(other(name))) == []


def test_another_kind_of_evidence_is_none() -> None:
    assert named(found(other(kind=Evidence.TAG))) == []


def test_an_unrelated_name_is_one_only_where_it_is_the_only_one() -> None:
    assert named(found(other("eks"))) == ["eks"]
    assert named(found(other("eks"), other("search-index"))) == []
    assert named(found(other("eks"), other("search-index"), other("production-eu"))) == [
        "production-eu"
    ]


def test_an_unrelated_name_whose_beginning_nobody_knows_is_none() -> None:
    assert named(found(other("eks", first_known=False))) == []
    assert named(found(other("production-eu", first_known=False))) == ["production-eu"]


def test_a_name_that_was_not_seen_from_its_beginning_may_have_begun_with_the_last_match() -> None:
    cut = other(first="2026-04-20", first_known=False)

    assert found(cut).gaps[0].detail.endswith("production-eu since 20 April 2026 or before")
    assert found(replace(cut, first_known=True)).gaps == ()
    assert found(cut, events=(deployed("D1", "c0", "2026-03-17"),)).gaps == ()


def test_the_first_of_several_regions_is_named() -> None:
    regions = other("production-us", "2026-03-09"), other("production-eu", "2026-03-07")

    assert named(found(*regions)) == ["production-eu"]


def test_names_that_are_made_anew_again_and_again_are_none() -> None:
    """One of them may be left once those that brought nothing new are put aside."""
    reached = [other(f"box-{name}", sha="c0") for name in ("red", "blue")]

    assert named(found(other("box-green"), *reached)) == []
    assert named(found(other("box-green"))) == ["box-green"]


def test_where_nothing_ever_matched_there_is_nothing_to_succeed() -> None:
    measured = find(
        "changes_in_production",
        shipped([ROOT], [], coverage=(read(WEB),), others=(other(),)),
    ).against(1)

    assert [gap.reason for gap in measured.gaps] == [Reason.NOTHING_MATCHED]


def test_tags_of_another_style_are_a_successor_by_their_newest_example() -> None:
    style = other("release-#", kind=Evidence.TAG, example="release-1.2")
    tag = replace(SEED, kind=Evidence.TAG, name="v1.1")
    coverage = (read(TAGGED),)
    known = shipped([ROOT, NEXT], [tag], by=TAGGED, coverage=coverage, others=(style,))

    measured = find("changes_in_production", known, plan=TAGGED_PLAN)

    assert named(measured.against(1)) == ["release-1.2"]


ELSEWHERE = {"kind": Evidence.WORKFLOW, "example": "deploy.yml@v1.3"}


def running(where: OtherEvidence, **written: Any) -> Measurement:
    """What is found where `deploy.yml` counts, and once did."""
    by = Production(Evidence.WORKFLOW, workflows=("deploy.yml",), **written)
    shop, plan = shipping(by)
    run = replace(SEED, kind=Evidence.WORKFLOW, name="deploy.yml")
    known = shipped([ROOT, NEXT], [run], by=shop, coverage=(read(shop),), others=(where,))
    return find("changes_in_production", known, plan=plan).against(1)


def test_a_workflow_that_succeeds_only_elsewhere_proves_no_zero_and_says_what_to_write() -> None:
    (gap,) = running(other("deploy.yml@main|v.*", **ELSEWHERE)).gaps

    assert (gap.reason, gap.kind) == (Reason.EVIDENCE_CHANGED, GapKind.RUNS_ELSEWHERE)
    assert gap_remedy(gap).text == (
        "Its workflow succeeds only elsewhere, on v1.3 since 5 March 2026, which "
        "`branch: 'main|v.*'` holds. Write that `branch` beside its `production` in teams.yaml, "
        "or name it under `not_production` there."
    )


def test_a_workflow_that_runs_only_on_merges_proves_no_zero_and_says_what_to_list() -> None:
    on_merge = {"kind": Evidence.WORKFLOW, "example": str(run_for("deploy.yml", 7))}

    (gap,) = running(other("deploy.yml@refs/pull/#/merge", **on_merge), branch=".*").gaps

    assert (gap.reason, gap.kind) == (Reason.EVIDENCE_CHANGED, GapKind.RUNS_ON_MERGE)
    assert gap_remedy(gap).text == (
        "Its workflow runs only for pull requests, once they are merged, as for #7 since 5 March "
        "2026. If they ship, list `{evidence: merge, from: …}` under `production` in teams.yaml, "
        "with that day. If they ship nothing, write `not_production: ['refs/pull/.*']` there."
    )


@pytest.mark.parametrize(
    ("example", "written"),
    [
        pytest.param(
            "deploy.yml@refs/pull/7/merge",
            {"not_production": ("refs/pull/.*",)},
            id="for pull requests, which is written",
        ),
        pytest.param("deploy.yml@v1.3", {"branch": "main|v.*"}, id="it is written"),
        pytest.param("deploy.yml@v1.3", {"not_production": ("v.*",)}, id="by its tag"),
        pytest.param("deploy.yml@v1.3", {"not_production": ("deploy.yml@.*",)}, id="by both"),
        pytest.param("deploy.yml@v1.3-rc1", {}, id="a release candidate"),
        pytest.param("deploy.yml@staging", {}, id="a place before production"),
        pytest.param("docs.yml@v1.3", {}, id="a workflow that does not count"),
    ],
)
def test_runs_elsewhere_that_are_listed_or_none_of_production_are_no_gap(
    example: str, written: dict[str, Any]
) -> None:
    where = other("deploy.yml@main|v.*", kind=Evidence.WORKFLOW, example=example)

    assert running(where, **written).gaps == ()


def test_a_final_not_met_that_another_name_explains_becomes_no_data() -> None:
    def rows(*others: OtherEvidence, plan: Plan = PLAN) -> dict[str, Any]:
        judged = evaluate_team(TEAM, plan, facts(*others), LATER, previous)
        return {row.sprint.id: row for row in judged if row.target == "reached-production"}

    previous: dict[tuple[str, str], Any] = {}
    before = rows()[SPRINT_A.id]
    previous = {(before.sprint.id, before.target): before}

    after = rows(other())[SPRINT_A.id]

    assert (before.status, before.state) == (Status.NOT_MET, State.FINAL)
    assert (after.status, after.version) == (Status.NO_DATA, 2)
    assert "production seems to be production-eu since 5 March 2026" in after.sentence


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("production", "production-eu", True),
        ("production-eu", "Production-US", True),
        ("live-trust-a", "live-trust-c", True),
        ("gateway-v1.2", "gateway-v1.3", True),
        ("gateway-v1.2", "gateway-1.2", True),
        ("prod-1", "prod-2", True),
        ("deploy.yml", "deploy-production.yaml", True),
        ("deploy.yml", "cd.yml", False),
        ("production", "prod", False),
        ("production", "live", False),
        ("v1.2", "release-1.2", False),
        ("gateway-v1.2", "worker-v1.2", False),
        ("production", "production-eu-west", False),
        ("a-1", "b-1", False),
    ],
)
def test_a_family_differs_only_in_digits_or_in_one_word_beside_a_shared_one(
    one: str, another: str, same: bool
) -> None:
    assert same_family(one, another) is same
    assert same_family(another, one) is same


def test_a_style_has_no_number() -> None:
    assert style_of("v1.2.3") == style_of("v10.0") == "v#"
    assert style_of("app-2026-03-04_12") == "app-#-#-#"


def test_a_place_of_runs_is_named_as_github_names_it() -> None:
    places = [run_place(name) for name in ("deploy.yml@@acme/shop@1.2", "deploy.yml", "v1@2")]

    assert places == [RunPlace("deploy.yml", "@acme/shop@1.2"), None, None]
    assert str(places[0]) == "deploy.yml@@acme/shop@1.2"


@pytest.mark.parametrize(
    ("name", "may"),
    [("production", True), ("eks", True), ("pr-1", False), ("v1.2-rc1", False), ("qa", False)],
)
def test_a_name_may_be_one_of_production(name: str, may: bool) -> None:
    assert may_be_production(name) is may
