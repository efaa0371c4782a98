"""`/metrics` for Prometheus: what is stored, in one pass. Nothing is judged or asked elsewhere."""

import gzip
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder, gzip_accepted
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from api.dependencies import NowDep, Service, ServiceDep
from api.metrics.names import name_metrics
from api.metrics.operations import run_metrics, source_metric, tally_metrics
from api.metrics.registry import families
from api.metrics.sprints import coverage_metric, standing_metrics, streak_metric
from api.problems import Problem
from evaluator.asked_no_more import asked_no_more
from evaluator.model.plan import Plan
from evaluator.team_standing import current_teams

router = APIRouter(include_in_schema=False)  # Prometheus has its own ways to describe it

_OPENMETRICS = "application/openmetrics-text"
_VERSION = "1.0.0"
_QUICK = 1  # zlib's level: lines are so alike that more work saves little


class StoreCollector(Collector):
    """What is stored at `now` as metrics, whichever process wrote it.

    The service's version and refused writes alone are of the process that answers.
    """

    def __init__(self, service: Service, now: datetime) -> None:
        self._service = service
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Each family once, in a fixed order. Errors: StoreError."""
        store, now = self._service.store, self._now
        plan = store.plans.newest() or Plan(teams=(), targets=())
        coverage = store.facts.coverage()
        shown, why = store.results.summaries(shown_at=now), store.results.no_data_reasons(now)
        yield from standing_metrics(plan, shown, why, coverage, now)
        yield from name_metrics(plan, now)
        over = asked_no_more(plan, store.results.of_team_since, now)
        yield coverage_metric(plan, coverage, now, over)
        if wanted := [team.id for team in current_teams(plan, now) if team.streaks]:
            targets = {target.id for target in plan.targets}
            yield streak_metric(targets, store.results.summaries(teams=wanted))
        yield source_metric([s.id for s in plan.all_sources() if s.id not in over], coverage)
        yield from tally_metrics(store.counters.all())
        yield from run_metrics(store.runs.outcomes(), store.runs.newest())
        build, refused = families("hearten_build_info", "hearten_refused_writes")
        build.add({"version": self._service.version}, 1)
        refused.add({}, self._service.refused_writes.count)
        yield from (build.metric, refused.metric)


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=PlainTextResponse,
    responses={503: {"model": Problem}},
)
def metrics(
    service: ServiceDep,
    now: NowDep,
    accept: Annotated[str, Header()] = "",
    accept_encoding: Annotated[str, Header()] = "",
) -> Response:
    """Return the current state for Prometheus: its text format, or OpenMetrics where asked."""
    registry = CollectorRegistry()  # its own, and none of the process's
    registry.register(StoreCollector(service, now))
    encode, content_type = choose_encoder(_known(accept))
    body = encode(registry)
    headers = {"Content-Type": content_type, "Vary": "Accept, Accept-Encoding"}
    if gzip_accepted(accept_encoding):
        body = gzip.compress(body, _QUICK)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers)


def _known(accept: str) -> str:
    """What of an Accept header there is to give: OpenMetrics 1.0.0, else nothing in particular.

    prometheus_client would take any version and escaping, and stumble over one that is no number.
    """
    for asked in accept.split(","):
        media_type, *parameters = (part.strip() for part in asked.split(";"))
        versions = [p.removeprefix("version=") for p in parameters if p.startswith("version=")]
        if media_type == _OPENMETRICS and versions in ([], [_VERSION]):
            return f"{_OPENMETRICS}; version={_VERSION}"
    return ""
