"""What the check-up says of results: each source behind a "No data", and behind a zero, by name.

Each team of the organisation is a world of its own kind; all are read and judged once.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from evaluator.model.plan import TicketSource
from sandbox.github.records import TokenAccess
from sandbox.github.repository import SandboxRepository
from sandbox.world import World
from tests.support.organisation import NOW, Organisation, ago
from tests.support.sandbox_servers import serve

FIRST_DAY = ago(40).date().isoformat()  # so that a sprint of 14 days has settled
DEPLOYED = "{evidence: deployment, environments: [production]}"


@dataclass(frozen=True)
class Kind:
    """A team whose repository is built so: what is said of it, and who must act."""

    build: Callable[[SandboxRepository], object]
    said: str
    production: str = DEPLOYED
    branch: str = ""
    mend: str = ""
    status: str = "no_data"


def zero(repo: SandboxRepository) -> None:
    repo.deploy(repo.commit(at=ago(80)), at=ago(79))


def staged(repo: SandboxRepository) -> None:
    repo.deploy(repo.commit(at=ago(80)), "staging", at=ago(79))


def hidden(repo: SandboxRepository) -> None:
    repo.access = TokenAccess.MISSING


def forbidden(repo: SandboxRepository) -> None:
    repo.access = TokenAccess.FORBIDDEN


def began_in_the_middle(repo: SandboxRepository) -> None:
    repo.commit(at=ago(90))
    repo.deploy(repo.commit(at=ago(9)), at=ago(8))


def pull_requests(repo: SandboxRepository, *, merged: float | None, gone: bool = False) -> None:
    repo.deploy(repo.commit(at=ago(80)), at=ago(79))
    for day in (15, 16, 17):
        name = f"work-{day}"
        commit = repo.commit(at=ago(day), branch=name, parents=[repo.branches["main"]])
        repo.deploy(commit, at=ago(day), ref=name)
        if gone:
            del repo.branches[name]
        else:
            when = ago(merged) if merged else None
            repo.pull_request([commit], merged_at=when, head=name)


def previews(repo: SandboxRepository) -> None:
    repo.commit(at=ago(80))
    for day in (15, 16):
        commit = repo.commit(at=ago(day), branch=f"work-{day}", parents=[repo.branches["main"]])
        repo.deploy(commit, at=ago(day), ref=f"work-{day}")
        repo.pull_request([commit], merged_at=None, head=f"work-{day}")


def dated_ahead(repo: SandboxRepository) -> None:
    repo.tag("v1.0", repo.commit(at=ago(80)), tagged_at=ago(79))
    repo.tag("v1.1", repo.commit(at=ago(30)), tagged_at=NOW + timedelta(days=300))


def on_release_branches(repo: SandboxRepository) -> None:
    commit = repo.commit(at=ago(30))
    repo.run("deploy.yml", commit, at=ago(29), branch="release/1")


KINDS = {
    "zero": Kind(
        zero,
        "its newest by then: deployment of ",
        status="not_met",
    ),
    "misspelt": Kind(
        staged,
        "Nothing in it ever matched `environments: production`.",
        mend="`hearten suggest acme/misspelt` prints",
    ),
    "hidden": Kind(
        hidden, "GitHub does not show acme/hidden", mend="Check its entry in teams.yaml"
    ),
    "forbidden": Kind(forbidden, "GitHub does not let this token read acme/forbidden"),
    "young": Kind(
        began_in_the_middle,
        "Nothing shows production before ",
        mend="add that to its `production`",
    ),
    "later": Kind(
        lambda repo: pull_requests(repo, merged=14),
        "3 of its newest 4 deployments are of pull requests that were merged only later",
        mend="write `before_merge: true`",
    ),
    "plans": Kind(
        lambda repo: pull_requests(repo, merged=None),
        "3 of its newest 4 deployments are of pull requests that were not merged",
        status="not_met",
    ),
    "previews": Kind(
        previews,
        "2 deployments matched `environments: production`, and none counts.",
        mend="`hearten suggest acme/previews` prints",
    ),
    "gone": Kind(
        lambda repo: pull_requests(repo, merged=None, gone=True),
        "3 of its newest 4 deployments are from branches that GitHub no longer shows",
        mend="`branch`",
    ),
    "ahead": Kind(
        dated_ahead,
        "v1.1 is dated in the future",
        r"{evidence: tag, tags: 'v\d+(\.\d+)*'}",
        mend="Correct its date",
    ),
    "half": Kind(
        zero,
        "Nothing ever matched `live` of its `production`.",
        "{evidence: deployment, environments: [live, production]}",
        status="not_met",
    ),
    "branches": Kind(
        on_release_branches,
        "Nothing in it ever matched `workflows: deploy.yml`.",
        "{evidence: workflow, workflow: deploy.yml}",
    ),
    "elsewhere": Kind(
        zero,
        "acme/elsewhere has no branch live.",
        "{evidence: merge}",
        branch="live",
    ),
}

JIRA = """
  - id: empty
    name: Empty
    jira: {project: EMP}
  - id: filter
    name: Filter
    jira: {jql: 'project = HER AND labels = none'}
  - id: open
    name: Open
    jira: {project: OPN}
  - id: fresh
    name: Fresh
    jira: {project: FRE}
  - id: idle
    name: Idle
    jira: {project: IDL}
  - id: boardless
    name: Boardless
    jira: {project: IDL, board: 99}
    sprints: {from: board}
  - id: bare
    name: Bare
