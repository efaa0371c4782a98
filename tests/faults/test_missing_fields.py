"""Every field of every answer, left out or null: the source is unread, or the facts are the same.

Only what GitHub and Jira may truly leave out changes a fact; it is listed here.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collector.client import RetryPolicy
from collector.github.collector import GitHubCollector
from collector.github.connection import GitHubConnection
from collector.jira.collector import JiraCollector
from collector.jira.site import JiraSite
from collector.source_read import Task
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Reading
from evaluator.model.plan import BoardSource, RepositorySource, Source, TicketSource
from sandbox.people import DEPENDABOT
from sandbox.server import Sandbox
from sandbox.traffic import ForcedAnswer
from sandbox.world import World
from tests.faults.answers import edited
from tests.support.sandbox_servers import serve

pytestmark = pytest.mark.slow


NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHOP = "acme/shop"
DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
ONCE = RetryPolicy(attempts=1)

Path = tuple[str | int, ...]

SOURCES: dict[str, Source] = {
    "deployments": RepositorySource(SHOP, (Delivery((DEPLOYED,)),), ("src/",)),
    "releases": RepositorySource(SHOP, (Delivery((Production(Evidence.RELEASE, pattern="v.*"),)),)),
    "tags": RepositorySource(SHOP, (Delivery((Production(Evidence.TAG, pattern="t.*"),)),)),
    "runs": RepositorySource(
        SHOP, (Delivery((Production(Evidence.WORKFLOW, workflows=("deploy.yml",)),)),)
    ),
    "merges": RepositorySource(SHOP, (Delivery((Production(branch="main"),)),)),
    "tickets of Cloud": TicketSource("jira", project="HER"),
    "sprints of Cloud": BoardSource("jira", 7),
    "tickets of Data Center": TicketSource("legacy", project="HER"),
    "sprints of Data Center": BoardSource("legacy", 7),
}
# GitHub: a commit that it has not; a pull request whose repository was removed; an author unknown;
# a release whose tag was removed; an old tag without a tagger, or its date; a run whose fork was
# removed; a deployment whose branch is gone. Jira: no resolution, no labels.
MAY_BE_NULL = {
    *("o*", "baseRepository", "author", "tagCommit", "tagger", "date", "head_repository", "ref"),
    *("resolution", "labels", "from"),
    *("resolutiondate", "name", "toString", "originBoardId"),
}
# Where a project does not use them; a move from nowhere decides nothing that would count. Without
# the name of a status none is left out by it, and without the board that it was made on a sprint is
# the board's own.
MAY_BE_MISSING = {
    *("resolution", "labels", "from"),
    *("resolutiondate", "name", "toString", "originBoardId"),
}
DATES = {"startDate", "endDate", "completeDate"}  # of a sprint; asked again by the next run


def a_world() -> World:
    world = World(NOW)
    repo = world.repository(SHOP)
    base = repo.commit(at=NOW - 200 * DAY)
    repo.squash_merge(at=NOW - 30 * DAY, title='Revert "x"')
    repo.commit(at=NOW - 29 * DAY, author=DEPENDABOT)
    merge = repo.merge(at=NOW - 28 * DAY, written=[NOW - 29 * DAY])
    side = repo.commit(at=NOW - 27 * DAY, branch="side", parents=[base.sha])
    for days, target in ((199, base), (27, merge), (26, side)):
        at = NOW - days * DAY
        repo.deploy(target, at=at)
        repo.release(f"v{days}", target, at=at)
        repo.tag(f"t{days}", target, tagged_at=at if days == 27 else None)
        repo.run("deploy.yml", target, at=at)
    for name in ("jira", "legacy"):
        site = world.site(name, cloud=name == "jira")
        site.board(7, "HER")
        moves = [(NOW - 30 * DAY, "In Progress"), (NOW - 29 * DAY, "Done")]
        site.issue("HER-1", created=NOW - 40 * DAY, moves=moves, labels=["x"], resolution="Fixed")
        begin, end = NOW - 40 * DAY, NOW - 26 * DAY
        site.sprint(7, "S", start=begin, end=end, activated=begin, completed=end)
    return world


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with serve(a_world()) as sandbox:
        yield sandbox


def reader(sandbox: Sandbox, source: Source) -> GitHubCollector | JiraCollector:
    if isinstance(source, RepositorySource):
        access = GitHubConnection(sandbox.github_url, token="token")
        zone = ZoneInfo("Europe/London")
        return GitHubCollector(access, zone=zone, clock=lambda: NOW, retry=ONCE)
    sites = {
        "jira": JiraSite("jira", sandbox.jira_url(), "a@example.org", "token"),
        "legacy": JiraSite("legacy", sandbox.jira_url("legacy"), "", "token"),
    }
    return JiraCollector(sites, clock=lambda: NOW, retry=ONCE)


def read(sandbox: Sandbox, source: Source) -> Reading:
    with closing(reader(sandbox, source)) as collector:
        return collector.read(Task(source, NOW - 100 * DAY))


def facts(reading: Reading) -> list[str]:
    every = (*reading.commits, *reading.events, *reading.tickets, *reading.sprints)
    return sorted(map(repr, every))


def inside(content: Any, path: Path) -> list[Path]:
    """The fields right below `path`; of a list only its last entry stands for all."""
    for name in path:
        content = content[name]
    while isinstance(content, list) and content:
        path, content = (*path, len(content) - 1), content[-1]
    return [(*path, name) for name in content] if isinstance(content, dict) else []


def without(path: Path) -> Callable[[Any], None]:
    def edit(content: Any) -> None:
        for name in path[:-1]:
            content = content[name]
        del content[path[-1]]

    return edit


def null(path: Path) -> Callable[[Any], None]:
    def edit(content: Any) -> None:
        for name in path[:-1]:
            content = content[name]
        content[path[-1]] = None

    return edit


@pytest.mark.parametrize("how", [without, null])
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name == "runs" else []) for name in SOURCES],
)
def test_a_field_that_is_not_there_is_never_taken_for_nothing(
    sandbox: Sandbox, name: str, how: Callable[..., Callable[[Any], None]]
) -> None:
    source, answers = SOURCES[name], []

    def remember(answer: ForcedAnswer) -> ForcedAnswer:
        answers.append(json.loads(answer.body))
        return answer

    sandbox.reset()
    sandbox.spoil(".", remember)
    right = read(sandbox, source)
    assert right.coverage.reason is None
    changed: set[str] = set()
    for number, answer in enumerate(answers):
        left = inside(answer, ())
        while left:
            path = left.pop()
            sandbox.reset()
            sandbox.spoil(".", edited(how(path)), skip=number, times=1)
            found = read(sandbox, source)
            whole = found.coverage.reason is None
            if whole and facts(found) == facts(right):
                continue  # nobody looks there, so that nothing below it matters either
            if whole:
                changed.add("o*" if len(str(path[-1])) > 40 else str(path[-1]))
            left += inside(answer, path)

    assert changed <= DATES | (MAY_BE_NULL if how is null else MAY_BE_MISSING)
