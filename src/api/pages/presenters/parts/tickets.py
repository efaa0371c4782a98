"""Tickets that are open, as items of a list."""

from api.pages.presenters.parts import words
from api.pages.presenters.result import ListItem
from evaluator.model.facts import Ticket
from evaluator.model.plan import Plan, Team


def ticket_item(ticket: Ticket, team: Team, plan: Plan) -> ListItem:
    """Return a link to the ticket, with the local day on which it was made."""
    sites = {entry.tickets.id: entry.tickets.site for entry in team.jira}
    address = dict(plan.jira_html).get(sites.get(ticket.source, ""), "")
    href = f"{address}/browse/{ticket.key}" if address else ""
    made = words.day(ticket.created.astimezone(plan.zone).date())
    return ListItem(f"Ticket {ticket.key}", href, made, happened="made on")
