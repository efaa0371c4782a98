"""What teams wrote of their sprints, and since when their tickets are in production."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.dependencies import PlanDep, StoreDep
from api.rest.parameters import Name, TeamPath
from api.rest.responses import PresenterDep, answer, problems, target_of, team_of
from api.rest.schemas.stories import ShippedTickets, StoryList
from evaluator.model.serialization import utc_text
from evaluator.stories import stories_of

router = APIRouter(tags=["teams"])


@router.get(
    "/stories",
    operation_id="listStories",
    response_model=StoryList,
    responses=problems(_404="There is no such team or target."),
)
def list_stories(
    store: StoreDep,
    present: PresenterDep,
    plan: PlanDep,
    team: Annotated[Name | None, Query(description="Only this team, by id.")] = None,
    target: Annotated[Name | None, Query(description="Only about this target, by id.")] = None,
) -> Response:
    """Return the stories of sprints, in order of team and sprint."""
    teams = sorted(plan.teams, key=lambda each: each.id) if team is None else [team_of(plan, team)]
    if target is not None:
        target_of(plan, target)
    sources = {entry.source_id for each in teams for entry in each.repositories}
    found = store.stories.find(sources)
    return answer(
        {
            "stories": [
                {
                    "team": each.id,
                    "sprint": story.sprint_id,
                    "target": story.target or None,
                    "text": story.text,
                    "cut": story.cut,
                    "page_url": present.page("teams", each.id, "sprints", story.sprint_id),
                }
                for each in teams
                for story in stories_of(each, plan, found)
                if target in (None, story.target)
            ]
        }
    )


@router.get(
    "/teams/{team}/shipped",
    operation_id="listShippedTickets",
    response_model=ShippedTickets,
    responses=problems(_404="There is no such team."),
)
def list_shipped_tickets(store: StoreDep, plan: PlanDep, team: TeamPath) -> Response:
    """Return since when tickets of a team are in production, in order of time.

    A ticket that is not among them may be in production all the same: its key stands in no pull
    request that was read.
    """
    team_of(plan, team)
    found = store.shipped_tickets.of_team(team)
    ordered = sorted(found.items(), key=lambda each: (each[1].since, each[0]))
    tickets = [
        {"key": key, "since": utc_text(one.since), "url": plan.link(one.url) or None}
        for key, one in ordered
    ]
    return answer({"team": team, "tickets": tickets, "time_zone": plan.time_zone})
