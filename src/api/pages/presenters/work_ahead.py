"""Work ahead and flow of one team, in tables of words; for that team alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.list_items import ListItem, ticket_item
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.flow import AGES, OTHER, Flow
from evaluator.measures import MEASURES
from evaluator.model.facts import StatusCategory, Ticket
from evaluator.model.plan import Plan, Team
from evaluator.model.results import Result
from evaluator.model.ticket_labels import KINDS
from evaluator.wording import amount

_OPEN = {StatusCategory.IN_PROGRESS: "In progress", StatusCategory.TO_DO: "To do"}
_SHOWN = 10
_MEASURE = "tickets_done"  # whose results stand beside the flow
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Work:
    """What the team's tickets tell."""

    open: Table
    oldest: tuple[ListItem, ...]
    planned: tuple[ListItem, ...]
    planned_says: str
    carried_over: tuple[ListItem, ...]
    carried_says: str
    done: Table | None
    in_production: tuple[ListItem, ...]  # tickets that are Done, the newest first
    cycle_time: str
    mix: Table


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Everything on the page."""

    team: Team
    summary: str
    work: Work | None  # None where nothing is known, which is not 0


def work_page(
    team: Team,
    plan: Plan,
    flow: Flow,
    results: Sequence[Result],
    in_production: Sequence[tuple[Ticket, datetime]] = (),
    *,
    read: bool,
) -> WorkPage:
    """Return the page; `results` are those of the shown sprints, `read` whether tickets were.

    `in_production` are tickets with when a change of each first reached production.
    """
    if not team.jira:
        return WorkPage(team, f"{team.name} has no Jira project set up.", None)
    if not read:
        return WorkPage(team, f"No ticket of {team.name} was read yet.", None)
    waiting = {c: sum(n for (kind, _), n in flow.open.items() if kind is c) for c in _OPEN}
    summary = (
        f"{team.name} has {words.count(waiting[StatusCategory.IN_PROGRESS], 'ticket')} "
        f"in progress and {waiting[StatusCategory.TO_DO]:,} to do."
    )
    work = Work(
        open=_open(flow),
        oldest=tuple(ticket_item(ticket, team, plan) for ticket in flow.oldest[:_SHOWN]),
        planned=tuple(ticket_item(ticket, team, plan) for ticket in flow.planned[:_SHOWN]),
        planned_says=_planned_says(flow, team),
        carried_over=tuple(ticket_item(t, team, plan) for t in flow.carried_over[:_SHOWN]),
        carried_says=_carried_says(flow, results, plan),
        done=_done(team, plan, results),
        in_production=_in_production(in_production, team, plan),
        cycle_time=_cycle_time(flow),
        mix=_mix(flow),
    )
    return WorkPage(team, summary, work)


def _planned_says(flow: Flow, team: Team) -> str:
    if not any(entry.tickets.in_sprints for entry in team.jira):
        return "This team has no Jira board set up, so what is planned is not known."
    if not flow.planned:
        return "No open ticket is in a sprint that has not begun, as far as Jira was asked."
    return f"{words.count(len(flow.planned), 'open ticket')} in a sprint that has not begun."


def _carried_says(flow: Flow, results: Sequence[Result], plan: Plan) -> str:
    if not results:
        return "No sprint of this team has finished yet."
    last = max((result.sprint for result in results), key=lambda sprint: sprint.end)
    ended = words.sprint_days(last, plan.zone)
    if not flow.carried_over:
        return f"Nothing that was in progress when the sprint of {ended} ended is so still."
    tickets = words.count(len(flow.carried_over), "ticket")
    were = "was" if len(flow.carried_over) == 1 else "were"
    return f"{tickets} {were} in progress when the sprint of {ended} ended, and still."


def _open(flow: Flow) -> Table:
    rows = [
        (
            Cell(said),
            *(Cell(f"{flow.open.get((category, age), 0):,}", numeric=True) for age, _ in AGES),
        )
        for category, said in _OPEN.items()
    ]
    columns = (Cell("State"), *(Cell(words.upper_first(age), numeric=True) for age, _ in AGES))
    return Table("Open tickets by how long ago they were made", columns, tuple(rows))


def _done(team: Team, plan: Plan, results: Sequence[Result]) -> Table | None:
    measure = MEASURES[_MEASURE]
    counting = {target.id for target in plan.targets if target.measure == _MEASURE}
    found = [r for r in results if r.target in counting]
    if not found:
        return None
    rows = [
        (
            Cell(words.sprint_days(r.sprint, plan.zone), links.sprint(team.id, r.sprint.id)),
            Cell(
                r.status.words if r.value is None else amount(r.value, measure.unit),
                links.result(r),
                hidden=f"in {r.sprint.name}",
            ),
        )
        for r in sorted(found, key=lambda r: r.sprint.start, reverse=True)
    ]
    title = f"{words.sentence(f'{measure.unit} {measure.happened}')[:-1]}, sprint by sprint"
    return Table(title, heads("Sprint", "Moved"), tuple(rows))


def _in_production(
    shipped: Sequence[tuple[Ticket, datetime]], team: Team, plan: Plan
) -> tuple[ListItem, ...]:
    done = [each for each in shipped if each[0].status_category is StatusCategory.DONE]
    newest = sorted(done, key=lambda each: (each[1], each[0].key), reverse=True)[:_SHOWN]
    return tuple(
        replace(
            ticket_item(ticket, team, plan),
            when=words.day(at.astimezone(plan.zone).date()),
            happened="Done, and in production since",
        )
        for ticket, at in newest
    )


def _cycle_time(flow: Flow) -> str:
    if flow.cycle_time is None:
        return "No ticket that moved to Done in these sprints was seen in progress before."
    took = duration(flow.cycle_time)
    said = f"Half of the {words.count(flow.timed, 'ticket')} took {took} or less."
    unseen = flow.done - flow.timed
    if unseen:
        said += f" {words.count(unseen, 'more ticket')} went to Done without a time in progress."
    return said


def duration(took: timedelta) -> str:
    """Return a time in whole days, or in whole hours under 2 days; at least 1 hour."""
    if took < 2 * _DAY:
        return words.count(max(1, round(took / _HOUR)), "hour")
    return words.count(round(took / _DAY), "day")


def _mix(flow: Flow) -> Table:
    rows = [
        (Cell(words.upper_first(kind)), Cell(f"{flow.kinds.get(kind, 0):,}", numeric=True))
        for kind in (*KINDS, OTHER)
    ]
    return Table(
        "What kind of work moved to Done in these sprints",
        (Cell("Kind"), Cell("Tickets", numeric=True)),
        tuple(rows),
    )
