"""The plan: teams, sources, targets and excused periods, as read from configuration.

Local days are `date`s in the plan's time zone; instants appear only where days become windows.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from evaluator.model.days import ALWAYS, Days
from evaluator.model.delivery import SHIPS_BY_MERGE, Delivery, digest, stanzas_to_read
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.jql_projects import projects_of
from evaluator.model.patterns import usable
from evaluator.model.product import UNNAMED, Allocation, Product, Role
from evaluator.model.source_id import SourceId, SourceKind
from evaluator.model.ticket_labels import USUAL, TicketLabels
from evaluator.model.web_addresses import below


@dataclass(frozen=True, slots=True)
class RepositorySource:
    """A GitHub repository, with everything of the configuration that shapes its facts."""

    repository: str  # owner/name
    deliveries: tuple[Delivery, ...] = (SHIPS_BY_MERGE,)  # of all teams, each once
    paths: tuple[str, ...] = ()  # the union of all teams' folders, sorted
    bots: tuple[str, ...] = ()  # logins that count as bots, sorted
    agents_count: bool = False  # whether what a coding agent's pull request brought counts

    @property
    def id(self) -> str:
        """The source's stable name in the store."""
        return _repository_id(self.repository)

    @property
    def stanzas(self) -> tuple[Production, ...]:
        """What is read of its events: each stanza of any team once, whenever it holds."""
        return stanzas_to_read(self.deliveries)

    def lists(self, kind: Evidence, name: str) -> bool:
        """Whether any team's entry takes what has this name for evidence of this kind."""
        return any(s.evidence is kind and s.matches(name) for s in self.stanzas)

    @property
    def branch(self) -> str | None:
        """The production branch, or the pattern of several; None is the default branch."""
        return self.stanzas[0].branch

    @property
    def history_branch(self) -> str | None:
        """The branch whose history is read, None for the default branch."""
        return next(filter(None, (s.history_branch for s in self.stanzas)), None)

    @property
    def fingerprint(self) -> str:
        """A digest of the configuration that shaped the facts; a new one voids old coverage."""
        first, *more = [stanza.shape for stanza in self.stanzas]
        return digest(
            first,
            sorted(self.paths),
            sorted(bot.casefold() for bot in self.bots),
            *(["agents count"] if self.agents_count else []),
            # They once were names.
            *(["patterns"] if any(s.environments_by_pattern for s in self.stanzas) else []),
            *more,
        )

    @property
    def reach_fingerprint(self) -> str:
        """A digest of the configuration that decides what its events bring to production."""
        return digest(self.fingerprint, sorted(each.key for each in self.deliveries))


_LABELS_KEPT = USUAL.kept


@dataclass(frozen=True, slots=True)
class TicketSource:
    """The tickets of a Jira project, or of a JQL clause, on one site.

    `labels` are those that are kept of them. Of links whose type is among `feedback_links` the
    other ticket is looked at too. `in_sprints` is whether a board's sprints hold them.
    """

    site: str
    project: str = ""
    jql: str = ""
    labels: tuple[str, ...] = _LABELS_KEPT
    feedback_links: tuple[str, ...] = ()
    in_sprints: bool = False

    @property
    def projects(self) -> frozenset[str]:
        """The keys of Jira projects that it names, in capitals; of a JQL those it says plainly."""
        return frozenset({self.project.upper()} if self.project else projects_of(self.jql))

    @property
    def scope(self) -> str:
        """The JQL that names these tickets, without a bound on time."""
        return self.jql or f'project = "{self.project}"'

    @property
    def id(self) -> str:
        """The source's stable name in the store."""
        return _tickets_id(self.site, self.project, self.jql)

    @property
    def fingerprint(self) -> str:
        """A digest of the configuration that shaped the facts."""
        return digest(
            self.scope,
            *([self.labels] if self.labels != _LABELS_KEPT else []),
            *(["links", self.feedback_links] if self.feedback_links else []),
        )


@dataclass(frozen=True, slots=True)
class BoardSource:
    """The sprints of a Jira board."""

    site: str
    board: int

    @property
    def id(self) -> str:
        """The source's stable name in the store."""
        return str(SourceId(SourceKind.BOARD, self.site, str(self.board)))

    @property
    def fingerprint(self) -> str:
        """A digest of the configuration that shaped the facts."""
        return digest(self.board)


Source = RepositorySource | TicketSource | BoardSource


