"""What detection offers, and what first: what is in use, where it runs, and what it would count."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from collector.github.collector import GitHubCollector
from collector.github.detection.candidates import Candidate, DetectedEvidence
from collector.github.detection.release_branches import branch_pattern
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, at

Connect = Callable[[str], GitHubCollector]
Detect = Callable[[], DetectedEvidence]


@pytest.fixture
def shop(world: World) -> SandboxRepository:
    return world.repository(SHOP)


@pytest.fixture
def detect(sandbox: Sandbox, connect: Connect) -> Detect:
    def detected() -> DetectedEvidence:
        (found,) = connect(sandbox.github_url).detect([SHOP]).values()
        assert isinstance(found, DetectedEvidence)
        return found

    return detected


def tagged(repo: SandboxRepository, names: Sequence[str], *, month: int) -> None:
    for day, name in enumerate(names, start=1):
        repo.tag(name, repo.commit(at=at(day, month=month)))


def released(repo: SandboxRepository, names: Sequence[str], *, month: int) -> None:
    for day, name in enumerate(names, start=1):
        when = at(day, month=month)
        repo.release(name, repo.commit(at=when), at=when)


@pytest.mark.parametrize("make", [tagged, released])
@pytest.mark.parametrize(
    ("before", "today"),
    [
        pytest.param(["a-1.0", "a-1.1", "a-1.2"], "v2.0", id="larger before"),
        pytest.param(["live-1.0", "live-1.1"], "v2.0", id="named as production before"),
        pytest.param([f"{part}-1.{n}" for part in "abcdef" for n in (0, 1)], "v2.0", id="many"),
    ],
)
def test_a_family_that_ended_is_never_offered_first(
    shop: SandboxRepository,
    detect: Detect,
    make: Callable[..., None],
    before: list[str],
    today: str,
) -> None:
    make(shop, before, month=1)
    make(shop, [today], month=6)

    found = detect()

    assert found.best.production.pattern == r"v\d+(\.\d+)*"
    assert found.candidates[0] is found.best
    assert {c.production.pattern for c in found.candidates if c.in_use} == {
        found.best.production.pattern,
        "",
    }


@pytest.mark.parametrize(
    ("interval", "releases", "best"),
    [
        pytest.param(3, 4, Evidence.RELEASE, id="releases took over"),
        pytest.param(3, 2, Evidence.DEPLOYMENT, id="few releases since"),
        pytest.param(20, 4, Evidence.DEPLOYMENT, id="deployed now and then"),
    ],
)
def test_a_kind_that_another_took_over_from_is_not_offered_first(
    shop: SandboxRepository, detect: Detect, interval: int, releases: int, best: Evidence
) -> None:
    ended = at(20, month=2)
    for number in (3, 2, 1, 0):
        when = ended - timedelta(days=interval * number)
        shop.deploy(shop.commit(at=when), at=when)
    for number in range(releases):
        when = at(20 + number, month=3) + timedelta(days=10)
        shop.release(f"v1.{number}", shop.commit(at=when), at=when)

    assert detect().best.production.evidence is best


def test_within_a_kind_what_is_newest_comes_first(shop: SandboxRepository, detect: Detect) -> None:
    tagged(shop, ["a-1.0", "a-1.1", "a-1.2"], month=4)
    tagged(shop, ["b-1.0", "b-1.1"], month=6)
    tagged(shop, ["c-1.0"], month=5)

    patterns = [candidate.production.pattern[0] for candidate in detect().candidates[:3]]

    assert patterns == ["b", "c", "a"]


def test_what_is_named_as_production_comes_before_versions_that_are_a_little_newer(
    shop: SandboxRepository, detect: Detect
) -> None:
    tagged(shop, ["production-2026-06-01"], month=5)
    tagged(shop, ["v1.0", "v1.1", "v1.2"], month=5)

    assert detect().best.production.pattern.startswith("production")


def test_an_environment_that_nobody_deploys_to_any_more_is_offered_last(
    shop: SandboxRepository, detect: Detect
) -> None:
    shop.deploy(shop.commit(at=at(1, month=1)), "live", at=at(2, month=1))
    shop.deploy(shop.commit(at=at(1, month=6)), "prod-eu", at=at(2, month=6))

    offered = [candidate.production.environments for candidate in detect().candidates[:2]]

    assert offered == [("prod-eu",), ("live",)]


def test_of_several_regions_the_last_is_named(shop: SandboxRepository, detect: Detect) -> None:
    for day in (3, 9):
        commit = shop.commit(at=at(day))
        shop.deploy(commit, "prod-us", at=at(day) + timedelta(hours=1))
        shop.deploy(commit, "prod-eu", at=at(day) + timedelta(hours=2))

    best = detect().best

    assert best.production.environments == ("prod-eu", "prod-us")
    assert "the first of these counts. List only the last, `prod-eu`" in best.notes[0]


def test_services_that_are_deployed_apart_are_no_regions(
    shop: SandboxRepository, detect: Detect
) -> None:
    shop.deploy(shop.commit(at=at(3)), "prod-web", at=at(4))
    shop.deploy(shop.commit(at=at(5)), "prod-api", at=at(6))

    assert detect().best.notes == ()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        pytest.param("pypi", "where packages are published", id="packages"),
        pytest.param("npm-production", "where packages are published", id="named as production"),
        pytest.param("github-pages", "a site that shows pages", id="pages"),
        pytest.param("Production – docs", "a site that shows pages", id="documentation"),
        pytest.param("copilot", "where a coding agent works", id="an agent"),
    ],
)
def test_what_is_no_production_of_a_service_is_not_offered_and_said_to_be_what_it_is(
    shop: SandboxRepository, detect: Detect, environment: str, said: str
) -> None:
    shop.deploy(shop.commit(at=at(3)), environment, at=at(4))

    found = detect()

    assert found.best.production.evidence is Evidence.MERGE
    (note,) = found.notes
    assert f"`{environment}` is {said}" in note


def plan_jobs(repo: SandboxRepository, *, merged: bool) -> None:
    """Two pull requests that were deployed, and merged at most after that; and one commit."""
    repo.deploy(repo.commit(at=at(2)), at=at(2))
    for day in (3, 6):
        commit = repo.commit(at=at(day), branch=f"work-{day}", parents=[repo.branches["main"]])
        when = at(day + 2) if merged else None
        repo.pull_request([commit], merged_at=when, head=f"work-{day}")
        repo.deploy(commit, at=at(day, 13), ref=f"work-{day}")


def test_deployments_that_are_merged_later_are_offered_with_before_merge(
    shop: SandboxRepository, detect: Detect
) -> None:
    plan_jobs(shop, merged=True)

    best = detect().best

    assert best.production.before_merge
    assert [event.at for event in best.events] == [at(8), at(5), at(2)]
    assert "2 of 3 deployments are of pull requests that were merged only later" in best.notes[0]


def test_deployments_of_pull_requests_that_are_not_merged_are_not_counted(
    shop: SandboxRepository, detect: Detect
) -> None:
    plan_jobs(shop, merged=False)

    best = detect().best

    assert not best.production.before_merge
    assert [event.at for event in best.events] == [at(2)]
    assert "2 of 3 deployments to `production` are of pull requests that were not" in best.notes[0]


def test_where_no_deployment_counts_it_is_said_why(shop: SandboxRepository, detect: Detect) -> None:
    plan_jobs(shop, merged=False)
    del shop.deployments[0]

    found = detect()

    assert found.best.production.evidence is Evidence.MERGE
    assert found.notes[0].startswith("2 of 2 deployments to `production` are of pull requests")


def workflows(found: DetectedEvidence) -> list[Candidate]:
    return [c for c in found.candidates if c.production.evidence is Evidence.WORKFLOW]


def test_a_workflow_that_runs_on_release_branches_is_offered_with_their_pattern(
    shop: SandboxRepository, detect: Detect
) -> None:
    commit = shop.commit(at=at(2))
    for day in (3, 4):
        shop.run("deploy.yml", commit, at=at(day), branch=f"release/2026-{day}")
    shop.run("deploy.yml", commit, at=at(5), branch="feature/try")

    best = detect().best

    assert best.production == Production(
        Evidence.WORKFLOW, workflows=("deploy.yml",), branch="release/.*"
    )
    assert len(best.events) == 2
    assert "`release/2026-4`" in best.notes[0]


def test_a_workflow_that_runs_on_branches_of_changes_alone_is_only_told(
    shop: SandboxRepository, detect: Detect
) -> None:
    shop.run("deploy.yml", shop.commit(at=at(2)), at=at(3), branch="feature/try")

    found = detect()

    assert workflows(found) == []
    assert found.notes == ("`deploy.yml` never succeeded on `main`, but on `feature/try`.",)


@pytest.mark.parametrize("called", ["deploy.yml", "deploy-shared.yml"])
def test_the_workflow_that_calls_the_one_that_deploys_is_offered(
    shop: SandboxRepository, detect: Detect, called: str
) -> None:
    commit = shop.commit(at=at(2))
    shop.idle_workflows.append("deploy.yml")
    shop.run("pipeline.yml", commit, at=at(3), calls=[called])
    shop.run("ci.yml", commit, at=at(4), calls=["lint.yml"])

    (offered,) = workflows(detect())

    assert offered.production.workflows == ("pipeline.yml",)
    assert "It calls a workflow that deploys" in offered.notes[0]


def test_where_nobody_says_who_calls_it_those_that_succeeded_are_named(
    shop: SandboxRepository, detect: Detect
) -> None:
    shop.idle_workflows.append("deploy.yml")
    shop.run("pipeline.yml", shop.commit(at=at(2)), at=at(3))

    (note,) = detect().notes

    assert note.startswith("`deploy.yml` never succeeded by itself; on `main` `pipeline.yml` did.")


@pytest.mark.parametrize(
    ("make", "requests"),
    [
        pytest.param(lambda r, c: r.deploy(c, at=at(3)), 2, id="deployments"),
        pytest.param(lambda r, c: r.tag("v1.0", c), 1, id="tags"),
        pytest.param(lambda r, c: r.run("deploy.yml", c, at=at(3)), 3, id="a workflow"),
        pytest.param(
            lambda r, c: r.run("deploy.yml", c, at=at(3), branch="release/1"),
            4,
            id="a workflow on another branch",
        ),
        pytest.param(
            lambda r, _: r.idle_workflows.append("deploy.yml"), 6, id="one that is called"
        ),
        pytest.param(lambda r, c: r.run("ci.yml", c, at=at(3)), 4, id="none that deploys"),
    ],
)
def test_it_asks_more_only_where_nothing_was_found(
    shop: SandboxRepository,
    sandbox: Sandbox,
    detect: Detect,
    make: Callable[[SandboxRepository, object], object],
    requests: int,
) -> None:
    make(shop, shop.commit(at=at(2)))

    detect()

    assert sandbox.count("github") == requests


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["release/2026-09", "release/2026-10a"], "release/.*"),
        (["release-1.2", "release-1.3", "main-try"], "release-.*"),
        (["2026.10", "2026.11"], r"\d.*"),
        (["stable"], "stable"),
        (["train+1", "train+2"], r"train\+.*"),
        (["feature/a", "feature/b"], ""),
        (["dependabot/npm/a", "fix/b", "fix/c"], ""),
        (["some-work"], ""),
        ([], ""),
    ],
)
def test_release_branches_have_a_pattern(names: list[str], pattern: str) -> None:
    assert branch_pattern(names) == pattern


def test_a_family_long_behind_the_commits_is_no_more_in_use(
    shop: SandboxRepository, detect: Detect
) -> None:
    tagged(shop, ["v1.0"], month=1)
    later: datetime = at(1, month=8)
    shop.commit(at=later)

    assert not detect().candidates[0].in_use
