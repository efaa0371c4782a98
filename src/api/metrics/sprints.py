"""Metrics of each team's sprints: status, value and minimum by target, from the store."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import groupby

from prometheus_client.metrics_core import Metric

from api.metrics.registry import CURRENT, LAST_FINISHED, MetricFamily, families
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan
from evaluator.model.results import ResultSummary, Status
from evaluator.streaks import streak
from evaluator.team_standing import source_ids, unreadable_board, without_sprint


class SprintFamilies:
    """The families that say where teams stand, filled result by result."""

    def __init__(self) -> None:
        self._status, self._value, self._minimum = families(
            "hearten_target_status", "hearten_target_value", "hearten_target_minimum"
        )
        self._start, self._end, self._info = families(
            "hearten_sprint_start_timestamp_seconds",
            "hearten_sprint_end_timestamp_seconds",
            "hearten_sprint_info",
        )

    def metrics(self) -> list[Metric]:
        """All of them."""
        found = (self._status, self._value, self._minimum, self._start, self._end, self._info)
        return [family.metric for family in found]

    def sprint(self, glance: ResultSummary, period: str, at: datetime | None = None) -> None:
        """Add the sprint of a result, once for all its targets."""
        labels = {"team": glance.team, "period": period}
        self._start.add(labels, glance.start.timestamp(), at=at)
        self._end.add(labels, glance.end.timestamp(), at=at)
        named = {"sprint_id": glance.sprint_id, "sprint_name": glance.sprint_name}
        self._info.add(labels | named, 1, at=at)

    def status(
        self, team: str, target: str, period: str, status: Status, at: datetime | None = None
    ) -> None:
        """Add a 1 for a status and a 0 for each other."""
        labels = {"team": team, "target": target, "period": period}
        for each in Status:
            self._status.add({**labels, "status": each.value}, each is status, at=at)

    def result(self, glance: ResultSummary, period: str, at: datetime | None = None) -> None:
        """Add one result: a 1 for its status and a 0 for each other; a value where there is one."""
        labels = {"team": glance.team, "target": glance.target, "period": period}
        self.status(glance.team, glance.target, period, glance.status, at)
        if glance.value is not None:
            self._value.add(labels, glance.value, at=at)
        if glance.minimum is not None:
            self._minimum.add(labels, glance.minimum, at=at)


def standing_metrics(
    plan: Plan,
    shown: Iterable[ResultSummary],
    coverage: Mapping[str, Coverage],
    now: datetime,
) -> list[Metric]:
    """Where the plan's teams stand in their last finished and current sprints, from `shown`.

    A team whose board cannot be read has statuses only: nobody knows its last finished sprint.
    """
    teams, targets = {team.id for team in plan.teams}, {target.id for target in plan.targets}
    kept = [g for g in shown if g.team in teams and g.target in targets]
    in_sprint = {glance.team for glance in kept if now < glance.settled_at}
    unread = {
        team.id: team
        for team in plan.teams
        if unreadable_board(team, plan, coverage, now, in_sprint=team.id in in_sprint)
    }
    kept = [glance for glance in kept if glance.team not in unread]
    # Where two sprints of a team start at once, the later id is taken for all targets: a series
    # that comes twice would spoil the scrape.
    chosen = {(g.team, period): g.sprint_id for g in kept if (period := _period(g, now))}
    found = SprintFamilies()
    for (team, sprint_id), together in groupby(kept, lambda g: (g.team, g.sprint_id)):
        results = list(together)
        period = _period(results[0], now)
        if period is None or chosen[team, period] != sprint_id:
            continue
        found.sprint(results[0], period)
        for result in results:
            found.result(result, period)
    for team in unread.values():
        for target, status in without_sprint(team, plan, now):
            found.status(team.id, target, LAST_FINISHED, status)
    return found.metrics()


def streak_metric(targets: Collection[str], history: Iterable[ResultSummary]) -> Metric:
    """The streaks of teams that opted in; none while paused, for then nothing is announced."""
    family = MetricFamily("hearten_streak_sprints")
    by_target: dict[tuple[str, str], list[ResultSummary]] = {}
    for glance in history:
        if glance.target in targets:
            by_target.setdefault((glance.team, glance.target), []).append(glance)
    for (team, target), results in by_target.items():
        found = streak(results)
        if not found.paused:
            family.add({"team": team, "target": target}, found.length)
    return family.metric


def coverage_metric(
    plan: Plan, coverage: Mapping[str, Coverage], over: Collection[str] = ()
) -> Metric:
    """Whether each source of each team was read, but for those of `over`: asked no more."""
    family = MetricFamily("hearten_data_coverage_ratio")
    read = {source for source, known in coverage.items() if known.reason is None}
    for team in plan.teams:
        for source in (each for each in source_ids(team) if each not in over):
            family.add({"team": team.id, "source": source}, source in read)
    return family.metric


def _period(glance: ResultSummary, now: datetime) -> str | None:
    """Which period a result is of; None of a sprint that just closed and has not settled."""
    if glance.settled_at <= now:
        return LAST_FINISHED
    return CURRENT if now < glance.end else None
