"""A team's retrospective: what there is to look at, four prompts in order, and links to Jira."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from api.pages.presenters.parts import links
from api.pages.presenters.parts.list_items import ListItem, ticket_item
from evaluator.model.facts import StatusCategory, Ticket
from evaluator.model.plan import Plan, Team
from evaluator.model.results import Sprint
from evaluator.model.ticket_labels import plain

_ASKED = (
    ("Discover", "What gave us energy this sprint? When were we at our best?"),
    ("Dream", "If every sprint were like that, what would it look like?"),
    ("Design", "What could we try next sprint to come closer to it?"),
    ("Destiny", "Which 1 or 2 actions do we agree on? Make each a ticket, so that it is not lost."),
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One of the four questions."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class Retro:
    """What the retrospective adds to a team's page. `actions` are open, the oldest first.

    `create_href` makes one more, with its label and the start of its summary where `filled_in`.
    """

    prompts: tuple[Prompt, ...]
    actions: tuple[ListItem, ...]
    create_href: str
    filled_in: bool
    help_href: str


def retro(
    team: Team, plan: Plan, tickets: Iterable[Ticket], sprints: Iterable[Sprint], now: datetime
) -> Retro:
    """Return the four prompts and the team's open retro actions, by the stored tickets.

    A new action is of the sprint whose end is nearest: it ends this week, or ended last week.
    """
    wanted = [
        ticket
        for ticket in tickets
        if plain(plan.labels.retro_action) in ticket.labels
        and ticket.status_category is not StatusCategory.DONE
    ]
    of = min(sprints, key=lambda sprint: (abs(sprint.end - now), sprint.start), default=None)
    about = f"sprint {of.name}" if of else f"team {team.name}"
    filled_in = links.retro_action(plan, team, f"Retro of {about}: ")
    return Retro(
        prompts=tuple(Prompt(*asked) for asked in _ASKED),
        actions=tuple(
            ticket_item(ticket, team, plan)
            for ticket in sorted(wanted, key=lambda t: (t.created, t.key))
        ),
        create_href=filled_in or links.new_ticket(plan, team),
        filled_in=bool(filled_in),
        help_href=links.word("retrospective"),
    )
