"""Tickets in production: when a change that names a ticket's key first reached production."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from evaluator.model.facts import ProductionEvent, Reached, Ticket
from evaluator.model.plan import Team, TeamRepository
from evaluator.team_facts import TeamFacts


@dataclass(frozen=True, slots=True)
class Shipped:
    """A change that names a ticket reached production at `at`, by `event`."""

    at: datetime
    event: ProductionEvent


ShippedByKey = Mapping[str, Sequence[Shipped]]  # in order of time


def shipped_by_key(team: Team, known: TeamFacts, zone: tzinfo, now: datetime) -> ShippedByKey:
    """Return, by the key of a ticket, the team's changes that reached production up to `now`.

    A change counts as it does for what reached production: by people, no merge, in the team's
    repositories and folders on the day. What may have been there later is left out, and so are
    keys of projects that the team has on several sites: nobody can tell whose they are. A ticket
    that is not among them may be in production all the same.
    """
    several = _on_several_sites(team)
    found: defaultdict[str, list[Shipped]] = defaultdict(list)
    for at, one in _changes(team, known, zone):
        if at <= now and one.event.seen_by is None:
            for key in one.commit.ticket_keys:
                if key.rpartition("-")[0] not in several:
                    found[key].append(Shipped(at, one.event))
    return {key: sorted(each, key=_in_order) for key, each in found.items()}


def shipped(ticket: Ticket, changes: ShippedByKey) -> Shipped | None:
    """Return when a change with the ticket's key first reached production, None where unknown.

    What was there before the ticket was made names another one, which had its key.
    """
    of_ticket = changes.get(ticket.key, ())
    return next((each for each in of_ticket if each.at >= ticket.created), None)


def shipped_tickets(tickets: Iterable[Ticket], changes: ShippedByKey) -> dict[str, Shipped]:
    """Return, by key, those of the tickets that are known to be in production."""
    found = {ticket.key: shipped(ticket, changes) for ticket in tickets}
    return {key: one for key, one in found.items() if one is not None}


def _changes(team: Team, known: TeamFacts, zone: tzinfo) -> Iterator[tuple[datetime, Reached]]:
    for entry in team.repositories:
        history = known.histories.get((entry.repository, entry.delivery.key))
        for commits in history.pull_requests.values() if history else ():
            yield from ((at, one) for at, one in commits if _holds(entry, one, at, zone))


def _holds(entry: TeamRepository, one: Reached, at: datetime, zone: tzinfo) -> bool:
    touched = not entry.paths or not one.commit.paths.isdisjoint(entry.paths)
    return touched and at.astimezone(zone).date() in entry.days


def _on_several_sites(team: Team) -> set[str]:
    places = {
        (project, entry.tickets.site) for entry in team.jira for project in entry.tickets.projects
    }
    projects = [project for project, _ in places]
    return {project for project in projects if projects.count(project) > 1}


def _in_order(one: Shipped) -> tuple[datetime, str, str]:
    return one.at, one.event.repository, one.event.ident
