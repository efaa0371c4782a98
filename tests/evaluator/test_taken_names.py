"""A name that means another source by now: what the former one did is not in it."""

from dataclasses import replace
from datetime import date

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.final_sprints import notes_on_sources, other_sources
from evaluator.gap_remedies import gap_remedy
from evaluator.model.days import Days
from evaluator.model.facts import Coverage, Facts, Reason
from evaluator.model.plan import Excuse, RepositorySource, Source, TeamRepository
from evaluator.model.results import GapKind, Result, State, Status
from tests.evaluator.builders import (
    HER,
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
    jira,
    moved,
    read,
    shipped,
    ticket,
)

ROOT, SEED = commit("c0", made="2025-12-01"), deployed("D0", "c0", "2025-12-02")
API = RepositorySource("nhsuk/api", (SHIPS,))


def gone(source: Source, last: str = "2026-03-10", seen: str = "2026-03-11") -> Coverage:
    """The coverage of what had the name of `source` before."""
    known = read(source, started=last)
    return replace(known, source=f"{source.id}#7", attempt_started=at(seen))


def code(*more: Coverage) -> Facts:
    return shipped([ROOT], [SEED], coverage=(read(WEB), *more))


def test_a_window_that_began_when_the_name_meant_another_proves_no_zero() -> None:
    found = find("changes_in_production", code(gone(WEB))).against(1)

    (gap,) = found.gaps
    assert (found.value, found.coverage) == (0, 0.0)
    assert (gap.reason, gap.kind) == (Reason.HISTORY_BEFORE_START, GapKind.NAME_OF_ANOTHER)
    assert gap.detail == "its name meant another one before 11 March 2026"
    assert gap_remedy(gap).text == (
        "Its name meant another one before 11 March 2026. "
        "See that it is the one meant; sprints that begin later can be judged."
    )


def test_what_the_new_one_ships_in_that_window_counts() -> None:
    change = commit("c1", "c0", made="2026-03-12")
    facts = shipped(
        [ROOT, change],
        [SEED, deployed("D1", "c1", "2026-03-13")],
        coverage=(read(WEB), gone(WEB)),
    )

    found = find("changes_in_production", facts).against(1)

    assert (found.value, found.gaps) == (1, ())


def test_a_window_that_began_after_the_change_was_seen_is_judged_as_any_other() -> None:
    found = find("changes_in_production", code(gone(WEB)), SPRINT_B).against(1)

    assert (found.value, found.gaps, found.notes) == (0, (), ())


def test_tickets_are_held_to_the_same_rule() -> None:
    facts = jira(ticket("HER-1", moved("2026-03-12")), coverage=(read(HER), gone(HER)))

    found = find("tickets_done", facts)

    assert found.against(1).gaps == ()
    assert [gap.kind for gap in found.against(2).gaps] == [GapKind.NAME_OF_ANOTHER]
    assert found.notes == (
        "HER means another Jira project by 11 March 2026; nothing of the former one counts here",
    )


@pytest.mark.parametrize(
    ("last", "seen", "noted"),
    [
        pytest.param("2026-03-10", "2026-03-11", True, id="inside"),
        pytest.param("2026-03-01", "2026-03-04", True, id="over its start"),
        pytest.param("2026-03-16", "2026-03-19", True, id="over its end"),
        pytest.param("2026-02-10", "2026-02-11", False, id="before"),
        pytest.param("2026-03-17", "2026-03-19", False, id="after"),
    ],
)
def test_a_result_of_a_window_that_holds_the_change_has_a_note(
    last: str, seen: str, noted: bool
) -> None:
    found = find("changes_in_production", code(gone(WEB, last, seen)), SPRINT_A)

    assert bool(found.notes) is noted


def test_of_several_former_ones_the_last_to_go_counts() -> None:
    first, second = gone(WEB, "2026-01-10", "2026-01-11"), gone(WEB)
    found = find("changes_in_production", code(second, replace(first, source=f"{WEB.id}#6")))

    assert found.against(1).gaps[0].detail.endswith("11 March 2026")


def test_a_repository_made_after_the_window_is_a_gap_in_it_where_its_name_meant_another() -> None:
    """It may have shipped, and nobody can tell any more."""
    team = replace(TEAM, repositories=(*TEAM.repositories, TeamRepository("nhsuk/api")))
    plan = replace(PLAN, teams=(team,), sources=(API, WEB))
    made = replace(read(API), created=at("2026-04-01"))
    event = replace(deployed("A1", "a1", "2026-04-02"), repository="nhsuk/api")
    a1 = replace(commit("a1", made="2026-04-01"), repository="nhsuk/api")
    covered = (read(WEB), made, gone(API, "2026-03-31", "2026-04-02"))
    facts = shipped([ROOT, a1], [SEED, event], coverage=covered)

    found = find("changes_in_production", facts, team=team, plan=plan).against(1)

    assert [gap.source for gap in found.gaps] == [API.id]


def final(status: Status, *sources: str) -> Result:
    facts = shipped([ROOT], [SEED], coverage=(read(WEB),))
    rows = evaluate_team(TEAM, PLAN, facts, LATER, {})
    row = next(row for row in rows if row.sprint.id == SPRINT_A.id)
    return replace(row, status=status, state=State.FINAL, value=2, sources=sources)


@pytest.mark.parametrize("status", [Status.MET, Status.NOT_MET])
def test_a_final_result_of_the_former_one_stays_as_it_is(status: Status) -> None:
    before = final(status, API.id, f"{WEB.id}#7")
    later = at("2026-06-01")

    rows = evaluate_team(
        TEAM, PLAN, code(gone(WEB)), later, {(before.sprint.id, before.target): before}
    )

    kept = next(r for r in rows if (r.sprint.id, r.target) == (before.sprint.id, before.target))
    assert kept == replace(before, checked_at=later)


def test_an_excuse_may_still_be_added_to_a_result_of_the_former_one() -> None:
    before = final(Status.NOT_MET, f"{WEB.id}#7")
    days = Days(date(2026, 3, 3), date(2026, 3, 16))
    plan = replace(PLAN, excuses=(Excuse(TEAM.id, days, "reduced_capacity"),))

    rows = evaluate_team(
        TEAM, plan, code(gone(WEB)), at("2026-06-01"), {(before.sprint.id, before.target): before}
    )

    raised = next(r for r in rows if (r.sprint.id, r.target) == (before.sprint.id, before.target))
    assert (raised.status, raised.version, raised.state) == (Status.EXCUSED, 2, State.FINAL)
    assert raised.cause == "An excused period was added by 1 June 2026."
    assert (raised.value, raised.sources) == (before.value, before.sources)


def test_a_final_result_of_the_former_one_says_so() -> None:
    before = final(Status.MET, f"{WEB.id}#7")

    assert other_sources(before, TEAM) == ((), ())
    assert notes_on_sources(before, TEAM) == (
        "Judged with what had this name before another one: nhsuk/web",
        "A final result keeps its sources",
    )
