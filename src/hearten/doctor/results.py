"""The newest results, by the record alone: why some have no data, what stands behind a zero."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from evaluator.asked_no_more import is_let_go
from evaluator.measures import MEASURES
from evaluator.model.delivery import stanzas_to_read
from evaluator.model.evidence import Production, event_label
from evaluator.model.facts import Coverage, ProductionEvent
from evaluator.model.plan import Plan, RepositorySource, Source, Team
from evaluator.model.results import Gap, GapKind, Result, Sprint, Status
from evaluator.team_facts import deliveries_of
from evaluator.team_standing import TeamStanding, team_standings
from evaluator.wording import amount, day_of, last_day, span_words
from hearten.doctor.deliveries import delivery_findings, is_shown, newest_before, other_names
from hearten.doctor.findings import CheckedSection, Finding, section
from hearten.doctor.result_words import Missing, name_of, words
from store.store import Store

NAME = "Results"
_REPOSITORIES = "repositories"  # what a measure asks
_OF_NAMES = {
    GapKind.ANOTHER_NAME,
    GapKind.RUNS_ELSEWHERE,
    GapKind.RUNS_ON_MERGE,
    GapKind.NAME_OF_ANOTHER,
}
_LATELY = timedelta(days=400)


def look_at_results(
    store: Store, plan: Plan, now: datetime, *, told: Collection[str] = ()
) -> CheckedSection:
    """Return what is found of each team's last finished sprint. Errors: StoreError.

    Each source behind a "No data" has a finding by its name, but where the section before `told`
    of its names, and that is what its result lacks. What stands behind a zero is a
    detail: the source, and what it showed last.
    """
    results = store.results.shown(now, brief=False)
    of_team: dict[str, list[Result]] = {team.id: [] for team in plan.teams}
    for result in results:
        of_team.setdefault(result.team, []).append(result)
    teams = tuple(t for t in plan.teams if not is_let_go(t, of_team[t.id], plan, now))
    plan = replace(plan, teams=teams)
    coverage = store.facts.coverage()
    standings = team_standings(teams, plan, results, coverage, now)
    look = _Look(plan, store, now, told, coverage)
    findings = [found for standing in standings for found in look.at(standing)]
    details = [
        *(line for standing in standings for line in look.zeros(standing)),
        *look.earlier_zeros(standings),
    ]
    judged = sum(standing.last_finished is not None for standing in standings)
    said = f"the last finished sprint of {amount(judged, 'teams')}"
    return section(
        NAME,
        [said if judged else "no sprint is finished yet"],
        _each_once([*findings, *look.of_deliveries()]),
        details=dict.fromkeys(details),
    )


@dataclass(slots=True)
class _Look:
    """Looks at standings one by one, and keeps which repositories results lack something of."""

    plan: Plan
    store: Store
    now: datetime
    told: Collection[str]
    coverage: Mapping[str, Coverage]
    _sources: Mapping[str, Source] = field(init=False)
    _behind: dict[str, RepositorySource] = field(default_factory=dict)
    _events: dict[str, Sequence[ProductionEvent]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sources = {source.id: source for source in self.plan.all_sources()}

    def at(self, standing: TeamStanding) -> Iterator[Finding]:
        """Yield a finding for each thing that keeps a team from its newest data."""
        team = standing.team
        if standing.unreadable is not None:
            yield self._finding(team, standing.unreadable, None)
        for result in _newest(standing):
            if result.status is Status.NO_DATA or (result.status is Status.NOT_MET and result.gaps):
                for gap in (each for each in result.gaps if not self._is_told(each)):
                    yield self._finding(team, gap, result.sprint)
            if result.status in (Status.NO_DATA, Status.NOT_MET):
                self._keep_behind(result.sources)

    def zeros(self, standing: TeamStanding) -> Iterator[str]:
        """Yield a line on each source of a team's newest zero, with what it showed before."""
        targets = {target.id: target for target in self.plan.targets}
        for result in _newest(standing):
            target = targets.get(result.target)
            if result.status is not Status.NOT_MET or result.evidence or target is None:
                continue
            measure = MEASURES[target.measure]
            team = standing.team
            sprint = f"nothing {measure.happened} for {team.name} {self._span(result)}"
            for source in self._known(result.sources):
                if isinstance(source, RepositorySource) or measure.asks != _REPOSITORIES:
                    yield f"{name_of(source)}: {sprint}{self._before(team, source, result)}"

    def earlier_zeros(self, standings: Iterable[TeamStanding]) -> Iterator[str]:
        """Yield a line on each source of zeros of earlier sprints, of the last 400 days."""
        newest = {
            (result.team, result.target, result.sprint.id)
            for standing in standings
            for result in _newest(standing)
        }
        found = self.store.results.summaries(sprint_from=self.now - _LATELY)
        zeros = Counter(
            (one.team, one.target)
            for one in found
            if one.status is Status.NOT_MET
            and not one.value
            and (one.team, one.target, one.sprint_id) not in newest
        )
        measures = {target.id: MEASURES[target.measure] for target in self.plan.targets}
        for team in self.plan.teams:
            for target in (target for target in measures if (team.id, target) in zeros):
                sprints = amount(zeros[team.id, target], "earlier sprints")
                said = f"nothing {measures[target].happened} for {team.name} in {sprints}"
                for source in self._asked(team, measures[target].asks):
                    yield f"{name_of(source)}: {said}"

    def _asked(self, team: Team, asks: str) -> Iterator[Source]:
        repositories = [entry.source_id for entry in team.repositories]
        ids = repositories if asks == _REPOSITORIES else [jira.tickets.id for jira in team.jira]
        return self._known(dict.fromkeys(ids))

    def _known(self, ids: Iterable[str]) -> Iterator[Source]:
        """Yield those of the sources that the plan still has."""
        return (self._sources[each] for each in ids if each in self._sources)

    def of_deliveries(self) -> Iterator[Finding]:
        """Yield what the record shows of the repositories that results lack something of."""
        for source in self._behind.values():
            events = self._events_of(source)
            yield from delivery_findings(source, events, now=self.now, zone=self.plan.zone)

    def _is_told(self, gap: Gap) -> bool:
        source = self._sources.get(gap.source)
        return gap.kind in _OF_NAMES and source is not None and name_of(source) in self.told

    def _finding(self, team: Team, gap: Gap, sprint: Sprint | None) -> Finding:
        source = self._sources.get(gap.source)
        today = self.now.astimezone(self.plan.zone).date()
        first_day, read = sprint.first_day if sprint else today, self.coverage.get(gap.source)
        missing = Missing(gap, source, first_day, read=read)
        if isinstance(source, RepositorySource):
            stanzas, events = _stanzas(team, source), self._events_of(source)
            left_out = sum(is_shown(stanzas, event) for event in events)
            names = other_names(stanzas, events)
            missing = replace(missing, stanzas=stanzas, names=names, left_out=left_out)
        said = words(missing)
        about = name_of(source) if source else gap.source or f"team {team.id}"
        return Finding(about, f"No data for {team.name}: {said.what}", said.who, said.remedy)

    def _keep_behind(self, sources: Iterable[str]) -> None:
        for source in self._known(sources):
            if isinstance(source, RepositorySource):
                self._behind[source.id] = source

    def _before(self, team: Team, source: Source, result: Result) -> str:
        if not isinstance(source, RepositorySource):
            return ""
        end = min(result.sprint.end, self.now)
        event = newest_before(_stanzas(team, source), self._events_of(source), end)
        if event is None or event.at is None:
            return ""
        return f"; its newest by then: {event_label(event)} on {day_of(event.at, self.plan.zone)}"

    def _events_of(self, source: RepositorySource) -> Sequence[ProductionEvent]:
        if source.id not in self._events:
            self._events[source.id] = self.store.facts.events(source.id)
        return self._events[source.id]

    def _span(self, result: Result) -> str:
        zone = self.plan.zone
        first, last = result.sprint.first_day, last_day(result.sprint.end, zone)
        return (
            f"from {span_words(first, last)}" if first != last else f"on {span_words(first, last)}"
        )


def _stanzas(team: Team, source: RepositorySource) -> tuple[Production, ...]:
    """Return the team's own stanzas of a repository, whenever they hold."""
    return stanzas_to_read(tuple(deliveries_of(team, source.repository)))


def _newest(standing: TeamStanding) -> Sequence[Result]:
    return standing.last_finished.results if standing.last_finished else ()


def _each_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    return iter(dict.fromkeys(findings))
