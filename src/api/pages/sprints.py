"""The pages of a sprint, of a result, and of a team's retrospective."""

from datetime import datetime

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from api.pages.page_context import PageContext, PageContextDep
from api.pages.presenters.all_sprints import all_sprints
from api.pages.presenters.result import CAVEAT, OF_TICKETS
from api.pages.presenters.retro import retro
from api.pages.presenters.sprint import around, result_page, sprint_page
from api.pages.presenters.team import SHOWN, team_page
from evaluator.lineage import line_of
from evaluator.model.facts import ProductionEvent
from evaluator.model.results import Result
from evaluator.retro_actions import retro_actions
from evaluator.team_standing import source_ids

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/teams/{team_id}/sprints")
def show_sprints(visit: PageContextDep, team_id: str) -> HTMLResponse:
    """Show every sprint of a team that has a result, year by year."""
    plan, known = visit.plan, [team for team in visit.plan.teams if team.id == team_id]
    line = line_of(known[0], plan) if known else (team_id,)
    sprints = visit.store.results.sprints(teams=line)
    if not sprints and not known:
        raise HTTPException(404, f"There is no team {team_id}. All teams are on the first page.")
    results = visit.store.results.summaries(teams=line)
    page = all_sprints(plan, team_id, [(of, each) for of, each, _ in sprints], results)
    return visit.page("sprints.jinja", page=page, caveat=CAVEAT)


@router.get("/teams/{team_id}/sprints/{sprint_id}")
def show_sprint(visit: PageContextDep, team_id: str, sprint_id: str) -> HTMLResponse:
    """Show one sprint of a team, for ever at this address."""
    results = visit.store.results.find(team=team_id, sprint=sprint_id)
    if not results:
        raise HTTPException(404, f"There is no sprint {sprint_id} of a team {team_id}.")
    beside = around(visit.store.results.summaries(teams=[team_id]), sprint_id)
    page = sprint_page(visit.plan, results, visit.public_url, visit.now, beside=beside)
    teams = [team for team in visit.plan.teams if team.id == team_id]
    stories = visit.stories(teams[0], sprint_id) if teams else ()
    return visit.page("sprint.jinja", page=page, stories=stories, caveat=CAVEAT)


@router.get("/teams/{team_id}/sprints/{sprint_id}/{target_id}")
def show_result(
    visit: PageContextDep, team_id: str, sprint_id: str, target_id: str
) -> HTMLResponse:
    """Show one result with everything that explains it, for ever at this address."""
    versions = visit.store.results.find(
        team=team_id, sprint=sprint_id, target=target_id, every_version=True
    )
    if not versions:
        raise HTTPException(404, f"There is no result of {team_id} for {target_id} there.")
    beside = around(visit.store.results.summaries(teams=[team_id]), sprint_id, target_id)
    events, shipped = _in_production(visit, versions[-1])
    page = result_page(
        visit.plan,
        versions,
        visit.public_url,
        beside=beside,
        events=events,
        in_production=shipped,
    )
    return visit.page("result.jinja", page=page, caveat=CAVEAT)


def _in_production(
    visit: PageContext, result: Result
) -> tuple[list[ProductionEvent], dict[str, datetime]]:
    """Return what may have brought the evidence there, and since when its tickets are."""
    if any(item.kind in OF_TICKETS for item in result.evidence):
        shipped = visit.store.shipped_tickets.of_team(result.team)
        return [], {key: one.since for key, one in shipped.items()}
    times = [item.at for item in result.evidence]
    if not times:
        return [], {}
    return visit.store.facts.events_between(result.sources, min(times), max(times)), {}


@router.get("/teams/{team_id}/retro")
def show_retro(visit: PageContextDep, team_id: str) -> HTMLResponse:
    """Show what a team looks at in its retrospective; nothing is typed in here."""
    team, store = visit.team(team_id), visit.store
    recent = store.results.recent(team.id, visit.now, SHOWN)
    coverage = store.facts.coverage(source_ids(team))
    page = team_page(team, recent, coverage, visit.now, visit.at(team.name))
    sources = [entry.tickets.id for entry in team.jira]
    tickets = store.facts.labelled_tickets(sources, visit.plan.labels.retro_action)
    sprints = {result.sprint.id: result.sprint for result in recent}  # of the newest version
    found = retro_actions(team, visit.plan, tickets, sprints.values(), visit.now)
    return visit.page(
        "retro.jinja",
        page=page,
        retro=retro(team, visit.plan, found),
        fresh=page.freshness,
        stories=visit.stories(team, page.last.id, coverage) if page.last else (),
        caveat=CAVEAT,
    )
