"""The pages of all teams and of one team."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.page_context import PageContextDep
from api.pages.presenters.all_teams import Asked, all_teams
from api.pages.presenters.parts.freshness import freshness
from api.pages.presenters.parts.marks import LEGEND
from api.pages.presenters.result import CAVEAT
from api.pages.presenters.team import SHOWN, team_page
from api.pages.presenters.work_ahead import work_page
from evaluator.flow import flow
from evaluator.lineage import line_of
from evaluator.team_standing import settled, source_ids

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def show_all_teams(
    visit: PageContextDep, group: str = "", target: str = "", team: str = "", look: str = ""
) -> HTMLResponse:
    """Show teams from A to Z. There is no way to sort them by anything else."""
    store, now = visit.store, visit.now
    asked = Asked(group, target, team, only_look=look == "1")
    results, coverage = store.results.shown(now), store.facts.coverage()
    past = store.results.past_statuses(now)
    page = all_teams(visit.plan, results, coverage, now, asked, past=past)
    return visit.page("all_teams.jinja", page=page, legend=LEGEND)


@router.get("/teams/{team_id}")
def show_team(visit: PageContextDep, team_id: str) -> HTMLResponse:
    """Show one team; 404 where the plan has none of this id."""
    team, store = visit.team(team_id), visit.store
    line = line_of(team, visit.plan)
    recent = [r for one in line for r in store.results.recent(one, visit.now, SHOWN)]
    whole = store.results.shown(visit.now, teams=line, brief=False)
    coverage = store.facts.coverage(source_ids(team))
    page = team_page(team, [*recent, *whole], coverage, visit.now, visit.at(team.name))
    stories = visit.stories(team, page.last.id, coverage) if page.last else ()
    return visit.page("team.jinja", page=page, stories=stories, caveat=CAVEAT)


@router.get("/teams/{team_id}/work")
def show_work(visit: PageContextDep, team_id: str) -> HTMLResponse:
    """Show one team's open work and flow, by the tickets that are stored."""
    team, store, plan = visit.team(team_id), visit.store, visit.plan
    sources = [entry.tickets.id for entry in team.jira]
    results = store.results.recent(team.id, visit.now, SHOWN)
    coverage = store.facts.coverage(sources)
    sprints = settled(results, visit.now)[-SHOWN:]
    tickets = store.facts.tickets(sources)
    found = flow(team, tickets, sprints, visit.now)
    shipped = store.shipped_tickets.of_team(team.id) if tickets else {}
    known = {ticket.key: ticket for ticket in tickets}
    in_production = [(known[key], one.since) for key, one in shipped.items() if key in known]
    shown = [r for r in results if r.sprint in sprints]
    read = any(known.read_started is not None for known in coverage.values())
    page = work_page(team, plan, found, shown, in_production, read=read)
    fresh = freshness([coverage[s] for s in sources if s in coverage], plan, visit.now)
    return visit.page("work.jinja", page=page, fresh=fresh, caveat=CAVEAT)
