"""The demonstration: the real collectors, store and evaluator on a small made-up organisation."""

import shutil
import sys
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from collector.github.connection import GitHubConnection
from collector.jira.site import JiraSite
from evaluator.measures import MEASURES
from evaluator.model.plan import Plan
from evaluator.team_standing import TeamStanding, team_standing
from evaluator.wording import amount
from hearten.clock import now
from hearten.config.loading import jira_sites, load
from hearten.console.progress import ProgressBar
from hearten.console.results import explain
from hearten.console.status import print_status
from hearten.demo.process import MADE_UP, DemoService, stop
from hearten.runs import jobs
from hearten.runs.progress import UnrecordedRun
from hearten.wiring import MAIN_SITE, Collectors, collectors_of
from sandbox.demo.boards import DATA_CENTER
from sandbox.demo.config import demo_config
from sandbox.demo.world import demo_world
from sandbox.server import Sandbox
from sandbox.server import serve as serve_sandbox
from store.store import Store

FOLDER = Path("var/demo")
_EXPLAINED = "reached-production"
_UNATTENDED_MINUTES = 60
_SERVED = (
    ("/", "the pages"),
    ("/api/v1/teams", "the REST API"),
    ("/docs", "its documentation"),
    ("/metrics", "Prometheus metrics"),
)


def run(out: Console, messages: Console) -> DemoService:
    """Make the organisation anew, collect and judge it over loopback, and print where it stands.

    What it keeps, it keeps in `var/demo`, so that it can be looked into afterwards. Returned is
    what a service over it needs.
    """
    stop(FOLDER)  # one that an earlier demo left running
    shutil.rmtree(FOLDER, ignore_errors=True)
    config = FOLDER / "config"
    config.mkdir(parents=True)
    at = now()
    database = f"sqlite:///{FOLDER}/hearten.sqlite3"
    with serve_sandbox(demo_world(at)) as sandbox, Store.open(database) as store:
        files = demo_config(
            at, data_center_url=sandbox.jira_url(DATA_CENTER), github_url=sandbox.github_url
        )
        for name, text in files.items():
            (config / name).write_text(text, encoding="utf-8")
        plan = load(
            config,
            sites={MAIN_SITE: sandbox.jira_url()},
            github_html=GitHubConnection(sandbox.github_url).html_url,
            measures=MEASURES,
            today=at.date(),
        )
        collectors = _collectors(sandbox, plan, config)
        try:
            with ProgressBar(messages) as bar:
                monitor = UnrecordedRun(bar)
                read = jobs.collect(plan, store, collectors, monitor, clock=now)
                jobs.evaluate(plan, store, monitor, now=at)
        finally:
            collectors.close()
        standings = [
            team_standing(team, plan, store.results.find(team=team.id), store.facts.coverage(), at)
            for team in sorted(plan.teams, key=lambda team: team.name.casefold())
        ]
        print_status(standings, plan, out)
        _explain_one(standings, store, plan, out)
        service = DemoService(FOLDER, at, sandbox.github_url)
    out.print(
        f"\nRead {len(read.coverage)} sources of a made-up GitHub and Jira "
        f"with {amount(read.requests, 'requests')}.",
        highlight=False,
    )
    _where_next(config, database, out)
    return service


def serve(service: DemoService, out: Console) -> None:
    """Start the service and say where it answers; on a terminal, wait until Ctrl-C stops it.

    Where nobody is there to stop it (in a script), it is left running for an hour.
    """
    attended = sys.stdin.isatty()
    process, address = service.start(0 if attended else _UNATTENDED_MINUTES)
    lines = (
        "",
        "It is being served:",
        *(f"  {address}{path:<24} {what}" for path, what in _SERVED),
        "",
        "Ctrl-C stops it."
        if attended
        else f"It ends by itself in {_UNATTENDED_MINUTES} minutes; `make demo-stop` ends it now.",
    )
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    if attended:
        with suppress(KeyboardInterrupt):
            process.wait()
        stop(service.folder)
    else:
        process.returncode = 0  # left running on purpose: nobody waits for it, and that is no fault


def _collectors(sandbox: Sandbox, plan: Plan, config: Path) -> Collectors:
    github = GitHubConnection(api_url=sandbox.github_url, token=MADE_UP)
    cloud = JiraSite(MAIN_SITE, sandbox.jira_url(), "someone@example.org", MADE_UP)
    others = [JiraSite(name, s.url, "", MADE_UP) for name, s in jira_sites(config).items()]
    return collectors_of(github, [cloud, *others], plan)


def _explain_one(standings: list[TeamStanding], store: Store, plan: Plan, out: Console) -> None:
    for each in standings:
        if each.last_finished is None:
            continue
        sprint = each.last_finished.sprint
        found = store.results.find(team=each.team.id, target=_EXPLAINED, every_version=True)
        versions = [result for result in found if result.sprint.id == sprint.id]
        if versions and versions[-1].evidence and versions[-1].left_out:
            command = f"hearten explain {each.team.id} {sprint.id} {_EXPLAINED}"
            out.print(f"\nOne result, explained: {command}\n", style="bold", highlight=False)
            explain(versions, plan, each.team, out)
            return


def _where_next(config: Path, database: str, out: Console) -> None:
    lines = (
        "",
        "Where to look next:",
        f"  HEARTEN_DATABASE_URL={database} .venv/bin/hearten results --team heron",
        f"  HEARTEN_DATABASE_URL={database} .venv/bin/hearten explain heron last tickets-done",
        f"  {config}/teams.yaml  # how its teams are configured",
        "  README.md  # the same on your own GitHub and Jira",
    )
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
