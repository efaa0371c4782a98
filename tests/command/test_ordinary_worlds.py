"""What teams do every day gets the verdict of somebody who knows it all, and no "No data".

Each world is read once, a month later, and also after each sprint, while it goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandbox.github.repository import SandboxRepository
from sandbox.people import Actor, Kind
from sandbox.world import World
from store.store import Store
from tests.support.told_worlds import Story, day, judged

SPRINTS = ("2025-12-01", "2025-12-29", "2026-01-26", "2026-02-23")
NOW = day("2026-04-01")
AFTER_EACH = (day("2026-01-02"), day("2026-01-30"), day("2026-02-27"), NOW)
SINCE = day("2025-12-01").date()
HOUR = timedelta(hours=1)
BUSY = ("2025-12-10", "2026-02-04")  # in the first sprint and in the third; the others are quiet
VERDICTS = ["met", "not_met", "met", "not_met"]
PROMOTER = Actor("promoter[bot]", "promoter[bot]", "1+promoter[bot]@example.org", Kind.BOT)
CODE, TICKETS = "reached-production", "tickets-done"
DEPLOYED = "{evidence: deployment, environments: [production]}"

ON_A_BOARD = """
teams:
  - id: heron
    name: Heron
    jira: {project: HER, board: 43}
    sprints: {from: board}
    not_applicable: {reached-production: "No code.", commits: "No code."}
"""


def teams(production: str, *more: str) -> str:
    listed = "".join(f"\n      - {entry}" for entry in more)
    return f"""
teams:
  - id: heron
    name: Heron
    repositories:
      - {{name: acme/shop, production: {production}}}{listed}
    sprints: {{from: cadence, first_day: 2025-12-01, length_days: 28}}
    not_applicable: {{tickets-done: "We do not use Jira."}}
"""


def weeks(first: str = "2025-12-03") -> Iterator[datetime]:
    """Yield a day of each week until now."""
    when = day(first, hour=9)
    while when < NOW:
        yield when
        when += timedelta(days=7)


def is_busy(when: datetime) -> bool:
    """Whether something goes to production in this week."""
    return any(when <= day(text) < when + timedelta(days=7) for text in BUSY)


def shop(world: World) -> SandboxRepository:
    """A repository that was deployed long before."""
    repo = world.repository("acme/shop")
    repo.deploy(repo.commit(at=day("2025-10-01")), at=day("2025-10-02"))
    return repo


def opened(repo: SandboxRepository, when: datetime) -> str:
    """Push a commit to a branch of its own, and open a pull request from it; return the commit."""
    branch = f"work-{len(repo.commits)}"
    made = repo.commit(at=when, branch=branch, parents=[repo.branches["main"]])
    repo.pull_request([made], merged_at=None, head=branch)
    return made.sha


def previews(world: World) -> Iterator[datetime]:
    """An environment for each pull request; in some weeks one is merged and shipped."""
    repo = shop(world)
    for when in weeks():
        yield when
        sha = opened(repo, when)
        pull = repo.pulls_of(sha)[0]
        repo.deploy(sha, f"pr-{pull.number}", at=when + HOUR, ref=pull.head)
        if is_busy(when):
            yield when + 2 * HOUR
            merged = repo.squash_merge(at=when + 2 * HOUR)
            repo.deploy(merged, at=when + 3 * HOUR)


def plans(world: World) -> Iterator[datetime]:
    """A job on each pull request names production for its secrets, and brings nothing there."""
    repo = shop(world)
    for when in weeks():
        yield when
        sha = opened(repo, when)
        repo.deploy(sha, at=when + HOUR, ref=repo.pulls_of(sha)[0].head)
        if is_busy(when):
            yield when + 2 * HOUR
            repo.deploy(repo.squash_merge(at=when + 2 * HOUR), at=when + 3 * HOUR)


def candidates(world: World) -> Iterator[datetime]:
    """Release candidates every week, and a release in some."""
    repo = world.repository("acme/shop")
    repo.release("v1.0.0", repo.commit(at=day("2025-10-01")), at=day("2025-10-02"))
    for number, when in enumerate(weeks(), start=1):
        yield when
        merged = repo.squash_merge(at=when)
        repo.release(f"v1.{number}.0-rc.1", merged, at=when + HOUR, prerelease=True)
        if is_busy(when):
            yield when + 2 * HOUR
            repo.release(f"v1.{number}.0", merged, at=when + 2 * HOUR)


def another_workflow(world: World) -> Iterator[datetime]:
    """From January on a workflow runs on the branch that has nothing to do with production."""
    repo = world.repository("acme/shop")
    repo.run("deploy.yml", repo.commit(at=day("2025-10-01")), at=day("2025-10-02"))
    for when in weeks():
        yield when
        merged = repo.squash_merge(at=when)
        if when >= day("2026-01-01"):
            repo.run("lint.yml", merged, at=when + HOUR)
        if is_busy(when):
            repo.run("deploy.yml", merged, at=when + HOUR)


def young(world: World) -> Iterator[datetime]:
    """A second repository is made in February, and shipped for the first time two days later."""
    repo = shop(world)
    for when in weeks():
        yield when
        if is_busy(when):
            repo.deploy(repo.squash_merge(at=when), at=when + HOUR)
            if when >= day("2026-02-01"):
                other = world.repository("acme/young")
                other.created_at = when
                other.deploy(other.commit(at=when + HOUR), at=when + 2 * HOUR)


def deployed_then_merged(world: World) -> Iterator[datetime]:
    """The team deploys a pull request, looks, and merges it on the next day."""
    repo = shop(world)
    for when in weeks():
        if is_busy(when):
            yield when
            sha = opened(repo, when)
            pull = repo.pulls_of(sha)[0]
            repo.deploy(sha, at=when + HOUR, ref=pull.head)
            merge = when + timedelta(days=1)
            yield merge
            joined = repo.commit(at=merge, parents=[repo.branches["main"], sha], files=())
            repo.merged(pull, at=merge, shas=[joined])


def release_branches(world: World) -> Iterator[datetime]:
    """Work is merged every week; a release branch is cut, mended and deployed in some."""
    repo = shop(world)
    for when in weeks():
        yield when
        merged = repo.squash_merge(at=when)
        if is_busy(when):
            yield when + HOUR
            branch = f"release/{when:%Y.%m}"
            fix = repo.commit(at=when + HOUR, branch=branch, parents=[merged.sha])
            repo.deploy(fix, at=when + 2 * HOUR, ref=branch)


def promoted(world: World) -> Iterator[datetime]:
    """People merge into develop; a bot's pull request brings that to the production branch."""
    repo = world.repository("acme/shop")
    root = repo.commit(at=day("2025-10-01"))
    repo.branches["develop"] = root.sha
    for when in weeks():
        yield when
        repo.squash_merge(at=when, base="develop")
        if is_busy(when):
            yield when + HOUR
            head = repo.branches["develop"]
            joined = repo.commit(
                at=when + HOUR,
                author=PROMOTER,
                files=(),
                parents=[repo.branches["main"], head],
            )
            repo.pull_request([joined], merged_at=when + HOUR, author=PROMOTER)


