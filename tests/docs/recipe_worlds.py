"""A made-up fortnight for each recipe of docs/production.md, as its example tells it.

The fortnight is that from 2 to 15 March 2026. Each repository shipped something in February.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sandbox.github.records import PullRequest
from sandbox.github.repository import SandboxRepository
from sandbox.people import DEPENDABOT
from sandbox.world import World

BEFORE = datetime(2026, 2, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCE = ("src/app.py",)


def march(day: int, hour: int = 12) -> datetime:
    """An instant in March 2026."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def begun(
    world: World, name: str, files: Sequence[str] = SOURCE
) -> tuple[SandboxRepository, PullRequest]:
    """A repository with one pull request, merged before the fortnight."""
    repo = world.repository(f"your-organisation/{name}")
    return repo, repo.squash_merge(at=BEFORE, files=files)


def proposed(repo: SandboxRepository, day: int) -> PullRequest:
    """A pull request of one commit, still open."""
    branch = f"work-{day}"
    main = repo.branches[repo.default_branch]
    commit = repo.commit(at=march(day), branch=branch, parents=[main])
    return repo.pull_request([commit], merged_at=None, head=branch)


def accepted(repo: SandboxRepository, pull: PullRequest, day: int) -> PullRequest:
    """The same, squashed onto the production branch."""
    return repo.merged(pull, at=march(day), shas=[repo.commit(at=march(day))])


def every_merge(world: World) -> None:
    repo, _ = begun(world, "booking-site")
    repo.squash_merge(at=march(4))
    repo.squash_merge(at=march(5))
    proposed(repo, 6)


def pipeline(world: World) -> None:
    repo, first = begun(world, "booking-web")
    repo.deploy(first, at=BEFORE)
    repo.deploy(repo.squash_merge(at=march(4)), at=march(4, 13))
    stopped = [("failure", march(5, 14))]
    repo.deploy(repo.squash_merge(at=march(5)), at=march(5, 13), statuses=stopped)


def gitops(world: World) -> None:
    repo, _ = begun(world, "booking-deploy", ["production/web.yaml"])
    repo.squash_merge(at=march(4), files=["production/web.yaml"])
    repo.squash_merge(at=march(5), files=["staging/web.yaml"])
    repo.squash_merge(at=march(6), files=["production/web.yaml"])
    repo.squash_merge(at=march(9), files=["production/web.yaml"], author=DEPENDABOT)


def container_tags(world: World) -> None:
    repo, first = begun(world, "booking-api")
    repo.tag("v1.4.0", first, tagged_at=BEFORE)
    for day in (3, 4, 5):
        repo.squash_merge(at=march(day))
    repo.tag("v1.5.0", repo.branches["main"], tagged_at=march(6))
    repo.tag("v1.6.0-rc.1", repo.squash_merge(at=march(9)), tagged_at=march(9, 13))


def regions(world: World) -> None:
    repo, first = begun(world, "booking-worldwide")
    everywhere = repo.squash_merge(at=march(3))
    for region in ("production-europe", "production-america"):
        repo.deploy(first, region, at=BEFORE)
    repo.deploy(everywhere, "production-europe", at=march(4))
    repo.deploy(everywhere, "production-america", at=march(5))
    repo.deploy(repo.squash_merge(at=march(9)), "production-europe", at=march(10))


def tenants(world: World) -> None:
    repo, first = begun(world, "booking-hosted")
    repo.deploy(first, "live-ashford", at=BEFORE)
    repo.deploy(first, "try-ashford", at=BEFORE)
    to_two = repo.squash_merge(at=march(3))
    repo.deploy(to_two, "live-ashford", at=march(4))
    repo.deploy(to_two, "live-bexley", at=march(5))
    repo.deploy(repo.squash_merge(at=march(9)), "live-croydon", at=march(10))
    repo.deploy(repo.squash_merge(at=march(11)), "try-ashford", at=march(12))


def feature_flags(world: World) -> None:
    repo, first = begun(world, "booking-desk")
    repo.deploy(first, at=BEFORE)
    repo.deploy(repo.squash_merge(at=march(3)), at=march(4))
    repo.deploy(repo.squash_merge(at=march(9), files=["flags.yaml"]), at=march(10))


