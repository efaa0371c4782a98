"""Flow: open work by age, cycle time and the mix of work, of one team alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evaluator.flow import flow
from evaluator.model.facts import Gone, StatusChange
from evaluator.model.plan import LeaveOut, TeamJira, TicketSource
from tests.evaluator.builders import DOING, DONE, HER, SPRINT_A, TEAM, TO_DO, at, moved, ticket

NOW = at("2026-04-01")
STARTED = moved("2026-03-04", TO_DO, DOING)


def test_open_tickets_are_counted_by_state_and_by_how_long_ago_they_were_made() -> None:
    found = flow(
        TEAM,
        [
            ticket("HER-1", created=at("2026-03-31")),
            ticket("HER-2", created=at("2026-03-25")),
            ticket("HER-3", STARTED, created=at("2026-03-01")),
            ticket("HER-4", STARTED, created=at("2025-03-01")),
        ],
        [],
        NOW,
    )

    assert found.open == {
        (TO_DO, "under a week"): 1,
        (TO_DO, "1 to 4 weeks"): 1,
        (DOING, "4 to 13 weeks"): 1,
        (DOING, "over 13 weeks"): 1,
    }
    assert [each.key for each in found.oldest] == ["HER-4", "HER-3"]


def test_what_left_its_source_is_no_open_work() -> None:
    left = [ticket(f"HER-{how}", STARTED, gone=how) for how in Gone]

    found = flow(TEAM, left, [], NOW)

    assert [each.gone for each in found.oldest] == [Gone.LISTED]
    assert sum(found.open.values()) == 1


def test_tickets_of_two_sites_are_two_though_they_have_one_id() -> None:
    of_another = ticket("OWL-1", STARTED, source="jira:legacy:OWL", issue_id="id of HER-1")

    found = flow(TEAM, [ticket("HER-1", STARTED), of_another], [], NOW)

    assert sum(found.open.values()) == 2


def test_cycle_time_runs_from_the_first_start_to_the_last_done() -> None:
    found = flow(
        TEAM,
        [
            ticket("HER-1", STARTED, moved("2026-03-06")),
            ticket(
                "HER-2",
                STARTED,
                moved("2026-03-05"),
                moved("2026-03-06", DONE, DOING),
                moved("2026-03-14"),
            ),
        ],
        [SPRINT_A],
        NOW,
    )

    assert found.cycle_time == timedelta(days=6)  # the middle between 2 and 10
    assert (found.timed, found.done) == (2, 2)


def test_a_ticket_that_was_never_seen_in_progress_is_done_and_not_timed() -> None:
    found = flow(TEAM, [ticket("HER-1", moved("2026-03-06", TO_DO))], [SPRINT_A], NOW)

    assert (found.cycle_time, found.timed, found.done) == (None, 0, 1)


def test_a_ticket_that_began_after_it_was_done_is_not_timed() -> None:
    late = moved("2026-03-10", TO_DO, DOING)
    done_again = replace(moved("2026-03-11", DONE, DONE))
    found = flow(TEAM, [ticket("HER-1", moved("2026-03-06"), late, done_again)], [SPRINT_A], NOW)

    assert (found.timed, found.done) == (0, 1)


@pytest.mark.parametrize(
    "when", ["2026-03-02 23:59", "2026-03-17"], ids=["before the sprint", "at its end"]
)
def test_what_was_done_outside_the_sprints_is_not_counted(when: str) -> None:
    assert flow(TEAM, [ticket("HER-1", moved(when))], [SPRINT_A], NOW).done == 0


def test_a_ticket_that_was_made_in_done_never_moved_there() -> None:
    assert flow(TEAM, [ticket("HER-1", status_category=DONE)], [SPRINT_A], NOW).done == 0


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({"labels": ("Feature",)}, "feature"),
        ({"type": "Bug"}, "bug"),
        ({"labels": ("operability",)}, "operability"),
        ({"labels": ("tech-debt",)}, "tech debt"),
        ({"labels": ("misc",)}, "other"),
    ],
)
def test_the_kind_of_work_comes_from_its_labels_or_its_type(
    known: dict[str, object], kind: str
) -> None:
    done = ticket("HER-1", moved("2026-03-06"), **known)

    assert flow(TEAM, [done], [SPRINT_A], NOW).kinds == {kind: 1}


@pytest.mark.parametrize("known", [{"type": "Epic"}, {"sub_task": True}], ids=["epic", "sub-task"])
def test_what_results_leave_out_is_left_out_here(known: dict[str, object]) -> None:
    found = flow(TEAM, [ticket("HER-1", **known)], [SPRINT_A], NOW)

    assert found.open == {}


def test_a_ticket_that_two_sources_show_counts_once() -> None:
    twice = [ticket("HER-1"), ticket("HER-1", source="jira:jira:other")]

    assert sum(flow(TEAM, twice, [], NOW).open.values()) == 1
    assert HER.id != "jira:jira:other"


@pytest.mark.parametrize(
    "known",
    [{"resolution": "Won’t Do"}, {"resolution": "duplicate"}, {"type": "Epic"}],
    ids=["won't do", "a duplicate", "an epic"],
)
def test_what_the_measure_does_not_count_as_done_is_in_neither_cycle_time_nor_mix(
    known: dict[str, object],
) -> None:
    found = flow(TEAM, [ticket("HER-1", STARTED, moved("2026-03-06"), **known)], [SPRINT_A], NOW)

    assert (found.cycle_time, found.timed, found.done, found.kinds) == (None, 0, 0, {})


def test_what_was_done_before_it_came_into_the_project_is_not_done_here() -> None:
    came = ticket("HER-1", STARTED, moved("2026-03-06"), here_since=at("2026-03-07"))

    assert flow(TEAM, [came], [SPRINT_A], NOW).done == 0


def test_a_ticket_that_was_reopened_and_kept_its_resolution_is_open_work() -> None:
    reopened = ticket("HER-1", created=at("2026-03-31"), resolution="Won't Do")

    assert flow(TEAM, [reopened], [], NOW).open == {(TO_DO, "under a week"): 1}


def test_a_ticket_of_two_sources_is_done_where_one_of_them_counts_it() -> None:
    web = TicketSource("jira", jql="project = HER AND component = web")
    team = replace(TEAM, jira=(TeamJira(web, leave_out=LeaveOut(resolutions=())), TeamJira(HER)))
    one = ticket("HER-1", moved("2026-03-06"), resolution="Won't Do")

    assert flow(team, [replace(one, source=web.id), one], [SPRINT_A], NOW).done == 1


def test_what_is_planned_is_open_and_in_a_sprint_that_has_not_begun() -> None:
    found = flow(
        TEAM,
        [
            ticket("HER-1", planned=True),
            ticket("HER-2", STARTED, planned=True, created=at("2026-01-01")),
            ticket("HER-3", STARTED, moved("2026-03-05"), planned=True),
            ticket("HER-4"),
        ],
        [],
        NOW,
    )

    assert [each.key for each in found.planned] == ["HER-2", "HER-1"]


@pytest.mark.parametrize(
    ("changes", "over"),
    [
        pytest.param([STARTED], True, id="in progress then and now"),
        pytest.param([moved("2026-03-18", TO_DO, DOING)], False, id="begun since"),
        pytest.param([STARTED, moved("2026-03-05")], False, id="Done"),
        pytest.param(
            [STARTED, moved("2026-03-05"), moved("2026-03-18", DONE, DOING)],
            False,
            id="reopened since",
        ),
        pytest.param([moved("2026-03-18", DOING, DOING)], True, id="made in progress"),
    ],
)
def test_carried_over_is_what_was_in_progress_when_the_last_sprint_ended(
    changes: list[StatusChange], over: bool
) -> None:
    found = flow(TEAM, [ticket("HER-1", *changes)], [SPRINT_A], NOW)

    assert [each.key for each in found.carried_over] == (["HER-1"] if over else [])
