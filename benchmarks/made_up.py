"""Facts of many teams, made up from a seed and kept through the store, as a collection would."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import (
    Commit,
    Coverage,
    Evidence,
    ProductionEvent,
    Reading,
    StatusCategory,
    StatusChange,
    Ticket,
)
from evaluator.model.plan import (
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
from hearten.config.bank_holidays import bank_holidays
from store.store import Store

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SPRINTS = 26
LENGTH = 14
FIRST_DAY = NOW.date() - timedelta(days=SPRINTS * LENGTH)
SINCE = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
REPOSITORIES = 2  # of each team, with so many commits, pull requests and deployments:
COMMITS, PULL_REQUESTS, DEPLOYMENTS = 200, 40, 60
TICKETS = 240
_DELIVERY = Delivery((Production(Evidence.DEPLOYMENT, environments=("production",)),))


def plan(teams: int) -> Plan:
    """Return the plan of so many teams with three targets; sprints of a cadence."""
    made = tuple(_team(number) for number in range(teams))
    sources = tuple(
        RepositorySource(entry.repository, (_DELIVERY,))
        for team in made
        for entry in team.repositories
    )
    measures = ("changes_in_production", "commits_in_production", "tickets_done")
    targets = tuple(
        Target(m, m, m, m, (TargetVersion(date(2021, 10, 1), minimum=1),)) for m in measures
    )
    return Plan(
        teams=made,
        targets=targets,
        sources=sources,
        bank_holidays=bank_holidays("england-and-wales", NOW.date()),
        jira_html=(("jira", "https://example.atlassian.net"),),
    )


def keep_everything(made: Plan, store: Store) -> None:
    """Keep what was read of every source of the plan."""
    for source in made.all_sources():
        random = Random(source.id)
        read = Coverage(
            source.id,
            fingerprint=source.fingerprint,
            since=SINCE,
            read_started=NOW,
            read_finished=NOW,
            attempt_started=NOW,
            attempt_finished=NOW,
        )
        if isinstance(source, RepositorySource):
            commits = tuple(_commits(source, random))
            events = tuple(_events(source, commits))
            store.facts.keep(Reading(read, commits=commits, events=events))
        else:
            store.facts.keep(Reading(read, tickets=tuple(_tickets(source, random))))


def _team(number: int) -> Team:
    return Team(
        id=f"team-{number:04}",
        name=f"Team {number}",
        sprints=Cadence(FIRST_DAY, LENGTH),
        repositories=tuple(
            TeamRepository(f"acme/service-{number:04}-{which}", delivery=_DELIVERY)
            for which in range(REPOSITORIES)
        ),
        jira=(TeamJira(TicketSource("jira", project=f"T{number:04}")),),
    )


def _commits(source: RepositorySource, random: Random) -> Iterator[Commit]:
    step = (NOW - SINCE) / COMMITS
    parents: tuple[str, ...] = ()
    for number in range(COMMITS):
        sha = f"{random.getrandbits(160):040x}"
        yield Commit(
            source.repository,
            sha,
            parents,
            committed_at=(SINCE + number * step).replace(microsecond=0),
            pull_request=number * PULL_REQUESTS // COMMITS if random.random() < 0.8 else None,
            bot=random.random() < 0.1,
        )
        parents = (sha,)


def _events(source: RepositorySource, commits: Sequence[Commit]) -> Iterator[ProductionEvent]:
    url = f"https://github.com/{source.repository}/deployments/production"
    for number in range(DEPLOYMENTS):
        commit = commits[number * COMMITS // DEPLOYMENTS]
        yield ProductionEvent(
            source.repository,
            Evidence.DEPLOYMENT,
            ident=f"DE_{number}",
            sha=commit.sha,
            name="production",
            at=commit.committed_at + timedelta(hours=3),
            url=url,
        )


def _tickets(source: Source, random: Random) -> Iterator[Ticket]:
    step = (NOW - SINCE) / TICKETS
    to_do, doing, done = StatusCategory.TO_DO, StatusCategory.IN_PROGRESS, StatusCategory.DONE
    for number in range(TICKETS):
        at = (SINCE + number * step).replace(microsecond=0)
        yield Ticket(
            source.id,
            issue_id=str(10_000 + number),
            key=f"{source.id[-5:]}-{number}",
            project=source.id[-5:],
            type=random.choice(("Story", "Bug", "Task", "Epic")),
            sub_task=random.random() < 0.1,
            labels=(),
            created=at - timedelta(days=5),
            updated=at,
            status_id="3",
            status_category=done,
            resolution="Done",
            changes=(
                StatusChange(at - timedelta(days=3), "1", "2", to_do, doing),
                StatusChange(at, "2", "3", doing, done),
            ),
        )
