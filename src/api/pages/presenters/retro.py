"""A team's retrospective: what there is to look at, four prompts in order, and links to Jira."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.list_items import ListItem, ticket_item
from evaluator.model.plan import Plan, Team
from evaluator.retro_actions import EndedAction, OpenAction, RetroActions
from evaluator.wording import day_of

_SHOWN = 10  # of each list, so that the page prints on two sheets
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
class Actions:
    """A list of actions: a sentence about it, the first of them, and how many are not shown."""

    says: str
    items: tuple[ListItem, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Retro:
    """What the retrospective adds to a team's page. `open` actions stand the oldest first.

    `label` and `needs_other_team` are what the organisation calls its labels. `create_href` makes
    one more action, with its label and the start of its summary where `filled_in`.
    """

    prompts: tuple[Prompt, ...]
    label: str
    needs_other_team: str
    completed: Actions
    open: Actions
    declined: Actions
    create_href: str
    filled_in: bool
    help_href: str


def retro(team: Team, plan: Plan, found: RetroActions) -> Retro:
    """Return the four prompts and the team's retro actions.

    A new action is of the sprint that the retrospective is about.
    """
    about = f"sprint {found.about.name}" if found.about else f"team {team.name}"
    filled_in = links.retro_action(plan, team, f"Retro of {about}: ")
    return Retro(
        prompts=tuple(Prompt(*asked) for asked in _ASKED),
        label=plan.labels.retro_action,
        needs_other_team=plan.labels.needs_other_team,
        completed=_completed(found, team, plan),
        open=_open(found.open, team, plan),
        declined=_declined(found, team, plan),
        create_href=filled_in or links.new_ticket(plan, team),
        filled_in=bool(filled_in),
        help_href=links.word("retrospective"),
    )


def _ended(actions: Sequence[EndedAction], says: str, how: str, team: Team, plan: Plan) -> Actions:
    items = tuple(
        replace(
            ticket_item(one.ticket, team, plan),
            when=words.day(one.at.astimezone(plan.zone).date()),
            happened=f"{how} on",
        )
        for one in actions[:_SHOWN]
    )
    return Actions(says, items, _more(len(actions)))


def _completed(found: RetroActions, team: Team, plan: Plan) -> Actions:
    if found.since is None:
        return Actions("No sprint of this team is known yet.", (), "")
    since = day_of(found.since, plan.zone)
    number = words.count(len(found.completed), "retro action")
    says = f"{number} moved to Done since {since}."
    return _ended(found.completed, says, "moved to Done", team, plan)


def _declined(found: RetroActions, team: Team, plan: Plan) -> Actions:
    says = "To decide against an action is as good an end as any."
    return _ended(found.declined, says, "decided", team, plan)


def _open(actions: Sequence[OpenAction], team: Team, plan: Plan) -> Actions:
    items = tuple(
        replace(ticket_item(one.ticket, team, plan), note=_said(one)) for one in actions[:_SHOWN]
    )
    number = words.count(len(actions), "retro action")
    return Actions(
        f"{number} that we have read {'is' if len(actions) == 1 else 'are'} open.",
        items,
        _more(len(actions)),
    )


def _said(action: OpenAction) -> str:
    """Return how old it is, and what may help."""
    age = words.count(action.age, "sprint")
    if action.older:
        said = f"{age} or more" if action.age else "from before the first sprint that is known"
    else:
        said = age if action.age else "new in this sprint"
    split = ", perhaps worth splitting" if action.large else ""
    return f"{said}{split}{', needs another team' if action.needs_other_team else ''}"


def _more(number: int) -> str:
    return f"{number - _SHOWN:,} more are in Jira" if number > _SHOWN else ""
