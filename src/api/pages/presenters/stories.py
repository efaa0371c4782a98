"""Stories beside the numbers, and how other teams did it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from api.pages.presenters.parts import links, words
from api.pages.story_text import story_text
from evaluator.model.facts import Story
from evaluator.model.plan import Plan, Target, Team
from evaluator.model.source_id import SourceId
from evaluator.stories import stories_of

_SHOWN = 50  # on one page


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story: whose and of which sprint, what it says, and the file it stands in."""

    team: str
    sprint: str
    sprint_href: str
    text: Markup
    cut: bool
    repository: str
    file_href: str
    target: str = ""
    target_href: str = ""


@dataclass(frozen=True, slots=True)
class StoriesPage:
    """Stories of all teams, about one target or all; the newest sprints first."""

    title: str
    summary: str
    stories: tuple[StoryView, ...]
    choices: tuple[links.Choice, ...]


def stories_beside(
    team: Team, plan: Plan, stories: Iterable[Story], sprint_id: str
) -> tuple[StoryView, ...]:
    """Return what the team wrote of a sprint; nothing where it wrote nothing."""
    own = stories_of(team, plan, stories)
    return tuple(_view(one, team, plan) for one in own if one.sprint_id == sprint_id)


def stories_page(plan: Plan, stories: Sequence[Story], target: Target | None) -> StoriesPage:
    """Return the page "How other teams did it", of one target or of all."""
    of_teams = [
        (one, team)
        for team in plan.teams
        for one in stories_of(team, plan, stories)
        if target is None or one.target == target.id
    ]
    ordered = sorted(of_teams, key=lambda pair: (pair[1].name.casefold(), pair[1].id))
    newest = sorted(ordered, key=lambda pair: pair[0].sprint_id, reverse=True)[:_SHOWN]
    about = f" about “{target.title}”" if target else ""
    told = words.count(len(of_teams), "story", "stories")
    summary = f"There {'is' if len(of_teams) == 1 else 'are'} {told}{about}, told by teams."
    told_of = {one.target for team in plan.teams for one in stories_of(team, plan, stories)}
    return StoriesPage(
        title=f"How other teams did it{f': {target.title}' if target else ''}",
        summary=summary if of_teams else f"No team has told a story{about} yet.",
        stories=tuple(_view(one, team, plan) for one, team in newest),
        choices=tuple(
            links.Choice(each.id, each.title, selected=each is target)
            for each in plan.targets
            if each.id in told_of
        ),
    )


def _called(sprint_id: str) -> str:
    """Return a sprint in words, by its id alone: its first day, or a board's number."""
    try:
        return f"from {words.day(date.fromisoformat(sprint_id)).words}"
    except ValueError:
        return sprint_id


def _view(story: Story, team: Team, plan: Plan) -> StoryView:
    repository = SourceId.parse(story.source).name
    path = f"stories/{story.sprint_id}.md"
    about = next((target for target in plan.targets if target.id == story.target), None)
    return StoryView(
        team=team.name,
        sprint=_called(story.sprint_id),
        sprint_href=links.sprint(team.id, story.sprint_id),
        text=story_text(story.text),
        cut=story.cut,
        repository=repository,
        file_href=plan.link(f"{plan.github_html}/{repository}/blob/HEAD/{path}"),
        target=about.title if about else "",
        target_href=links.target(about.id) if about else "",
    )
