"""The demonstration's repositories, told by how each shows that something reached production."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sandbox.demo.calendar import LONDON, SPRINTS
from sandbox.demo.work import BEFORE, MergeMethod, begin, bots, changes
from sandbox.github.records import Deployment, TokenAccess
from sandbox.github.repository import SandboxRepository
from sandbox.people import DEPENDABOT
from sandbox.world import World

_MINUTES = timedelta(minutes=1)
WORKFLOW = "deploy.yml"
_UNLUCKY = 7
# One of these two is the last finished sprint, whenever the demonstration is run.
BROKEN = SPRINTS - 2  # Kestrel's workflow
PUT_OFF = SPRINTS - 3  # Linnet's release
# Sprint by sprint: nothing, bots only and reverts only are among them.
_FULMAR = (2, 1, 0, 2, 0, 2, 0, 2, 3, 0, 3, 2, 2)
_FULMAR_REVERTS = 9
_SISKIN = (2, 0, 2, 2, 0, 2, 2, 3, 0, 2, 3, 2, 2)


def build_repositories(world: World) -> None:
    """Add every team's repositories."""
    _heron(world)
    _wren(world)
    _avocet(world)
    _kestrel(world)
    _plover_and_dunlin(world)
    _curlew(world)
    _linnet(world)
    _siskin(world)
    _gannet(world)
    _fulmar(world)
    _knot(world)


def _heron(world: World) -> None:
    """Deployments: superseded, approved late, rolled back, repeated, failed; and squash merges."""
    repo, script = begin(world, "booking-web")
    calendar = script.calendar
    changes(repo, script, after=_deploying(repo), project="HER")
    bots(repo, script)

    def older(at: datetime) -> object:
        return repo.deploy(repo.deployments[-6].sha, at=at)

    script.on(calendar.at(3, 11, 18), older)  # a rollback
    script.on(calendar.at(3, 11, 19), lambda at: repo.deploy(repo.branches["main"], at=at))
    script.on(
        calendar.at(5, 11, 18), lambda at: repo.deploy(repo.branches["main"], at=at)
    )  # a redeploy
    script.on(
        calendar.at(6, 11, 18),
        lambda at: repo.deploy(repo.branches["main"], at=at, statuses=[("failure", at + _MINUTES)]),
    )
    waiting: list[Deployment] = []
    script.on(calendar.at(8, 11, 18), lambda at: repo.squash_merge(at=at))
    script.on(
        calendar.at(8, 11, 19),
        lambda at: waiting.append(
            repo.deploy(repo.branches["main"], at=at, statuses=[("waiting", at)])
        ),
    )
    script.on(calendar.at(9, 1, 9), lambda at: repo.add_statuses(waiting[0], ("success", at)))
    script.play()


def _wren(world: World) -> None:
    """Releases, with drafts and release candidates; and rebase merges."""
    repo, script = begin(world, "records-api")
    changes(repo, script, how=MergeMethod.REBASE)
    bots(repo, script)
    for sprint in range(-BEFORE, SPRINTS):
        for day in (4, 11):
            version = f"v2.{2 * (sprint + BEFORE) + day // 8}.0"
            script.on(
                script.calendar.at(sprint, day, 14), _releasing(repo, f"{version}-rc1", rc=True)
            )
            script.on(script.calendar.at(sprint, day, 16), _releasing(repo, version))
    script.on(
        script.calendar.at(SPRINTS - 2, 12),
        lambda at: repo.release("v3.0.0", repo.branches["main"], at=at, draft=True),
    )
    script.play()


def _avocet(world: World) -> None:
    """Tags with a date in their names, annotated or not; merge commits; a branch merged late."""
    repo, script = begin(world, "letters")
    calendar = script.calendar
    changes(repo, script, how=MergeMethod.MERGE)
    bots(repo, script)
    old: list[str] = []
    script.on(calendar.at(1, 3), lambda _: old.append(repo.branches["main"]))
    script.on(
        calendar.at(8, 3, 16),
        lambda at: repo.merge(
            at=at, written=[calendar.at(1, 4), calendar.at(2, 8), calendar.at(6, 7)], start=old[0]
        ),
    )
    for sprint in range(-BEFORE, SPRINTS):
        for day in (4, 10):
            script.on(calendar.at(sprint, day, 17, 30), _tagging(repo, "production-%Y-%m-%d"))
    script.play()


def _kestrel(world: World) -> None:
    """Runs of a workflow, some of which did not succeed: in one sprint none but the first did.

    What was merged meanwhile waits, and reaches production as the next sprint begins. One more
    success in between repeated the first, which brought nothing new.
    """
    repo, script = begin(world, "results-service")
    calendar = script.calendar
    running = _running(repo)

    def run(at: datetime) -> None:
        if calendar.at(BROKEN, 2) <= at < calendar.at(BROKEN + 1):
            repo.run(WORKFLOW, repo.branches["main"], at=at, conclusion="failure")
        else:
            running(at)

    changes(repo, script, after=run)
    released: list[str] = []
    script.on(calendar.at(BROKEN, 2, 8), lambda _: released.append(repo.runs[-1].sha))
    script.on(calendar.at(BROKEN, 8, 16), lambda at: repo.run(WORKFLOW, released[0], at=at))
    script.on(calendar.at(BROKEN + 1, 0, 11), running)
    bots(repo, script)
    script.play()