def board_made_anew(world: World) -> Iterator[datetime]:
    """A board lists the sprints of the one before it; the last of those was closed late."""
    site = world.sites["jira"]
    site.issue("HER-0", created=day("2025-10-01"), moves=[(day("2025-10-20"), "Done")])
    for number in (42, 43):
        site.board(number, "HER")
    made_on = (42, 42, 43, 43)
    for number, (begin, board) in enumerate(zip(SPRINTS, made_on, strict=True), start=1):
        start = day(begin, hour=9)
        end = start + timedelta(days=28)
        yield start
        open_still = site.sprint(board, f"Sprint {number}", start=start, end=end, activated=start)
        if board == 42:
            site.boards[43].sprints.append(open_still)
        if begin in {SPRINTS[0], SPRINTS[2]}:
            done = start + timedelta(days=9)
            yield done
            site.issue(f"HER-{number}", created=start, moves=[(done, "Done")])
        late = timedelta(days=2) if begin == SPRINTS[1] else -HOUR
        closed = replace(open_still, state="closed", completed=end + late)
        if late < timedelta():
            yield end + late
        for each in (42, 43):
            sprints = site.boards[each].sprints
            sprints[:] = [closed if known.ident == closed.ident else known for known in sprints]


RELEASED = "{evidence: release, tags: 'v\\d+(\\.\\d+)*'}"
BY_WORKFLOW = "{evidence: workflow, workflow: deploy.yml}"
YOUNG = f"{{name: acme/young, production: {DEPLOYED}}}"


@dataclass(frozen=True)
class Ordinary:
    """A world with how it is configured, which target shows it, and when it is read on the way."""

    story: Story
    teams: str
    target: str = CODE
    reads: Sequence[datetime] = AFTER_EACH


BEFORE_MERGE = DEPLOYED.replace("}", ", before_merge: true}")
WORLDS = {
    "a preview environment for each pull request": Ordinary(previews, teams(DEPLOYED)),
    "plan jobs that name production": Ordinary(plans, teams(DEPLOYED)),
    "release candidates": Ordinary(candidates, teams(RELEASED)),
    "a new workflow that is unrelated": Ordinary(another_workflow, teams(BY_WORKFLOW)),
    "deploy, look, then merge": Ordinary(deployed_then_merged, teams(BEFORE_MERGE)),
    "release branches": Ordinary(release_branches, teams(DEPLOYED)),
    "a bot's promotion pull request": Ordinary(promoted, teams("{evidence: merge}")),
    "a young repository beside an old one": Ordinary(
        young, teams(DEPLOYED, YOUNG), reads=AFTER_EACH[2:]
    ),
    "a late close on a board made anew": Ordinary(
        board_made_anew, ON_A_BOARD, TICKETS, AFTER_EACH[2:]
    ),
}


@pytest.mark.parametrize("once", [True, False], ids=["read once", "read on the way"])
@pytest.mark.parametrize("name", WORLDS)
def test_an_ordinary_world_is_judged_as_it_was(
    name: str, store: Store, tmp_path: Path, *, once: bool
) -> None:
    world = WORLDS[name]
    reads = world.reads[-1:] if once else world.reads

    results = judged(world.story, world.teams, reads, SINCE, store=store, config=tmp_path)

    found = {
        f"{result.sprint.first_day}": (
            result.status.value,
            result.coverage,
            [gap.detail for gap in result.gaps],
        )
        for result in results
        if result.target == world.target and f"{result.sprint.first_day}" in SPRINTS
    }
    assert found == {
        sprint: (verdict, 1.0, []) for sprint, verdict in zip(SPRINTS, VERDICTS, strict=True)
    }
