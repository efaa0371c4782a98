"""Where a team stands: picked from stored results, never judged anew."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from evaluator.model.days import Days
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Plan,
    Target,
    TargetVersion,
    Team,
    TeamJira,
    TeamRepository,
)
from evaluator.model.plan import TicketSource as Tickets
from evaluator.model.results import Gap, GapKind, Result, Sprint, State, Status
from evaluator.team_standing import (
    by_sprint,
    current_teams,
    in_order_of_targets,
    settled,
    source_ids,
    team_standing,
    team_standings,
    teams_by_source,
)

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HERON = Team(
    "heron",
    "Heron",
    BoardSource("jira", 42),
    repositories=(TeamRepository("acme/web"),),
    jira=(TeamJira(Tickets("jira", "HER")),),
)
SOURCES = ("board:jira:42", "github:acme/web", "jira:jira:HER")


def target(ident: str) -> Target:
    return Target(ident, ident, ident, "tickets_done", ())


PLAN = Plan((HERON,), (target("reached-production"), target("tickets-done")))


def sprint(ident: str, ended: timedelta) -> Sprint:
    """A fortnight that ended so long before now, and settles three days after its end."""
    end = NOW - ended
    start = end - timedelta(days=14)
    return Sprint(ident, ident, start, end, start.date(), end + timedelta(days=3), None)


OLD, LAST = sprint("old", timedelta(days=18)), sprint("last", timedelta(days=4))
CLOSED, CURRENT = sprint("closed", timedelta(days=1)), sprint("current", timedelta(days=-9))


def result(window: Sprint, ident: str = "tickets-done", status: Status = Status.MET) -> Result:
    return Result(
        team="heron",
        sprint=window,
        target=ident,
        target_version=date(2021, 10, 1),
        status=status,
        value=1,
        minimum=1,
        unit="tickets",
        coverage=1.0,
        reason="",
        evidence=(),
        left_out=(),
        gaps=(),
        sources=(),
        state=State.FINAL,
        evaluated_at=NOW,
        checked_at=NOW,
    )


def read(source: str, hour: int = 9) -> Coverage:
    return Coverage(source, read_started=NOW.replace(hour=hour))


def test_the_last_finished_sprint_is_the_last_that_settled() -> None:
    results = [result(window) for window in (CURRENT, OLD, CLOSED, LAST)]

    found = team_standing(HERON, PLAN, results, {}, NOW)

    shown = [found.last_finished, found.just_closed, found.current]
    assert [s.sprint.id if s else None for s in shown] == ["last", "closed", "current"]


def test_a_team_that_has_just_begun_has_no_finished_sprint() -> None:
    found = team_standing(HERON, PLAN, [result(CURRENT)], {}, NOW)

    assert (found.last_finished, found.just_closed) == (None, None)


def test_results_come_in_the_order_of_the_targets_and_of_this_team_only() -> None:
    others = replace(result(LAST), team="wren")
    dropped = result(LAST, "no-longer-a-target")
    results = [result(LAST), result(LAST, "reached-production"), others, dropped]

    found = team_standing(HERON, PLAN, results, {}, NOW)

    assert found.last_finished is not None
    assert [r.target for r in found.last_finished.results] == ["reached-production", "tickets-done"]


def test_many_teams_stand_each_by_its_own_results_in_the_order_that_was_asked() -> None:
    wren = replace(HERON, id="wren", name="Wren")
    results = [result(LAST), replace(result(CURRENT), team="wren")]

    found = team_standings([wren, HERON], PLAN, results, {}, NOW)

    assert [each.team.id for each in found] == ["wren", "heron"]
    assert [each.last_finished is None for each in found] == [True, False]


def test_each_target_has_its_own_streak_and_only_a_team_that_opted_in_any() -> None:
    results = [
        result(OLD),
        result(LAST),
        result(OLD, "reached-production"),
        result(LAST, "reached-production", Status.NOT_MET),
    ]

    found = team_standing(replace(HERON, streaks=True), PLAN, results, {}, NOW)

    assert [(name, streak.length) for name, streak in found.streaks] == [
        ("reached-production", 0),
        ("tickets-done", 2),
    ]
    assert team_standing(HERON, PLAN, results, {}, NOW).streaks == ()


def test_data_is_as_of_the_oldest_of_the_newest_reads() -> None:
    coverage = {source: read(source, hour) for hour, source in enumerate(SOURCES, start=8)}

    found = team_standing(HERON, PLAN, [], coverage, NOW)

    assert found.data_as_of == NOW.replace(hour=8)
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("missing", "reason", "action"),
    [
        pytest.param(None, Reason.STALE, "Run `hearten collect`", id="never read"),
        pytest.param(
            Coverage("jira:jira:HER", reason=Reason.NO_ACCESS, remedy="Ask for a new token."),
            Reason.NO_ACCESS,
            "Ask for a new token.",
            id="the newest attempt was refused",
        ),
    ],
)
def test_what_is_missing_is_named_with_the_one_action_that_mends_it(
    missing: Coverage | None, reason: Reason, action: str
) -> None:
    coverage = {source: read(source) for source in SOURCES}
    del coverage["jira:jira:HER"]
    if missing:
        coverage["jira:jira:HER"] = missing

    found = team_standing(HERON, PLAN, [], coverage, NOW)

    (gap,) = found.gaps
    assert (found.data_as_of, gap.source, gap.reason) == (None, "jira:jira:HER", reason)
    assert action in gap.detail


@pytest.mark.parametrize(
    ("gap", "source", "action"),
    [
        pytest.param(
            Gap("github:acme/web", Reason.NOTHING_MATCHED),
            "github:acme/web",
            "Correct its `production` in teams.yaml",
            id="nothing ever matched",
        ),
        pytest.param(
            Gap("jira:jira:HER", Reason.NOTHING_MATCHED, "it finds no ticket", GapKind.NO_TICKET),
            "jira:jira:HER",
            "`hearten doctor` shows which filter it is. Correct its `jql` in teams.yaml",
            id="no ticket was ever found",
        ),
        pytest.param(
            Gap("jira:jira:HER", Reason.NOTHING_MATCHED, "", GapKind.EMPTY_PROJECT),
            "jira:jira:HER",
            "Let the account of the token browse its tickets",
            id="a project shows no ticket",
        ),
        pytest.param(
            Gap("jira:jira:HER", Reason.NOTHING_MATCHED, "", GapKind.NEVER_DONE),
            "jira:jira:HER",
            "that Jira has the status in which work is finished in the category Done",
            id="no ticket was ever Done",
        ),
        pytest.param(
            Gap("jira:jira:HER", Reason.HISTORY_BEFORE_START, "", GapKind.BEFORE_FIRST_DONE),
            "jira:jira:HER",
            "Where there are older ones, run `hearten collect --since` with an earlier day",
            id="none was Done before the sprint",
        ),
        pytest.param(
            Gap("", Reason.NOT_SET_UP, "this team has no repositories set up"),
            "team:heron",
            "This team has no repositories set up. Add it to teams.yaml",
            id="not set up",
        ),
        pytest.param(
            Gap("github:acme/web", Reason.HISTORY_BEFORE_START),
            "github:acme/web",
            "Run `hearten collect --since`",
            id="not read far enough back",
        ),
        pytest.param(
            Gap(
                "github:acme/web",
                Reason.HISTORY_BEFORE_START,
                "nothing shows production before 5 March 2026",
                GapKind.BEFORE_FIRST_EVENT,
            ),
            "github:acme/web",
            "Nothing shows production before 5 March 2026. If something reached it another way "
            "before, add that to its `production` in teams.yaml.",
            id="nothing shows that nothing was there",
        ),
        pytest.param(
            Gap(
                "github:acme/web",
                Reason.HISTORY_BEFORE_START,
                "GitHub does not show the day of v1, one of 5 to 7 March 2026",
                GapKind.UNSURE_DAY,
            ),
            "github:acme/web",
            "The next event that GitHub can date settles it.",
            id="nobody knows when",
        ),
        pytest.param(
            Gap("github:acme/web", Reason.STALE, "not read since the sprint ended"),
            "github:acme/web",
            "Run `hearten collect`",
            id="not read since",
        ),
        pytest.param(
            Gap("github:acme/web", Reason.NOT_FOUND, "GitHub no longer has the commit of v1"),
            "github:acme/web",
            "GitHub no longer has the commit of v1",
            id="a commit that is gone",
        ),
    ],
)
def test_what_a_shown_result_lacked_is_named_too(gap: Gap, source: str, action: str) -> None:
    coverage = {name: read(name) for name in SOURCES}
    lacking = replace(result(LAST, status=Status.NO_DATA), gaps=(gap,))
    met = replace(result(CURRENT), gaps=(Gap("github:acme/api", Reason.NO_ACCESS),))

    found = team_standing(HERON, PLAN, [lacking, met], coverage, NOW)

    (shown,) = found.gaps
    assert (shown.source, shown.reason) == (source, gap.reason)
    assert action in shown.detail


@pytest.mark.parametrize(("stretch", "shown"), [(False, 1), (True, 0)])
def test_a_label_that_nobody_gives_is_missing_for_no_stretch_target(
    stretch: bool, shown: int
) -> None:
    gap = Gap("jira:jira:HER", Reason.NOTHING_MATCHED, "retro-action", GapKind.NO_LABEL)
    lacking = replace(result(LAST, status=Status.NO_DATA), gaps=(gap,))
    targets = tuple(replace(each, stretch=stretch) for each in PLAN.targets)
    coverage = {name: read(name) for name in SOURCES}

    found = team_standing(HERON, replace(PLAN, targets=targets), [lacking], coverage, NOW)

    assert len(found.gaps) == shown


def test_a_source_that_is_no_longer_the_teams_is_not_missing() -> None:
    gone = Gap("github:acme/gone", Reason.NOT_FOUND, "GitHub does not show acme/gone.")
    lacking = replace(result(LAST, status=Status.NO_DATA), gaps=(gone,))

    found = team_standing(HERON, PLAN, [lacking], {name: read(name) for name in SOURCES}, NOW)

    assert found.gaps == ()


def test_all_that_a_team_has_not_set_up_is_named() -> None:
    bare = replace(HERON, repositories=(), jira=())
    unset = [
        replace(
            result(CURRENT, ident, Status.NO_DATA),
            gaps=(Gap("", Reason.NOT_SET_UP, f"this team has no {what} set up"),),
        )
        for ident, what in (("reached-production", "repositories"), ("tickets-done", "Jira"))
    ]

    found = team_standing(bare, PLAN, unset * 2, {SOURCES[0]: read(SOURCES[0])}, NOW)

    (gap,) = found.gaps
    assert gap.source == "team:heron"
    for what in ("repositories", "Jira"):
        assert gap.detail.count(f"This team has no {what} set up.") == 1


@pytest.mark.parametrize(("state", "shown"), [(State.PROVISIONAL, 1), (State.FINAL, 0)])
def test_a_repository_that_never_matches_is_named_beside_a_sprint_met_without_it(
    state: State, shown: int
) -> None:
    silent = (Gap("github:acme/web", Reason.NOTHING_MATCHED),)
    met = replace(result(CURRENT, status=Status.MET), gaps=silent, state=state)

    found = team_standing(HERON, PLAN, [met], {name: read(name) for name in SOURCES}, NOW)

    assert len(found.gaps) == shown


def test_a_teams_sources_are_named_once_each() -> None:
    assert source_ids(HERON) == SOURCES
    assert source_ids(replace(HERON, sprints=None)) == SOURCES[1:]


def test_settled_sprints_come_once_and_in_order_of_their_start() -> None:
    results = [result(window) for window in (CURRENT, LAST, CLOSED, OLD)]
    both = [*results, result(LAST, "reached-production")]

    assert settled(both, NOW) == [OLD, LAST]


def test_results_are_in_the_order_of_the_plans_targets_and_former_targets_come_last() -> None:
    targets = ["former", "tickets-done", "an-older-one", "reached-production"]

    found = in_order_of_targets([result(LAST, ident) for ident in targets], PLAN)

    assert [each.target for each in found] == [
        "reached-production",
        "tickets-done",
        "an-older-one",
        "former",
    ]


def test_results_by_sprint_keep_the_order_in_which_they_come() -> None:
    found = by_sprint([result(LAST), result(OLD), result(LAST, "reached-production")])

    assert [(each.sprint, len(each.results)) for each in found] == [(LAST, 2), (OLD, 1)]


def test_sources_of_several_teams_come_once() -> None:
    wren = Team("wren", "Wren", None, repositories=(TeamRepository("acme/web"),))

    assert source_ids(wren, HERON) == SOURCES
    assert teams_by_source([wren, HERON]) == {
        "board:jira:42": [HERON],
        "github:acme/web": [wren, HERON],
        "jira:jira:HER": [HERON],
    }


# A board that cannot be read

FORBIDDEN = {
    name: replace(read(name), reason=Reason.NO_ACCESS, what="Let the token see board 42.")
    for name in SOURCES[:1]
}
AGREED = (TargetVersion(date(2021, 10, 1), 1),)
ASKED = replace(
    PLAN, targets=(*(replace(each, versions=AGREED) for each in PLAN.targets), target("not-yet"))
)


@pytest.mark.parametrize("windows", [[], [OLD, LAST]], ids=["never read", "read until lately"])
def test_a_board_that_cannot_be_read_leaves_no_data_for_each_target(windows: list[Sprint]) -> None:
    team = replace(HERON, not_applicable=(("reached-production", "Others release it."),))
    plan = replace(ASKED, teams=(team,))

    found = team_standing(team, plan, [result(each) for each in windows], FORBIDDEN, NOW)

    assert found.last_finished is None
    assert found.unreadable == Gap(SOURCES[0], Reason.NO_ACCESS, "Let the token see board 42.")
    assert found.without_sprint == (
        ("reached-production", Status.NOT_APPLICABLE),
        ("tickets-done", Status.NO_DATA),
        ("not-yet", Status.NOT_APPLICABLE),
    )


@pytest.mark.parametrize("window", [CLOSED, CURRENT], ids=["just closed", "current"])
def test_what_was_read_before_says_where_a_team_stands_while_its_sprint_lasts(
    window: Sprint,
) -> None:
    found = team_standing(HERON, ASKED, [result(LAST), result(window)], FORBIDDEN, NOW)

    assert found.unreadable is None
    assert found.last_finished is not None


@pytest.mark.parametrize(
    ("reason", "since", "known"),
    [
        pytest.param(Reason.SOURCE_DOWN, timedelta(hours=1), True, id="it did not answer once"),
        pytest.param(Reason.RATE_LIMITED, timedelta(days=2), True, id="its limit was reached"),
        pytest.param(Reason.SOURCE_DOWN, timedelta(days=2, seconds=1), False, id="for days"),
        pytest.param(Reason.SOURCE_DOWN, None, False, id="it never answered"),
        pytest.param(Reason.NO_ACCESS, timedelta(hours=1), False, id="somebody must act"),
        pytest.param(Reason.NOT_FOUND, timedelta(hours=1), False, id="it is not there"),
    ],
)
def test_a_failed_read_between_two_sprints_takes_none_away_that_are_known(
    reason: Reason, since: timedelta | None, *, known: bool
) -> None:
    at = NOW - since if since else None
    board = replace(read(SOURCES[0]), read_started=at, reason=reason, what="Wait.")

    found = team_standing(HERON, ASKED, [result(LAST)], {SOURCES[0]: board}, NOW)

    assert (found.last_finished is not None, found.unreadable is None) == (known, known)
    assert [gap.reason for gap in found.gaps if gap.source == SOURCES[0]] == [reason]


@pytest.mark.parametrize(
    ("team", "coverage"),
    [
        pytest.param(HERON, {}, id="not asked yet"),
        pytest.param(HERON, {SOURCES[0]: read(SOURCES[0])}, id="read"),
        pytest.param(
            replace(HERON, sprints=Cadence(date(2026, 3, 2), 14)), FORBIDDEN, id="no board is asked"
        ),
        pytest.param(
            replace(HERON, active=Days(last=date(2026, 3, 19))), FORBIDDEN, id="the team has closed"
        ),
    ],
)
def test_a_team_without_sprints_has_no_unreadable_board(
    team: Team, coverage: dict[str, Coverage]
) -> None:
    found = team_standing(team, replace(ASKED, teams=(team,)), [], coverage, NOW)

    assert (found.unreadable, found.without_sprint) == (None, ())


# What a team has left

GONE = "jira:jira:HER"
MOVED = replace(HERON, jira=(TeamJira(Tickets("jira", "HER"), days=Days(last=date(2026, 2, 1))),))


def test_what_a_team_has_left_and_no_shown_result_lacks_is_not_missing() -> None:
    coverage = {name: read(name) for name in SOURCES[:2]}
    coverage[GONE] = replace(read(GONE, hour=1), reason=Reason.NOT_FOUND, what="It is gone.")
    lacking = replace(
        result(LAST, status=Status.NO_DATA), gaps=(Gap(GONE, Reason.NOT_FOUND, "It is gone."),)
    )

    moved = team_standing(MOVED, PLAN, [result(LAST)], coverage, NOW)
    unread = team_standing(MOVED, PLAN, [lacking], coverage, NOW)

    assert (moved.gaps, moved.data_as_of) == ((), NOW.replace(hour=9))
    assert unread.gaps == (Gap(GONE, Reason.NOT_FOUND, "It is gone."),)


@pytest.mark.parametrize(
    ("last", "there"), [(None, True), (date(2026, 3, 20), True), (date(2026, 3, 19), False)]
)
def test_a_team_that_closed_is_no_current_one(last: date | None, *, there: bool) -> None:
    team = replace(HERON, active=Days(last=last))

    assert (team in current_teams(replace(PLAN, teams=(team,)), NOW)) is there


def test_nothing_is_missing_of_a_closed_team_whose_results_are_final() -> None:
    closed = replace(
        HERON, sprints=Cadence(date(2026, 1, 5), 14), active=Days(last=date(2026, 1, 1))
    )

    standing = team_standing(closed, PLAN, (), {}, NOW)

    assert standing.gaps == ()


@pytest.mark.parametrize(
    ("team", "read", "value", "expected"),
    [
        pytest.param(HERON, (), None, True, id="no source was ever read"),
        pytest.param(HERON, ("acme",), None, False, id="one was"),
        pytest.param(HERON, (), 0, False, id="another one was, when it was the team's"),
        pytest.param(Team("wren", "Wren", Cadence(NOW.date(), 14)), (), None, False, id="none"),
    ],
)
def test_of_a_team_nothing_was_read_where_no_source_of_it_ever_was(
    team: Team, read: tuple[str, ...], value: int | None, *, expected: bool
) -> None:
    known = {
        source: Coverage(source, read_started=NOW if read and "acme" in source else None)
        for source in SOURCES[:2]
    }
    counted = replace(result(OLD), team=team.id, value=value)

    assert team_standing(team, PLAN, [counted], known, NOW).nothing_read is expected
