"""A small world to judge: one team, one repository, one Jira project, in March 2026."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from evaluator.measures import MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import (
    BoardSprint,
    Commit,
    Coverage,
    Evidence,
    Facts,
    ProductionEvent,
    Reached,
    Reason,
    StatusCategory,
    StatusChange,
    Ticket,
)
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Plan,
    RepositorySource,
    Source,
    Target,
    TargetVersion,
    Team,
    TeamJira,
    TeamRepository,
    TicketSource,
)
from evaluator.model.results import Measurement, Sprint
from evaluator.reach import reach
from evaluator.sprints import with_the_next
from evaluator.team_facts import team_facts

TO_DO, DOING, DONE, UNKNOWN = (
    StatusCategory.TO_DO,
    StatusCategory.IN_PROGRESS,
    StatusCategory.DONE,
    StatusCategory.UNKNOWN,
)


def at(text: str) -> datetime:
    """Return a UTC instant from "2026-03-04" or "2026-03-04 12:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


BY_DEPLOYMENT = Production(evidence=Evidence.DEPLOYMENT, environments=("production",))
SHIPS = Delivery((BY_DEPLOYMENT,))
WEB = RepositorySource("nhsuk/web", (SHIPS,))
HER = TicketSource("jira", project="HER")
BOARD = BoardSource("jira", 42)
TEAM = Team(
    id="heron",
    name="Heron",
    sprints=Cadence(date(2026, 3, 3), 14),
    repositories=(TeamRepository("nhsuk/web", delivery=SHIPS),),
    jira=(TeamJira(HER, board=42),),
)
AT_LEAST_ONE = TargetVersion(date(2021, 10, 1), minimum=1)
TARGETS = (
    Target("reached-production", "", "", "changes_in_production", (AT_LEAST_ONE,)),
    Target("tickets-done", "", "", "tickets_done", (AT_LEAST_ONE,)),
)
PLAN = Plan(
    teams=(TEAM,), targets=TARGETS, sources=(WEB,), jira_html=(("jira", "https://jira.example"),)
)
SPRINT_A = Sprint(
    id="2026-03-03",
    name="3 to 16 March 2026",
    start=at("2026-03-03"),
    end=at("2026-03-17"),
    first_day=date(2026, 3, 3),
    settled_at=at("2026-03-20"),
    gap_end=at("2026-03-17"),
)
SPRINT_B = Sprint(
    id="2026-03-17",
    name="17 to 30 March 2026",
    start=at("2026-03-17"),
    end=at("2026-03-30 23:00"),
    first_day=date(2026, 3, 17),
    settled_at=at("2026-04-02 23:00"),
    gap_end=at("2026-03-30 23:00"),
)
LATER = at("2026-05-01")


def commit(sha: str, *parents: str, made: str = "2026-03-01", **known: Any) -> Commit:
    """Return a commit of the team's repository, unless told otherwise."""
    return replace(Commit("nhsuk/web", sha, parents, at(made)), **known)


def deployed(ident: str, sha: str, when: str | None, **known: Any) -> ProductionEvent:
    """Return a deployment to production."""
    url = f"https://github.example/deployments/{ident}"
    event = ProductionEvent(
        "nhsuk/web", Evidence.DEPLOYMENT, ident, sha, "production", at(when) if when else None, url
    )
    return replace(event, **known)


def merged(sha: str, when: str) -> ProductionEvent:
    """Return a merge to the production branch."""
    url = f"https://github.example/commit/{sha}"
    return ProductionEvent("nhsuk/web", Evidence.MERGE, sha, sha, "main", at(when), url)


def shipping(
    *stanzas: Production, team: Team = TEAM, source: RepositorySource = WEB
) -> tuple[RepositorySource, Plan]:
    """Return the repository as it ships by these stanzas, and a plan in which the team's does."""
    delivery = Delivery(stanzas)
    entries = tuple(
        replace(entry, delivery=delivery) if entry.repository == source.repository else entry
        for entry in team.repositories
    )
    source = replace(source, deliveries=(delivery,))
    teams = (replace(team, repositories=entries),)
    return source, replace(PLAN, teams=teams, sources=(source,))


