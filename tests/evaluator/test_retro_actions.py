from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from evaluator.model.days import Days
from evaluator.model.facts import Gone, Ticket
from evaluator.model.plan import TeamJira, TicketSource
from evaluator.model.results import Sprint
from evaluator.retro_actions import RetroActions, retro_actions, sprints_since
from tests.evaluator.builders import (
    DOING,
    DONE,
    HER,
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    UNKNOWN,
    at,
    moved,
    ticket,
)

NOW = at("2026-03-27 15:00")  # the last Friday of sprint B
BOTH = (SPRINT_A, SPRINT_B)


def action(key: str, *moves: object, made: str = "2026-03-04", **known: object) -> Ticket:
    known = {"labels": ("retro-action",), "created": at(made)} | known
    return ticket(key, *moves, **known)  # type: ignore[arg-type]


def looked_at(
    *tickets: Ticket, sprints: Sequence[Sprint] = BOTH, now: datetime = NOW, **team: object
) -> RetroActions:
    one = replace(TEAM, **team)  # type: ignore[arg-type]
    return retro_actions(one, PLAN, tickets, sprints, now)


def keys(found: Sequence[object]) -> list[str]:
    return [one.ticket.key for one in found]  # type: ignore[attr-defined]


def test_open_ones_are_those_with_the_label_that_are_not_done_the_oldest_first() -> None:
    found = looked_at(
        action("HER-1", made="2026-03-20"),
        action("HER-2", made="2026-03-04"),
        action("HER-3", moved("2026-03-05", after=DOING), made="2026-03-04"),
        action("HER-4", moved("2026-03-05")),
        action("HER-5", moved("2026-03-05", after=UNKNOWN)),
        ticket("HER-6"),
    )

    assert keys(found.open) == ["HER-2", "HER-3", "HER-1"]


def test_what_left_its_source_is_open_only_where_another_source_lists_it_still() -> None:
    everything = TicketSource("jira", jql="labels = retro-action")
    gone = action("HER-1", gone=Gone.MOVED)
    there = replace(gone, source=everything.id, gone=Gone.LISTED)
    deleted = action("HER-2", gone=Gone.UNSEEN)
    jira = (TeamJira(HER), TeamJira(everything))

    assert keys(looked_at(gone, there, deleted, jira=jira).open) == ["HER-1"]
    assert keys(looked_at(there, gone, deleted, jira=jira).open) == ["HER-1"]


def test_only_tickets_of_where_the_team_works_now_are_its_actions() -> None:
    left = TeamJira(HER, days=Days(last=date(2026, 3, 20)))

    assert looked_at(action("HER-1"), jira=(left,)).open == ()


@pytest.mark.parametrize(
    ("made", "age", "older"),
    [
        pytest.param("2026-03-20", 0, False, id="in this sprint"),
        pytest.param("2026-03-17", 0, False, id="as it began"),
        pytest.param("2026-03-16 23:59", 1, False, id="just before"),
        pytest.param("2026-03-03", 1, False, id="as the first began"),
        pytest.param("2025-03-03", 1, True, id="before all that is known"),
    ],
)
def test_the_age_is_how_many_sprints_began_since(made: str, age: int, older: bool) -> None:
    (found,) = looked_at(action("HER-1", made=made)).open

    assert (found.age, found.older, found.large) == (age, older, False)


def test_what_was_made_between_two_sprints_is_as_old_as_the_next_one() -> None:
    first = replace(SPRINT_A, end=at("2026-03-14"))

    assert sprints_since(at("2026-03-15"), [first, SPRINT_B]) == 0
    assert sprints_since(at("2026-03-13"), [first, SPRINT_B]) == 1
    assert sprints_since(at("2026-04-13"), [first, SPRINT_B]) == 0, "after the last one that began"


def test_what_is_open_for_more_than_three_sprints_may_be_too_large() -> None:
    sprints = [
        replace(SPRINT_A, id=str(n), start=at(f"2026-03-0{n}"), end=at(f"2026-03-0{n + 1}"))
        for n in range(1, 6)
    ]
    old, less = action("HER-1", made="2026-03-01"), action("HER-2", made="2026-03-02")

    found = looked_at(old, less, sprints=sprints).open

    assert [(one.age, one.large) for one in found] == [(4, True), (3, False)]


def test_without_any_sprint_nothing_has_an_age_or_was_completed_since() -> None:
    found = looked_at(action("HER-1"), action("HER-2", moved("2026-03-05")), sprints=())

    assert (found.about, found.since, found.completed) == (None, None, ())
    assert [(one.age, one.older) for one in found.open] == [(0, False)]


def test_the_label_of_another_team_may_be_beside_it() -> None:
    found = looked_at(
        action("HER-1", labels=("needs-other-team", "retro-action")), action("HER-2")
    ).open

    assert [one.needs_other_team for one in found] == [True, False]


def test_what_moved_to_done_since_the_last_sprint_is_completed_the_newest_first() -> None:
    found = looked_at(
        action("HER-1", moved("2026-03-17")),
        action("HER-2", moved("2026-03-26"), made="2024-03-01", type="Epic"),
        action("HER-3", moved("2026-03-16 23:59")),
        action("HER-4", moved("2026-03-26"), moved("2026-03-27", DONE, DOING)),
        action("HER-5", moved("2026-03-28")),
    )

    assert (found.about, found.since) == (SPRINT_B, SPRINT_A.end)
    assert keys(found.completed) == ["HER-2", "HER-1"]
    assert keys(found.open) == ["HER-4"]


def test_a_retrospective_soon_after_a_sprint_is_still_about_that_one() -> None:
    done = action("HER-1", moved("2026-03-05"))

    found = looked_at(done, now=at("2026-03-18"))

    assert (found.about, found.since) == (SPRINT_A, SPRINT_A.start)
    assert keys(found.completed) == ["HER-1"]


def test_what_was_done_between_two_sprints_was_done_since_the_last_one() -> None:
    early = replace(SPRINT_A, end=at("2026-03-14"))

    found = looked_at(action("HER-1", moved("2026-03-15")), sprints=(early, SPRINT_B))

    assert keys(found.completed) == ["HER-1"]


def test_what_was_declined_is_decided_and_neither_open_nor_completed() -> None:
    found = looked_at(action("HER-1", moved("2026-03-20"), resolution="Won't Do"))

    assert (keys(found.open), keys(found.completed)) == ([], [])
    assert [(one.ticket.key, one.at) for one in found.declined] == [("HER-1", at("2026-03-20"))]
