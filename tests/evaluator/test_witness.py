"""Zero needs a witness: no window is "Not met" in which nothing shows that nothing happened."""

from dataclasses import replace
from typing import Any

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.evidence import Production
from evaluator.model.facts import Coverage, Evidence, Facts, ProductionEvent, Reason
from evaluator.model.plan import Plan, TeamRepository
from evaluator.model.results import Gap, GapKind, Measurement, Result, Sprint, Status
from tests.evaluator.builders import (
    LATER,
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
    gap_reasons,
    merged,
    read,
    reasons,
    shipped,
    shipping,
    unread,
)

MEASURES = ["changes_in_production", "commits_in_production"]
READ = read(WEB)
ROOT = commit("c0", made="2026-01-01")


def measured(
    *events: ProductionEvent,
    window: Sprint = SPRINT_A,
    minimum: int = 1,
    measure: str = MEASURES[0],
    coverage: Coverage = READ,
) -> Measurement:
    """Return what is found where each event brings a commit of its own."""
    commits = [commit(event.sha, made="2026-01-01") for event in events if event.sha != "gone"]
    facts = shipped(commits, events, coverage=(coverage,))
    return find(measure, facts, window).against(minimum)


def before(day: str) -> tuple[Gap, ...]:
    detail = f"nothing shows production before {day}"
    return (Gap(WEB.id, Reason.HISTORY_BEFORE_START, detail, GapKind.BEFORE_FIRST_EVENT),)


def statuses(facts: Facts, plan: Plan = PLAN) -> dict[str, Result]:
    rows = evaluate_team(plan.teams[0], plan, facts, LATER, {})
    return {row.sprint.id: row for row in rows if row.target == "reached-production"}


# Before the first event


@pytest.mark.parametrize("measure", MEASURES)
def test_a_window_that_begins_before_the_first_event_proves_no_zero(measure: str) -> None:
    found = measured(deployed("D1", "c1", "2026-03-20"), measure=measure)

    assert (found.value, found.coverage) == (0, 0.0)
    assert found.gaps == before("20 March 2026")


def test_the_window_of_the_first_event_is_met_or_proves_nothing() -> None:
    first = deployed("D1", "c1", "2026-03-05")
    brings_one = [commit("c1", made="2026-03-01")], [first]

    def found(minimum: int) -> Measurement:
        facts = shipped(*brings_one, coverage=(read(WEB),))
        return find(MEASURES[0], facts).against(minimum)

    assert (found(1).value, found(1).gaps, found(1).coverage) == (1, (), 1.0)
    assert (found(2).value, found(2).gaps) == (1, before("5 March 2026"))


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(deployed("D1", "c1", "2026-03-17"), id="at the very start"),
        pytest.param(deployed("D1", "c1", "2025-11-05"), id="the seed"),
        pytest.param(deployed("D1", "gone", "2026-03-05"), id="of a commit that is gone by now"),
    ],
)
def test_after_the_first_event_zero_is_zero(first: ProductionEvent) -> None:
    found = measured(first, window=replace(SPRINT_B, start=at("2026-03-17")), minimum=2)

    assert found.gaps == ()


def test_before_the_first_commit_of_a_branch_nothing_is_proven() -> None:
    by_merge, plan = shipping(Production(Evidence.MERGE))
    first = commit("c1", made="2026-03-17")
    facts = shipped([first], [merged("c1", "2026-03-18")], by=by_merge, coverage=(read(by_merge),))

    found = statuses(facts, plan)

    assert found["2026-03-03"].status is Status.NO_DATA
    assert found["2026-03-17"].status is Status.MET
    assert found["2026-03-31"].status is Status.NOT_MET


def test_the_reason_names_the_day_and_says_why_nothing_was_counted() -> None:
    facts = shipped([ROOT], [deployed("D1", "c0", "2026-03-20")], coverage=(read(WEB),))

    assert statuses(facts)["2026-03-03"].sentence == (
        "No data: we could not count in 1 of 1 repository "
        "(nhsuk/web: nothing shows production before 20 March 2026)."
    )


