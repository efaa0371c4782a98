from dataclasses import replace
from typing import Any

import pytest

from evaluator.model.facts import BoardSprint
from evaluator.model.plan import Plan
from evaluator.model.results import Sprint
from tests.evaluator.builders import BOARD, PLAN, TEAM, at, board_sprint, sprints_of

TEAM_WITH_BOARD = replace(TEAM, sprints=BOARD)


def windows(*sprints: BoardSprint, now: str = "2026-05-01", plan: Plan = PLAN) -> list[Sprint]:
    return sprints_of(TEAM_WITH_BOARD, plan, sprints, earliest=None, now=at(now))


FIRST = board_sprint(1, "2026-03-02 10:00", "2026-03-13 17:00", "2026-03-13 16:00")
SECOND = board_sprint(2, "2026-03-16 10:00", "2026-03-27 17:00", "2026-03-27 17:00")


def test_a_window_runs_to_the_start_of_the_next_sprint() -> None:
    one, two = windows(SECOND, FIRST)

    assert (one.id, one.name, one.start) == ("jira-1", "Sprint 1", at("2026-03-02 10:00"))
    assert one.end == one.gap_end == two.start == at("2026-03-16 10:00")
    assert one.settled_at == at("2026-03-19 10:00")


@pytest.mark.parametrize(
    ("completed", "notes"),
    [
        pytest.param("2026-03-17 18:00", ("Closed 4 days late",), id="closed late"),
        pytest.param("2026-03-14 17:00", ("Closed 1 day late",), id="closed exactly a day late"),
        pytest.param("2026-03-14 16:59", (), id="closed a few hours late"),
        pytest.param("2026-03-11 10:00", ("Closed 2 days early",), id="closed early"),
        pytest.param(None, (), id="still open"),
    ],
)
def test_a_late_or_early_close_is_noted_and_moves_no_window(
    completed: str | None, notes: tuple[str, ...]
) -> None:
    closed = board_sprint(1, "2026-03-02 10:00", "2026-03-13 17:00", completed)
    following = replace(SECOND, start=at("2026-03-18 10:00"))

    first = windows(closed, following)[0]

    assert first.notes == notes
    assert first.end == at("2026-03-18 10:00")


def test_a_sprint_left_open_for_months_ends_three_working_days_after_its_planned_end() -> None:
    following = board_sprint(2, "2026-04-20 10:00", "2026-05-01 17:00")

    first = windows(FIRST, following)[0]

    assert first.end == at("2026-03-18 17:00")
    assert first.gap_end == at("2026-04-20 10:00")


@pytest.mark.parametrize("now", ["2026-03-03", "2026-04-01"], ids=["while open", "long after"])
def test_the_last_sprint_ends_at_its_cap_and_no_next_one_has_started(now: str) -> None:
    [only] = windows(FIRST, now=now)

    assert only.end == at("2026-03-18 17:00")
    assert only.gap_end is None


@pytest.mark.parametrize(
    ("now", "end", "notes"),
    [
        pytest.param("2026-03-13 16:59", "2026-03-13 17:00", (), id="before its planned end"),
        pytest.param(
            "2026-03-13 17:00",
            "2026-03-18 17:00",
            ("Due to end on 13 March 2026 and still open on its board, so its end has moved",),
            id="after it",
        ),
    ],
)
def test_a_sprint_that_nobody_closed_says_that_its_end_has_moved(
    now: str, end: str, notes: tuple[str, ...]
) -> None:
    [only] = windows(board_sprint(1, "2026-03-02 10:00", "2026-03-13 17:00"), now=now)

    assert (only.end, only.notes) == (at(end), notes)


def test_a_sprint_left_open_says_nothing_more_once_the_next_one_has_started() -> None:
    left_open = board_sprint(1, "2026-03-02 10:00", "2026-03-13 17:00")

    assert windows(left_open, SECOND)[0].notes == ()


def test_overlapping_sprints_are_parted_at_the_start_of_the_later_one() -> None:
    overlapping = board_sprint(2, "2026-03-09 10:00", "2026-03-20 17:00")

    first, second = windows(FIRST, overlapping)

    assert first.end == second.start == at("2026-03-09 10:00")


@pytest.mark.parametrize(
    "planned_end",
    ["2026-03-01 10:00", None],
    ids=["planned to end before it started", "no planned end"],
)
def test_without_a_usable_planned_end_fourteen_days_are_taken(planned_end: str | None) -> None:
    [sprint] = windows(board_sprint(1, "2026-03-02 10:00", planned_end, "2026-03-30"))

    assert sprint.end == at("2026-03-19 10:00")
    assert sprint.notes == ("It has no planned end: 14 days from its start are taken",)


