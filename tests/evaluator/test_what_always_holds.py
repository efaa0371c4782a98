import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.evaluate import evaluate_team
from evaluator.model.facts import BoardSprint, Commit, Facts, ProductionEvent, Reached
from evaluator.model.plan import BoardSource, Cadence, Plan
from evaluator.model.production_events import in_order
from evaluator.model.results import Status
from evaluator.reach import reach
from tests.evaluator.builders import (
    BOARD,
    LATER,
    PLAN,
    TEAM,
    at,
    commit,
    deployed,
    find,
    labels,
    moved,
    shipped,
    sprints_of,
    ticket,
)
from tests.support.random_worlds import MOMENTS, boards, deployments, facts, graphs, quick

T = TypeVar("T")


def statuses(given_facts: Facts, plan: Plan = PLAN) -> dict[tuple[str, str], Status]:
    rows = evaluate_team(plan.teams[0], plan, given_facts, LATER, {})
    return {(row.sprint.id, row.target): row.status for row in rows}


def mixed(things: Sequence[T], seed: int) -> tuple[T, ...]:
    """Return the things in another order, each of them twice."""
    return tuple(random.Random(seed).sample([*things, *things], k=2 * len(things)))


# Reach


def brought_naively(
    commits: list[Commit], events: list[ProductionEvent]
) -> dict[str, ProductionEvent]:
    parents = {one.sha: one.parents for one in commits}

    def ancestors(sha: str) -> set[str]:
        if sha not in parents:
            return set()
        return {sha}.union(*(ancestors(parent) for parent in parents[sha]))

    found: dict[str, ProductionEvent] = {}
    for _, event in reversed(in_order(events, parents)):
        found |= dict.fromkeys(ancestors(event.sha), event)
    return found


@quick
@given(graphs(), deployments())
def test_reach_agrees_with_asking_every_event_for_all_its_ancestors(
    commits: list[Commit], events: list[ProductionEvent]
) -> None:
    parents = {one.sha: one.parents for one in commits}

    assert reach(parents, events) == brought_naively(commits, events)


@quick
@given(graphs(), deployments(), st.sampled_from([f"c{number}" for number in range(13)]), MOMENTS)
def test_another_production_event_never_makes_a_commit_reach_production_later(
    commits: list[Commit], events: list[ProductionEvent], sha: str, moment: datetime
) -> None:
    parents = {one.sha: one.parents for one in commits}
    one_more = replace(deployed("new", sha, None), at=moment)

    before, after = reach(parents, events), reach(parents, [*events, one_more])

    for known, event in before.items():
        assert event.at is not None
        assert (brought := after[known].at) is not None
        assert brought <= event.at


# Judging


@quick
@given(facts(), st.integers(0, 100))
def test_order_and_repetition_of_what_was_read_do_not_matter(given_facts: Facts, seed: int) -> None:
    again = Facts(
        reached=mixed(given_facts.reached, seed),
        events=mixed(given_facts.events, seed),
        tickets=mixed(given_facts.tickets, seed),
        coverage=mixed(given_facts.coverage, seed),
    )

    first = evaluate_team(TEAM, PLAN, given_facts, LATER, {})

    assert evaluate_team(TEAM, PLAN, again, LATER, {}) == first


@quick
@given(facts())
def test_evaluating_twice_changes_nothing(given_facts: Facts) -> None:
    first = evaluate_team(TEAM, PLAN, given_facts, LATER, {})
    previous = {(row.sprint.id, row.target): row for row in first}

    assert evaluate_team(TEAM, PLAN, given_facts, LATER, previous) == first