def test_what_was_read_too_short_is_told_before_that() -> None:
    short = read(WEB, since="2026-03-10")

    found = measured(deployed("D1", "c1", "2026-03-20"), coverage=short)

    assert found.gaps == (Gap(WEB.id, Reason.HISTORY_BEFORE_START),)


def test_tags_none_of_which_has_a_time_match_nothing() -> None:
    dated = Production(Evidence.TAG, pattern="production-.*", at="%Y-%m-%d")
    source, plan = shipping(dated)
    tag = deployed("production-x", "c1", None, kind=Evidence.TAG, name="production-x")
    events = [replace(tag, dated_by="%Y-%m-%d")]
    facts = shipped([ROOT], events, by=source, coverage=(read(source),))

    found = find(MEASURES[0], facts, plan=plan)

    assert (found.value, gap_reasons(found)) == (None, [Reason.NOTHING_MATCHED])


# Of several repositories

API = replace(WEB, repository="nhsuk/api")
BOTH = replace(TEAM, repositories=(*TEAM.repositories, TeamRepository("nhsuk/api", delivery=SHIPS)))
OF_BOTH = replace(PLAN, teams=(BOTH,), sources=(API, WEB))


def of_both(web_since: str, api: Coverage, *of_api: ProductionEvent) -> Measurement:
    """Return what is found in both, where nothing but a first event reached production."""
    first = deployed("D1", "c0", web_since)
    facts = shipped([ROOT], [first, *of_api], coverage=(read(WEB), api))
    return find(MEASURES[0], facts, team=BOTH, plan=OF_BOTH).against(1)


IN_API = deployed("E1", "d1", "2026-03-20", repository="nhsuk/api")


@pytest.mark.parametrize("events", [(), (IN_API,)], ids=["never matched", "first matched later"])
def test_a_repository_that_was_made_after_the_window_is_no_gap_beside_one_that_proves_it(
    events: tuple[ProductionEvent, ...],
) -> None:
    made = replace(read(API), created=SPRINT_A.end)

    found = of_both("2026-01-05", made, *events)

    assert (found.value, found.gaps, found.coverage) == (0, (), 1.0)
    assert found.sources == (API.id, WEB.id)


@pytest.mark.parametrize(
    ("web_since", "api"),
    [
        pytest.param("2026-01-05", read(API), id="nobody knows when it was made"),
        pytest.param(
            "2026-01-05", replace(read(API), created=at("2026-03-16")), id="made within the window"
        ),
        pytest.param(
            "2026-03-18", replace(read(API), created=SPRINT_A.end), id="the other proves nothing"
        ),
    ],
)
def test_else_it_is_one(web_since: str, api: Coverage) -> None:
    found = of_both(web_since, api, IN_API)

    assert API.id in {gap.source for gap in found.gaps}


def test_what_cannot_be_read_proves_nothing_for_another() -> None:
    made = replace(read(API), created=SPRINT_A.end)
    facts = shipped([], [IN_API], coverage=(unread(WEB), made))

    found = find(MEASURES[0], facts, team=BOTH, plan=OF_BOTH).against(1)

    assert {gap.source for gap in found.gaps} == {API.id, WEB.id}


# Events that GitHub cannot date

SEED = deployed("D0", "c0", "2026-01-05")


def unsure(
    *more: ProductionEvent, after: str = "2026-03-10", seen: str = "2026-03-20"
) -> Measurement:
    """Return what is found in sprint B with a release of c1 dated 10 March, seen on the 20th."""
    floored = deployed("D1", "c1", after, not_before=at(after), seen_by=at(seen))
    commits = [ROOT, commit("c1", "c0"), commit("c2", "c1")]
    facts = shipped(commits, [SEED, floored, *more], coverage=(read(WEB),))
    return find(MEASURES[0], facts, SPRINT_B).against(1)