def test_a_sprint_of_twenty_minutes_is_dropped_with_a_note_on_its_neighbour() -> None:
    mistake = board_sprint(9, "2026-03-15 10:00", "2026-03-27", "2026-03-15 10:20")

    first, second = windows(FIRST, mistake, SECOND)

    assert [first.id, second.id] == ["jira-1", "jira-2"]
    assert second.notes == ("The board's Sprint 9 was left out: it lasted 20 minutes",)


def test_a_sprint_closed_before_it_was_due_to_start_lasted_no_time() -> None:
    mistake = board_sprint(9, "2026-03-15 10:00", "2026-03-27", "2026-03-12")

    notes = windows(mistake, SECOND)[0].notes

    assert notes == ("The board's Sprint 9 was left out: it lasted 0 minutes",)


def test_a_running_sprint_that_was_deleted_is_dropped_with_a_note_on_its_neighbour() -> None:
    deleted = replace(SECOND, state="deleted", completed=None)

    (first,) = windows(FIRST, deleted)

    assert first.id == "jira-1"
    assert first.notes == ("The board's Sprint 2 was left out: it was deleted from Jira",)
    assert first.end == at("2026-03-18 17:00"), "three working days after its planned end"


def test_where_every_sprint_was_a_mistake_there_are_none() -> None:
    assert windows(board_sprint(9, "2026-03-15 10:00", "2026-03-27", "2026-03-15 10:20")) == []


def test_a_sprint_open_for_twenty_minutes_so_far_is_kept() -> None:
    [sprint] = windows(FIRST, now="2026-03-02 10:20")

    assert sprint.id == "jira-1"


@pytest.mark.parametrize(
    ("other", "kept", "dropped"),
    [
        pytest.param(
            board_sprint(5, "2026-03-02 12:00", "2026-03-20 17:00"),
            "jira-5",
            "1",
            id="it is longer",
        ),
        pytest.param(
            board_sprint(5, "2026-03-02 12:00", "2026-03-09 17:00"),
            "jira-1",
            "5",
            id="it is shorter",
        ),
        pytest.param(
            replace(FIRST, sprint_id=5, name="Sprint 5"), "jira-1", "5", id="they are equally long"
        ),
    ],
)
def test_of_two_sprints_that_start_within_a_day_the_longer_one_is_kept(
    other: BoardSprint, kept: str, dropped: str
) -> None:
    [sprint] = windows(FIRST, other)

    assert sprint.id == kept
    assert sprint.notes[-1] == (
        f"The board's Sprint {dropped} was left out: it started within 24 hours of "
        f"Sprint {kept.removeprefix('jira-')}"
    )


def test_sprints_that_have_not_started_or_are_not_the_teams_are_ignored() -> None:
    future = board_sprint(2, "2026-03-16 10:00", "2026-03-27 17:00", state="future")
    no_start = board_sprint(3, None, None)
    of_another_board = replace(SECOND, source="board:jira:7")

    found = windows(FIRST, future, no_start, of_another_board)

    assert [sprint.id for sprint in found] == ["jira-1"]


def test_a_reopened_sprint_keeps_its_id_and_window() -> None:
    reopened = replace(FIRST, state="active")  # Jira may keep the old time of closing

    before, after = windows(FIRST, SECOND)[0], windows(reopened, SECOND)[0]

    assert after == before


def test_a_renamed_sprint_keeps_its_id() -> None:
    renamed = replace(FIRST, name="Heron 1")

    assert [(s.id, s.name) for s in windows(renamed)] == [("jira-1", "Heron 1")]


def test_the_first_local_day_and_the_cap_follow_both_clock_changes() -> None:
    spring = board_sprint(1, "2026-03-12 23:30", "2026-03-26 17:00")
    summer = board_sprint(2, "2026-04-09 23:30", "2026-04-23 17:00")
    autumn = board_sprint(3, "2026-10-08 08:00", "2026-10-22 16:00")

    found = windows(spring, summer, autumn, now="2026-12-01")

    assert [(sprint.first_day.isoformat(), sprint.end) for sprint in found] == [
        ("2026-03-12", at("2026-03-31 16:00")),
        ("2026-04-10", at("2026-04-28 17:00")),
        ("2026-10-08", at("2026-10-27 17:00")),
    ]


def test_repetition_and_order_of_sprints_do_not_matter() -> None:
    assert windows(SECOND, FIRST, SECOND) == windows(FIRST, SECOND)


# Sprints from other boards


HERE, ELSEWHERE = BOARD.board, 7
MADE_HERE = (replace(FIRST, origin_board=HERE), replace(SECOND, origin_board=HERE))