@dataclass(frozen=True, slots=True)
class TeamRepository:
    """A repository that a team looks after, whole or by folders, for some days, as it ships."""

    repository: str
    paths: tuple[str, ...] = ()
    days: Days = ALWAYS
    delivery: Delivery = SHIPS_BY_MERGE

    @property
    def source_id(self) -> str:
        """The id of the repository's source."""
        return _repository_id(self.repository)


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Tickets that are not counted, each for a reason that a result shows."""

    types: tuple[str, ...] = ("Epic", "Objective")
    sub_tasks: bool = True
    resolutions: tuple[str, ...] = (
        "Won't Do",
        "Won't Fix",
        "Duplicate",
        "Cannot Reproduce",
        "Declined",
        "Cancelled",
        "Obsolete",
    )
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamJira:
    """A Jira project or JQL that a team works from, for some days.

    From `seen_from` on, nothing is missed of open tickets that were hidden most at once.
    """

    tickets: TicketSource
    board: int | None = None
    leave_out: LeaveOut = LeaveOut()
    days: Days = ALWAYS
    project_id: int | None = None  # where links make a ticket, with its type
    issue_type_id: int | None = None
    seen_from: date | None = None


@dataclass(frozen=True, slots=True)
class Cadence:
    """Sprints of `length_days` that begin at local midnights; one of them on `first_day`."""

    first_day: date
    length_days: int


@dataclass(frozen=True, slots=True)
class DatedSprints:
    """Where sprints come from, from local day `first` on; None is from ever.

    Of a board's they are those whose whole name matches `names`, all where that is empty.
    """

    calendar: Cadence | BoardSource
    first: date | None = None
    names: str = ""  # a regular expression

    @property
    def names_usable(self) -> bool:
        """Whether sprints can be matched with `names`."""
        return not self.names or usable(self.names)


Calendars = tuple[DatedSprints, ...]  # in order of their days


@dataclass(frozen=True, slots=True)
class FormerSprints:
    """Where a team's sprints came from until `until`, when something else was first seen."""

    until: datetime
    calendars: Calendars


@dataclass(frozen=True, slots=True)
class Closed:
    """A team that was closed after local day `last`, and is open again.

    The one was first seen at `since`, the other at `until`; that holds from local day `again` on
    where one was written.
    """

    last: date
    since: datetime
    until: datetime
    again: date | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A team. `sprints` is a cadence, or the board whose sprints count.

    Of a board's they are those whose whole name matches `sprint_names`, all where that is empty.
    `later_sprints` say what takes their place, and from which day on. `continues` are ids of teams
    whose past is this one's.
    `streaks` is whether the team wants its streaks shown.
    """

    id: str
    name: str
    sprints: Cadence | BoardSource | None
    group: str = ""
    repositories: tuple[TeamRepository, ...] = ()
    jira: tuple[TeamJira, ...] = ()
    not_applicable: tuple[tuple[str, str], ...] = ()  # (target id, why)
    active: Days = ALWAYS
    streaks: bool = False
    sprint_names: str = ""  # a regular expression
    later_sprints: Calendars = ()
    continues: tuple[str, ...] = ()

    @property
    def calendars(self) -> Calendars:
        """Everything that its sprints come from, in order of days."""
        if self.sprints is None:
            return ()
        return (DatedSprints(self.sprints, names=self.sprint_names), *self.later_sprints)

    @property
    def boards(self) -> list[BoardSource]:
        """The boards that its sprints come from on some day, once each."""
        if not self.later_sprints and isinstance(self.sprints, Cadence):
            return []
        boards = [c.calendar for c in self.calendars if isinstance(c.calendar, BoardSource)]
        return list(dict.fromkeys(boards))

    def unusable_names(self, board: BoardSource) -> str:
        """The pattern for the board's sprints, where none can be matched with it; else empty."""
        of_board = (each for each in self.calendars if each.calendar == board)
        return next((each.names for each in of_board if not each.names_usable), "")

    def board_on(self, day: date) -> BoardSource | None:
        """The board that its sprints come from on local `day`, None where that is a cadence."""
        in_force = sprints_on(day, self.calendars)
        calendar = in_force.calendar if in_force else None
        return calendar if isinstance(calendar, BoardSource) else None


