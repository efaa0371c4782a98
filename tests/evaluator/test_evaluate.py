from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.days import Days
from evaluator.model.facts import Coverage, Facts
from evaluator.model.plan import (
    Cadence,
    Excuse,
    Plan,
    Target,
    TargetVersion,
    TeamRepository,
    VersionStatus,
)
from evaluator.model.results import Result, State, Status
from tests.evaluator.builders import (
    BOARD,
    HER,
    PLAN,
    SHIPS,
    TARGETS,
    TEAM,
    WEB,
    at,
    board_sprint,
    commit,
    deployed,
    jira,
    moved,
    read,
    shipped,
    ticket,
    unread,
)

SEED = deployed("D0", "c0", "2026-01-20")
ROOT = commit("c0", made="2026-01-01")
SHIPPED = [ROOT, commit("c1", "c0", pull_request=7)], [SEED, deployed("D1", "c1", "2026-03-05")]
ONLY_PRODUCTION = replace(PLAN, targets=TARGETS[:1])
ONLY_TICKETS = replace(PLAN, targets=TARGETS[1:])
Key = tuple[str, str]


def by_key(results: Iterable[Result]) -> dict[Key, Result]:
    return {(result.sprint.id, result.target): result for result in results}


def evaluated(
    facts: Facts,
    now: str,
    previous: Mapping[Key, Result] | None = None,
    plan: Plan = ONLY_PRODUCTION,
) -> dict[Key, Result]:
    """Return the newest rows after an evaluation: what it wrote over what there was."""
    before = previous or {}
    return {**before, **by_key(evaluate_team(plan.teams[0], plan, facts, at(now), before))}


SPRINT_A = ("2026-03-03", "reached-production")


def test_every_sprint_that_something_was_read_of_is_judged_against_every_target() -> None:
    facts = shipped(
        *SHIPPED, coverage=(read(WEB, since="2026-03-16"), read(HER, since="2026-03-20"))
    )

    rows = evaluate_team(TEAM, PLAN, facts, at("2026-04-01"), {})

    assert [(row.sprint.id, row.target) for row in rows] == [
        (sprint, target)
        for sprint in ("2026-03-03", "2026-03-17", "2026-03-31")
        for target in ("reached-production", "tickets-done")
    ]


@pytest.mark.parametrize(
    "coverage", [(), (unread(WEB), unread(HER), read(BOARD))], ids=["never tried", "refused"]
)
def test_where_nothing_was_ever_read_the_last_two_sprints_are_shown(
    coverage: tuple[Coverage, ...],
) -> None:
    found = evaluated(shipped([], [], coverage=coverage), "2026-04-01")

    assert [(key[0], row.status) for key, row in found.items()] == [
        ("2026-03-17", Status.IN_PROGRESS),
        ("2026-03-31", Status.IN_PROGRESS),
    ]


def test_a_team_whose_last_board_sprint_has_ended_has_no_current_one() -> None:
    plan = replace(ONLY_PRODUCTION, teams=(replace(TEAM, sprints=BOARD),))
    sprints = (
        board_sprint(1, "2026-02-16", "2026-02-27", "2026-02-27"),
        board_sprint(2, "2026-03-02", "2026-03-13", "2026-03-13"),
    )

    found = evaluated(shipped([], [], sprints=sprints, coverage=()), "2026-05-01", plan=plan)

    assert [(key[0], row.status) for key, row in found.items()] == [("jira-2", Status.NO_DATA)]


def test_a_result_carries_everything_that_explains_it() -> None:
    row = evaluated(shipped(*SHIPPED, coverage=(read(WEB),)), "2026-04-01")[SPRINT_A]

    assert row.team == "heron"
    assert row.sprint.name == "3 to 16 March 2026"
    assert (row.target_version, row.minimum, row.unit) == (date(2021, 10, 1), 1, "changes")
    assert (row.status, row.value, row.coverage, row.state) == (Status.MET, 1, 1.0, State.FINAL)
    assert [item.label for item in row.evidence] == ["#7"]
    assert (row.gaps, row.sources) == ((), (WEB.id,))
    assert (row.evaluated_at, row.checked_at, row.version) == (at("2026-04-01"),) * 2 + (1,)


def test_what_is_unusual_about_a_sprint_is_noted_on_its_results() -> None:
    plan = replace(ONLY_PRODUCTION, teams=(replace(TEAM, sprints=BOARD),))
    late = board_sprint(1, "2026-03-03", "2026-03-13", "2026-03-18")

    found = evaluated(shipped(*SHIPPED, sprints=(late,)), "2026-05-01", plan=plan)

    assert found["jira-1", "reached-production"].notes == ("Closed 5 days late",)


def test_only_targets_of_a_sprint_are_judged_by_sprints() -> None:
    weekly = replace(TARGETS[0], id="weekly", period="week")

    assert evaluated(shipped(*SHIPPED), "2026-04-01", plan=replace(PLAN, targets=(weekly,))) == {}