def test_an_event_that_may_belong_to_the_window_leaves_it_unproven() -> None:
    detail = (
        "GitHub does not show the day of deployment of c1 to production, one of 10 to 20 March 2026"
    )

    assert unsure().gaps == (Gap(WEB.id, Reason.HISTORY_BEFORE_START, detail, GapKind.UNSURE_DAY),)


def test_the_window_that_has_it_is_met_with_it() -> None:
    floored = deployed(
        "D1", "c1", "2026-03-10", not_before=at("2026-03-10"), seen_by=at("2026-03-20")
    )
    facts = shipped([ROOT, commit("c1", "c0")], [SEED, floored], coverage=(read(WEB),))

    assert find(MEASURES[0], facts).against(1).gaps == ()
    assert find(MEASURES[0], facts).against(2).gaps == ()


@pytest.mark.parametrize(
    ("after", "seen"),
    [
        pytest.param("2026-03-01", "2026-03-16", id="before the window"),
        pytest.param("2026-03-30 23:00", "2026-04-05", id="after the window"),
    ],
)
def test_an_event_of_another_time_leaves_nothing_unproven(after: str, seen: str) -> None:
    assert unsure(after=after, seen=seen).gaps == ()


def test_one_of_a_long_time_is_found_behind_one_of_a_short_time_after_the_window() -> None:
    short = deployed(
        "D2", "gone", "2026-04-02", not_before=at("2026-04-02"), seen_by=at("2026-04-05")
    )

    (gap,) = unsure(short, seen="2026-04-20").gaps

    assert "deployment of c1 to production" in gap.detail


@pytest.mark.parametrize(
    ("sha", "when", "gaps"),
    [
        pytest.param("c1", "2026-03-16", 0, id="its commit, before the window"),
        pytest.param("c2", "2026-03-16", 0, id="what was built on it, before the window"),
        pytest.param("c0", "2026-03-16", 1, id="something older"),
        pytest.param("c1", "2026-04-02", 1, id="its commit, after the window"),
    ],
)
def test_it_does_not_once_another_event_has_brought_its_commit(
    sha: str, when: str, gaps: int
) -> None:
    assert len(unsure(deployed("D2", sha, when), seen="2026-04-05").gaps) == gaps


def test_a_run_without_any_date_may_belong_to_each_window_until_it_was_seen() -> None:
    run = deployed("D1", "c1", None, not_before=at("2026-03-10"), seen_by=at("2026-03-20"))
    facts = shipped([ROOT], [SEED, run], coverage=(read(WEB),))

    found = statuses(facts)

    assert [found[day].status for day in ("2026-03-03", "2026-03-17", "2026-03-31")] == [
        Status.NO_DATA,
        Status.NO_DATA,
        Status.NOT_MET,
    ]


@pytest.mark.parametrize(
    ("sha", "paths", "window", "gaps"),
    [
        pytest.param("c0", (), SPRINT_A, 1, id="what it brought was older"),
        pytest.param("c1", (), SPRINT_A, 0, id="it had brought the same"),
        pytest.param("c0", (), SPRINT_B, 0, id="a window after the first that is dated"),
        pytest.param("c0", ("api/",), SPRINT_A, 0, id="nothing of the team's"),
    ],
)
def test_the_first_event_that_is_dated_may_have_brought_what_seems_too_old_for_it(
    sha: str, paths: tuple[str, ...], window: Sprint, gaps: int
) -> None:
    """A run came before it that nobody can date: it is not the first."""
    run = deployed("D0", sha, None, not_before=at("2026-02-01"), seen_by=at("2026-02-20"))
    dated = deployed("D1", "c1", "2026-03-05")
    commits = [commit("c0", made="2026-01-01"), commit("c1", "c0", made="2026-02-10")]
    team = replace(TEAM, repositories=(replace(TEAM.repositories[0], paths=paths),))
    facts = shipped(commits, [run, dated], coverage=(read(WEB),))

    found = find(MEASURES[0], facts, window, team=team).against(1)

    detail = f"GitHub does not show the day of deployment of {sha} to production"
    assert [gap.detail for gap in found.gaps] == [detail] * gaps


