"""Metrics of reads and runs: freshness, requests, failures, from the store."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import accumulate

from prometheus_client.metrics_core import Metric

from api.metrics.registry import MetricFamily, families
from evaluator.model.facts import Coverage
from evaluator.model.runs import Counter, Job, Outcome, Run, RunState
from store import counters

Outcomes = Mapping[tuple[Job, Outcome], tuple[int, datetime | None]]


def source_metric(sources: Iterable[str], coverage: Mapping[str, Coverage]) -> Metric:
    """Up to when each source is known; nothing of one that was never read."""
    family = MetricFamily("hearten_collector_last_success_timestamp_seconds")
    for source in sources:
        known = coverage.get(source)
        if known is not None and known.read_started is not None:
            family.add({"source": source}, known.read_started.timestamp())
    return family.metric


def tally_metrics(counted: Iterable[Counter]) -> list[Metric]:
    """Reads, items and how long reads took, since the record began."""
    reads, items, seconds, left = families(
        "hearten_collector_runs",
        "hearten_collector_items",
        "hearten_collector_duration_seconds",
        "hearten_github_rate_limit_remaining",
    )
    timed: dict[str, float] = {}
    took = 0.0
    for tally in sorted(counted, key=lambda t: (t.name, t.source, t.label)):
        match tally.name:
            case counters.READS:
                reads.add({"source": tally.source, "outcome": tally.label}, tally.value)
            case counters.ITEMS:
                items.add({"source": tally.source, "kind": tally.label}, tally.value)
            case counters.TIMED:
                timed[tally.label] = tally.value
            case counters.SECONDS:
                took = tally.value
            case counters.LEFT:
                left.add({}, tally.value)
            case _:
                pass
    _fill(seconds, timed, took)
    return [family.metric for family in (reads, items, seconds, left)]


def run_metrics(outcomes: Outcomes, newest: Iterable[Run]) -> list[Metric]:
    """How often and when jobs ended how, and when each is due next.

    Counters begin at 0, so that the first of a kind is seen as an increase. The label is `run`,
    because `job` is Prometheus's own.
    """
    evaluations, runs, finished, due = families(
        "hearten_evaluations",
        "hearten_runs",
        "hearten_run_last_finished_timestamp_seconds",
        "hearten_schedule_next_run_timestamp_seconds",
    )
    for job in Job:
        for outcome in Outcome:
            count, last = outcomes.get((job, outcome), (0, None))
            labels = {"run": job.value, "outcome": outcome.value}
            runs.add(labels, count)
            if job is Job.EVALUATE:
                evaluations.add({"outcome": outcome.value}, count)
            if last is not None:
                finished.add(labels, last.timestamp())
    for run in newest:
        if run.state is RunState.WAITING:
            due.add({"run": run.job.value}, run.due_at.timestamp())
    return [family.metric for family in (evaluations, runs, finished, due)]


def _fill(family: MetricFamily, timed: Mapping[str, float], took: float) -> None:
    """Each bucket of a histogram holds those below it too."""
    bounds = [*map(str, counters.BUCKETS), "+Inf"]
    counts = list(accumulate(timed.get(bound, 0.0) for bound in bounds))
    for bound, count in zip(bounds, counts, strict=True):
        le = bound if bound == "+Inf" else str(float(bound))  # as OpenMetrics spells it
        family.add({"le": le}, count, suffix="_bucket")
    family.add({}, counts[-1], suffix="_count")
    family.add({}, took, suffix="_sum")
