from datetime import date, timedelta

import pytest

from evaluator.wording import (
    amount,
    day_of,
    difference_words,
    duration_words,
    instant_words,
    short_span_words,
    span_words,
    without_name,
)
from tests.evaluator.builders import PLAN, at


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        pytest.param(date(2026, 3, 3), date(2026, 3, 16), "3 to 16 March 2026", id="one month"),
        pytest.param(
            date(2021, 10, 20),
            date(2021, 11, 2),
            "20 October to 2 November 2021",
            id="two months",
        ),
        pytest.param(
            date(2021, 12, 27),
            date(2022, 1, 9),
            "27 December 2021 to 9 January 2022",
            id="two years",
        ),
        pytest.param(date(2026, 3, 3), date(2026, 3, 3), "3 March 2026", id="one day"),
    ],
)
def test_a_span_says_month_and_year_only_once(first: date, last: date, words: str) -> None:
    assert span_words(first, last) == words


def test_an_instant_before_midnight_in_utc_is_the_next_day_in_british_summer() -> None:
    assert day_of(at("2026-06-30 23:30"), PLAN.zone) == "1 July 2026"


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 changes"), (1, "1 change"), (1234, "1,234 changes")],
    ids=["none", "one", "many"],
)
def test_an_amount_agrees_with_its_unit(number: int, words: str) -> None:
    assert amount(number, "changes") == words


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        pytest.param(timedelta(minutes=20, seconds=59), "20 minutes", id="under an hour"),
        pytest.param(timedelta(hours=1, minutes=59), "1 hour", id="an hour and a bit"),
    ],
)
def test_a_duration_is_rounded_down(duration: timedelta, words: str) -> None:
    assert duration_words(duration) == words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GitHub does not show acme/web (404).", "GitHub does not show it (404)."),
        ("GitHub does not show acme/web-2.", "GitHub does not show acme/web-2."),
    ],
    ids=["its name", "a longer name"],
)
def test_what_is_said_of_one_is_said_of_others_alike_without_its_name(text: str, said: str) -> None:
    assert without_name(text, "acme/web") == said


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-08 09:10", "9:10am on 8 November 2026"),
        ("2026-11-08 12:00", "midday on 8 November 2026"),
        ("2026-11-08 00:00", "midnight on 8 November 2026"),
        ("2026-11-08 12:05", "12:05pm on 8 November 2026"),
        ("2026-07-08 23:30", "12:30am on 9 July 2026"),
    ],
)
def test_an_instant_is_a_local_time_and_day(instant: str, said: str) -> None:
    assert instant_words(at(instant), PLAN.zone) == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-03-03", "2026-03-17", "3 to 16 Mar 2026"),
        ("2026-10-20", "2026-11-03", "20 Oct to 2 Nov 2026"),
        ("2025-12-30", "2026-01-13", "30 Dec 2025 to 12 Jan 2026"),
    ],
)
def test_a_short_span_says_month_and_year_only_once(start: str, end: str, said: str) -> None:
    assert short_span_words(at(start), at(end), PLAN.zone) == said


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (timedelta(seconds=-89), "89 seconds"),
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(minutes=179), "3 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_difference_is_said_in_the_unit_that_says_enough(
    difference: timedelta, said: str
) -> None:
    assert difference_words(difference) == said