# Events dated in the future

AHEAD = deployed("v1.1", "c1", "2027-03-05", url="https://github.example/v1.1")


def with_ahead(
    *more: ProductionEvent, made: str = "2026-03-04", window: Sprint = SPRINT_A, **known: Any
) -> Measurement:
    """Return what is found with a deployment dated a year ahead, of a commit made in sprint A."""
    commits = [ROOT, commit("c1", "c0", made=made), commit("c2", "c1", made=made)]
    facts = shipped(commits, [SEED, AHEAD, *more], **({"coverage": (read(WEB),)} | known))
    return find(MEASURES[0], facts, window).against(1)


def test_an_event_dated_after_it_was_read_counts_nowhere_and_is_told_with_its_date() -> None:
    found = with_ahead()

    assert (found.value, found.coverage) == (0, 0.0)
    assert reasons(found) == {"deployment of c1 to production": "dated in the future: 5 March 2027"}
    (gap,) = found.gaps
    assert gap.detail == (
        "GitHub does not show the day of deployment of c1 to production, "
        "one of 4 March to 1 May 2026"
    )


def test_before_its_commit_was_made_it_says_nothing() -> None:
    found = with_ahead(made="2026-03-18")

    assert (found.gaps, found.left_out) == ((), ())


@pytest.mark.parametrize(
    ("made", "of_root"),
    [
        pytest.param("2027-03-04", "2026-03-10", id="made by the same clock"),
        pytest.param("2026-03-10", "2026-01-01", id="made by a sound clock"),
    ],
)
def test_it_is_no_earlier_than_what_its_commit_was_built_on(made: str, of_root: str) -> None:
    commits = [commit("c0", made=of_root), commit("c1", "c0", "c0", made=made)]
    facts = shipped(commits, [SEED, AHEAD], coverage=(read(WEB),))

    gaps = find(MEASURES[0], facts).against(1).gaps

    assert [gap.detail.partition(", ")[2] for gap in gaps] == ["one of 10 March to 1 May 2026"]


def test_of_a_commit_that_nobody_knows_it_may_have_happened_whenever_was_read() -> None:
    ahead = replace(AHEAD, sha="gone")
    facts = shipped([ROOT], [SEED, ahead], coverage=(read(WEB, since="2026-03-03"),))

    (gap,) = find(MEASURES[0], facts).against(1).gaps

    assert gap.detail.endswith("deployment of gone to production, one of 3 March to 1 May 2026")


def test_once_another_event_has_brought_its_commit_nothing_is_missing() -> None:
    again = with_ahead(deployed("v1.1.1", "c2", "2026-03-16"), window=SPRINT_B)

    assert (again.gaps, again.left_out) == ((), ())


def test_what_happened_while_it_was_read_is_not_ahead() -> None:
    slow = replace(read(WEB, started="2026-03-05"), read_finished=at("2026-03-06"))
    during = deployed("D1", "c1", "2026-03-05 12:00")
    facts = shipped([ROOT, commit("c1", "c0")], [SEED, during], coverage=(slow,))

    assert find(MEASURES[0], facts, now=at("2026-03-07")).value == 1


def test_a_repository_with_nothing_but_an_event_ahead_proves_nothing() -> None:
    facts = shipped([commit("c1", made="2026-02-01")], [AHEAD], coverage=(read(WEB),))

    found = find(MEASURES[0], facts).against(1)

    assert (found.value, [gap.kind for gap in found.gaps]) == (0, [GapKind.UNSURE_DAY])
