"""A Prometheus that knows the past, and scrapes two replicas and a team without a board."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from api.app import create_app
from api.dependencies import Service
from api.metrics.history import openmetrics
from evaluator.model.facts import Reading, Reason
from evaluator.model.plan import BoardSource, Target, TargetVersion, Team
from store.store import Store
from tests.store.examples import READ, UNREAD
from tests.support.demo_record import NOW
from tests.support.prometheus_server import Prometheus, prometheus
from tests.support.served_app import served

UNSEEN = Team("unseen", "Unseen board", BoardSource("jira", 4242), group="Elsewhere")
RETRO = Target(
    "retro-actions",
    "Retro actions are done",
    "",
    "retro_actions_done",
    (TargetVersion(date(2021, 10, 1), 1),),
    stretch=True,
)


@dataclass(frozen=True)
class Asked:
    """A Prometheus as it was `at` an instant, in seconds: what comes later changes no answer."""

    prometheus: Prometheus
    at: float

    def now(self, promql: str) -> list[dict[str, Any]]:
        """The series that an instant query answers with."""
        return self.prometheus.query(promql, time=self.at)

    def over(self, promql: str, start: float, step: float) -> list[dict[str, Any]]:
        """The series that a range query answers with."""
        found: list[dict[str, Any]] = self.prometheus.get(
            "query_range", query=promql, start=start, end=self.at, step=step
        )["result"]
        return found


@pytest.fixture(scope="module")
def running(demo: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """What the dashboards ask."""
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "history.txt").write_bytes(openmetrics(demo, NOW))
    blocks = ["create-blocks-from", "--max-block-duration=768h"]  # of two hours there are thousands
    command = ["promtool", "tsdb", *blocks, "openmetrics", "history.txt", "data"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    app = create_app(Service(demo, lambda: NOW, version="1"))
    with (
        Store.open(f"sqlite:///{folder}/unseen.db") as unseen,
        served(app) as one,
        served(app) as two,
        served(_without_a_board(demo, unseen)) as other,
        prometheus(folder, one, two, other) as found,
    ):
        scraped = "count(count_over_time(hearten_build_info[5m]) >= 2) == 3"
        yield Asked(found, found.settled_at(f"({scraped}) and count(up == 1) == 3"))


def _without_a_board(demo: Store, store: Store) -> Any:
    """Serve one team, with one target more to stretch for, whose board cannot be read any more."""
    plan = demo.plans.newest()
    assert plan
    store.plans.save(
        replace(plan, teams=(UNSEEN,), targets=(*plan.targets, RETRO), closures=()), NOW
    )
    board = UNSEEN.boards[0].id
    store.facts.keep(Reading(replace(READ, source=board)))
    store.facts.keep(Reading(replace(UNREAD, source=board, reason=Reason.NO_ACCESS)))
    return create_app(Service(store, lambda: NOW, version="1"))
