"""The production branch is pushed with force between two runs."""

import pytest

from sandbox.github.repository import SandboxRepository
from tests.support.databases import on_both_engines
from tests.support.organisation import ONE_TEAM, Organisation, ago

DEPLOYED = ONE_TEAM.replace(
    "{name: acme/shop}",
    "{name: acme/shop, production: {evidence: deployment, environments: [production]}}",
)


def ship(repo: SandboxRepository, *days: float) -> list[str]:
    """Commit and deploy on these days; return the shas."""
    made: list[str] = []
    for day in days:
        commit = repo.commit(at=ago(day, hours=1))
        repo.deploy(commit, at=ago(day))
        made.append(commit.sha)
    return made


def push_with_force(repo: SandboxRepository, shas: list[str]) -> None:
    """Make all commits anew, from the first one on, and deploy the last of them."""
    parent: list[str] = []
    for sha in shas:
        old = repo.commits[sha]
        anew = repo.commit(at=old.committed_at, authored_at=old.authored_at, parents=parent)
        parent = [anew.sha]
    repo.deploy(parent[0], at=ago(0, hours=2))


@pytest.mark.parametrize("teams", [DEPLOYED, ONE_TEAM], ids=["deployment", "merge"])
@on_both_engines
def test_nothing_counts_a_second_time(organisation: Organisation, teams: str) -> None:
    repo = organisation.world.repository("acme/shop")
    shas = ship(repo, *range(200, 20, -15), 2, 1)
    organisation.configure(teams)
    organisation.collect_and_evaluate()
    before = organisation.results()

    push_with_force(repo, shas)
    organisation.collect_and_evaluate()
    organisation.collect_and_evaluate()

    after = organisation.results()
    said = ("target", "status", "value", "evidence", "gaps", "state", "version")
    assert [[r[k] for k in said] for r in after] == [[r[k] for k in said] for r in before]
    reasons = {one["reason"] for r in after for one in r["left_out"]}
    assert "history was rewritten" in reasons
