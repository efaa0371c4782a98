"""The pages about what teams have together."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.page_context import PageContext, PageContextDep
from api.pages.presenters.between_teams import between_teams
from api.pages.presenters.parts import links
from api.pages.presenters.parts.freshness import freshness
from api.pages.presenters.thirty_day_actions import thirty_day_page
from evaluator.thirty_day_actions import thirty_day_actions
from evaluator.where_teams_meet import where_teams_meet

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get(links.BETWEEN_TEAMS)
def show_between_teams(visit: PageContextDep, team: str = "") -> HTMLResponse:
    """Show where teams meet, from A to Z. There is no way to sort by anything else."""
    plan, facts, today = visit.plan, visit.store.facts, visit.today
    active = [each for each in plan.teams if today in each.active]
    sources = _ticket_sources(visit)
    tickets = facts.linked_tickets(sources, plan.labels.needs_other_team)
    page = between_teams(plan, active, where_teams_meet(plan, tickets, today), team=team)
    fresh = freshness(facts.coverage(sources).values(), plan, visit.now)
    return visit.page("between_teams.jinja", page=page, fresh=fresh)


@router.get(links.THIRTY_DAY_ACTIONS)
def show_thirty_day_actions(visit: PageContextDep) -> HTMLResponse:
    """Show the actions that were agreed for thirty days, of all teams."""
    plan, facts, sources = visit.plan, visit.store.facts, _ticket_sources(visit)
    tickets = facts.labelled_tickets(sources, plan.labels.thirty_day_action)
    page = thirty_day_page(plan, thirty_day_actions(plan, tickets, visit.today))
    fresh = freshness(facts.coverage(sources).values(), plan, visit.now)
    return visit.page("thirty_day_actions.jinja", page=page, fresh=fresh)


def _ticket_sources(visit: PageContext) -> list[str]:
    """Return the ids of where the teams of today have their tickets today."""
    entries = (one for each in visit.plan.teams if visit.today in each.active for one in each.jira)
    return sorted({entry.tickets.id for entry in entries if visit.today in entry.days})
