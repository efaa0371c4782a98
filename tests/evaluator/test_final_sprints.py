from dataclasses import replace
from datetime import date, timedelta

import pytest

from evaluator.final_sprints import beside_the_past, notes_on_sources, other_sources, withdrawn
from evaluator.model.days import Days
from evaluator.model.facts import Reason
from evaluator.model.plan import Team, TeamJira, TeamRepository, TicketSource
from evaluator.model.results import Gap, Result, Sprint, State, Status
from tests.evaluator.builders import BOARD, PLAN, SPRINT_A, SPRINT_B, TEAM
from tests.evaluator.results import a_result

DAY = timedelta(days=1)
WEB_OF_TEAM = TeamRepository("acme/web")
FINAL = a_result(Status.NOT_MET, 0)
FINAL_ONCE = replace(FINAL, status=Status.NO_DATA, state=State.PROVISIONAL, version=2)
SHORTER = replace(SPRINT_A, end=SPRINT_A.start + 7 * DAY)
SECOND_HALF = replace(SPRINT_A, id="half", start=SPRINT_A.start + 7 * DAY)


def moved(sprint: Sprint, by: timedelta) -> Sprint:
    return replace(sprint, id="moved", start=sprint.start + by, end=sprint.end + by)


def test_of_another_cadence_only_what_follows_the_past_is_judged() -> None:
    given = [SHORTER, SECOND_HALF, SPRINT_B]

    assert beside_the_past(given, [FINAL], PLAN) == [SPRINT_A, SPRINT_B]


def test_what_was_still_running_holds_nothing_up() -> None:
    running = a_result(Status.IN_PROGRESS, 0, read="2026-03-10", state=State.PROVISIONAL)

    assert beside_the_past([SHORTER, SECOND_HALF], [running], PLAN) == [SHORTER, SECOND_HALF]


def test_what_was_final_once_keeps_its_window() -> None:
    given = [SHORTER, SECOND_HALF, SPRINT_B]

    assert beside_the_past(given, [FINAL_ONCE], PLAN) == [SPRINT_A, SPRINT_B]


ON_THE_BOARD = replace(SPRINT_A, id="jira-1", name="Sprint 1")
ENDED = replace(
    FINAL,
    sprint=ON_THE_BOARD,
    state=State.PROVISIONAL,
    sources=(BOARD.id, "jira:jira:HER"),
    gaps=(Gap("jira:jira:HER", Reason.STALE),),
)


@pytest.mark.parametrize(
    ("result", "stays"),
    [
        pytest.param(replace(ENDED, state=State.FINAL), True, id="final"),
        pytest.param(ENDED, True, id="not settled yet"),
        pytest.param(
            replace(ENDED, checked_at=SPRINT_A.end - DAY), False, id="judged while it ran"
        ),
        pytest.param(
            replace(ENDED, gaps=(Gap(BOARD.id, Reason.SOURCE_DOWN),)),
            False,
            id="judged without its board",
        ),
        pytest.param(replace(ENDED, sources=()), False, id="judged by nothing"),
    ],
)
def test_a_boards_sprint_that_had_ended_stays_where_it_ended(
    result: Result, *, stays: bool
) -> None:
    """Its dates were edited since, or it was closed a second time; its name is the present one."""
    edited = replace(ON_THE_BOARD, name="Renamed", start=SPRINT_A.start + DAY, end=SPRINT_B.start)
    edited = replace(edited, end=edited.end - 4 * DAY, settled_at=edited.settled_at - DAY)
    following = replace(SPRINT_B, id="jira-2", start=edited.end)

    found = beside_the_past([edited, following], [result], PLAN)

    if not stays:
        assert found == [edited, following]
        return
    assert [(s.id, s.name, s.start, s.end) for s in found] == [
        ("jira-1", "Renamed", SPRINT_A.start, SPRINT_A.end),
        ("jira-2", following.name, SPRINT_A.end, SPRINT_B.end),
    ]


def test_a_boards_sprint_that_is_opened_again_lasts_longer_than_it_did() -> None:
    longer = replace(ON_THE_BOARD, end=SPRINT_A.end + 2 * DAY)
    final = replace(FINAL, sprint=ON_THE_BOARD)

    assert beside_the_past([longer], [final], PLAN, going_on={longer.id}) == [longer]


def test_a_longer_sprint_of_the_same_first_day_leaves_the_rest_to_be_judged() -> None:
    """As it was judged before an upgrade, though another cadence was in force."""
    longer = replace(SPRINT_A, end=SPRINT_B.end)

    found = beside_the_past([longer], [FINAL], PLAN)

    assert [(s.id, s.name) for s in found] == [
        ("2026-03-03", "3 to 16 March 2026"),
        ("2026-03-17", "17 to 30 March 2026"),
    ]


def test_a_sprint_of_another_board_begins_where_the_past_ended() -> None:
    other = moved(SPRINT_A, 7 * DAY)

    _, found = beside_the_past([other], [FINAL], PLAN)

    assert (found.id, found.start, found.end) == ("moved", SPRINT_A.end, other.end)


def test_a_sprint_that_lies_around_a_former_one_counts_once_in_its_longer_part() -> None:
    other = replace(ON_THE_BOARD, start=SPRINT_A.start - 3 * DAY, end=SPRINT_A.end + 20 * DAY)
    cadence = replace(other, id="2026-02-28", first_day=date(2026, 2, 28))

    assert [s.start for s in beside_the_past([other], [FINAL], PLAN)] == [
        SPRINT_A.start,
        SPRINT_A.end,
    ]
    assert [s.id for s in beside_the_past([cadence], [FINAL], PLAN)] == [
        "2026-02-28",
        "2026-03-03",
        "2026-03-17",
    ]