def _plover_and_dunlin(world: World) -> None:
    """Two teams in one repository, each in its folders; merged is released."""
    repo, script = begin(world, "monorepo")
    changes(repo, script, files=["services/plover/app.py"])
    changes(repo, script, (2, 1, 2, 1, 0, 2, 0, 2, 2, 3, 2, 2, 2), files=["services/dunlin/app.py"])
    changes(
        repo, script, (1,) * SPRINTS, how=MergeMethod.MERGE, files=["libraries/shared/dates.py"]
    )
    bots(repo, script, files=["services/plover/requirements.txt"])
    script.play()


def _curlew(world: World) -> None:
    """A repository that was renamed since, deployed by a Kanban team."""
    repo, script = begin(world, "queue", former_names=("waiting-list",))
    changes(repo, script, how=MergeMethod.REBASE, after=_deploying(repo))
    bots(repo, script)
    script.play()


def _linnet(world: World) -> None:
    """Version tags, every other one annotated; in one sprint the team put its release off."""
    repo, script = begin(world, "formulary")
    changes(repo, script)
    bots(repo, script)
    for sprint in range(-BEFORE, SPRINTS):
        if sprint != PUT_OFF:
            script.on(script.calendar.at(sprint, 11, 17), _tagging(repo, f"v{sprint + BEFORE + 1}"))
    script.play()


def _siskin(world: World) -> None:
    """One repository that may be read, with quiet sprints, and one that may not."""
    repo, script = begin(world, "directory")
    changes(repo, script, _SISKIN)
    bots(repo, script)
    script.play()
    closed, script = begin(world, "directory-private", access=TokenAccess.FORBIDDEN)
    changes(closed, script)
    script.play()


def _gannet(world: World) -> None:
    """Deployments to an environment that nobody configured."""
    repo, script = begin(world, "referrals")
    changes(repo, script, after=_deploying(repo, "live"))
    bots(repo, script)
    script.play()


def _fulmar(world: World) -> None:
    """Quiet sprints, a sprint of bots only and one of reverts only."""
    repo, script = begin(world, "reminders")
    changes(repo, script, _FULMAR, after=_deploying(repo))
    bots(repo, script)
    for sprint in range(SPRINTS):
        script.on(script.calendar.at(sprint, 2, 10), _deploying(repo))
    for day in (3, 8):
        script.on(script.calendar.at(_FULMAR_REVERTS, day), _reverting(repo))
        script.on(script.calendar.at(_FULMAR_REVERTS, day, 11), _deploying(repo))
    script.play()


def _knot(world: World) -> None:
    """Merged is released; the other repository of this team's configuration does not exist."""
    repo, script = begin(world, "style-guide")
    changes(repo, script, (2, 2, 1, 2, 0, 2, 2, 2, 3, 2, 0, 2, 2), how=MergeMethod.MERGE)
    bots(repo, script)
    script.play()


def _deploying(
    repo: SandboxRepository, environment: str = "production"
) -> Callable[[datetime], object]:
    """Return a step that tries the head on staging and deploys it, superseding what is there."""

    def step(at: datetime) -> None:
        head = repo.branches["main"]
        repo.deploy(head, "staging", at=at)
        for active in [d for d in repo.deployments if _active(d, environment)]:
            repo.add_statuses(active, ("inactive", at + 6 * _MINUTES))
        repo.deploy(
            head,
            environment,
            at=at + _MINUTES,
            statuses=[("in_progress", at + 2 * _MINUTES), ("success", at + 5 * _MINUTES)],
        )

    return step


def _active(deployment: Deployment, environment: str) -> bool:
    """Whether it is what the next success supersedes."""
    return deployment.environment == environment and deployment.statuses[-1][0] == "success"


def _releasing(
    repo: SandboxRepository, tag: str, *, rc: bool = False
) -> Callable[[datetime], object]:
    return lambda at: repo.release(tag, repo.branches["main"], at=at, prerelease=rc)


def _tagging(repo: SandboxRepository, pattern: str) -> Callable[[datetime], object]:
    def step(at: datetime) -> None:
        annotated = len(repo.tags) % 2 == 0
        name = at.astimezone(LONDON).strftime(pattern)
        repo.tag(name, repo.branches["main"], tagged_at=at if annotated else None)

    return step


def _running(repo: SandboxRepository) -> Callable[[datetime], object]:
    """Return a step that runs the workflow; now and then a run fails and another follows."""

    def step(at: datetime) -> None:
        head = repo.branches["main"]
        if len(repo.runs) % _UNLUCKY == 0:
            repo.run(WORKFLOW, head, at=at, conclusion="failure")
        repo.run(WORKFLOW, head, at=at + 10 * _MINUTES)
        repo.run("tests.yml", head, at=at)

    return step


def _reverting(repo: SandboxRepository) -> Callable[[datetime], object]:
    def step(at: datetime) -> None:
        undone = [p for p in repo.pull_requests.values() if p.author is not DEPENDABOT][-1]
        repo.squash_merge(at=at, title=f'Revert "{undone.title}"')

    return step
