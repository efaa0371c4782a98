"""The whole made-up organisation, collected and judged once, behind pages that are only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import Service
from collector.github.connection import GitHubConnection
from collector.jira.site import JiraSite
from evaluator.measures import MEASURES
from evaluator.model.runs import Job, Outcome
from hearten.config.loading import jira_sites, load
from hearten.runs import jobs
from hearten.wiring import MAIN_SITE, collectors_of
from sandbox.demo.boards import DATA_CENTER
from sandbox.demo.config import demo_config
from sandbox.demo.world import demo_world
from store.store import Store
from tests.pages.quiet import Quiet
from tests.support.organisation import NOW
from tests.support.sandbox_servers import serve

PUBLIC_URL = "https://hearten.example.org"
PRODUCT = """
product:
  organisation: Example Health
  footer: Run by the principal engineers.
  support_url: https://chat.example.org/hearten
  query_url: "https://github.example.org/config/issues/new?title={title}&body={body}"
"""


@contextmanager
def organisation(database_url: str, config: Path) -> Iterator[Store]:
    """Give the store after a collection and an evaluation of everything there is."""
    with serve(demo_world(NOW)) as sandbox, Store.open(database_url) as store:
        for name, text in demo_config(NOW, data_center_url=sandbox.jira_url(DATA_CENTER)).items():
            more = PRODUCT if name == "hearten.yaml" else ""
            (config / name).write_text(text + more, encoding="utf-8")
        plan = load(
            config,
            sites={MAIN_SITE: sandbox.jira_url()},
            github_html=GitHubConnection(sandbox.github_url).html_url,
            measures=MEASURES,
            today=NOW.date(),
        )
        github = GitHubConnection(api_url=sandbox.github_url, token="any")
        cloud = JiraSite(MAIN_SITE, sandbox.jira_url(), "someone@example.org", "any")
        others = [JiraSite(name, s.url, "", "any") for name, s in jira_sites(config).items()]
        collectors = collectors_of(github, [cloud, *others], plan)
        try:
            jobs.collect(plan, store, collectors, Quiet(), clock=lambda: NOW)
        finally:
            collectors.close()
        jobs.evaluate(plan, store, Quiet(), now=NOW)
        _a_run(store)
        yield store


def _a_run(store: Store) -> None:
    run = store.runs.ask(Job.COLLECT, "any", asked_by="schedule", due_at=NOW)
    store.claims.claim("here", NOW, timedelta(minutes=1), only=run.id)
    store.runs.expect(run.id, 33)
    store.runs.step(run.id, "github:example-health/letters", None, NOW)
    store.claims.finish(run.id, "here", Outcome.UNREAD, "", NOW)


def client_of(store: Store, now: datetime = NOW) -> TestClient:
    """A browser that asks for pages over `store`."""
    app = create_app(Service(store, lambda: now, version="1", public_url=PUBLIC_URL))
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
        *("/accessibility", "/no-such-page", sprint),
        *(f"{sprint}/{target.id}" for target in plan.targets),
        *(f"/targets/{target.id}" for target in plan.targets),
        *(f"/teams/{team.id}" for team in plan.teams),
        *("/teams/heron/retro", "/teams/heron/work", "/teams/knot/retro", "/teams/knot/work"),
    ]
