"""A world that goes on while it is read: what happens is told in order, and judged by reads of it.

A story is a generator that yields an instant before what happens then.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from collector.github.connection import GitHubConnection
from collector.jira.site import JiraSite
from evaluator.measures import MEASURES
from evaluator.model.results import Result
from hearten.config.loading import load
from hearten.runs import jobs
from hearten.wiring import MAIN_SITE, collectors_of
from sandbox.world import World
from store.store import Store
from tests.support.organisation import TARGETS
from tests.support.quiet import Quiet
from tests.support.sandbox_servers import serve

Story = Callable[[World], Iterator[datetime]]
_TOKEN = "made-up"


def day(text: str, hour: int = 12) -> datetime:
    """Return an instant of a day such as "2026-01-14"."""
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=UTC)


def judged(
    story: Story,
    teams: str,
    reads: Sequence[datetime],
    since: date,
    *,
    store: Store,
    config: Path,
    targets: str = TARGETS,
    hearten: str = "",
) -> list[Result]:
    """Return the results, by the last of the `reads`, each of which collects and evaluates."""
    world = World(reads[-1])
    world.site(MAIN_SITE)
    going_on = story(world)
    following = next(going_on, None)
    (config / "teams.yaml").write_text(teams)
    (config / "targets.yaml").write_text(targets)
    (config / "hearten.yaml").write_text(hearten)
    (config / "excused.yaml").write_text("excused: []\n")
    with serve(world) as sandbox:
        github = GitHubConnection(api_url=sandbox.github_url, token=_TOKEN)
        plan = load(
            config,
            sites={MAIN_SITE: sandbox.jira_url()},
            github_html=github.html_url,
            measures=MEASURES,
            today=reads[-1].date(),
        )
        site = JiraSite(MAIN_SITE, sandbox.jira_url(), "someone@example.org", _TOKEN)
        for now in reads:
            while following is not None and following <= now:
                following = next(going_on, None)
            world.now = now
            collectors = collectors_of(github, [site], plan, clock=lambda: world.now)
            try:
                done = jobs.collect(
                    plan, store, collectors, Quiet(), clock=lambda: world.now, since=since
                )
            finally:
                collectors.close()
            assert done.unread == []
            jobs.evaluate(plan, store, Quiet(), now=now)
    return list(store.results.find())
