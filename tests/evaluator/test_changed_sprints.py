"""A team's sprints change: what had ended never moves, and no day is left out or judged twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.model.facts import BoardSprint
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Calendars,
    DatedSprints,
    FormerSprints,
    sprints_on,
)
from evaluator.model.results import Result, Sprint, Status
from evaluator.sprints import with_the_next
from tests.evaluator.builders import BOARD, PLAN, TEAM, at, board_sprint
from tests.evaluator.results import a_result

DAY = timedelta(days=1)
BEGINNING = at("2026-01-05")
Seen = tuple[datetime, Calendars]


def on(day: str) -> date:
    return date.fromisoformat(day)


def every(days: int, first: str, since: str | None = None) -> DatedSprints:
    return DatedSprints(Cadence(on(first), days), on(since) if since else None)


def sprints(
    seen: Sequence[Seen],
    now: datetime,
    *,
    of_board: Sequence[BoardSprint] = (),
    known: Sequence[Result] = (),
    earliest: datetime | None = BEGINNING,
) -> list[Sprint]:
    """Return the sprints at `now`, where all that was `seen` by then is known."""
    past = [each for each in seen if each[0] <= now]
    former = tuple(FormerSprints(until, calendars) for (_, calendars), (until, _) in pairwise(past))
    first, *later = past[-1][1]
    team = replace(
        TEAM, sprints=first.calendar, sprint_names=first.names, later_sprints=tuple(later)
    )
    found = with_the_next(
        team, PLAN, of_board, earliest=earliest, now=now, former=former, known=known
    )
    return [sprint for sprint in found if sprint.start <= now]


def spans(found: Sequence[Sprint], since: str) -> list[str]:
    """Return ids of sprints that end after a day, each with the last one's end."""
    return [sprint.name for sprint in found if sprint.end > at(since)]


FORTNIGHTS = (every(14, "2026-03-02"),)  # on Mondays: 2, 16 and 30 March, 13 and 27 April


@pytest.mark.parametrize(
    ("seen", "now", "found"),
    [
        pytest.param(
            [("2026-03-17 12:00", (every(21, "2026-03-16"),))],
            "2026-04-10",
            ["2 to 15 March 2026", "16 March to 5 April 2026", "6 to 26 April 2026"],
            id="the running sprint begins the new cadence",
        ),
        pytest.param(
            [("2026-03-20 12:00", (every(21, "2026-03-09"),))],
            "2026-04-25",
            [
                "2 to 15 March 2026",
                "16 to 29 March 2026",
                "30 March to 19 April 2026",
                "20 April to 10 May 2026",
            ],
            id="the running sprint is kept, and the grid follows at its end",
        ),
        pytest.param(
            [("2026-03-20 12:00", (every(21, "2026-03-14"),))],
            "2026-04-10",
            ["2 to 15 March 2026", "16 to 29 March 2026", "30 March to 24 April 2026"],
            id="what is left of the grid joins the next one",
        ),
        pytest.param(
            [("2026-03-20 12:00", (every(21, "2026-03-20"),))],
            "2026-04-20",
            [
                "2 to 15 March 2026",
                "16 to 29 March 2026",
                "30 March to 9 April 2026",
                "10 to 30 April 2026",
            ],
            id="what is left is half a length at least",
        ),
        pytest.param(
            [("2026-02-10", (every(14, "2026-03-02"), every(21, "2026-03-16", "2026-03-16")))],
            "2026-04-10",
            ["2 to 15 March 2026", "16 March to 5 April 2026", "6 to 26 April 2026"],
            id="announced ahead",
        ),
        pytest.param(
            [("2026-02-10", (every(14, "2026-03-02"), every(21, "2026-03-23", "2026-03-23")))],
            "2026-05-01",
            [
                "2 to 15 March 2026",
                "16 to 29 March 2026",
                "30 March to 12 April 2026",
                "13 April to 3 May 2026",
            ],
            id="announced for the middle of a sprint",
        ),
        pytest.param(
            [
                ("2026-03-18 09:00", (every(21, "2026-03-16"),)),
                ("2026-03-19 09:00", FORTNIGHTS),
            ],
            "2026-05-01",
            [
                "2 to 15 March 2026",
                "16 March to 5 April 2026",
                "6 to 12 April 2026",
                "13 to 26 April 2026",
                "27 April to 10 May 2026",
            ],
            id="changed back in one sprint",
        ),
        pytest.param(
            [
                ("2026-03-18 09:00", (every(21, "2026-03-16"),)),
                ("2026-03-19 09:00", (every(7, "2026-03-16"),)),
            ],
            "2026-03-30",
            [
                "2 to 15 March 2026",
                "16 to 22 March 2026",
                "23 to 29 March 2026",
                "30 March to 5 April 2026",
            ],
            id="changed twice in one sprint, from its first day",
        ),
    ],
)
def test_a_changed_cadence(seen: list[tuple[str, Calendars]], now: str, found: list[str]) -> None:
    history = [(BEGINNING, FORTNIGHTS), *((at(when), what) for when, what in seen)]

    assert spans(sprints(history, at(now)), "2026-03-02") == found


