"""What users of such systems reported as counted wrongly, each told as a small world.

Each is read once, a month later, and also after each sprint, while it goes on. In the first sprint
and in the third something reaches production or Done; in the others nothing does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandbox.github.repository import SandboxRepository
from sandbox.world import World
from store.store import Store
from tests.support.told_worlds import Story, day, judged

SPRINTS = ("2025-12-01", "2025-12-29", "2026-01-26", "2026-02-23")
READS = (day("2026-01-02"), day("2026-01-30"), day("2026-02-27"), day("2026-04-01"))
SINCE = day("2025-12-01").date()
BUSY = (day("2025-12-10", 9), day("2026-02-04", 9))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CADENCE = "{from: cadence, first_day: 2025-12-01, length_days: 28}"
NO_CODE = '{reached-production: "No code.", commits: "No code."}'
DEPLOYED = "{evidence: deployment, environments: [production]}"
RELEASED = "{evidence: release, tags: 'v\\d+(\\.\\d+)*'}"
TAGGED = "{evidence: tag, tags: 'v\\d+(\\.\\d+)*'}"
MERGED = "{evidence: merge}"


def code(production: str) -> str:
    return f"""
teams:
  - id: heron
    name: Heron
    repositories: [{{name: acme/shop, production: {production}}}]
    sprints: {CADENCE}
    not_applicable: {{tickets-done: "We do not use Jira."}}
"""


def tickets(sprints: str, board: str = "") -> str:
    return f"""
teams:
  - id: heron
    name: Heron
    jira: {{project: HER{board}}}
    sprints: {sprints}
    not_applicable: {NO_CODE}
