"""What counts of each of a team's sources in a window, as a text that is another for another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from evaluator.model.days import Days
from evaluator.model.delivery import digest
from evaluator.model.evidence import Production
from evaluator.model.plan import LeaveOut, Plan, Team, TeamRepository, TicketSource
from evaluator.model.results import Basis, Result, Sprint
from evaluator.wording import last_day


def what_counts(team: Team, plan: Plan, window: Sprint) -> Mapping[str, str]:
    """Return, by the id of each source that the team has on the window's first day, a fingerprint.

    It is of evidence, folders, bots and what is left out, as far as they bear on the window: what
    holds from a later day on does not, and no source's name does.
    """
    last = last_day(window.end, plan.zone)
    found: dict[str, list[object]] = {}
    named = {source.id: source for source in plan.sources}
    for source_id, days, parts in _entries(team, last):
        if days.first is None or days.first <= last:
            found.setdefault(source_id, []).append([*_words(days, last), parts])
    now = {entry.source_id for entry in team.repositories if window.first_day in entry.days}
    now |= {entry.tickets.id for entry in team.jira if window.first_day in entry.days}
    return {
        source_id: digest(
            sorted(map(str, entries)),
            *(
                [sorted(bot.casefold() for bot in source.bots), source.agents_count]
                if (source := named.get(source_id))
                else []
            ),
        )
        for source_id, entries in found.items()
        if source_id in now
    }


def as_counted(result: Result, plan: Plan) -> Result:
    """Return a result with the basis that it has where it was judged by `plan`."""
    team = next((team for team in plan.teams if team.id == result.team), None)
    if team is None:
        return result
    counts = what_counts(team, plan, result.sprint)
    counted_by = tuple((source, counts[source]) for source in result.sources if source in counts)
    return replace(result, basis=Basis(counted_by))


def _entries(team: Team, last: date) -> Iterator[tuple[str, Days, list[object]]]:
    for repository in team.repositories:
        yield repository.source_id, repository.days, _of_code(repository, last)
    for jira in team.jira:
        parts = [*_of_tickets(jira.leave_out), *_of_labels(jira.tickets)]
        yield jira.tickets.id, jira.days, parts


def _of_code(entry: TeamRepository, last: date) -> list[object]:
    stanzas = (s for s in entry.delivery.stanzas if s.days.first is None or s.days.first <= last)
    return [sorted(entry.paths), [_of_stanza(stanza, last) for stanza in stanzas]]


def _of_stanza(stanza: Production, last: date) -> list[object]:
    return [*map(str, stanza.shape), stanza.before_merge, *_words(stanza.days, last)]


def _of_tickets(leave_out: LeaveOut) -> list[object]:
    listed = (leave_out.types, leave_out.resolutions, leave_out.statuses)
    return [leave_out.sub_tasks, *(sorted(text.casefold() for text in texts) for texts in listed)]


def _of_labels(tickets: TicketSource) -> list[object]:
    """What is kept of labels and links, where it is not the usual."""
    usual = TicketSource(tickets.site)
    same = (tickets.labels, tickets.feedback_links) == (usual.labels, usual.feedback_links)
    return [] if same else [list(tickets.labels), list(tickets.feedback_links)]


def _words(days: Days, last: date) -> list[str]:
    """The days as they bear on what ends with `last`: that they end later makes no difference."""
    end = days.last if days.last and days.last < last else None
    return [str(days.first), str(end)]
