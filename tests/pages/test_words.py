"""Words and dates, as the NHS content guide writes them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.pages.presenters.parts import words
from api.pages.presenters.time_guide import about, days_words, time_words
from api.pages.presenters.work_ahead import duration
from evaluator.model.results import Sprint
from tests.evaluator.builders import SPRINT_A, SPRINT_B

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2021, 11, 8, 9, 10, tzinfo=UTC), "9:10am on 8 November 2021"),
        (datetime(2021, 11, 8, 12, 0, tzinfo=UTC), "midday on 8 November 2021"),
        (datetime(2021, 11, 8, 0, 0, tzinfo=UTC), "midnight on 8 November 2021"),
        (datetime(2021, 11, 8, 13, 0, tzinfo=UTC), "1pm on 8 November 2021"),
        (datetime(2021, 11, 8, 12, 5, tzinfo=UTC), "12:05pm on 8 November 2021"),
        (datetime(2021, 7, 8, 23, 30, tzinfo=UTC), "12:30am on 9 July 2021"),
    ],
    ids=["morning", "midday", "midnight", "on the hour", "after midday", "summer time"],
)
def test_an_instant_is_a_local_time_and_day(at: datetime, said: str) -> None:
    assert words.moment(at, LONDON).words == said


def test_an_instant_keeps_its_machine_form_in_utc() -> None:
    at = datetime(2021, 7, 8, 23, 30, tzinfo=UTC)

    assert words.moment(at, LONDON).iso == "2021-07-08T23:30:00Z"


def test_a_day_may_have_its_weekday() -> None:
    assert words.weekday(date(2021, 11, 3)).words == "Wednesday 3 November 2021"


@pytest.mark.parametrize(
    ("sprint", "said"),
    [(SPRINT_A, "3 to 16 March 2026"), (SPRINT_B, "17 to 30 March 2026")],
    ids=["before the clocks change", "over the change of the clocks"],
)
def test_an_end_at_midnight_belongs_to_the_day_before(sprint: Sprint, said: str) -> None:
    assert words.sprint_days(sprint, LONDON) == said


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (SPRINT_A.end, "sprint A, 3 to 16 March 2026"),
        (SPRINT_A.end + timedelta(hours=10), "sprint A, 3 to 17 March 2026 until 10am"),
    ],
    ids=["at midnight", "on a day on which the next one begins"],
)
def test_a_sprint_that_ends_within_a_day_says_when(end: datetime, said: str) -> None:
    assert words.sprint_title(replace(SPRINT_A, name="A", end=end), LONDON) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 teams"), (1, "1 team"), (2, "2 teams"), (1200, "1,200 teams")]
)
def test_numbers_are_numerals_with_a_comma_above_999(number: int, said: str) -> None:
    assert words.count(number, "team") == said


@pytest.mark.parametrize(
    ("names", "said"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (list("ABC"), "A, B and C")],
)
def test_names_are_listed_without_a_comma_before_the_last(names: list[str], said: str) -> None:
    assert words.listed(names) == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (list("ABCDEF"), "A, B, C, D, E and F"),
        (list("ABCDEFG"), "A, B, C, D, E and 2 more"),
    ],
)
def test_of_many_names_a_few_are_said(names: list[str], said: str) -> None:
    assert words.some(names) == said


@pytest.mark.parametrize(
    ("text", "said"), [("no commits", "No commits."), ("Why?", "Why?"), ("", ""), ("Yes.", "Yes.")]
)
def test_a_sentence_begins_large_and_ends(text: str, said: str) -> None:
    assert words.sentence(text) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0.533, "about half a day"),
        (0.1, "next to nothing"),
        (-1, "next to nothing"),
        (1.1, "about 1 day"),
        (2.53, "about 2 and a half days"),
        (3.1, "about 3 days"),
    ],
)
def test_what_is_left_is_said_to_the_nearest_half_day(days: float, said: str) -> None:
    assert about(days) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1 / 7.5, "1 hour"),
        (0.5 / 7.5, "half an hour"),
        (1.5 / 7.5, "1.5 hours"),
        (0.5, "half a day"),
        (1.0, "1 day"),
        (1.3, "1.3 days"),
    ],
)
def test_little_time_is_said_in_hours(days: float, said: str) -> None:
    assert time_words(days, 7.5) == said


def test_days_have_at_most_two_decimals() -> None:
    assert days_words(2.1667) == "2.17 days"


@pytest.mark.parametrize(
    ("took", "said"),
    [
        (timedelta(minutes=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=3, hours=2), "3 days"),
    ],
)
def test_a_cycle_time_is_said_in_whole_hours_or_days(took: timedelta, said: str) -> None:
    assert duration(took) == said
