from dataclasses import replace
from datetime import date

from evaluator.model.days import Days
from evaluator.model.facts import Story
from evaluator.stories import stories_of
from tests.evaluator.builders import PLAN, TEAM, WEB

STORY = Story(WEB.id, "2026-03-03", "b1", "We finished early.")


def test_a_story_is_its_teams_alone() -> None:
    wren = replace(TEAM, id="wren", name="Wren")
    left = replace(TEAM.repositories[0], days=Days(None, date(2026, 3, 2)))
    board = replace(STORY, sprint_id="jira-812")

    assert stories_of(TEAM, PLAN, [board, STORY]) == [STORY, board]
    assert stories_of(TEAM, replace(PLAN, teams=(TEAM, wren)), [STORY]) == []
    assert stories_of(replace(TEAM, repositories=(left,)), PLAN, [STORY]) == []
    assert stories_of(TEAM, PLAN, [replace(STORY, source="github:nhsuk/other")]) == []