def from_elsewhere(
    start: str, planned_end: str, completed: str | None = None, **known: Any
) -> BoardSprint:
    return board_sprint(9, start, planned_end, completed, origin_board=ELSEWHERE, **known)


@pytest.mark.parametrize(
    ("foreign", "why"),
    [
        pytest.param(
            from_elsewhere("2026-03-06 10:00", "2026-03-13 17:00"),
            "overlaps this board's own",
            id="over more than three working days",
        ),
        pytest.param(
            from_elsewhere("2026-03-09 10:00", "2026-03-23 10:00", "2026-03-17 12:00"),
            "overlaps this board's own",
            id="over as many of two together",
        ),
        pytest.param(
            from_elsewhere("2026-04-01 15:59", "2026-04-15 17:00"),
            "began when one of this board's own ended",
            id="three working days after the last own one",
        ),
        pytest.param(
            from_elsewhere("2026-03-25 10:00", "2026-04-08 17:00"),
            "began when one of this board's own ended",
            id="three working days before",
        ),
    ],
)
def test_another_boards_sprint_in_the_way_of_the_boards_own_is_left_out_with_a_note(
    foreign: BoardSprint, why: str
) -> None:
    found = windows(*MADE_HERE, foreign)

    assert [(s.id, s.start, s.end) for s in found] == [
        (s.id, s.start, s.end) for s in windows(*MADE_HERE)
    ]
    assert [note for sprint in found for note in sprint.notes] == [
        f"The board's Sprint 9 was left out: it was made on another board and {why}"
    ]


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(from_elsewhere("2026-02-16 10:00", "2026-02-27 17:00"), id="before all own"),
        pytest.param(
            from_elsewhere("2026-02-18 10:00", "2026-03-05 10:00"),
            id="over three working days of the first",
        ),
        pytest.param(
            from_elsewhere("2026-04-01 16:01", "2026-04-15 17:00"), id="well after the last"
        ),
    ],
)
def test_another_boards_sprint_in_no_own_ones_way_counts(foreign: BoardSprint) -> None:
    assert "jira-9" in [sprint.id for sprint in windows(*MADE_HERE, foreign)]


@pytest.mark.parametrize(
    ("planned", "counts"),
    [
        pytest.param("2026-04-13 10:00", False, id="inside it"),
        pytest.param("2026-04-20 17:00", True, id="at its end"),
    ],
)
def test_another_boards_sprint_counts_where_no_own_one_is_planned_to_start_in_it(
    planned: str, *, counts: bool
) -> None:
    coming = board_sprint(3, planned, "2026-05-01", state="future", origin_board=HERE)
    foreign = from_elsewhere("2026-04-06 10:00", "2026-04-20 17:00")

    found = windows(*MADE_HERE, coming, foreign)

    assert ("jira-9" in [sprint.id for sprint in found]) == counts


def test_where_no_sprint_was_made_on_the_board_those_from_elsewhere_are_its_own() -> None:
    foreign = [replace(sprint, origin_board=ELSEWHERE) for sprint in (FIRST, SECOND)]

    assert windows(*foreign) == windows(FIRST, SECOND)


def test_a_sprint_whose_board_jira_does_not_name_is_the_boards_own() -> None:
    unnamed = replace(from_elsewhere("2026-03-09 10:00", "2026-03-20 17:00"), origin_board=None)

    assert [s.id for s in windows(*MADE_HERE, unnamed)] == ["jira-1", "jira-9", "jira-2"]


def test_of_parallel_sprints_a_teams_own_are_picked_by_their_whole_names() -> None:
    heron = [replace(FIRST, name="Heron 1"), replace(SECOND, name="Heron 2")]
    others = [
        board_sprint(8, "2026-03-04 10:00", "2026-03-25 17:00", name="Owl 1"),
        board_sprint(9, "2026-03-10 10:00", "2026-03-20 17:00", name="Not of Heron 3"),
    ]
    team = replace(TEAM_WITH_BOARD, sprint_names="Heron .*")

    found = sprints_of(team, PLAN, [*others, *heron], earliest=None, now=at("2026-05-01"))

    assert found == windows(*heron)


@pytest.mark.parametrize(
    ("start", "notes"),
    [
        pytest.param(
            "2026-03-06 10:00",
            ("Less than half as long as planned: the next sprint began on 6 March 2026",),
            id="less than half",
        ),
        pytest.param("2026-03-08 10:00", (), id="more than half"),
    ],
)
def test_a_window_shorter_than_half_of_its_plan_says_so(start: str, notes: tuple[str, ...]) -> None:
    cut = windows(FIRST, replace(SECOND, start=at(start)))[0]

    assert cut.notes == notes