@pytest.mark.parametrize(
    ("days", "judged"),
    [
        pytest.param(7, True, id="what it overlaps"),
        pytest.param(-20, True, id="what began before it"),
        pytest.param(14, False, id="what ended before all that was read"),
        pytest.param(-60, False, id="what had not begun then"),
    ],
)
def test_a_final_sprint_that_is_the_teams_no_more_is_judged_on(days: int, *, judged: bool) -> None:
    present = [moved(SPRINT_A, days * DAY), replace(moved(SPRINT_A, (days + 14) * DAY), id="next")]

    found = beside_the_past(present, [FINAL], PLAN)

    assert (SPRINT_A in found) == judged


def test_where_a_team_has_no_sprint_by_now_none_is_judged() -> None:
    assert beside_the_past([], [FINAL], PLAN) == []


# What is taken back

PROVISIONAL = replace(FINAL, state=State.PROVISIONAL)
OF_ANOTHER = replace(PROVISIONAL, sprint=moved(SPRINT_A, 3 * DAY))


@pytest.mark.parametrize(
    ("stored", "judged", "gone"),
    [
        pytest.param(OF_ANOTHER, [PROVISIONAL], True, id="of a sprint that is the team's no more"),
        pytest.param(PROVISIONAL, [PROVISIONAL], False, id="of one that is"),
        pytest.param(replace(OF_ANOTHER, state=State.FINAL), [PROVISIONAL], False, id="final"),
        pytest.param(replace(OF_ANOTHER, version=2), [PROVISIONAL], False, id="final once"),
        pytest.param(OF_ANOTHER, [], False, id="where nothing can be judged"),
        pytest.param(
            replace(PROVISIONAL, sprint=moved(SPRINT_A, -14 * DAY)),
            [PROVISIONAL],
            False,
            id="from before all that is judged",
        ),
        pytest.param(
            replace(PROVISIONAL, sprint=moved(SPRINT_A, 70 * DAY)),
            [PROVISIONAL],
            False,
            id="of a sprint that has not begun",
        ),
    ],
)
def test_what_stood_for_sprints_that_are_gone_is_withdrawn(
    stored: Result, judged: list[Result], *, gone: bool
) -> None:
    assert withdrawn(judged, [stored], SPRINT_B.end) == ([stored] if gone else [])


# What a final result was judged with


def judged_with(*sources: str) -> Result:
    return replace(FINAL, sources=sources)


def having(*repositories: TeamRepository) -> Team:
    return replace(TEAM, repositories=repositories)


BEFORE_ITS_DAYS = Days(first=SPRINT_A.first_day + DAY)


@pytest.mark.parametrize(
    ("result", "team", "without", "former"),
    [
        pytest.param(judged_with("github:acme/web"), having(WEB_OF_TEAM), (), (), id="the same"),
        pytest.param(
            judged_with("github:acme/web"),
            having(WEB_OF_TEAM, TeamRepository("acme/api")),
            ("github:acme/api",),
            (),
            id="one more",
        ),
        pytest.param(
            judged_with("github:acme/wbe"),
            having(WEB_OF_TEAM),
            ("github:acme/web",),
            ("github:acme/wbe",),
            id="a name was corrected",
        ),
        pytest.param(
            judged_with("github:acme/web"),
            having(WEB_OF_TEAM, TeamRepository("acme/api", days=BEFORE_ITS_DAYS)),
            (),
            (),
            id="one more from a later day",
        ),
        pytest.param(
            judged_with("board:jira:7", "jira:jira:project=HER"),
            having(WEB_OF_TEAM),
            (),
            ("jira:jira:project=HER",),
            id="repositories are nothing to what was judged by tickets, nor is a board",
        ),
        pytest.param(judged_with(), having(WEB_OF_TEAM), (), (), id="nothing was set up"),
        pytest.param(
            replace(judged_with(), sources=("github:acme/wbe",), state=State.PROVISIONAL),
            having(WEB_OF_TEAM),
            (),
            (),
            id="not final yet",
        ),
    ],
)
def test_a_final_result_may_have_been_judged_with_other_sources(
    result: Result, team: Team, without: tuple[str, ...], former: tuple[str, ...]
) -> None:
    assert other_sources(result, replace(team, jira=())) == (without, former)


def test_a_result_of_other_sources_says_so() -> None:
    team = having(*(TeamRepository(f"a/{name}") for name in "abcde"))

    assert notes_on_sources(judged_with("github:acme/wbe"), team) == (
        "Judged before the configuration named a/a, a/b, a/c and 2 more",
        "Judged with what is no longer the team's: acme/wbe",
        "A final result keeps its sources",
    )


def test_a_jql_filter_is_not_called_by_its_digest() -> None:
    former, present = (
        TicketSource("jira", jql="project = HER"),
        TicketSource("jira", jql="labels=a"),
    )
    by_project = TicketSource("jira", project="HER")

    def said(had: TicketSource, has: TicketSource) -> tuple[str, ...]:
        return notes_on_sources(judged_with(had.id), replace(TEAM, jira=(TeamJira(has),)))[:2]

    assert said(former, present) == (
        "Judged before the configuration named the JQL filter of now",
        "Judged with what is no longer the team's: another JQL filter",
    )
    assert said(by_project, present)[1] == (
        "Judged with what is no longer the team's: Jira project HER"
    )


def test_a_result_of_the_same_sources_says_nothing_of_them() -> None:
    assert notes_on_sources(judged_with("github:acme/web"), having(WEB_OF_TEAM)) == ()