"""


def shop(world: World, branch: str = "main") -> SandboxRepository:
    """A repository that was deployed, released and tagged long before."""
    repo = world.repository("acme/shop", default_branch=branch)
    root = repo.commit(at=day("2025-10-01"))
    repo.deploy(root, at=day("2025-10-02"))
    repo.release("v1.0.0", root, at=day("2025-10-02"))
    repo.branches["release/1.0"] = root.sha
    return repo


def proposed(repo: SandboxRepository, name: str) -> str:
    """Commit on a branch of its own."""
    return repo.commit(at=BUSY[0] - DAY, branch=name, parents=[repo.branches["main"]]).sha


def joined(repo: SandboxRepository, side: str) -> str:
    """Commit the merge of `side` into the default branch, at the second busy time."""
    return repo.commit(at=BUSY[1], parents=[repo.branches["main"], side], files=()).sha


def copied_fix(world: World) -> Iterator[datetime]:
    """A fix is copied to a release branch without a pull request, and released from there."""
    repo = shop(world)
    yield BUSY[0]
    repo.squash_merge(at=BUSY[0])
    fix = repo.commit(at=BUSY[0] + HOUR, branch="release/1.0")
    repo.release("v1.0.1", fix, at=BUSY[0] + 2 * HOUR)
    yield BUSY[1]
    repo.release("v1.1.0", repo.branches["main"], at=BUSY[1])


def merged_back(world: World) -> Iterator[datetime]:
    """A release is tagged on a commit that is not on main, to which its branch is merged later."""
    repo = shop(world)
    yield BUSY[0]
    repo.squash_merge(at=BUSY[0], base="release/1.0")
    cut = repo.commit(at=BUSY[0] + HOUR, branch="release/1.0")
    repo.release("v1.0.1", cut, at=BUSY[0] + 2 * HOUR)
    yield BUSY[1]
    repo.pull_request([cut, joined(repo, cut.sha)], merged_at=BUSY[1])
    repo.release("v1.1.0", repo.squash_merge(at=BUSY[1] + HOUR), at=BUSY[1] + 2 * HOUR)


def landed_by_a_bot(world: World) -> Iterator[datetime]:
    """A bot puts the commit of a pull request on main, and closes that without a merge."""
    repo = shop(world)
    for when in BUSY:
        yield when
        branch = f"work-{when:%m}"
        repo.pull_request([proposed(repo, branch)], merged_at=None, head=branch, closed=True)
        repo.deploy(repo.commit(at=when, authored_at=when - DAY), at=when + HOUR)


def slow_clock(world: World) -> Iterator[datetime]:
    """The commit of a version is dated a year back, and its tag has no date of its own."""
    repo = shop(world)
    for when in BUSY:
        yield when
        repo.squash_merge(at=when)
        repo.tag(f"v1.{when:%m}", repo.commit(at=when - timedelta(days=365)))


def planned(world: World) -> Iterator[datetime]:
    """A plan job names production; what it planned is merged as it is, in the next sprint."""
    repo = shop(world)
    yield BUSY[0]
    repo.deploy(repo.squash_merge(at=BUSY[0]), at=BUSY[0] + HOUR)
    yield day("2026-01-14")
    side = proposed(repo, "work")
    pull = repo.pull_request([side], merged_at=None, head="work")
    repo.deploy(side, at=day("2026-01-14"), ref="work")
    yield BUSY[1]
    repo.merged(pull, at=BUSY[1], shas=[joined(repo, side)])
    repo.deploy(repo.branches["main"], at=BUSY[1] + HOUR)


def imported(world: World) -> Iterator[datetime]:
    """One pull request brings another repository, with the history of its own."""
    repo = shop(world)
    yield BUSY[0]
    repo.deploy(repo.squash_merge(at=BUSY[0]), at=BUSY[0] + HOUR)
    yield BUSY[1]
    old = day("2019-01-01")
    first = repo.commit(at=old, branch="other", parents=[])
    others = [first, *(repo.commit(at=old + n * DAY, branch="other") for n in range(1, 30))]
    head = joined(repo, others[-1].sha)
    repo.pull_request([*others, head], merged_at=BUSY[1])
    repo.deploy(head, at=BUSY[1] + HOUR)


def renamed_branch(world: World) -> Iterator[datetime]:
    """The default branch is called otherwise from January on."""
    repo = shop(world, "master")
    yield BUSY[0]
    repo.deploy(repo.squash_merge(at=BUSY[0]), at=BUSY[0] + HOUR)
    yield day("2026-01-14")
    repo.branches["main"] = repo.branches.pop("master")
    repo.default_branch = "main"
    yield BUSY[1]
    repo.deploy(repo.squash_merge(at=BUSY[1]), at=BUSY[1] + HOUR)


def queued(world: World) -> Iterator[datetime]:
    """A merge queue makes two commits on a branch of its own; they are main an hour later."""
    repo = shop(world)
    for when in BUSY:
        yield when
        ref = f"gh-readonly-queue/main/pr-{when:%m}"
        one = repo.commit(at=when, branch=ref, parents=[repo.branches["main"]])
        two = repo.commit(at=when + timedelta(minutes=1), branch=ref)
        repo.branches["main"] = repo.branches.pop(ref)
        for made in (one, two):
            repo.pull_request([made], merged_at=when + HOUR)
        repo.deploy(two, at=when + 2 * HOUR)


def never_ended(world: World) -> Iterator[datetime]:
    """The job that deploys is cut off: one deployment has no status, one stays in progress."""
    repo = shop(world)
    yield BUSY[0]
    repo.deploy(repo.squash_merge(at=BUSY[0]), at=BUSY[0] + HOUR)
    begun = day("2026-01-14")
    yield begun
    repo.deploy(repo.squash_merge(at=begun), at=begun, statuses=[])
    yield BUSY[1]
    merged = repo.squash_merge(at=BUSY[1])
    repo.deploy(merged, at=BUSY[1] + HOUR)
    repo.deploy(merged, at=day("2026-03-10"), statuses=[("in_progress", day("2026-03-10"))])


def slow_to_end(world: World) -> Iterator[datetime]:
    """What was in progress at a read succeeds, or fails, after it."""
    repo = shop(world)
    yield BUSY[0]
    repo.deploy(repo.squash_merge(at=BUSY[0]), at=BUSY[0] + HOUR)
    begun = READS[1] - HOUR
    yield begun
    merged = repo.squash_merge(at=begun)
    late = [repo.deploy(merged, at=begun, statuses=[("in_progress", begun)]) for _ in range(2)]
    yield BUSY[1]
    for each, ended in zip(late, ("failure", "success"), strict=True):
        repo.add_statuses(each, (ended, BUSY[1]))


def another_trigger(world: World) -> Iterator[datetime]:
    """From January on the workflow runs when a pull request is closed, and on pushes no more."""
    repo = shop(world)
    repo.run("deploy.yml", repo.branches["main"], at=day("2025-10-02"))
    yield BUSY[0]
    repo.run("deploy.yml", repo.squash_merge(at=BUSY[0]), at=BUSY[0] + HOUR)
    dropped = proposed(repo, "dropped")
    repo.pull_request([dropped], merged_at=None, head="dropped", closed=True)
    yield day("2026-01-14")
    repo.run("deploy.yml", dropped, at=day("2026-01-14"), branch="dropped", event="pull_request")
    yield BUSY[1]
    pull = repo.pull_request([proposed(repo, "work")], merged_at=None, head="work")
    repo.merged(pull, at=BUSY[1], shas=[repo.commit(at=BUSY[1])])
    repo.run("deploy.yml", pull.shas[0], at=BUSY[1], branch="work", event="pull_request")


def only_on_merges(world: World) -> Iterator[datetime]:
    """The workflow never ran otherwise than when a pull request was closed."""
    repo = shop(world)
    for when in BUSY:
        yield when
        head = f"work-{when:%m}"
        pull = repo.pull_request([proposed(repo, head)], merged_at=None, head=head)
        repo.merged(pull, at=when, shas=[repo.commit(at=when)])
        repo.run("deploy.yml", pull.shas[0], at=when, branch=head, event="pull_request")


def on_releases(world: World) -> Iterator[datetime]:
    """The workflow runs when a tag is pushed, and later when its release is published."""
    repo = shop(world)
    repo.run("deploy.yml", repo.branches["main"], at=day("2025-10-02"), branch="v1.0.0")
    for when, event in zip(BUSY, ("push", "release"), strict=True):
        yield when
        made, tag = repo.squash_merge(at=when), f"v1.{when.month}"
        repo.run("deploy.yml", made, at=when + HOUR, branch=tag, event=event)


def by_date(world: World) -> Iterator[datetime]:
    """Versions of three numbers become dates with a count."""
    repo = shop(world)
    for when, tag in zip(BUSY, ("v1.1.0", "v2026.02.04.0"), strict=True):
        yield when
        repo.release(tag, repo.squash_merge(at=when), at=when + HOUR)


def prefixed(world: World) -> Iterator[datetime]:
    """All tags get a `v` before them one day, and what was released stays so."""
    repo = world.repository("acme/shop")
    repo.release("1.0", repo.commit(at=day("2025-10-01")), at=day("2025-10-02"))
    yield BUSY[0]
    repo.release("1.1", repo.squash_merge(at=BUSY[0]), at=BUSY[0] + HOUR)
    yield day("2026-01-14")
    repo.tags = {f"v{name}": replace(tag, name=f"v{name}") for name, tag in repo.tags.items()}
    repo.releases = [replace(each, tag=f"v{each.tag}") for each in repo.releases]
    yield BUSY[1]
    repo.release("v1.2", repo.squash_merge(at=BUSY[1]), at=BUSY[1] + HOUR)


def on_a_board(world: World) -> Callable[[int, str], None]:
    """A board with four sprints; the function returned lets one be active or closed."""
    site = world.sites["jira"]
    site.issue("HER-0", created=day("2025-10-01"), moves=[(day("2025-10-20"), "Done")])
    site.board(43, "HER")
    starts = [day(begin, 9) for begin in SPRINTS]
    made = [site.sprint(43, "S", start=start, end=start + 28 * DAY) for start in starts]

    def put(number: int, state: str) -> None:
        sprint, start = made[number], starts[number]
        completed = start + 28 * DAY - HOUR if state == "closed" else None
        site.put_sprint(replace(sprint, state=state, activated=start, completed=completed))

    return put


def sprints_gone_through(world: World) -> Iterator[datetime]:
    """Run the four sprints of a board; a ticket is done in the first and in the third."""
    put = on_a_board(world)
    for number, begin in enumerate(SPRINTS):
        yield day(begin, 9)
        put(number, "active")
        for when in (BUSY[number // 2],) if number in {0, 2} else ():
            yield when
            world.sites["jira"].issue(f"HER-{number + 1}", created=when, moves=[(when, "Done")])
        yield day(begin, 9) + 28 * DAY - HOUR
        put(number, "closed")


def reopened(world: World) -> Iterator[datetime]:
    """The second sprint, long over, is opened again by mistake."""
    yield from sprints_gone_through(world)
    yield day("2026-03-28")
    sprints = world.sites["jira"].boards[43].sprints
    sprints[1] = replace(sprints[1], state="active", completed=None)


def deleted(world: World) -> Iterator[datetime]:
    """The second sprint, long over, is deleted."""
    yield from sprints_gone_through(world)
    yield day("2026-03-28")
    del world.sites["jira"].boards[43].sprints[1]


def status_gone(world: World) -> Iterator[datetime]:
    """The status that tickets came to Done from is deleted."""
    site = world.sites["jira"]
    site.status("In test", "indeterminate")
    site.issue("HER-9", created=day("2025-10-01"), moves=[(day("2025-11-30"), "Done")])
    for when in BUSY:
        moves = [(when - DAY, "In test"), (when, "Done")]
        yield when
        site.issue(f"HER-{when:%m}", created=when - 2 * DAY, moves=moves)
    yield day("2026-03-10")
    site.status("In test", "indeterminate", listed=False)


def verdicts(*found: tuple[str, int] | str | None) -> dict[str, tuple[str, int | None]]:
    """What is right for each sprint; a status alone has the count 0, None is no such sprint."""
    return {
        sprint: (each, 0) if isinstance(each, str) else each
        for sprint, each in zip(SPRINTS, found, strict=True)
        if each is not None
    }


def busy(first: int, third: int) -> dict[str, tuple[str, int | None]]:
    return verdicts(("met", first), "not_met", ("met", third), "not_met")


@dataclass(frozen=True)
class Report:
    """A world, how it is configured, and what is right read on the way, and read once."""

    story: Story
    teams: str
    right: dict[str, tuple[str, int | None]]
    once: dict[str, tuple[str, int | None]] | None = None


BOARD = tickets("{from: board}", ", board: 43")
SLOW = verdicts(("met", 2), "no_data", ("met", 2), "no_data")
PLANNED = verdicts(("met", 1), "no_data", ("met", 1), "not_met")
NEVER_ENDED = verdicts(("met", 1), "no_data", ("met", 2), "not_met")
RUN = "{evidence: workflow, workflow: deploy.yml}"
OF_THREE = "{evidence: release, tags: 'v\\d+\\.\\d+\\.\\d+'}"
BARE, EITHER = (f"{{evidence: release, tags: '{v}\\d+(\\.\\d+)*'}}" for v in ("", "v?"))
CHANGED = verdicts(("met", 1), "not_met", "no_data", "no_data")
NOTHING: dict[str, tuple[str, int | None]] = dict.fromkeys(SPRINTS, ("no_data", None))
REPORTS = {
    "a fix copied to a release branch": Report(copied_fix, code(RELEASED), busy(1, 1)),
    "a release branch merged back": Report(merged_back, code(RELEASED), busy(2, 1)),
    "landed by a bot": Report(landed_by_a_bot, code(DEPLOYED), busy(1, 1)),
    "a clock that is slow": Report(slow_clock, code(TAGGED), SLOW),
    "planned before it is merged": Report(planned, code(DEPLOYED), PLANNED),
    "a repository brought into another": Report(imported, code(DEPLOYED), busy(1, 1)),
    "a branch renamed, by deployments": Report(renamed_branch, code(DEPLOYED), busy(1, 1)),
    "a branch renamed, by merges": Report(renamed_branch, code(MERGED), busy(1, 1)),
    "a merge queue, by deployments": Report(queued, code(DEPLOYED), busy(2, 2)),
    "a merge queue, by merges": Report(queued, code(MERGED), busy(2, 2)),
    "a sprint opened again": Report(reopened, BOARD, busy(1, 1)),
    "a sprint deleted": Report(
        deleted, BOARD, busy(1, 1), verdicts(("met", 1), None, ("met", 1), "not_met")
    ),
    "a deployment that never ended": Report(never_ended, code(DEPLOYED), NEVER_ENDED),
    "a deployment that was slow to end": Report(slow_to_end, code(DEPLOYED), busy(1, 1)),
    "a workflow with another trigger": Report(another_trigger, code(RUN), CHANGED),
    "a workflow that only merges begin": Report(only_on_merges, code(RUN), NOTHING),
    "a workflow that releases begin": Report(
        on_releases, code("{evidence: workflow, workflow: deploy.yml}, branch: 'v.*'"), busy(1, 1)
    ),
    "versions that become dates": Report(by_date, code(OF_THREE), CHANGED),
    "tags that get a prefix": Report(prefixed, code(BARE), CHANGED, NOTHING),
    "tags that get a prefix, both listed": Report(prefixed, code(EITHER), busy(1, 1)),
    "a status deleted": Report(
        status_gone,
        tickets(CADENCE),
        busy(1, 1),
        verdicts("no_data", "not_met", "no_data", "not_met"),
    ),
}


SELDOM = {
    "a workflow that only merges begin",
    "a workflow that releases begin",
    "versions that become dates",
}


@pytest.mark.parametrize("once", [True, False], ids=["read once", "read on the way"])
@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=[pytest.mark.slow] if each in SELDOM else []) for each in REPORTS],
)
def test_what_is_reported_elsewhere_as_counted_wrongly_is_right_here(
    name: str, store: Store, tmp_path: Path, *, once: bool
) -> None:
    report = REPORTS[name]
    target = "reached-production" if "acme/shop" in report.teams else "tickets-done"
    reads = READS[-1:] if once else READS

    results = judged(report.story, report.teams, reads, SINCE, store=store, config=tmp_path)

    found = {
        f"{result.sprint.first_day}": (result.status.value, result.value)
        for result in results
        if result.target == target and f"{result.sprint.first_day}" in SPRINTS
    }
    assert found == (report.once if once and report.once else report.right)
