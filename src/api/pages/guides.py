"""The pages about targets, the calendar, the data, and what this is for."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from api.pages.measure_docs import explained
from api.pages.page_context import PageContextDep
from api.pages.presenters import about, data_health
from api.pages.presenters.calendar import calendar
from api.pages.presenters.data_inventory import kept
from api.pages.presenters.glossary import WORDS
from api.pages.presenters.parts.freshness import freshness
from api.pages.presenters.parts.missing_sources import remedies, remedies_table
from api.pages.presenters.result import CAVEAT
from api.pages.presenters.roles import roles_table
from api.pages.presenters.stories import stories_page
from api.pages.presenters.targets import target_page, targets_summary, targets_table
from api.pages.presenters.time_guide import guide
from evaluator.asked_no_more import asked_no_more
from evaluator.team_standing import needed_ids, team_standings
from store.data_inventory import columns

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_RUNS, _UNFOLDED = 20, 3


@router.get("/targets")
def show_targets(visit: PageContextDep) -> HTMLResponse:
    """Show what is asked of teams."""
    table = targets_table(visit.plan, visit.today)
    return visit.page("targets.jinja", summary=targets_summary(visit.plan), table=table)


@router.get("/targets/{target_id}")
def show_target(visit: PageContextDep, target_id: str) -> HTMLResponse:
    """Show one target; 404 where the plan has none of this id."""
    for target in visit.plan.targets:
        if target.id == target_id:
            how = explained(target.measure, visit.plan)
            return visit.page("target.jinja", page=target_page(target, visit.today), how=how)
    raise HTTPException(404, f"There is no target {target_id}. All are on the page Targets.")


@router.get("/stories")
def show_stories(visit: PageContextDep, target: str = "") -> HTMLResponse:
    """Show what teams wrote of their sprints, about one target or all; 404 where it is none."""
    found = next((each for each in visit.plan.targets if each.id == target), None)
    if target and found is None:
        raise HTTPException(404, f"There is no target {target}. All are on the page Targets.")
    stories = visit.store.stories.find([source.id for source in visit.plan.sources])
    return visit.page("stories.jinja", page=stories_page(visit.plan, stories, found))


@router.get("/calendar")
def show_calendar(visit: PageContextDep) -> HTMLResponse:
    """Show what is ahead."""
    said, table = calendar(visit.plan, visit.store.results.summaries(shown_at=visit.now), visit.now)
    return visit.page("calendar.jinja", summary=said, table=table)


@router.get("/data")
def show_data(visit: PageContextDep, team: str = "", page: int = 1) -> HTMLResponse:
    """Show what is missing, a page of the sources, and the newest runs."""
    plan, coverage, now = visit.plan, visit.store.facts.coverage(), visit.now
    teams = data_health.teams_asked(plan, team)
    over = asked_no_more(plan, visit.store.results.of_team_since, now)
    results = visit.store.results.shown(now)
    missing = remedies(team_standings(teams, plan, results, coverage, now))
    runs = visit.store.runs.find(limit=_RUNS)
    sources = needed_ids(*teams, today=visit.today)
    return visit.page(
        "data.jinja",
        summary=data_health.data_summary(plan, coverage, len(missing), team=team, over=over),
        fresh=freshness([coverage[s] for s in sources if s in coverage], plan, now),
        missing=remedies_table(missing) if missing else None,
        sources=data_health.sources_page(
            plan, coverage, now, missing, team=team, number=page, over=over
        ),
        runs=data_health.runs_table(runs[:_UNFOLDED], plan, now),
        earlier=data_health.runs_table(runs[_UNFOLDED:], plan, now),
    )


@router.get("/about")
def show_about(visit: PageContextDep) -> HTMLResponse:
    """Show what this is for."""
    return visit.page("about.jinja", about=about, caveat=CAVEAT)


@router.get("/about/glossary")
def show_glossary(visit: PageContextDep) -> HTMLResponse:
    """Show what the words mean."""
    return visit.page("glossary.jinja", words=WORDS)


@router.get("/about/your-data")
def show_your_data(visit: PageContextDep) -> HTMLResponse:
    """Show every column that is kept, and why."""
    return visit.page("your_data.jinja", kept=kept(columns()))


@router.get("/about/roles")
def show_roles(visit: PageContextDep) -> HTMLResponse:
    """Show what each role answers for."""
    return visit.page("roles.jinja", table=roles_table(visit.plan.roles))


@router.get("/about/time")
def show_time(visit: PageContextDep) -> HTMLResponse:
    """Show how a fortnight is planned. There is nowhere to enter what time was spent."""
    return visit.page("time.jinja", guides=[guide(each) for each in visit.plan.allocations])


@router.get("/accessibility")
def show_accessibility(visit: PageContextDep) -> HTMLResponse:
    """Show the accessibility statement."""
    return visit.page("accessibility.jinja")