def test_evaluating_again_with_nothing_new_only_says_when_it_was_checked() -> None:
    facts = shipped(*SHIPPED, coverage=(read(WEB, since="2026-03-03"),))
    first = evaluated(facts, "2026-03-20")

    assert evaluated(facts, "2026-03-20", first) == first
    assert evaluated(facts, "2026-03-21", first)[SPRINT_A] == replace(
        first[SPRINT_A], checked_at=at("2026-03-21")
    )


# Versions of a target (C01)


AN_INCREASE = Target(
    "reached-production",
    "",
    "",
    "changes_in_production",
    (
        TargetVersion(date(2021, 10, 1), minimum=1),
        TargetVersion(date(2022, 4, 1), minimum=2),
        TargetVersion(date(2022, 4, 1), minimum=9, status=VersionStatus.PROPOSED),
        TargetVersion(date(2023, 1, 1), minimum=3, effective_to=date(2023, 6, 30)),
    ),
)


@pytest.mark.parametrize(
    ("first_day", "minimum", "version"),
    [
        pytest.param(date(2022, 3, 28), 1, date(2021, 10, 1), id="straddling the increase"),
        pytest.param(date(2022, 4, 11), 2, date(2022, 4, 1), id="after the increase"),
        pytest.param(date(2022, 4, 1), 2, date(2022, 4, 1), id="on the day of the increase"),
        pytest.param(date(2021, 9, 27), None, None, id="before anything was agreed"),
        pytest.param(date(2023, 6, 30), 3, date(2023, 1, 1), id="on a version's last day"),
        pytest.param(date(2023, 7, 3), 2, date(2022, 4, 1), id="after that version ended"),
    ],
)
def test_a_sprint_is_judged_by_the_version_in_force_on_its_first_day(
    first_day: date, minimum: int | None, version: date | None
) -> None:
    team = replace(TEAM, sprints=Cadence(first_day, 12))
    plan = replace(PLAN, teams=(team,), targets=(AN_INCREASE,))
    covered = (read(WEB, since="2021-09-01"),)

    row = evaluated(shipped([], [], coverage=covered), "2024-01-01", plan=plan)[
        first_day.isoformat(), "reached-production"
    ]

    assert (row.minimum, row.target_version) == (minimum, version)
    assert (row.status is Status.NOT_APPLICABLE) is (minimum is None)


def test_a_final_result_keeps_the_version_it_was_judged_by() -> None:
    facts = shipped(*SHIPPED, coverage=(read(WEB, since="2026-03-03"),))
    before = evaluated(facts, "2026-04-10")
    stricter = (TargetVersion(date(2025, 1, 1), minimum=5),)
    plan = replace(PLAN, targets=(replace(TARGETS[0], versions=stricter),))

    after = evaluated(facts, "2026-04-20", before, plan)

    assert after[SPRINT_A] == replace(before[SPRINT_A], checked_at=at("2026-04-20"))
    assert after["2026-03-31", "reached-production"].minimum == 5


# Final results and their sources


API = replace(WEB, repository="nhsuk/api")


def test_a_final_result_is_judged_again_only_with_the_sources_it_names() -> None:
    before = evaluated(
        shipped([ROOT], [SEED], coverage=(read(WEB, since="2026-03-03"),)), "2026-04-01"
    )
    both = replace(
        TEAM, repositories=(*TEAM.repositories, TeamRepository("nhsuk/api", delivery=SHIPS))
    )
    plan = replace(ONLY_PRODUCTION, teams=(both,), sources=(API, WEB))
    coverage = (read(WEB, since="2026-03-03"), read(API, since="2026-03-03"))
    in_api = [commit("d1", repository="nhsuk/api")]
    facts = shipped(
        [ROOT, *in_api],
        [SEED, deployed("E1", "d1", "2026-03-05", repository="nhsuk/api")],
        coverage=coverage,
    )

    after = evaluated(facts, "2026-04-10", before, plan)

    assert before[SPRINT_A].status is Status.NOT_MET
    assert after[SPRINT_A] == replace(before[SPRINT_A], checked_at=at("2026-04-10"))
    assert after["2026-03-31", "reached-production"].sources == (API.id, WEB.id)


