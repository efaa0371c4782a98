"""Items of a list: something counted or left out, or a ticket that is open."""

from dataclasses import dataclass

from api.pages.presenters.parts import links, words
from evaluator.model.facts import Ticket
from evaluator.model.plan import Plan, Team


@dataclass(frozen=True, slots=True)
class ListItem:
    """Something counted or left out: a link that makes sense alone, when, and what is special."""

    text: str
    href: str
    when: words.When | None
    note: str = ""
    happened: str = ""  # what it was that was then, "made on"
    steps: tuple["ListItem", ...] = ()  # how it came about


def ticket_item(ticket: Ticket, team: Team, plan: Plan) -> ListItem:
    """Return a link to the ticket, with the local day on which it was made."""
    sites = {entry.tickets.id: entry.tickets.site for entry in team.jira}
    href = links.ticket(plan, sites.get(ticket.source, ""), ticket.key)
    made = words.day(ticket.created.astimezone(plan.zone).date())
    return ListItem(f"Ticket {ticket.key}", href, made, happened="made on")
