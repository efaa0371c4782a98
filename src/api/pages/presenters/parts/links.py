"""Addresses of pages; they are permanent, so they are made in one place."""

from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from urllib.parse import quote, urlencode

from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result

GLOSSARY = "/about/glossary"
DATA = "/data"
BETWEEN_TEAMS = "/between-teams"
THIRTY_DAY_ACTIONS = f"{BETWEEN_TEAMS}/30-day-actions"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    text: str
    selected: bool


@lru_cache(maxsize=4096)
def part(ident: str) -> str:
    """Return an id as a part of an address."""
    return quote(ident, safe="")


def sources(team_id: str, page: int) -> str:
    """Return the address of a page of the sources, of one team or of all where it is empty."""
    asked = ({"team": team_id} if team_id else {}) | ({"page": page} if page > 1 else {})
    return f"{DATA}?{urlencode(asked)}#sources" if asked else f"{DATA}#sources"


def data_of(team_id: str) -> str:
    """Return the address of what is missing of a team."""
    return f"{DATA}?{urlencode({'team': team_id})}"


def team(team_id: str) -> str:
    """Return the address of a team's page."""
    return f"/teams/{part(team_id)}"


def retro(team_id: str) -> str:
    """Return the address of a team's retrospective."""
    return f"{team(team_id)}/retro"


def work(team_id: str) -> str:
    """Return the address of a team's work ahead and flow."""
    return f"{team(team_id)}/work"


def sprints(team_id: str) -> str:
    """Return the address of all sprints of a team."""
    return f"{team(team_id)}/sprints"


def between_teams(team_id: str) -> str:
    """Return the address of where teams meet, narrowed to one of them."""
    return f"{BETWEEN_TEAMS}?{urlencode({'team': team_id})}"


def sprint(team_id: str, sprint_id: str) -> str:
    """Return the permanent address of a sprint."""
    return f"{team(team_id)}/sprints/{part(sprint_id)}"


def result(found: Result) -> str:
    """Return the permanent address of a result."""
    return f"{sprint(found.team, found.sprint.id)}/{part(found.target)}"


def target(target_id: str) -> str:
    """Return the address of a target's page."""
    return f"/targets/{quote(target_id, safe='')}"


def stories(target_id: str = "") -> str:
    """Return the address of teams' stories, about one target or all."""
    return f"/stories?{urlencode({'target': target_id})}" if target_id else "/stories"


def word(term: str) -> str:
    """Return the address of a word in the glossary, by its id."""
    return f"{GLOSSARY}#{term}"


def query(plan: Plan, found: Result, team_name: str, title: str, public_url: str) -> str:
    """Return where a new issue about a result is filled in; empty where none is configured."""
    if not plan.product.query_url:
        return ""
    subject = f"Query: {team_name}, {found.sprint.name}, {title}"
    body = (
        f"Result: {public_url}{result(found)}\n"
        f"It says: {found.sentence}\n\n"
        "What is missing, or counted and should not be? Please link to it, and name no person.\n"
    )
    filled = {"title": quote(subject, safe=""), "body": quote(body, safe="")}
    url = plan.product.query_url
    return url.format_map(filled) if _places(url) <= filled.keys() else ""


def retro_action(plan: Plan, of: Team, summary: str) -> str:
    """Return where a retro action of the team is filled in; empty where what it takes is unknown.

    Jira fills in nothing without the numbers of the project and the type.
    """
    sites = dict(plan.jira_html)
    url = plan.product.retro_action_url
    for entry in of.jira:
        filled = {
            "site": sites.get(entry.tickets.site, ""),
            "project": quote(entry.tickets.project, safe=""),
            "project_id": str(entry.project_id or ""),
            "issue_type_id": str(entry.issue_type_id or ""),
            "label": quote(plan.labels.retro_action, safe=""),
            "summary": quote(summary, safe=""),
        }
        if all(filled.get(place) for place in _places(url)):
            return url.format_map(filled)
    return ""


def _places(url: str) -> set[str]:
    """Return the names in curly brackets, each as it is written, with any format."""
    return {f"{name}{how or ''}{form}" for _, name, form, how in Formatter().parse(url) if name}


def ticket(plan: Plan, site: str, key: str) -> str:
    """Return where people see a ticket; empty where its site's address is not known."""
    address = dict(plan.jira_html).get(site)
    return f"{address}/browse/{key}" if address else ""


def new_ticket(plan: Plan, of: Team) -> str:
    """Return where the team's Jira makes a ticket with nothing filled in; empty without one."""
    sites = dict(plan.jira_html)
    known = (sites[e.tickets.site] for e in of.jira if e.tickets.site in sites)
    return next((f"{site}/secure/CreateIssue!default.jspa" for site in known), "")
