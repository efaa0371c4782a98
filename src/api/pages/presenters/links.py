"""Addresses of pages; they are permanent, so they are made in one place."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result

GLOSSARY = "/about/glossary"
RETRO_LABEL = "retro-action"
DATA = "/data"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    text: str
    selected: bool


def sources(team_id: str, page: int) -> str:
    """Return the address of a page of the sources, of one team or of all where it is empty."""
    asked = ({"team": team_id} if team_id else {}) | ({"page": page} if page > 1 else {})
    return f"{DATA}?{urlencode(asked)}#sources" if asked else f"{DATA}#sources"


def team(team_id: str) -> str:
    """Return the address of a team's page."""
    return f"/teams/{quote(team_id, safe='')}"


def retro(team_id: str) -> str:
    """Return the address of a team's retrospective."""
    return f"{team(team_id)}/retro"


def work(team_id: str) -> str:
    """Return the address of a team's work ahead and flow."""
    return f"{team(team_id)}/work"


def sprint(team_id: str, sprint_id: str) -> str:
    """Return the permanent address of a sprint."""
    return f"{team(team_id)}/sprints/{quote(sprint_id, safe='')}"


def result(found: Result) -> str:
    """Return the permanent address of a result."""
    return f"{sprint(found.team, found.sprint.id)}/{quote(found.target, safe='')}"


def target(target_id: str) -> str:
    """Return the address of a target's page."""
    return f"/targets/{quote(target_id, safe='')}"


def word(term: str) -> str:
    """Return the address of a word in the glossary, by its id."""
    return f"{GLOSSARY}#{term}"


def all_teams(group: str, target_id: str) -> str:
    """Return the address of all teams, narrowed by what is not empty."""
    chosen = {k: v for k, v in (("group", group), ("target", target_id)) if v}
    return f"/?{urlencode(chosen)}" if chosen else "/"


def query(plan: Plan, found: Result, team_name: str, title: str, public_url: str) -> str:
    """Return where a new issue about a result is filled in; empty where none is configured."""
    if not plan.product.query_url:
        return ""
    subject = f"Query: {team_name}, {found.sprint.name}, {title}"
    body = (
        f"Result: {public_url}{result(found)}\n"
        f"It says: {found.reason}\n\n"
        "What is missing, or counted and should not be? Please link to it, and name no person.\n"
    )
    filled = {"title": quote(subject, safe=""), "body": quote(body, safe="")}
    return plan.product.query_url.format_map(filled)


def retro_action(plan: Plan, of: Team, summary: str) -> str:
    """Return where Jira makes a retro action for the team; empty where the team has no project."""
    sites = dict(plan.jira_html)
    for entry in of.jira:
        tickets = entry.tickets
        if tickets.project and tickets.site in sites:
            return plan.product.retro_action_url.format(
                site=sites[tickets.site],
                project=quote(tickets.project, safe=""),
                label=RETRO_LABEL,
                summary=quote(summary, safe=""),
            )
    return ""
