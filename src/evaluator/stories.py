"""Whose a story is: the team that alone has its repository."""

from collections.abc import Iterable
from datetime import date

from evaluator.model.facts import Story
from evaluator.model.plan import Plan, Team


def stories_of(team: Team, plan: Plan, stories: Iterable[Story]) -> list[Story]:
    """Return the stories of a team's own repositories, in order of sprint id and repository.

    Of a repository that several teams have, nobody can tell whose the story is; of one that came
    or left on a day, only what is about a day that it was the team's.
    """
    others = {
        e.repository for other in plan.teams if other.id != team.id for e in other.repositories
    }
    own = [entry for entry in team.repositories if entry.repository not in others]
    found = (
        story
        for story in stories
        if any(
            e.source_id == story.source and _first_day(story, e.days.first) in e.days for e in own
        )
    )
    return sorted(found, key=lambda story: (story.sprint_id, story.source))


def _first_day(story: Story, otherwise: date | None) -> date:
    """Return the first day of the story's sprint; of a board's sprint its id does not say it."""
    try:
        return date.fromisoformat(story.sprint_id)
    except ValueError:
        return otherwise or date.max