class VersionStatus(StrEnum):
    """Where a version of a target stands; only AGREED ones judge anything."""

    PROPOSED = "proposed"
    SHADOW = "shadow"
    AGREED = "agreed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """What is asked from `effective_from` on. Its date is its name: versions never share one."""

    effective_from: date
    minimum: int
    status: VersionStatus = VersionStatus.AGREED
    effective_to: date | None = None
    proposed_on: date | None = None
    consultation_closes: date | None = None
    proposed_in: str = ""
    rationale: str = ""
    correction_reason: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A light-touch target: at least `minimum` of `measure` each `period`."""

    id: str
    title: str
    plain_english: str
    measure: str
    versions: tuple[TargetVersion, ...]
    period: str = "sprint"
    helps_with: str = ""
    benefit: str = ""
    stretch: bool = False
    owner_role: str = ""
    raci: str = ""
    balanced_by: str = ""
    not_a_measure_of: str = ""

    def version_on(self, day: date) -> TargetVersion | None:
        """The agreed version in force on local `day`, or None where there is none."""
        in_force = [
            v
            for v in self.versions
            if v.status is VersionStatus.AGREED
            and v.effective_from <= day
            and (v.effective_to is None or day <= v.effective_to)
        ]
        return max(in_force, key=lambda v: v.effective_from, default=None)


@dataclass(frozen=True, slots=True)
class Closure:
    """Local days on which nobody works, both included."""

    days: Days
    name: str


@dataclass(frozen=True, slots=True)
class AgreedDate:
    """Local days that everybody should know of, both included; perhaps of every year."""

    name: str
    first: date
    last: date
    every_year: bool = False


@dataclass(frozen=True, slots=True)
class Excuse:
    """Local days on which less is expected of one team, both included. Never who, never why."""

    team: str
    days: Days
    reason: str  # bank_holidays, closure, reduced_capacity, on_call_or_incident, agreed_other
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was agreed, as one snapshot. `bank_holidays` are (day, name).

    `files` are the names of the files that held it, None where an earlier version kept it.
    `gone` are teams that are there no more, each with the ids of those whose past was its own.
    """

    teams: tuple[Team, ...]
    targets: tuple[Target, ...]
    sources: tuple[RepositorySource, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    closures: tuple[Closure, ...] = ()
    bank_holidays: tuple[tuple[date, str], ...] = ()
    time_zone: str = "Europe/London"
    settle_days: int = 3
    product_name: str = "hearten"
    github_html: str = "https://github.com"  # where links to commits and pull requests lead
    jira_html: tuple[tuple[str, str], ...] = ()  # (site, address)
    product: Product = UNNAMED
    roles: tuple[Role, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    dates: tuple[AgreedDate, ...] = ()
    files: tuple[str, ...] | None = None
    gone: tuple[tuple[str, tuple[str, ...]], ...] = ()
    labels: TicketLabels = USUAL
    feedback_links: tuple[str, ...] = ()  # types of Jira's links

    @property
    def continues(self) -> dict[str, tuple[str, ...]]:
        """The ids of those whose past is a team's, by its id, of teams that are gone too."""
        return {**dict(self.gone), **{team.id: team.continues for team in self.teams}}

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin."""
        return ZoneInfo(self.time_zone)

    @property
    def ticket_projects(self) -> frozenset[str]:
        """The keys of all Jira projects that teams' tickets are said to be in, in capitals."""
        sources = (jira.tickets for team in self.teams for jira in team.jira)
        return frozenset[str]().union(*(source.projects for source in sources))

    @property
    def issue_repositories(self) -> frozenset[str]:
        """The repositories of teams without Jira: what these work on are issues of GitHub."""
        teams = (team for team in self.teams if not team.jira)
        return frozenset(entry.repository for team in teams for entry in team.repositories)

    def all_sources(self) -> list[Source]:
        """Every source that some team needs, once each, in order of id."""
        found: dict[str, Source] = {s.id: s for s in self.sources}
        for team in self.teams:
            for jira in team.jira:
                found[jira.tickets.id] = jira.tickets
            found |= {board.id: board for board in team.boards}
        return [found[key] for key in sorted(found)]

    def link(self, url: str) -> str:
        """Return `url` where it leads to the configured GitHub or a Jira site; else empty."""
        roots = (self.github_html, *(address for _, address in self.jira_html))
        return next(filter(None, (below(root, url) for root in roots)), "")

    def midnight(self, day: date) -> datetime:
        """The aware local midnight with which `day` begins."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)


def sprints_on(day: date, calendars: Calendars) -> DatedSprints | None:
    """Return where sprints come from on local `day`, None where `calendars` is empty."""
    begun = [each for each in calendars if each.first is None or each.first <= day]
    return begun[-1] if begun else None


@cache
def _tickets_id(site: str, project: str, jql: str) -> str:
    return str(SourceId(SourceKind.TICKETS, site, project or digest(jql)))


@cache
def _repository_id(repository: str) -> str:
    return str(SourceId(SourceKind.REPOSITORY, "", repository))
