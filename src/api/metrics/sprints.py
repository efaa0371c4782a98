"""Metrics of each team's sprints: status, value and minimum by target, from the store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from prometheus_client.metrics_core import Metric

from api.metrics.registry import CURRENT, LAST_FINISHED, MetricFamily, families
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import Plan, Team
from evaluator.model.results import ResultSummary, Status
from evaluator.nothing_read import nothing_read
from evaluator.streaks import streak
from evaluator.team_standing import (
    current_teams,
    source_ids,
    unreadable_board,
    without_sprint,
)

Reasons = Mapping[tuple[str, str, str], Collection[str]]  # by team, sprint id and target
TOO_FEW = "too_few"  # all was read, and too few say nothing


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

    def unread(self, team: Team, plan: Plan, now: datetime) -> None:
        """Add a 1 for what an unread team has, and no 0: nobody may take it for a count."""
        for target, status in without_sprint(team, plan, now):
            labels = {"team": team.id, "target": target, "period": LAST_FINISHED}
            self._status.add({**labels, "status": status.value}, 1)

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
    why: Reasons,
    coverage: Mapping[str, Coverage],
    now: datetime,
) -> list[Metric]:
    """Where the plan's teams stand in their last finished and current sprints, from `shown`.

    `why` has the reasons of the results without data.
    A team whose board cannot be read has statuses only: nobody knows its last finished sprint. One
    of which nothing was read yet has "no data" alone. A team that closed has nothing.
    """
    teams, targets = current_teams(plan, now), {target.id for target in plan.targets}
    by_team: dict[str, list[ResultSummary]] = {team.id: [] for team in teams}
    for glance in shown:
        if glance.team in by_team and glance.target in targets:
            by_team[glance.team].append(glance)
    unread = [t for t in teams if nothing_read(source_ids(t), coverage, by_team[t.id])]
    read = [team for team in teams if team not in unread]
    boards = {
        team: gap.reason
        for team in read
        if (
            gap := unreadable_board(
                team,
                plan,
                coverage,
                now,
                in_sprint=any(now < g.settled_at for g in by_team[team.id]),
            )
        )
    }
    known = sorted(team.id for team in read if team not in boards)
    found, reasons = SprintFamilies(), MetricFamily("hearten_result_reason")
    _add_results(found, reasons, [glance for team in known for glance in by_team[team]], why, now)
    for each, reason in boards.items():
        for target, status in without_sprint(each, plan, now):
            found.status(each.id, target, LAST_FINISHED, status)
        _explain_without_sprint(reasons, each, plan, [reason], now)
    for each in unread:
        found.unread(each, plan, now)
        _explain_without_sprint(reasons, each, plan, _unread(each, coverage), now)
    return [*found.metrics(), reasons.metric]


def _add_results(
    found: SprintFamilies,
    reasons: MetricFamily,
    kept: Sequence[ResultSummary],
    why: Reasons,
    now: datetime,
) -> None:
    # Where two sprints of a team start at once, the later id is taken for all targets: a series
    # that comes twice would spoil the scrape.
    chosen = {(g.team, period): g.sprint_id for g in kept if (period := _period(g, now))}
    for (team, sprint_id), together in groupby(kept, lambda g: (g.team, g.sprint_id)):
        results = list(together)
        period = _period(results[0], now)
        if period is None or chosen[team, period] != sprint_id:
            continue
        found.sprint(results[0], period)
        for result in results:
            found.result(result, period)
            if result.status is Status.NO_DATA:
                codes = why.get((team, sprint_id, result.target), ())
                _explain(reasons, team, result.target, period, codes)


def _explain_without_sprint(
    family: MetricFamily, team: Team, plan: Plan, codes: Collection[str], now: datetime
) -> None:
    for target, status in without_sprint(team, plan, now):
        if status is Status.NO_DATA:
            _explain(family, team.id, target, LAST_FINISHED, codes)


def _explain(
    family: MetricFamily, team: str, target: str, period: str, codes: Collection[str]
) -> None:
    """Add a 1 for each code; none means that all was read."""
    for code in codes or (TOO_FEW,):
        family.add({"team": team, "target": target, "period": period, "reason": str(code)}, 1)


def _unread(team: Team, coverage: Mapping[str, Coverage]) -> list[str]:
    """Why nothing of a team was read, each code once: `stale` where nobody tried yet."""
    tried = (coverage.get(source) for source in source_ids(team))
    return sorted({str((known and known.reason) or Reason.STALE) for known in tried})


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
    plan: Plan, coverage: Mapping[str, Coverage], now: datetime, over: Collection[str] = ()
) -> Metric:
    """Whether each source of each team was read, but for those of `over`: asked no more.

    A team that closed has only what is still asked for its last sprint, and for no other team.
    """
    family = MetricFamily("hearten_data_coverage_ratio")
    read = {source for source, known in coverage.items() if known.reason is None}
    current = current_teams(plan, now)
    of_current = frozenset(source_ids(*current))
    for team in plan.teams:
        left = over if team in current else of_current.union(over)
        for source in (each for each in source_ids(team) if each not in left):
            family.add({"team": team.id, "source": source}, source in read)
    return family.metric


def _period(glance: ResultSummary, now: datetime) -> str | None:
    """Which period a result is of; None of a sprint that just closed and has not settled."""
    if glance.settled_at <= now:
        return LAST_FINISHED
    return CURRENT if now < glance.end else None