"""
FILTER = TicketSource("jira", jql="project = HER AND labels = none").id
NO_CODE = "{reached-production: 'No code.', commits: 'No code.'}"
OF_JIRA = [
    pytest.param("empty", "project EMP", "Jira shows no ticket of it.", id="no ticket"),
    pytest.param("filter", "JQL `project = HER", "It finds no ticket;", id="a filter"),
    pytest.param(
        "open", "project OPN", "No ticket of it was ever in the category Done.", id="open"
    ),
    pytest.param("fresh", "project FRE", "Nothing shows a ticket of it that was Done", id="fresh"),
    pytest.param("boardless", "board 99", "", id="no board"),
    pytest.param("bare", "team bare", "This team has no Jira projects set up.", id="not set up"),
]


@dataclass
class Examined:
    """What was judged, and what the check-up then says."""

    results: list[dict[str, Any]]
    sections: dict[str, Any] = field(default_factory=dict)

    def newest(self, team: str, target: str) -> dict[str, Any]:
        """A team's last finished sprint against a target."""
        own = [r for r in self.results if (r["team"], r["target"]["id"]) == (team, target)]
        return max(
            (r for r in own if r["sprint"]["settles"] <= NOW.isoformat()),
            key=lambda r: str(r["sprint"]["start"]),
        )


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examined]:
    world, folder = World(NOW), tmp_path_factory.mktemp("results")
    site = world.site()
    for kind, made in KINDS.items():
        made.build(world.repository(f"acme/{kind}"))
    for key in ("HER", "EMP", "OPN", "FRE", "IDL"):
        site.project(key)
    site.issue("HER-1", created=ago(90))
    site.issue("OPN-1", created=ago(90))
    site.issue("FRE-1", created=ago(90), moves=[(ago(3), "Done")])
    site.issue("IDL-1", created=ago(90), moves=[(ago(80), "Done")])
    site.board(99, "IDL", readable=False)
    with serve(world) as sandbox:
        organisation = Organisation(
            world, sandbox, f"sqlite:///{folder}/hearten.db", folder / "config"
        )
        organisation.configure(_teams())
        for job in (["collect", "--since", ago(85).date().isoformat()], ["evaluate"]):
            organisation.run(*job)
        asked = len(sandbox.log)
        said = json.loads(organisation.run("doctor", "--format", "json").out)
        assert len(sandbox.log) > asked
        yield Examined(organisation.results(), {each["section"]: each for each in said})


def _teams() -> str:
    sprints = f"    sprints: {{from: cadence, first_day: {FIRST_DAY}, length_days: 14}}\n"
    entries = "".join(
        f"  - id: {kind}\n    name: {kind.title()}\n{sprints}"
        f"    repositories: [{{name: acme/{kind}, production: {made.production}"
        f"{f', branch: {made.branch}' if made.branch else ''}}}]\n"
        "    not_applicable: {tickets-done: 'We do not use Jira.'}\n"
        for kind, made in KINDS.items()
    )
    jira = JIRA.lstrip("\n").splitlines(keepends=True)
    for place in range(len(jira) - 1, -1, -1):
        if jira[place].startswith("    name:"):
            own = "" if "Boardless" in jira[place] else sprints
            jira[place] += f"{own}    not_applicable: {NO_CODE}\n"
    return f"teams:\n{entries}{''.join(jira)}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_behind_a_result_of_a_repository_is_said_with_its_name(
    examined: Examined, kind: str
) -> None:
    made, section = KINDS[kind], examined.sections["Results"]
    texts = [*section["details"], *(f"{f['about']}: {f['what']}" for f in section["findings"])]
    mends = [f["mend"] for f in section["findings"] if f["about"] == f"acme/{kind}"]

    assert examined.newest(kind, "reached-production")["status"] == made.status
    assert any(text.startswith(f"acme/{kind}: ") and made.said in text for text in texts)
    assert not made.mend or any(made.mend in mend for mend in mends)


@pytest.mark.parametrize(("team", "about", "said"), OF_JIRA)
def test_what_stands_behind_a_result_of_tickets_is_said_with_its_name(
    examined: Examined, team: str, about: str, said: str
) -> None:
    found = [f for f in examined.sections["Results"]["findings"] if f["about"].startswith(about)]

    assert any(said in finding["what"] for finding in found), team


def test_a_zero_of_tickets_names_the_project(examined: Examined) -> None:
    assert examined.newest("idle", "tickets-done")["status"] == "not_met"
    assert any(
        detail.startswith("project IDL: nothing moved to Done for Idle from ")
        for detail in examined.sections["Results"]["details"]
    )


def test_no_section_is_right_beside_what_has_no_data_or_a_zero_without_a_source(
    examined: Examined,
) -> None:
    """For every sprint that is judged, not only the newest."""
    section = examined.sections["Results"]
    named = " ".join([*section["details"], *(f["about"] for f in section["findings"])])

    for result in examined.results:
        silent = result["status"] == "not_met" and not result["evidence"]
        if silent or result["status"] == "no_data":
            for source in result["sources"]:
                name = "JQL `" if source == FILTER else source.rpartition(":")[2]
                assert name in named or name in result["reason"], (source, result["reason"])