def shipped(
    commits: Iterable[Commit],
    events: Iterable[ProductionEvent],
    *,
    by: RepositorySource = WEB,
    **more: Any,
) -> Facts:
    """Return facts in which the events brought the commits of each repository to production.

    They did so by each delivery of `by`, as far as that admits the events.
    """
    commits, events = list(commits), list(events)
    reached: list[Reached] = []
    for name in sorted({one.repository for one in commits}):
        own = {one.sha: one for one in commits if one.repository == name}
        graph = {sha: one.parents for sha, one in own.items()}
        of_name = [event for event in events if event.repository == name]
        for delivery in by.deliveries:
            key = delivery.key
            admitted = {delivery.admitted(e, PLAN.zone): e for e in of_name}
            brought = reach(graph, [event for event in admitted if event is not None])
            reached += [Reached(own[sha], admitted[e], key) for sha, e in brought.items()]
    known = {"coverage": (read(WEB), read(HER), read(BOARD))} | more
    return Facts(reached=tuple(reached), events=tuple(events), **known)


def read(source: Source, since: str = "2026-01-01", started: str = "2026-05-01") -> Coverage:
    """Return the coverage of a source that was completely read."""
    return Coverage(
        source=source.id,
        fingerprint=source.fingerprint,
        since=at(since),
        read_started=at(started),
        read_finished=at(started),
        attempt_started=at(started),
        attempt_finished=at(started),
    )


def unread(source: Source, reason: Reason = Reason.NO_ACCESS, detail: str = "") -> Coverage:
    """Return the coverage of a source of which no read ever closed."""
    return Coverage(source=source.id, reason=reason, what=detail)


def moved(when: str, before: StatusCategory = DOING, after: StatusCategory = DONE) -> StatusChange:
    """Return a ticket's change of status, to Done unless told otherwise."""
    return StatusChange(at(when), before.value, after.value, before, after)


def ticket(key: str, *changes: StatusChange, **known: Any) -> Ticket:
    """Return a ticket of the team's project with these changes of status."""
    category = changes[-1].to_category if changes else TO_DO
    return replace(
        Ticket(
            source=HER.id,
            issue_id=f"id of {key}",
            key=key,
            project="HER",
            type="Story",
            sub_task=False,
            labels=(),
            created=at("2026-01-05"),
            updated=at("2026-01-05"),
            status_id=category.value,
            status_category=category,
            resolution=None,
            changes=changes,
        ),
        **known,
    )


LONG_DONE = ticket("HER-1000", moved("2026-01-20"))


def jira(*tickets: Ticket, **more: Any) -> Facts:
    """Return facts with these tickets, and one that was Done long before, completely read."""
    return shipped((), (), tickets=(LONG_DONE, *tickets), **more)


def board_sprint(
    number: int,
    start: str | None,
    planned_end: str | None,
    completed: str | None = None,
    **known: Any,
) -> BoardSprint:
    """Return a sprint of the team's board: closed if `completed`, else active."""
    sprint = BoardSprint(
        source=BOARD.id,
        sprint_id=number,
        name=f"Sprint {number}",
        state="closed" if completed else "active",
        start=at(start) if start else None,
        planned_end=at(planned_end) if planned_end else None,
        completed=at(completed) if completed else None,
    )
    return replace(sprint, **known)


def find(
    measure: str,
    facts: Facts,
    window: Sprint = SPRINT_A,
    *,
    team: Team | None = None,
    plan: Plan = PLAN,
    now: datetime = LATER,
) -> Measurement:
    """Return what a measure finds for the team, the plan's first unless told otherwise."""
    team = team or plan.teams[0]
    context = MeasureContext(team, window, plan, team_facts(team, plan, facts), now)
    return MEASURES[measure].found(context)


def labels(found: Measurement) -> list[str]:
    """Return what was counted."""
    return [item.label for item in found.evidence]


def reasons(found: Measurement) -> dict[str, str]:
    """Return what was left out, with the reasons."""
    return {item.label: item.reason for item in found.left_out}


def gap_reasons(found: Measurement) -> Sequence[Reason]:
    """Return why sources were not completely read."""
    return [gap.reason for gap in found.gaps]


def sprints_of(
    team: Team,
    plan: Plan,
    board_sprints: Iterable[BoardSprint],
    *,
    earliest: datetime | None,
    now: datetime,
) -> list[Sprint]:
    """Return the sprints of a team that have begun."""
    found = with_the_next(team, plan, board_sprints, earliest=earliest, now=now)
    return [sprint for sprint in found if sprint.start <= now]
