"""An organisation that is read on bad days: its plan, its runs, and what is compared after them.

One world is served for all cases and stands still; every case has a database of its own. Each
source has two pages, so that a first page and a later one can be struck.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from collector.client import RetryPolicy
from collector.github.connection import GitHubConnection
from collector.jira.site import JiraSite
from evaluator.measures import MEASURES
from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan
from evaluator.model.serialization import published
from hearten.config.loading import load
from hearten.runs import jobs
from hearten.runs.progress import RunMonitor
from hearten.wiring import collectors_of
from sandbox.server import Sandbox
from sandbox.world import World
from store.patience import OF_A_COMMAND, Patience
from store.store import Store
from tests.support.database_dump import kept
from tests.support.organisation import TARGETS
from tests.support.quiet import Quiet
from tests.support.sandbox_servers import serve

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FAULTY = NOW + DAY
HEALED = FAULTY + HOUR
CADENCE = "sprints: {from: cadence, first_day: 2025-09-01, length_days: 14}"
NO_JIRA = 'not_applicable: {tickets-done: "We do not use Jira."}'
NO_CODE = 'not_applicable: {reached-production: "No code.", commits: "No code."}'
TEAMS = f"""
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {{evidence: deployment, environments: [production]}}
      - name: acme/infra
        production: {{evidence: workflow, workflow: deploy.yml}}
      - name: acme/web
      - name: acme/jobs
        production: {{evidence: tag, tags: 'v.*'}}
      - name: acme/api
        production: {{evidence: release, tags: 'v.*'}}
    {CADENCE}
    {NO_JIRA}
  - id: linnet
    name: Linnet
    jira: {{project: LIN, board: 7}}
    {NO_CODE}
  - id: wren
    name: Wren
    jira: {{project: WRE, board: 8, site: legacy}}
    {NO_CODE}
