"""The demonstration's organisation, collected and judged once, to be read by many tests."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.github.connection import GitHubConnection
from collector.jira.site import JiraSite
from evaluator.measures import MEASURES
from evaluator.model.runs import Job, Outcome
from hearten.config.loading import load
from hearten.runs import jobs
from hearten.wiring import MAIN_SITE, collectors_of
from sandbox.demo.boards import DATA_CENTER
from sandbox.demo.config import demo_config
from sandbox.demo.world import demo_world
from store.store import Store
from tests.support.quiet import Quiet
from tests.support.sandbox_servers import serve

NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - Prometheus reads the real clock
_TOKEN = "made-up"


def collect_and_judge(store: Store, config: Path, now: datetime, *, more: str = "") -> None:
    """Collect and judge the demonstration's world, configured in `config`; `more` settings too."""
    with serve(demo_world(now)) as sandbox:
        for name, text in demo_config(now, data_center_url=sandbox.jira_url(DATA_CENTER)).items():
            (config / name).write_text(text + more * (name == "hearten.yaml"), encoding="utf-8")
        plan = load(
            config,
            sites={MAIN_SITE: sandbox.jira_url()},
            github_html=GitHubConnection(sandbox.github_url).html_url,
            measures=MEASURES,
            today=now.date(),
        )
        sites = [
            JiraSite(MAIN_SITE, sandbox.jira_url(), "someone@example.org", _TOKEN),
            JiraSite(DATA_CENTER, sandbox.jira_url(DATA_CENTER), "", _TOKEN),
        ]
        github = GitHubConnection(api_url=sandbox.github_url, token=_TOKEN)
        collectors = collectors_of(github, sites, plan, clock=lambda: now)
        try:
            jobs.collect(plan, store, collectors, Quiet(), clock=lambda: now)
        finally:
            collectors.close()
    jobs.evaluate(plan, store, Quiet(), now=now)


def fill(store: Store, config: Path) -> None:
    """Collect and judge the demonstration's world, with one run of each kind in the record."""
    collect_and_judge(store, config, NOW)
    for job, outcome in ((Job.COLLECT, Outcome.UNREAD), (Job.EVALUATE, Outcome.DONE)):
        run = store.runs.ask(job, "first", asked_by="schedule", due_at=NOW)
        store.claims.claim("a test", NOW, timedelta(hours=1))
        store.claims.finish(run.id, "a test", outcome, "", NOW)
        store.runs.ask(job, "second", asked_by="schedule", due_at=NOW + timedelta(hours=1))