def app_stores(world: World) -> None:
    repo, first = begun(world, "booking-app")
    repo.release("app-5.0", first, at=BEFORE)
    for day in (3, 2):
        repo.squash_merge(at=march(2) - day * DAY)
    drafted = march(2) - DAY
    repo.release("app-5.1", repo.branches["main"], at=march(9), created_at=drafted)
    repo.release("app-5.2", repo.squash_merge(at=march(10)), at=march(11), prerelease=True)


def libraries(world: World) -> None:
    repo, first = begun(world, "booking-packages")
    repo.release("@your-organisation/forms@2.0.0", first, at=BEFORE)
    repo.release("@your-organisation/dates@1.1.0", repo.squash_merge(at=march(3)), at=march(4))
    repo.release("@your-organisation/forms@2.1.0", repo.squash_merge(at=march(5)), at=march(6))
    candidate = repo.squash_merge(at=march(9))
    repo.release("@your-organisation/forms@3.0.0-rc.1", candidate, at=march(10))


def infrastructure(world: World) -> None:
    repo, first = begun(world, "booking-infrastructure")
    repo.deploy(first, at=BEFORE)
    applied, waiting = proposed(repo, 3), proposed(repo, 4)
    for pull, day in ((applied, 3), (waiting, 4)):
        repo.deploy(pull, at=march(day, 13), ref=pull.head)
    repo.deploy(accepted(repo, applied, 5), at=march(5, 13))


def jenkins(world: World) -> None:
    repo, first = begun(world, "booking-records")
    repo.tag("production-117", first, tagged_at=BEFORE)
    repo.squash_merge(at=march(3))
    repo.tag("production-118", repo.squash_merge(at=march(4)), tagged_at=march(5))
    repo.tag("production-119", repo.squash_merge(at=march(9)), tagged_at=march(10))


HERON, WREN = "services/heron/app.py", "services/wren/app.py"


def shipped_as_one(world: World) -> None:
    repo, first = begun(world, "clinics", [HERON, WREN])
    repo.deploy(first, at=BEFORE)
    for day, files in enumerate(([HERON], [WREN], [WREN], [HERON, WREN]), start=3):
        repo.squash_merge(at=march(day), files=files)
    repo.deploy(repo.branches["main"], at=march(9))


def shipped_apart(world: World) -> None:
    repo, first = begun(world, "surgeries", [HERON, WREN])
    for environment in ("heron-production", "wren-production"):
        repo.deploy(first, environment, at=BEFORE)
    only = repo.squash_merge(at=march(3), files=[HERON])
    for day, file in ((4, WREN), (5, HERON), (6, WREN)):
        repo.squash_merge(at=march(day), files=[file])
    repo.deploy(repo.branches["main"], "wren-production", at=march(9))
    repo.deploy(only, "heron-production", at=march(10))


def release_branches(world: World) -> None:
    repo, first = begun(world, "booking-letters")
    repo.run("ship.yml", first, at=BEFORE, branch="release/1.0")
    repo.squash_merge(at=march(3))
    cut = repo.squash_merge(at=march(4))
    repo.run("ship.yml", cut, at=march(5), branch="release/1.1")
    fix = repo.commit(at=march(6), branch="release/1.1", parents=[cut.sha])
    repo.run("ship.yml", fix, at=march(6, 13), branch="release/1.1")
    repo.squash_merge(at=march(9))
    repo.run("ship.yml", repo.squash_merge(at=march(10)), at=march(10, 13))


def deployed_first(world: World) -> None:
    repo, first = begun(world, "booking-search")
    repo.deploy(first, at=BEFORE)
    for day, merged in ((3, True), (5, True), (9, False)):
        pull = proposed(repo, day)
        repo.deploy(pull, at=march(day, 13), ref=pull.head)
        if merged:
            accepted(repo, pull, day + 1)


def changed_on_a_day(world: World) -> None:
    repo, first = begun(world, "booking-mail")
    repo.run("deploy.yml", first, at=BEFORE)
    repo.run("deploy.yml", repo.squash_merge(at=march(4)), at=march(5))
    repo.deploy(repo.squash_merge(at=march(11)), at=march(12))
