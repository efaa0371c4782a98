"""What is asked of GitHub and Jira for the stretch targets, row by row: few requests, or none."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from evaluator.model.facts import Coverage
from sandbox.github.repository import SandboxRepository
from sandbox.jira.site import Site
from sandbox.world import World
from store.store import Store
from tests.support.organisation import Organisation, ago

Rows = dict[str, tuple[str, tuple[int, int, int]]]
# Of each source, requests of a first read, of one with nothing new, and of one after a change.
ROWS: Rows = {
    "without any of it": ("ANY", (0, 0, 0)),
    "when a label came or went": ("LAB", (0, 0, 0)),
    "due date, links": ("DUE", (0, 0, 0)),
    "when the linked feedback was created, 101 links": ("FEED", (2, 0, 1)),
}
REPOSITORIES: Rows = {
    "without any of it": ("plain", (0, 0, 0)),
    "stories": ("stories", (1, 0, 1)),
    "ticket keys in pull requests": ("keys", (0, 0, 0)),
    "issues that a pull request closes": ("issues", (0, 0, 0)),
}


def teams(site: str) -> str:
    jira = ", ".join(f"{{site: {site}, project: {project}}}" for project, _ in ROWS.values())
    return f"""
teams:
  - id: heron
    name: Heron
    repositories: [{{name: acme/plain}}, {{name: acme/stories}}, {{name: acme/keys}}]
    jira: [{jira}]
    sprints: {{from: cadence, first_day: 2026-01-05, length_days: 14}}
  - id: wren
    name: Wren
    repositories: [{{name: acme/issues}}]
    sprints: {{from: cadence, first_day: 2026-01-05, length_days: 14}}
"""


def told(site: Site, world: World) -> None:
    """Six tickets and a merged pull request of each row."""
    for project, _ in ROWS.values():
        for number in range(1, 6):
            moves = [(ago(20), "In Progress"), (ago(19), "Done")]
            site.issue(f"{project}-{number}", created=ago(30), moves=moves)
        due = ago(2).date() if project == "DUE" else None
        site.issue(f"{project}-6", created=ago(30), due=due)
    site.label(site.issues["LAB-1"], ago(10), add="retro-action")
    site.label(site.issues["LAB-1"], ago(9), remove="retro-action")
    site.link(site.issues["DUE-1"], "Blocks", site.issues["DUE-2"], ago(10))
    for number in range(1, 102):
        other = site.issue(f"ASK-{number}", created=ago(40))
        site.link(site.issues["FEED-1"], "Feedback", other, ago(10))
    for name, _ in REPOSITORIES.values():
        early = {"2026-01-05": "Early.", "2026-01-19": "Late."}
        merge(world.repository(f"acme/{name}"), ago(5), **early)


def merge(repo: SandboxRepository, at: datetime, **texts: str) -> None:
    named = repo.name.rpartition("/")[2]
    repo.squash_merge(
        at=at,
        title="LAB-1 Dates" if named == "keys" else "",
        closes=[repo.issue(at=ago(9), labels=["retro-action"])] if named == "issues" else [],
        texts={f"stories/{day}.md": text for day, text in texts.items()}
        if named == "stories"
        else {},
    )


def change(site: Site, world: World) -> None:
    """Something new in each source: in that of feedback a link, in that of stories a text."""
    for project, _ in ROWS.values():
        site.move(site.issues[f"{project}-5"], ago(0, hours=1), "In Progress")
    site.label(site.issues["LAB-2"], ago(0, hours=1), add="retro-action")
    site.link(site.issues["FEED-2"], "Feedback", site.issues["ASK-1"], ago(0, hours=1))
    for name, _ in REPOSITORIES.values():
        merge(world.repository(f"acme/{name}"), ago(0, hours=1), **{"2026-01-19": "Later."})


@dataclass(frozen=True)
class Asked:
    """What one collection asked: how each source was read, and for statuses, once for a site."""

    sources: dict[str, Coverage]
    statuses: int

    def beyond(self, rows: Rows, place: int, source: str) -> list[int]:
        """Return by how much each row took more than it may."""
        took = [self.sources[source.format(name)].requests for name, _ in rows.values()]
        usual = min(took)
        return [n - usual - more[place] for n, (_, more) in zip(took, rows.values(), strict=True)]


def asked(organisation: Organisation) -> Asked:
    """Collect. The log holds the requests of the sources and no others."""
    organisation.sandbox.reset()
    ran = organisation.run("collect")
    assert ran.code == 0, ran.messages
    with Store.open(organisation.database_url) as store:
        found = store.facts.coverage()
    log = organisation.sandbox.log
    assert sum(one.requests for one in found.values()) == len(log)
    return Asked(found, sum(one.path.endswith("/status") for one in log))


@pytest.mark.parametrize("name", ["jira", "legacy"], ids=["Cloud", "Data Center"])
def test_each_row_takes_the_requests_that_it_may_and_no_more(
    organisation: Organisation, name: str
) -> None:
    site = organisation.world.sites[name]
    told(site, organisation.world)
    url = organisation.sandbox.jira_url("legacy")
    organisation.configure(
        teams(name),
        hearten="feedback_links: [Feedback]\n"
        f"jira_sites: {{legacy: {{url: '{url}', token_env: HEARTEN_JIRA_TOKEN}}}}\n",
    )

    first, again = asked(organisation), asked(organisation)
    change(site, organisation.world)
    changed = asked(organisation)

    for place, read in enumerate((first, again, changed)):
        beyond = read.beyond(ROWS, place, f"jira:{name}:{{}}")
        assert set(beyond) <= {0, 1}, (place, ROWS)
        assert sum(beyond) == read.statuses, "any of them may have asked for these"
    assert not any(first.beyond(REPOSITORIES, 0, "github:acme/{}"))
    assert sum(again.beyond(REPOSITORIES, 1, "github:acme/{}")) == 1, "they are asked about at once"
    assert not any(changed.beyond(REPOSITORIES, 2, "github:acme/{}"))
