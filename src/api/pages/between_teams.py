"""The pages about what teams have together."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.page_context import PageContextDep
from api.pages.presenters.between_teams import between_teams
from api.pages.presenters.parts import links
from api.pages.presenters.parts.freshness import freshness
from evaluator.where_teams_meet import where_teams_meet

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get(links.BETWEEN_TEAMS)
def show_between_teams(visit: PageContextDep, team: str = "") -> HTMLResponse:
    """Show where teams meet, from A to Z. There is no way to sort by anything else."""
    plan, facts, today = visit.plan, visit.store.facts, visit.today
    active = [each for each in plan.teams if today in each.active]
    sources = sorted({one.tickets.id for each in active for one in each.jira if today in one.days})
    tickets = facts.linked_tickets(sources, plan.labels.needs_other_team)
    page = between_teams(plan, active, where_teams_meet(plan, tickets, today), team=team)
    fresh = freshness(facts.coverage(sources).values(), plan, visit.now)
    return visit.page("between_teams.jinja", page=page, fresh=fresh)