def test_a_fresh_database_uses_the_new_cadence_alone() -> None:
    found = sprints([(at("2026-03-17"), (every(21, "2026-03-16"),))], at("2026-03-20"))

    assert spans(found, "2026-02-23")[0] == "23 February to 15 March 2026"


# From and to a board

ONE = board_sprint(1, "2026-03-09 10:00", "2026-03-23 10:00", "2026-03-23 10:00")
TWO = board_sprint(2, "2026-03-23 10:00", "2026-04-06 10:00", "2026-04-06 10:00")
THREE = board_sprint(3, "2026-04-06 10:00", "2026-04-20 10:00")
BY_BOARD = (DatedSprints(BOARD),)
TO_BOARD = [(BEGINNING, FORTNIGHTS), (at("2026-03-20"), BY_BOARD)]


def ids(found: Sequence[Sprint], since: str) -> list[tuple[str, datetime, datetime]]:
    return [(each.id, each.start, each.end) for each in found if each.end > at(since)]


def test_a_boards_sprint_is_counted_from_where_the_kept_one_ended() -> None:
    two = replace(TWO, start=at("2026-03-25 10:00"))

    found = sprints(TO_BOARD, at("2026-04-10"), of_board=(ONE, two, THREE))

    assert ids(found, "2026-03-02") == [
        ("2026-03-02", at("2026-03-02"), at("2026-03-16")),
        ("2026-03-16", at("2026-03-16"), at("2026-03-29 23:00")),
        ("jira-2", at("2026-03-29 23:00"), at("2026-04-06 10:00")),
        ("jira-3", at("2026-04-06 10:00"), at("2026-04-20 10:00")),
    ]
    assert found[-2].notes == ("Counted from 30 March 2026, where the sprint before it ended",)


@pytest.mark.parametrize("begun", [False, True], ids=["not yet", "begun"])
def test_little_that_is_left_of_a_boards_sprint_goes_to_its_next_one(*, begun: bool) -> None:
    one = replace(ONE, planned_end=at("2026-04-01 10:00"), completed=at("2026-04-01 10:00"))
    two = replace(TWO, start=at("2026-04-01 10:00"), planned_end=at("2026-04-20 10:00"))
    read = (one, two) if begun else (one,)

    found = sprints(TO_BOARD, at("2026-04-02"), of_board=read)

    joined = [("jira-2", at("2026-03-29 23:00"), at("2026-04-23 10:00"))]
    assert ids(found, "2026-03-30") == (joined if begun else [])


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        pytest.param(
            "2026-03-30 09:00",
            ["16 to 29 March 2026", "Sprint 9 from 30 March"],
            id="the same morning",
        ),
        pytest.param(
            "2026-04-03 09:00",
            ["16 to 29 March 2026", "Sprint 9 from 30 March"],
            id="some days later",
        ),
        pytest.param(
            "2026-04-10 09:00",
            ["16 to 29 March 2026", "30 March to 10 April 2026", "Sprint 9 from 10 April"],
            id="more than half a sprint later",
        ),
        pytest.param(
            "2026-04-15 09:00",
            ["16 to 29 March 2026", "30 March to 12 April 2026", "Sprint 9 from 13 April"],
            id="more than a sprint later",
        ),
    ],
)
def test_until_a_boards_first_sprint_begins_no_day_is_left_out(
    starts: str, found: list[str]
) -> None:
    first = board_sprint(9, starts, "2026-04-29 09:00")

    laid = sprints(TO_BOARD, at("2026-04-20"), of_board=(first,))

    assert [
        f"{each.name} from {each.first_day.day} {each.first_day:%B}"
        if each.name.startswith("Sprint")
        else each.name
        for each in laid
        if each.end > at("2026-03-16")
    ] == found
    assert all(one.end == two.start for one, two in pairwise(laid))


JUDGED = replace(
    a_result(Status.MET, 1),
    sprint=Sprint(
        "jira-1",
        "Sprint 1",
        at("2026-03-09 10:00"),
        at("2026-03-23 10:00"),
        on("2026-03-09"),
        at("2026-03-26 10:00"),
        None,
    ),
    sources=(BOARD.id,),
)


def test_a_cadence_follows_the_sprint_that_ran_on_the_board() -> None:
    seen = [(BEGINNING, BY_BOARD), (at("2026-03-20"), (every(7, "2026-03-02"),))]

    found = sprints(seen, at("2026-04-01"), known=(JUDGED,))

    assert ids(found, "2026-01-05") == [
        ("jira-1", at("2026-03-09 10:00"), at("2026-03-23 10:00")),
        ("2026-03-23", at("2026-03-23 10:00"), at("2026-03-29 23:00")),
        ("2026-03-30", at("2026-03-29 23:00"), at("2026-04-05 23:00")),
    ]
    assert [each.gap_end for each in found] == [each.end for each in found]


