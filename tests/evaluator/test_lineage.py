from dataclasses import replace

import pytest

from evaluator.lineage import (
    former_ids,
    judged_as_former,
    line_of,
    names_of,
    taken_over,
    with_the_past,
)
from evaluator.model.plan import Plan, Team
from evaluator.model.results import State, Status
from evaluator.team_standing import team_standing
from tests.evaluator.builders import PLAN, SPRINT_A, SPRINT_B, at
from tests.evaluator.results import a_result

HERON = a_result(Status.MET, 1)
RUNNING = replace(HERON, sprint=SPRINT_B, status=Status.IN_PROGRESS, state=State.PROVISIONAL)
EGRET = replace(HERON, team="egret", sprint=SPRINT_B)


def team(ident: str, *continues: str) -> Team:
    return Team(ident, ident, None, continues=continues, streaks=True)


def plan(*teams: Team) -> Plan:
    return replace(PLAN, teams=teams)


ONE_AFTER_THE_OTHER = plan(team("egret", "heron", "wren"), team("heron", "stork", "egret"))


def test_the_past_goes_back_from_one_team_to_the_other() -> None:
    assert former_ids("egret", ONE_AFTER_THE_OTHER) == ("heron", "wren", "stork")
    assert former_ids("wren", ONE_AFTER_THE_OTHER) == ()


def test_a_line_is_that_of_the_first_team_of_each() -> None:
    egret, heron = ONE_AFTER_THE_OTHER.teams

    assert line_of(egret, ONE_AFTER_THE_OTHER) == ("egret", "heron", "stork")
    assert line_of(heron, ONE_AFTER_THE_OTHER) == ("heron", "stork")


@pytest.mark.parametrize(
    ("teams", "renamed"),
    [
        pytest.param([team("egret", "heron")], True, id="renamed"),
        pytest.param([team("egret", "heron", "wren")], False, id="merged"),
        pytest.param([team("egret", "heron"), team("wren", "heron")], False, id="split"),
        pytest.param([team("egret", "heron"), team("heron")], False, id="split off"),
        pytest.param([team("egret")], False, id="another team"),
    ],
)
def test_a_streak_goes_on_only_where_a_team_was_renamed(
    teams: list[Team], *, renamed: bool
) -> None:
    found = team_standing(teams[0], plan(*teams), [HERON], {}, at("2026-03-25"))

    assert names_of(teams[0], plan(*teams)) == (("egret", "heron") if renamed else ("egret",))
    assert dict(found.streaks)["reached-production"].length == int(renamed)
    assert (found.last_finished is not None) == bool(teams[0].continues)


RENAMED_TWICE = replace(plan(team("wren", "egret")), gone=(("egret", ("heron",)),))


def test_the_past_of_a_team_renamed_twice_is_one_when_the_names_between_are_gone() -> None:
    (wren,) = RENAMED_TWICE.teams
    merged = replace(RENAMED_TWICE, gone=(("egret", ("heron", "stork")),))

    assert former_ids("wren", RENAMED_TWICE) == ("egret", "heron")
    assert (
        line_of(wren, RENAMED_TWICE)
        == names_of(wren, RENAMED_TWICE)
        == ("wren", *former_ids("wren", RENAMED_TWICE))
    )
    assert former_ids("wren", merged) == ("egret", "heron", "stork")
    assert names_of(wren, merged) == ("wren", "egret")


def test_of_the_past_counts_what_was_before_a_teams_own() -> None:
    assert with_the_past([EGRET], [RUNNING, HERON]) == [HERON, EGRET]
    assert with_the_past([], [RUNNING, HERON]) == [HERON, RUNNING]


def test_what_was_final_under_an_id_that_is_gone_is_judged_no_more() -> None:
    alone, beside = plan(team("egret", "heron")), plan(team("egret", "heron"), team("heron"))

    assert judged_as_former(alone.teams[0], alone, [HERON, RUNNING]) == [SPRINT_A]
    assert judged_as_former(beside.teams[0], beside, [HERON]) == []


def test_what_a_team_that_is_gone_had_not_finished_is_taken_over() -> None:
    alone, beside = plan(team("egret", "heron")), plan(team("egret", "heron"), team("heron"))

    assert taken_over([EGRET], alone, [HERON, RUNNING]) == [RUNNING]
    assert taken_over([], alone, [RUNNING]) == []
    assert taken_over([EGRET], beside, [RUNNING]) == []