"""
LEGACY = "jira_sites: {legacy: {url: 'http://127.0.0.1:9', token_env: LEGACY_TOKEN}}"
# What was met rightly with less read is final: more counts later, with a cause.
_HOW_IT_CAME = {"evaluated_at", "checked_at", "version", "cause"}


def a_world() -> World:
    """GitHub with five repositories, Jira Cloud and Jira Data Center, as they are on day one."""
    world = World(NOW)
    for name in ("shop", "infra", "web", "jobs", "api"):
        world.repository(f"acme/{name}").commit(at=NOW - 300 * DAY)
    shop, infra = world.repositories["acme/shop"], world.repositories["acme/infra"]
    shop.deploy(shop.branches["main"], at=NOW - 299 * DAY)
    for number in range(104):
        at = NOW - 160 * DAY + number * 36 * HOUR
        shop.deploy(shop.commit(at=at), at=at + HOUR)
        infra.run("deploy.yml", infra.branches["main"], at=at)
    infra.run("deploy.yml", infra.commit(at=NOW - 40 * DAY), at=NOW - 39 * DAY)
    for name, board in (("jira", 7), ("legacy", 8)):
        site = world.site(name, cloud=name == "jira")
        project = {"jira": "LIN", "legacy": "WRE"}[name]
        site.board(board, project)
        for sprint in range(52):
            begin = NOW - (52 - sprint) * 14 * DAY
            end = begin + 14 * DAY
            site.sprint(board, f"S{sprint}", start=begin, end=end, activated=begin, completed=end)
        for ticket in range(1, 104):
            done = NOW - 100 * DAY + ticket * 20 * HOUR
            site.issue(f"{project}-{ticket}", created=done - DAY, moves=[(done, "Done")])
    _ship(world, 20)
    return world


def grow(world: World) -> None:
    """Let a day pass in which every source gets something new, some of it late."""
    world.now = NOW + DAY
    shop, infra = world.repositories["acme/shop"], world.repositories["acme/infra"]
    shop.deploy(shop.squash_merge(at=NOW + HOUR), at=NOW + 2 * HOUR)
    infra.run("deploy.yml", infra.commit(at=NOW + HOUR), at=NOW + 2 * HOUR)
    for name, project, board in (("jira", "LIN", 7), ("legacy", "WRE", 8)):
        site = world.sites[name]
        done = NOW + HOUR
        site.issue(f"{project}-900", created=done, moves=[(done + HOUR, "Done")])
        site.move(site.issues[f"{project}-103"], done, "In Progress")
        site.sprint(board, "S52", start=NOW, end=NOW + 14 * DAY, activated=NOW)
    _ship(world, -0.1)


def _ship(world: World, days: float) -> None:
    at = NOW - days * DAY
    world.repositories["acme/web"].squash_merge(at=at)
    jobs_repo, api = world.repositories["acme/jobs"], world.repositories["acme/api"]
    jobs_repo.tag(f"v{days}", jobs_repo.commit(at=at))
    api.release(f"v{days}", api.commit(at=at), at=at)


@dataclass
class Run:
    """What a run left behind: how sources were read, the results, and each table's rows."""

    unread: dict[str, Coverage]  # by source, with the reason and a sentence
    results: list[dict[str, Any]]
    tables: dict[str, list[str]]
    verdicts: dict[tuple[str, str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        del self.tables["results"]  # told already
        self.verdicts = {
            (r["team"], r["sprint"]["id"], r["target"]["id"]): r["status"] for r in self.results
        }


@dataclass
class Stand:
    """A served world, and runs of hearten over it."""

    sandbox: Sandbox
    folder: Path
    plan: Plan
    before: Path  # a database that was filled a day before

    def new_database(self, *, later: bool) -> str:
        """The URL of a new SQLite database: empty, or as it was left a day before."""
        path = self.folder / f"{uuid4().hex}.db"
        if later:
            shutil.copy(self.before, path)
        return f"sqlite:///{path}"

    def run(
        self,
        url: str,
        at: datetime,
        *,
        team: str | None = None,
        retry: RetryPolicy | None = None,
        github: GitHubConnection | None = None,
        jira: str = "",
        monitor: RunMonitor | None = None,
        patience: Patience = OF_A_COMMAND,
    ) -> Run:
        """Collect and evaluate once, when the clock shows `at`; nobody waits for anything.

        `github` and the address `jira` of both sites are others than those that are right.
        """
        patient = retry or RetryPolicy(attempts=2, sleep=lambda _: None)
        collectors = collectors_of(
            github or GitHubConnection(self.sandbox.github_url, token="token"),
            [
                JiraSite("jira", jira or self.sandbox.jira_url(), "a@example.org", "token"),
                JiraSite("legacy", jira or self.sandbox.jira_url("legacy"), "", "token"),
            ],
            self.plan,
            retry=patient,
            clock=lambda: at,
        )
        try:
            with Store.open(url, patience) as store:
                done = jobs.collect(
                    self.plan, store, collectors, monitor or Quiet(), clock=lambda: at, team=team
                )
                jobs.evaluate(self.plan, store, Quiet(), now=at, team=team)
                results = [published(result) for result in store.results.find()]
        finally:
            collectors.close()
        told = [{k: v for k, v in result.items() if k not in _HOW_IT_CAME} for result in results]
        return Run({c.source: c for c in done.unread}, told, kept(url))


class Clean:
    """What a run leaves behind that saw no fault: a first one, or one a day after the first."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._runs: dict[bool, Run] = {}

    def run(self, *, later: bool) -> Run:
        """The clean run, made once."""
        if later not in self._runs:
            self._stand.sandbox.reset()
            url = self._stand.new_database(later=later)
            self._runs[later] = self._stand.run(url, HEALED)
        return self._runs[later]


def wrong_verdicts(found: Run, right: Run) -> dict[tuple[str, str, str], str]:
    """What was judged, and otherwise than it should be. To say nothing yet is never wrong."""
    return {
        key: verdict
        for key, verdict in found.verdicts.items()
        if verdict in ("met", "not_met") and verdict != right.verdicts[key]
    }


@contextmanager
def a_stand(folder: Path) -> Iterator[Stand]:
    """Serve the world, read it on its first day, and let a day pass."""
    world = a_world()
    with serve(world) as sandbox:
        config = folder / "config"
        config.mkdir()
        for name, text in {"teams": TEAMS, "targets": TARGETS, "hearten": LEGACY}.items():
            config.joinpath(f"{name}.yaml").write_text(text)
        plan = load(
            config,
            sites={"jira": sandbox.jira_url()},
            github_html=sandbox.github_url,
            measures=MEASURES,
            today=NOW.date(),
        )
        stand = Stand(sandbox, folder, plan, folder / "before.db")
        first = stand.run(f"sqlite:///{stand.before}", NOW)
        assert first.unread == {}
        grow(world)
        yield stand