def test_a_cadence_follows_a_board_that_had_no_sprint_by_then() -> None:
    seen = [(BEGINNING, BY_BOARD), (at("2026-04-15"), (every(14, "2026-03-02"),))]

    found = sprints(seen, at("2026-04-20"), known=(JUDGED,))

    assert [(each.id, each.end) for each in found] == [
        ("jira-1", at("2026-03-23 10:00")),
        ("2026-03-23", at("2026-03-29 23:00")),
        ("2026-03-30", at("2026-04-12 23:00")),
        ("2026-04-13", at("2026-04-26 23:00")),
    ]


def test_a_board_that_is_back_within_one_sprint_has_the_same_sprints() -> None:
    seen = [
        (BEGINNING, BY_BOARD),
        (at("2026-03-12"), (every(7, "2026-03-02"),)),
        (at("2026-03-13"), BY_BOARD),
    ]

    back = sprints(seen, at("2026-04-10"), of_board=(ONE, TWO, THREE))

    assert back == sprints(seen[:1], at("2026-04-10"), of_board=(ONE, TWO, THREE))


def test_another_boards_sprints_hold_at_once_but_what_had_ended_stays() -> None:
    other = BoardSource("jira", 43)
    running = replace(
        JUDGED,
        sprint=replace(
            JUDGED.sprint, id="jira-2", start=at("2026-03-23 10:00"), end=at("2026-04-06 10:00")
        ),
    )
    ours = replace(board_sprint(5, "2026-03-20 10:00", "2026-04-03 10:00"), source=other.id)
    seen = [(BEGINNING, BY_BOARD), (at("2026-03-25"), (DatedSprints(other),))]

    found = sprints(seen, at("2026-04-01"), of_board=(ours,), known=(JUDGED, running))

    assert [(each.id, each.start) for each in found] == [
        ("jira-1", at("2026-03-09 10:00")),
        ("jira-5", at("2026-03-23 10:00")),
    ]


def test_a_board_announced_for_a_day_takes_over_where_the_running_sprint_ends() -> None:
    seen = [(BEGINNING, (*FORTNIGHTS, DatedSprints(BOARD, on("2026-03-20"))))]

    found = sprints(seen, at("2026-04-10"), of_board=(ONE, TWO, THREE))

    assert [each.id for each in found][-3:] == ["2026-03-16", "jira-2", "jira-3"]


# Whatever happens

cadences = st.builds(
    lambda days, first: DatedSprints(Cadence(on("2026-01-05") + first * DAY, days)),
    st.integers(1, 30),
    st.integers(-60, 200),
)


@st.composite
def lists(draw: st.DrawFn) -> Calendars:
    first, *later = draw(st.lists(cadences, min_size=1, max_size=3))
    days = sorted(draw(st.sets(st.integers(0, 200), min_size=len(later), max_size=len(later))))
    dated = [
        replace(each, first=on("2026-01-05") + day * DAY)
        for each, day in zip(later, days, strict=True)
    ]
    return (first, *dated)


histories = st.lists(
    st.tuples(st.integers(2, 200 * 24).map(lambda hours: BEGINNING + hours * DAY / 24), lists()),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each[0],
).map(lambda seen: [(BEGINNING, seen[0][1]), *sorted(seen[1:], key=lambda each: each[0])])
moments = st.lists(st.integers(1, 260).map(lambda day: BEGINNING + day * DAY), max_size=3)


@settings(max_examples=25, deadline=None)
@given(histories, moments)
def test_no_ended_sprint_moves_and_every_day_is_in_exactly_one(
    history: list[Seen], later: list[datetime]
) -> None:
    turns = [until for until, _ in history]
    times = sorted({*turns, *later, *(until - DAY / 24 for until in turns[1:])})
    before: dict[str, Sprint] = {}
    for now in times:
        found = sprints(history, now)
        assert found == sprints(history, now)
        assert all(one.end == two.start for one, two in pairwise(found))
        assert found[0].start <= BEGINNING
        assert found[-1].end > now
        given = {sprint.id: sprint for sprint in found}
        assert len(given) == len(found)
        for ident, sprint in before.items():
            moved = given.get(ident) != sprint
            assert not moved or may_move(sprint, now, history)
        before = given


def may_move(sprint: Sprint, now: datetime, history: Sequence[Seen]) -> bool:
    """Whether what was seen until now begins a cadence on the first day of a sprint that ran."""
    return any(
        new.first == sprint.first_day
        or (isinstance(new.calendar, Cadence) and new.calendar.first_day == sprint.first_day)
        for until, calendars in history
        if until <= now and sprint.start <= until < sprint.end
        for new in [sprints_on(sprint.first_day, calendars)]
        if new is not None
    )


def test_where_no_name_can_be_matched_with_a_pattern_the_sprints_judged_before_stay() -> None:
    by_names = DatedSprints(BOARD, names="(?!Owl).*")

    found = sprints([(BEGINNING, (by_names,))], at("2026-04-01"), known=(JUDGED,))

    assert ids(found, "2026-01-05") == [
        ("jira-1", at("2026-03-09 10:00"), at("2026-03-23 10:00")),
    ]
