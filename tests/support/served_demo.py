"""The whole made-up organisation, collected and judged once, behind pages that are only read."""

from datetime import datetime, timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from api.access_policy import Rules
from api.app import create_app
from api.dependencies import Service
from evaluator.model.runs import Job, Outcome
from store.store import Store
from tests.support.demo_record import collect_and_judge
from tests.support.organisation import NOW

PUBLIC_URL = "https://hearten.example.org"
PRODUCT = """
product:
  organisation: Example Health
  footer: Run by the principal engineers.
  support_url: https://chat.example.org/hearten
  query_url: "https://github.example.org/config/issues/new?title={title}&body={body}"
"""


def fill(store: Store, config: Path) -> None:
    """Collect and judge everything there is, with a run of a service in the record."""
    collect_and_judge(store, config, NOW, more=PRODUCT)
    run = store.runs.ask(Job.COLLECT, "any", asked_by="schedule", due_at=NOW)
    store.claims.claim("here", NOW, timedelta(minutes=1))
    store.runs.expect(run.id, 33)
    store.runs.step(run.id, "github:example-health/letters", None, NOW)
    store.claims.finish(run.id, "here", Outcome.UNREAD, "", NOW)


def client_of(store: Store, now: datetime = NOW) -> TestClient:
    """A browser that asks for pages over `store`."""
    rules = Rules(rate_limit=1_000_000)  # for the clock stands still
    service = Service(store, lambda: now, version="1", public_url=PUBLIC_URL, rules=rules)
    app = create_app(service)
    return TestClient(app, headers={"Accept": "text/html"}, raise_server_exceptions=False)


def every_page(store: Store) -> list[str]:
    """The address of every kind of page, and of every team."""
    plan = store.plans.newest()
    assert plan is not None
    last = [r for r in store.results.shown(NOW, teams=["heron"]) if r.sprint.settled_at <= NOW]
    sprint = f"/teams/heron/sprints/{last[0].sprint.id}"
    return [
        *("/", "/?group=records&target=tickets-done", "/targets", "/calendar", "/data"),
        *("/about", "/about/glossary", "/about/your-data", "/about/roles", "/about/time"),
        *("/between-teams", "/between-teams?team=heron", "/between-teams/30-day-actions"),
        *("/accessibility", "/no-such-page", sprint, "/stories", "/stories?target=tickets-done"),
        *(f"{sprint}/{target.id}" for target in plan.targets),
        *(f"/targets/{target.id}" for target in plan.targets),
        *(f"/teams/{team.id}" for team in plan.teams),
        *(
            "/teams/heron/sprints",
            "/teams/heron/retro",
            "/teams/heron/work",
            "/teams/knot/retro",
            "/teams/knot/work",
        ),
    ]
