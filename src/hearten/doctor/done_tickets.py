"""Whether a project or filter shows tickets that are Done: else nothing can ever be counted."""

import re
from collections.abc import Iterable, Iterator

from collector.jira.doctor_checks import JiraChecks, OpenTicket
from evaluator.model.plan import TicketSource
from evaluator.wording import amount
from hearten.doctor.findings import ADMINISTRATOR, KEEPER, Finding, names
from hearten.doctor.ticket_filters import drops_done, drops_with_sprint, drops_with_time

_LOOKS_FINISHED = re.compile(
    r"(?!.*\b(?:not|ready|waiting|awaiting|be|for)\b)"
    r".*\b(?:released|done|closed|completed?|finished|resolved|live|deployed|shipped|delivered)\b",
    re.IGNORECASE,
)
_AFTER_ITS_SPRINT = (
    "Write a `jql` in teams.yaml that finds a ticket also after its sprint, or the `project`."
)
_WITHOUT_BOUND = (
    "Write a `jql` with no such bound in teams.yaml, or the `project`: hearten itself reads only "
    "what is new."
)
_ONCE_DONE = (
    "Write a `jql` in teams.yaml that finds a ticket also once it is Done, or the `project`."
)


def not_seen_done(
    checks: JiraChecks, source: TicketSource, about: str, seen: int, done: int
) -> Iterator[Finding]:
    """Yield why `done` of the `seen` tickets of a source, by category, cannot be trusted.

    Errors: as those of the checks.
    """
    if source.jql and (part := drops_with_sprint(source.jql)):
        what = f"Its part `{part}` drops tickets as soon as their sprint is closed."
        yield Finding(about, what, KEEPER, _AFTER_ITS_SPRINT)
    if source.jql and (part := drops_with_time(source.jql)):
        what = f"Its part `{part}` drops tickets as time goes on."
        yield Finding(about, what, KEEPER, _WITHOUT_BOUND)
    if done:
        return
    none = f"None of its {amount(seen, 'tickets')} is Done by the category of its status."
    if source.jql and (part := drops_done(source.jql)):
        yield Finding(about, f"{none} `{part}` may keep out those that are.", KEEPER, _ONCE_DONE)
        return
    found = checks.open_tickets(source)
    finished = _finished_looking(found)
    if finished:
        listed = names(finished)
        what = f"{none} {listed} looks finished, by its name or a resolution."
        remedy = (
            "In Jira's settings of statuses, give the category Done to the status in which work is "
            f"finished, such as {listed}."
        )
    else:
        what = none
        remedy = (
            "Once work was finished, see that its status has the category Done in Jira's settings "
            "of statuses."
        )
    yield Finding(about, what, ADMINISTRATOR, remedy)


def _finished_looking(tickets: Iterable[OpenTicket]) -> list[str]:
    """Return the statuses that look finished by a resolution, a name, or best by both: A to Z."""
    tickets = list(tickets)
    resolved = {ticket.status for ticket in tickets if ticket.resolved}
    named = {t.status for t in tickets if _LOOKS_FINISHED.match(t.status)}
    return sorted(resolved & named or resolved or named, key=str.casefold)
