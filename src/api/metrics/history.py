"""Results as OpenMetrics text, for the history from before Prometheus first scraped hearten."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from api.metrics.registry import LAST_FINISHED
from api.metrics.sprints import SprintFamilies
from evaluator.model.plan import Plan
from evaluator.model.results import ResultSummary
from store.store import Store

_FORMAT = "application/openmetrics-text; version=1.0.0"


def openmetrics(
    store: Store,
    now: datetime,
    *,
    sprint_from: datetime | None = None,
    sprint_to: datetime | None = None,
) -> bytes:
    """Return the results of sprints that have settled, each as samples at its sprint's end.

    A sprint belongs if it starts in `sprint_from` <= start < `sprint_to`. Only teams and targets of
    the plan in force are there, as in `/metrics`.
    """
    plan = store.plans.newest() or Plan(teams=(), targets=())
    teams, targets = {team.id for team in plan.teams}, {target.id for target in plan.targets}
    found = store.results.summaries(sprint_from=sprint_from, sprint_to=sprint_to)
    settled = [g for g in found if g.settled_at <= now]
    encode, _ = choose_encoder(_FORMAT)
    return encode(_Samples(_history(settled, teams, targets)))


def _history(
    glances: Iterable[ResultSummary], teams: Collection[str], targets: Collection[str]
) -> list[Metric]:
    """The families, with the samples of one series together and in order of time.

    Of two sprints of a team that end at once, the later id is taken: a series has one value at a
    time.
    """
    kept = [g for g in glances if g.team in teams and g.target in targets]
    sprints = {(g.team, g.end): g.sprint_id for g in kept}
    standings = SprintFamilies()
    told: set[tuple[str, datetime]] = set()
    for glance in kept:
        if sprints[glance.team, glance.end] != glance.sprint_id:
            continue
        if (glance.team, glance.end) not in told:
            told.add((glance.team, glance.end))
            standings.sprint(glance, LAST_FINISHED, at=glance.end)
        standings.result(glance, LAST_FINISHED, at=glance.end)
    metrics = standings.metrics()
    for metric in metrics:
        metric.samples.sort(key=_series_and_time)
    return metrics


def _series_and_time(sample: Sample) -> tuple[tuple[str, ...], float]:
    return tuple(sample.labels.values()), float(sample.timestamp or 0)


class _Samples(Collector):
    """Hands metric families to the encoder as they are."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """All of them, in order."""
        yield from self._metrics
