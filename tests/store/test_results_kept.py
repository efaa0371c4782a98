from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evaluator.model.results import Result, State, Status
from store.store import Store
from tests.store.examples import RESULT, at


def starting(day: int, **changes: Any) -> Result:
    sprint = replace(RESULT.sprint, id=f"jira-{day}", start=at(day), end=at(day + 7))
    return replace(RESULT, sprint=sprint, **changes)


def test_a_result_comes_back_whole(store: Store) -> None:
    bare = replace(
        RESULT,
        sprint=replace(RESULT.sprint, gap_end=None, notes=()),
        target="tickets-done",
        target_version=None,
        status=Status.NOT_APPLICABLE,
        value=None,
        minimum=None,
        evidence=(),
        left_out=(),
        gaps=(),
        sources=(),
        state=State.PROVISIONAL,
        notes=(),
    )

    store.results.save([RESULT, bare])

    assert store.results.find() == [RESULT, bare]


def test_saving_a_result_again_takes_the_newer_content(store: Store) -> None:
    store.results.save([RESULT])
    checked = replace(RESULT, checked_at=at(25), notes=("Looked at again.",))

    store.results.save([checked])

    assert store.results.find(every_version=True) == [checked]


def test_of_what_says_the_same_only_the_time_of_the_check_is_written(store: Store) -> None:
    other = replace(RESULT, team="wren")
    store.results.save([RESULT, other])
    later = RESULT.checked_at + timedelta(hours=1)

    store.results.save([], same=[replace(RESULT, checked_at=later, reason="not to be written")])

    assert store.results.find() == [replace(RESULT, checked_at=later), other]


def test_the_newest_version_is_shown_and_the_older_ones_are_kept(store: Store) -> None:
    raised = replace(RESULT, version=2, value=3, cause="A late deployment was read.")
    other = starting(10)

    store.results.save([RESULT, other])
    store.results.save([raised])

    assert store.results.find() == [raised, other]
    assert store.results.find(every_version=True) == [RESULT, raised, other]


def test_results_come_in_order_of_team_sprint_and_target(store: Store) -> None:
    ordered = [
        starting(3, team="heron", target="reached-production"),
        starting(3, team="heron", target="tickets-done"),
        starting(10, team="heron", target="reached-production"),
        starting(3, team="heron-two", target="reached-production"),
        starting(3, team="herons", target="reached-production"),
    ]

    store.results.save(reversed(ordered))

    assert store.results.find() == ordered


@pytest.mark.parametrize(
    ("narrowed", "days"),
    [
        pytest.param({"team": "heron"}, [3, 10, 17], id="one team"),
        pytest.param({"team": "wren"}, [], id="a team without results"),
        pytest.param({"target": "reached-production"}, [3, 10, 17], id="one target"),
        pytest.param({"target": "tickets-done"}, [], id="a target without results"),
        pytest.param({"sprint_from": at(10)}, [10, 17], id="from the very start of a sprint"),
        pytest.param({"sprint_to": at(10)}, [3], id="up to the very start of a sprint"),
        pytest.param(
            {"sprint_from": at(3) + timedelta(seconds=1), "sprint_to": at(17)}, [10], id="between"
        ),
    ],
)
def test_results_can_be_narrowed(store: Store, narrowed: dict[str, Any], days: list[int]) -> None:
    store.results.save(starting(day) for day in (3, 10, 17))

    assert [result.sprint.start.day for result in store.results.find(**narrowed)] == days


@pytest.mark.parametrize(
    ("narrowed", "days"),
    [
        pytest.param({}, [3, 10, 17], id="all"),
        pytest.param({"teams": ["heron"]}, [3, 10, 17], id="one team"),
        pytest.param({"teams": ["wren"]}, [], id="a team without results"),
        pytest.param({"sprint_from": at(10), "sprint_to": at(17)}, [10], id="between"),
    ],
)
def test_summaries_can_be_narrowed(store: Store, narrowed: dict[str, Any], days: list[int]) -> None:
    store.results.save(starting(day) for day in (3, 10, 17))

    assert [found.start.day for found in store.results.summaries(**narrowed)] == days


def test_what_is_withdrawn_is_taken_away_unless_it_is_final(store: Store) -> None:
    going, final = starting(10, state=State.PROVISIONAL), starting(3)
    store.results.save([going, final])

    store.results.save([], withdrawn=[going, final])

    assert store.results.find() == [final]


def test_a_sprint_is_told_as_it_was_judged_last_with_the_time_of_that(store: Store) -> None:
    first, other = starting(3), starting(10, team="wren")
    moved = replace(first.sprint, end=at(11))
    later = replace(
        first, target="tickets-done", sprint=moved, checked_at=at(26), evaluated_at=at(25)
    )
    store.results.save([first, other, later])

    told = [(team, s.id, s.end, judged) for team, s, judged in store.results.sprints()]

    last, wren = ("heron", "jira-3", at(11), at(25)), ("wren", "jira-10", at(17), at(21))
    assert told == [last, wren]
    assert [t for t, *_ in store.results.sprints(teams=["wren"], end_from=at(12))] == ["wren"]


def test_results_cut_off_half_way_leave_nothing(store: Store) -> None:
    def cut_off() -> Any:
        yield RESULT
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.results.save(cut_off())

    assert store.results.find() == []


def test_an_address_that_an_earlier_version_kept_and_that_is_no_web_page_is_none(
    store: Store,
) -> None:
    script = "javascript:alert(1)"
    bad = replace(
        RESULT,
        evidence=tuple(replace(each, url=script) for each in RESULT.evidence),
        left_out=tuple(replace(each, url=script) for each in RESULT.left_out),
    )
    store.results.save([bad])

    (found,) = store.results.find()

    assert {each.url for each in found.evidence} == {""}
    assert {each.url for each in found.left_out} == {""}
