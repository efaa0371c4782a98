"""A real promtool and a real Prometheus on what `/metrics` answers."""

import subprocess
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from store.store import Store
from tests.metrics.test_what_is_scraped import scrape
from tests.support.demo_record import NOW
from tests.support.prometheus_server import needs_prometheus, needs_promtool, prometheus
from tests.support.served_app import served


@needs_promtool
def test_promtool_finds_nothing_to_mend(demo: Store) -> None:
    body = TestClient(create_app(Service(demo, lambda: NOW, version="1"))).get("/metrics").content

    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=body, capture_output=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


@needs_prometheus
def test_prometheus_scrapes_all_of_it(demo: Store, tmp_path: Path) -> None:
    app = create_app(Service(demo, lambda: NOW, version="1.2"))
    expected = {name: len(samples) for name, samples in scrape(demo).items()}

    with served(app) as address, prometheus(tmp_path, address) as running:
        at = running.settled_at('hearten_build_info{version="1.2"} and on () up == 1')
        counted = running.query('count by (__name__) ({__name__=~"hearten_.*"})', time=at)

    assert {c["metric"]["__name__"]: int(c["value"][1]) for c in counted} == expected


@needs_prometheus
def test_two_replicas_double_nothing_that_is_aggregated_as_the_dashboards_do(
    demo: Store, tmp_path: Path
) -> None:
    app = create_app(Service(demo, lambda: NOW, version="1.2"))
    expected = len(scrape(demo)["hearten_target_value"])

    with (
        served(app) as one,
        served(app) as two,
        prometheus(tmp_path, one, two) as running,
    ):
        at = running.settled_at('count(up{job="hearten"} == 1) == 2')
        values = "max by (team, target, period) (hearten_target_value)"
        [plain] = running.query("count(hearten_target_value)", time=at)
        [once] = running.query(f"count({values})", time=at)

    assert (int(plain["value"][1]), int(once["value"][1])) == (2 * expected, expected)
