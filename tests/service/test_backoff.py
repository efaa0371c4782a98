from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from evaluator.model.facts import Coverage, Reason
from hearten.runs.backoff import asked_again, left_out

ENDED = datetime(2026, 3, 3, 9, tzinfo=UTC)
UNREAD = Coverage("github:a/b", attempt_finished=ENDED, reason=Reason.NO_ACCESS)


@pytest.mark.parametrize(
    ("times", "hours"),
    [(3, 1), (4, 2), (5, 4), (6, 8), (7, 12), (8, 12), (1000, 12)],
    ids=str,
)
def test_the_pause_doubles_up_to_half_a_day(times: int, hours: int) -> None:
    unread = replace(UNREAD, unread_in_a_row=times)

    assert asked_again(unread) == ENDED + timedelta(hours=hours)


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_source_that_was_unread_once_or_twice_is_asked_as_ever(times: int) -> None:
    assert asked_again(replace(UNREAD, unread_in_a_row=times)) is None


def test_a_source_is_left_out_until_its_pause_is_over() -> None:
    known = {"github:a/b": replace(UNREAD, unread_in_a_row=3)}
    until = ENDED + timedelta(hours=1)
    sources = ["github:a/b", "github:a/never-asked"]

    assert left_out(sources, known, until - timedelta(seconds=1)) == {"github:a/b": until}
    assert left_out(sources, known, until) == {}