@quick
@given(facts(), st.integers(1, 3), st.integers(0, 13))
def test_one_more_counted_item_never_lowers_a_status(
    given_facts: Facts, minimum: int, day: int
) -> None:
    moment = at("2026-03-03") + timedelta(days=day)
    event = replace(deployed("new", "new", None), at=moment)
    with_more = replace(
        given_facts,
        reached=(*given_facts.reached, Reached(commit("new"), event)),
        events=(*given_facts.events, event),
        tickets=(
            *given_facts.tickets,
            ticket("HER-99", replace(moved("2026-03-03"), at=moment)),
        ),
    )
    plan = replace(
        PLAN,
        targets=tuple(
            replace(target, versions=(replace(target.versions[0], minimum=minimum),))
            for target in PLAN.targets
        ),
    )

    before, after = statuses(given_facts, plan), statuses(with_more, plan)

    no_lower = {
        # With one more, it is known that before it there was none.
        Status.NO_DATA: {Status.NO_DATA, Status.NOT_MET, Status.MET},
        # With one more, a ticket of which nobody can tell whether it counts may decide.
        Status.NOT_MET: {Status.NOT_MET, Status.NO_DATA, Status.MET},
    }
    assert all(
        after[key] in no_lower.get(status, {status, Status.MET}) for key, status in before.items()
    )


@quick
@given(facts(), st.integers(0, 2))
def test_knowing_less_never_gives_more_not_met(given_facts: Facts, kept: int) -> None:
    less = replace(given_facts, coverage=given_facts.coverage[:kept])

    def not_met(given_facts: Facts) -> set[tuple[str, str]]:
        return {k for k, status in statuses(given_facts).items() if status is Status.NOT_MET}

    assert not_met(less) <= not_met(given_facts)


# Windows


def one_commit_each(moments: list[datetime]) -> Facts:
    commits = [commit(f"c{number:02}", made="2026-01-30") for number in range(len(moments))]
    events = [
        replace(deployed(f"D{number}", one.sha, None), at=moment)
        for number, (one, moment) in enumerate(zip(commits, moments, strict=True))
    ]
    return shipped([*commits, commit("seed")], [*events, deployed("D", "seed", "2026-01-15")])


def seen(calendar: Cadence | BoardSource, sprints: list[BoardSprint], known: Facts) -> list[str]:
    """Return every commit as often as it is counted in a sprint or listed between two."""
    team = replace(TEAM, sprints=calendar)
    found = [
        find("commits_in_production", known, window, team=team)
        for window in sprints_of(team, PLAN, sprints, earliest=None, now=LATER)
    ]
    counted = [label for one in found for label in labels(one)]
    between = [
        item.label for one in found for item in one.left_out if item.reason.startswith("between")
    ]
    return sorted(counted + between)


@quick
@given(boards(), st.lists(MOMENTS, max_size=6))
def test_each_event_is_in_one_sprint_of_a_board_or_listed_between_two(
    sprints: list[BoardSprint], moments: list[datetime]
) -> None:
    team = replace(TEAM, sprints=BOARD)
    windows = sprints_of(team, PLAN, sprints, earliest=None, now=LATER)
    since_first = [m for m in moments if windows and m >= windows[0].start]

    found = seen(BOARD, sprints, one_commit_each(since_first))

    assert found == [f"c{number:02}" for number in range(len(since_first))]
    assert all(window.start < window.end for window in windows)


@quick
@given(st.integers(1, 31), st.lists(MOMENTS, max_size=6))
def test_each_event_is_in_one_sprint_of_a_cadence(length: int, moments: list[datetime]) -> None:
    cadence = Cadence(date(2026, 2, 1), length)

    found = seen(cadence, [], one_commit_each(moments))

    assert found == [f"c{number:02}" for number in range(len(moments))]


@pytest.mark.parametrize("zone", ["Europe/London", "Africa/Cairo", "America/New_York"])
@quick
@given(st.dates(date(2025, 12, 1), date(2026, 2, 1)), st.integers(1, 31))
def test_a_cadence_covers_a_year_with_both_clock_changes_without_gap_or_overlap(
    zone: str, first_day: date, length: int
) -> None:
    plan = replace(PLAN, time_zone=zone)
    team = replace(TEAM, sprints=Cadence(first_day, length))

    windows = sprints_of(team, plan, (), earliest=None, now=at("2026-12-31"))

    assert [w.end for w in windows[:-1]] == [w.start for w in windows[1:]]
    assert windows[0].start == plan.midnight(first_day)
    assert windows[-1].end > at("2026-12-31")
    assert [w.first_day for w in windows] == [w.start.astimezone(plan.zone).date() for w in windows]
