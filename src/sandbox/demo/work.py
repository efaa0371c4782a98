"""Ordinary work on a repository: pull requests merged sprint by sprint, and a bot's beside them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum

from sandbox.demo.boards import ticket_of
from sandbox.demo.calendar import CLOSURE, SPRINTS, Calendar, Script
from sandbox.github.records import TokenAccess
from sandbox.github.repository import SandboxRepository
from sandbox.people import BRANCH, DEPENDABOT, RELEASE_ACCOUNT
from sandbox.world import World

OWNER = "example-health"
BEFORE = 3  # sprints of work before the first that is shown
STEADY = (3, 4, 3, 4, 0, 4, 3, 4, 3, 4, 3, 4, 3)


class MergeMethod(Enum):
    """How a team merges its pull requests."""

    SQUASH = "squash"
    REBASE = "rebase"
    MERGE = "merge"


def begin(
    world: World,
    name: str,
    *,
    access: TokenAccess = TokenAccess.OPEN,
    former_names: tuple[str, ...] = (),
) -> tuple[SandboxRepository, Script]:
    """Return a new repository with one commit long ago, and an empty script for it."""
    former = tuple(f"{OWNER}/{old}" for old in former_names)
    repo = world.repository(f"{OWNER}/{name}", access=access, former_names=former)
    script = Script(Calendar(world.now))
    script.on(script.calendar.at(-BEFORE), lambda at: repo.commit(at=at))
    return repo, script


def changes(
    repo: SandboxRepository,
    script: Script,
    counts: Sequence[int] = STEADY,
    *,
    how: MergeMethod = MergeMethod.SQUASH,
    files: Sequence[str] = ("src/app.py",),
    after: Callable[[datetime], object] | None = None,
    project: str = "",
) -> None:
    """Merge `counts[n]` pull requests in sprint n, and some before; `after` follows each.

    Squashed ones are from branches that name the tickets of `project` finished in that sprint.
    """
    for sprint in range(-BEFORE, SPRINTS):
        count = counts[sprint] if sprint >= 0 else 3
        for index, at in enumerate(script.calendar.spread(sprint, count)):
            key = ticket_of(project, sprint, index) if project and sprint >= 0 else ""
            script.on(at, _merging(repo, how, files, head=f"{key}-{BRANCH}" if key else ""))
            if after:
                script.on(at + timedelta(minutes=40), after)


def bots(
    repo: SandboxRepository, script: Script, *, files: Sequence[str] = ("requirements.txt",)
) -> None:
    """Merge a dependency bot's pull request in each sprint, and a release account's commit."""
    for sprint in range(-BEFORE, SPRINTS):
        if sprint != CLOSURE:
            script.on(
                script.calendar.at(sprint, 2, 9),
                lambda at: repo.squash_merge(
                    at=at, title="Bump left-pad", author=DEPENDABOT, files=files
                ),
            )
            script.on(
                script.calendar.at(sprint, 9, 9),
                lambda at: repo.commit(
                    at=at, headline="Prepare the next version", author=RELEASE_ACCOUNT
                ),
            )


def _merging(
    repo: SandboxRepository, how: MergeMethod, files: Sequence[str], *, head: str
) -> Callable[[datetime], object]:
    def written(at: datetime) -> list[datetime]:
        return [at - timedelta(hours=hours) for hours in (20, 3)]

    match how:
        case MergeMethod.SQUASH:
            return lambda at: repo.squash_merge(at=at, files=files, head=head)
        case MergeMethod.REBASE:
            return lambda at: repo.rebase_merge(at=at, written=written(at), files=files)
        case MergeMethod.MERGE:
            return lambda at: repo.merge(at=at, written=written(at), files=files)
