"""One team's open work and flow, as its work page shows it. For that team alone."""

from fastapi import APIRouter, Response

from api.dependencies import NowDep, PlanDep, StoreDep
from api.rest.parameters import TeamPath
from api.rest.responses import answer, problems, team_of
from api.rest.schemas.teams import FlowOut
from evaluator.flow import AGES, flow
from evaluator.team_standing import settled

router = APIRouter(tags=["teams"])

_SPRINTS = 6  # finished ones, as on the page


@router.get(
    "/teams/{team}/flow",
    operation_id="getFlow",
    response_model=FlowOut,
    responses=problems(_404="There is no such team."),
)
def get_flow(store: StoreDep, plan: PlanDep, now: NowDep, team: TeamPath) -> Response:
    """Return a team's open work by state and age, its cycle time, and its mix of work.

    Cycle time and mix are of its last 6 finished sprints. It is no target, and for the team itself:
    do not set it beside another team's.
    """
    asked = team_of(plan, team)
    sources = [entry.tickets.id for entry in asked.jira]
    sprints = settled(store.results.recent(asked.id, now, _SPRINTS), now)[-_SPRINTS:]
    coverage = store.facts.coverage(sources)
    read = any(known.read_started is not None for known in coverage.values())
    found = flow(asked, store.facts.tickets(sources), sprints, now)
    took = found.cycle_time
    return answer(
        {
            "team": asked.id,
            "sprints": [sprint.id for sprint in sprints],
            "open": [
                {
                    "category": category.name.lower(),
                    "age": age,
                    "tickets": found.open.get((category, age), 0),
                }
                for category in dict.fromkeys(kind for kind, _ in found.open)
                for age, _ in AGES
            ]
            if read
            else None,
            "oldest_in_progress": [ticket.key for ticket in found.oldest],
            "planned": [ticket.key for ticket in found.planned],
            "carried_over": [ticket.key for ticket in found.carried_over],
            "done": found.done if read else None,
            "cycle_time_seconds": round(took.total_seconds()) if took is not None else None,
            "timed": found.timed,
            "kinds": found.kinds,
        }
    )