def test_no_data_that_was_final_once_is_judged_again_with_its_sources_and_its_minimum() -> None:
    covered = read(WEB, since="2026-03-03")
    before = evaluated(shipped([ROOT], [SEED], coverage=(covered,)), "2026-04-01")
    began_later = [deployed("D1", "c0", "2026-03-20")]
    unseen = evaluated(shipped([ROOT], began_later, coverage=(covered,)), "2026-04-10", before)
    stricter = (TargetVersion(date(2025, 1, 1), minimum=5),)
    both = replace(
        TEAM, repositories=(*TEAM.repositories, TeamRepository("nhsuk/api", delivery=SHIPS))
    )
    plan = Plan((both,), (replace(TARGETS[0], versions=stricter),), sources=(API, WEB))

    seen = evaluated(
        shipped(*SHIPPED, coverage=(covered, unread(API))), "2026-04-20", unseen, plan
    )[SPRINT_A]

    assert [r[SPRINT_A].state for r in (before, unseen)] == [State.FINAL, State.PROVISIONAL]
    assert (unseen[SPRINT_A].status, unseen[SPRINT_A].version) == (Status.NO_DATA, 2)
    assert unseen[SPRINT_A].cause == (
        "Judged again on 10 April 2026: we could not count in 1 of 1 repository "
        "(nhsuk/web: nothing shows production before 20 March 2026)."
    )
    assert (seen.status, seen.version, seen.state) == (Status.MET, 2, State.FINAL)
    assert (seen.minimum, seen.sources) == (1, (WEB.id,))


def test_a_final_result_on_tickets_keeps_its_projects() -> None:
    before = evaluated(
        jira(coverage=(read(HER, since="2026-03-03"),)), "2026-04-01", plan=ONLY_TICKETS
    )
    no_jira = replace(ONLY_TICKETS, teams=(replace(TEAM, jira=()),))

    after = evaluated(
        jira(coverage=(read(WEB, since="2026-03-03"),)), "2026-04-10", before, no_jira
    )

    row = after["2026-03-03", "tickets-done"]
    assert (row.status, row.all_notes) == (Status.NOT_MET, ())


def test_late_data_raises_a_final_result_and_names_the_cause() -> None:
    covered = (read(WEB, since="2026-03-03"),)
    before = evaluated(shipped([ROOT], [SEED], coverage=covered), "2026-04-01")

    after = evaluated(shipped(*SHIPPED, coverage=covered), "2026-04-10", before)[SPRINT_A]

    assert before[SPRINT_A].status is Status.NOT_MET
    assert (after.status, after.version, after.state) == (Status.MET, 2, State.FINAL)
    assert after.cause == "Read again on 10 April 2026: 1 change, 1 more than counted before."


def test_a_ticket_that_disappears_leaves_a_note_and_lowers_nothing() -> None:
    covered = (read(HER, since="2026-03-03"),)
    one, two = ticket("HER-1", moved("2026-03-05")), ticket("HER-2", moved("2026-03-06"))
    before = evaluated(jira(one, two, coverage=covered), "2026-03-20", plan=ONLY_TICKETS)

    after = evaluated(jira(one, coverage=covered), "2026-03-24", before, ONLY_TICKETS)

    key = ("2026-03-03", "tickets-done")
    assert after[key].value == before[key].value == 2
    [note] = map(str, after[key].corrections)
    assert note.startswith("Read again on 24 March 2026: 1 ticket, 1 fewer than counted.")


def test_an_excuse_added_later_changes_not_met_to_excused() -> None:
    facts = shipped([ROOT], [SEED], coverage=(read(WEB, since="2026-03-03"),))
    before = evaluated(facts, "2026-04-01")
    away = Excuse("heron", Days(date(2026, 3, 3), date(2026, 3, 13)), "on_call_or_incident")

    after = evaluated(facts, "2026-04-10", before, replace(ONLY_PRODUCTION, excuses=(away,)))

    row = after[SPRINT_A]
    assert (row.status, row.version) == (Status.EXCUSED, 2)
    assert row.sentence == "Excused: on-call work or an incident leaves 1 of 10 working days."
    assert row.cause == "An excused period was added by 10 April 2026."


def test_no_data_becomes_a_result_once_the_source_was_read() -> None:
    nothing = shipped(*SHIPPED, coverage=(unread(WEB),))
    before = evaluated(nothing, "2026-03-28")
    read_at_last = shipped(*SHIPPED, coverage=(read(WEB, since="2026-03-03"),))

    after = evaluated(read_at_last, "2026-03-29", before)

    assert (before[SPRINT_A].status, before[SPRINT_A].state) == (Status.NO_DATA, State.PROVISIONAL)
    assert (after[SPRINT_A].status, after[SPRINT_A].version) == (Status.MET, 1)
    assert after[SPRINT_A].cause == ""


def test_what_falls_after_an_unread_board_might_be_the_next_sprints_and_counts_for_none() -> None:
    """The board was read on the 10th, the tickets on the 20th: a sprint may have begun between."""
    team = replace(TEAM, sprints=BOARD)
    sprint = board_sprint(1, "2026-03-03", "2026-03-17")
    before, after = ticket("HER-1", moved("2026-03-09")), ticket("HER-2", moved("2026-03-18"))
    coverage = (read(HER, started="2026-03-20"), read(BOARD, started="2026-03-10"))

    found = evaluated(
        jira(before, after, sprints=(sprint,), coverage=coverage),
        "2026-03-20",
        plan=replace(ONLY_TICKETS, teams=(team,)),
    )

    (result,) = found.values()
    assert [item.label for item in result.evidence] == ["HER-1"]
