"""How far back commits are read: until reach over them is right, and no further."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from collector.github.collector import GitHubCollector
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.reach import reach
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import MARCH, SHOP, Clock, Read, at

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
TAGGED = Production(Evidence.TAG, pattern="v.*")
MERGED = Production(Evidence.MERGE)


def test_a_first_read_goes_back_to_the_newest_event_before_the_window(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    old = [repo.commit(at=at(1, month=1) + timedelta(hours=n)) for n in range(400)]
    repo.deploy(old[-150], at=at(20, month=1))
    waited = repo.commit(at=at(25, month=1))
    shipped = repo.commit(at=at(4))
    repo.deploy(shipped, at=at(5))

    read(DEPLOYED)

    assert {waited.sha, shipped.sha} < read.reached().keys()
    assert old[-150].sha not in read.reached()
    assert sandbox.count("github") == 2, "200 commits are two pages"


@pytest.mark.parametrize("on_branch", [True, False])
def test_a_merge_of_more_branches_than_one_answer_shows_brings_them_all(
    world: World, read: Read, *, on_branch: bool
) -> None:
    repo = world.repository(SHOP)
    base = repo.commit(at=at(1, month=1))
    repo.deploy(base, at=at(2, month=1))
    fixes = [
        repo.commit(at=at(4), branch=f"fix-{number}", parents=[base.sha]) for number in range(120)
    ]
    joined = repo.commit(
        at=at(5),
        branch="main" if on_branch else "release",
        parents=[base.sha, *(fix.sha for fix in fixes)],
    )
    repo.deploy(joined, at=at(6))

    reading = read(DEPLOYED)

    assert reading.coverage.reason is None
    assert {fix.sha for fix in fixes} | {joined.sha} == read.reached().keys()


def test_a_branch_that_was_merged_late_counts_when_it_ships(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    start = repo.commit(at=at(1, month=1))
    repo.deploy(start, at=at(2, month=1))
    for day in range(1, 28):
        repo.commit(at=at(day, month=2))
    late = repo.merge(at=at(10), written=[at(3, month=1)], start=start.sha)
    repo.deploy(late, at=at(11))

    read(DEPLOYED)

    assert read.reached()[late.shas[0]] == at(11)


def test_a_branch_that_was_merged_late_counts_on_a_later_run_too(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    start = repo.commit(at=at(1, month=1))
    for hour in range(150):
        repo.commit(at=at(1, month=2) + timedelta(hours=hour))
    repo.deploy(repo.branches["main"], at=at(20, month=2))
    repo.deploy(repo.commit(at=at(4)), at=at(5))
    read(DEPLOYED)

    late = repo.merge(at=at(10), written=[at(3, month=1)], start=start.sha)
    repo.deploy(late, at=at(11))
    read(DEPLOYED)

    found = read.reached()
    assert found[late.shas[0]] == at(11)
    assert start.sha not in found


def test_events_off_the_branch_are_asked_together(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    base = repo.commit(at=at(1))
    repo.tag("v0", base)
    hotfixes = [
        repo.commit(at=at(day), branch=f"hotfix-{day}", parents=[base.sha]) for day in range(4, 14)
    ]
    for number, commit in enumerate(hotfixes, start=1):
        repo.tag(f"v{number}", commit)
    repo.commit(at=at(20))

    read(TAGGED)

    assert {c.sha for c in hotfixes} == read.reached().keys()
    assert sandbox.count("github") == 2


def test_a_forced_push_takes_nothing_away(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    base = repo.commit(at=at(4))
    lost = repo.commit(at=at(5))
    repo.deploy(lost, at=at(6))
    read(DEPLOYED)

    repo.branches["main"] = base.sha
    rewritten = repo.commit(at=at(7))
    repo.deploy(rewritten, at=at(8))
    read(DEPLOYED)

    assert read.reached() == {base.sha: at(6), lost.sha: at(6), rewritten.sha: at(8)}


def test_a_forced_push_of_a_merged_line_adds_the_new_line(
    world: World, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(1))
    base = repo.commit(at=at(4))
    lost = repo.commit(at=at(5))
    clock.now = at(6)
    read(MERGED)

    repo.branches["main"] = base.sha
    rewritten = repo.commit(at=at(7))
    clock.now = at(8)
    read(MERGED)

    assert read.reached() == {base.sha: at(4), lost.sha: at(5), rewritten.sha: at(7)}


def test_a_line_that_becomes_the_branch_by_fast_forward_is_read_whole(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(1))
    base = repo.commit(at=at(4))
    side = repo.merge(at=at(6), written=[at(5)], start=base.sha)
    read(MERGED)

    repo.branches["main"] = side.shas[0]
    ahead = repo.commit(at=at(9))
    read(MERGED)

    events = {event.sha for event in read.events.values()}
    assert {side.shas[0], ahead.sha} < events


def test_a_first_release_makes_nobody_read_ten_years(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    begin = at(1, month=1) - timedelta(days=3650)
    for day in range(3600):
        repo.commit(at=begin + timedelta(days=day))
    recent = [repo.commit(at=at(day)) for day in range(1, 11)]
    repo.deploy(recent[-1], at=at(11))

    read(DEPLOYED)

    assert {c.sha for c in recent} < read.commits.keys()
    assert sandbox.count("github") == 1


def test_a_fortnight_before_a_first_release_is_read_whole(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    fortnight = [repo.commit(at=at(1) + timedelta(hours=n)) for n in range(250)]
    repo.deploy(fortnight[-1], at=at(12))

    read(DEPLOYED)

    assert {commit.sha for commit in fortnight} == read.commits.keys()


def test_a_repository_without_events_is_not_read_beyond_its_first_page(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    for hour in range(300):
        repo.commit(at=at(1) + timedelta(hours=hour))

    read(DEPLOYED)
    first_event = repo.deploy(repo.branches["main"], at=at(20))
    read(DEPLOYED)

    assert read.reached(at(1))[first_event.sha] == at(20)
    assert sandbox.count("github") <= 1 + 1 + 3


def test_a_hotfix_that_shipped_before_the_window_is_not_counted_when_it_is_merged(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    base = repo.commit(at=at(1, month=2))
    repo.tag("v1", base)
    fix = repo.commit(at=at(10, month=2), branch="fix", parents=[base.sha])
    repo.tag("v1.1", repo.commit(at=at(11, month=2), branch="fix"))
    seed = repo.commit(at=at(20, month=2), parents=[base.sha])
    repo.tag("v2", seed)
    merged = repo.commit(at=at(5), parents=[seed.sha, fix.sha])
    repo.tag("v3", merged)

    read(TAGGED)

    assert read.reached() == {merged.sha: at(5)}


@pytest.mark.parametrize(
    ("seed", "production"),
    [
        (0, TAGGED),
        *(
            pytest.param(seed, production, marks=pytest.mark.slow)  # hundreds of commits each
            for seed in range(8)
            for production in (DEPLOYED, TAGGED, MERGED)
            if (seed, production) != (0, TAGGED)
        ),
    ],
)
def test_what_is_reached_agrees_with_the_whole_repository(
    world: World, read: Read, clock: Clock, production: Production, seed: int
) -> None:
    """Several runs over a history that grows at random, against all of it at once."""
    chance = random.Random(seed)
    repo = world.repository(SHOP)
    now = at(1, month=1)
    for _ in range(3):
        for _ in range(chance.randint(150, 300)):
            now += timedelta(hours=chance.randint(1, 5))
            _something_happens(repo, chance, now)
        clock.now = now
        if now > MARCH:
            read(production)
    read(production)

    assert read.reached() == _reached_in(repo, production)


def _something_happens(repo: SandboxRepository, chance: random.Random, now: datetime) -> None:
    shas = list(repo.commits)
    match chance.choice(["commit", "squash", "merge", "late merge", "hotfix", "event"]):
        case "squash" if shas:
            repo.squash_merge(at=now)
        case "merge" if shas:
            repo.merge(at=now, written=[now - timedelta(hours=2), now - timedelta(hours=1)])
        case "late merge" if shas:
            start = chance.choice(repo.history(repo.branches["main"]))
            begun = repo.commits[start].committed_at
            repo.merge(at=now, written=[begun + timedelta(minutes=5)], start=start)
        case "hotfix" if shas:
            branch = f"fix-{len(shas)}"
            fix = repo.commit(at=now, branch=branch, parents=[chance.choice(shas[-40:])])
            shipped = repo.commit(at=now, branch=branch)
            repo.deploy(shipped, at=now)
            repo.tag(f"v{len(shas)}", shipped, tagged_at=now)
            if chance.random() < 1 / 2:
                repo.commit(at=now, parents=[repo.branches["main"], fix.sha])
        case "event" if shas:
            sha = chance.choice([*shas[-6:], repo.branches["main"]])
            repo.deploy(sha, at=now)
            repo.tag(f"v{len(repo.tags)}-{now:%d%H%M}", sha, tagged_at=now)
        case _:
            repo.commit(at=now)


def _reached_in(repo: SandboxRepository, production: Production) -> dict[str, datetime]:
    """What reached production from March on, by the whole history and every event."""
    found: list[tuple[str, str, datetime]] = []
    if production.evidence is Evidence.DEPLOYMENT:
        found = [("production", d.sha, d.statuses[0][1]) for d in repo.deployments]
    elif production.evidence is Evidence.TAG:
        found = [(t.name, t.sha, t.tagged_at) for t in repo.tags.values() if t.tagged_at]
    else:
        sha: str | None = repo.branches["main"]
        line = []
        while sha:
            line.append(repo.commits[sha])
            sha = next(iter(line[-1].parents), None)
        latest = None
        for commit in reversed(line):
            latest = max(filter(None, (latest, commit.committed_at)))
            found.append(("main", commit.sha, latest))
    events = [
        ProductionEvent(SHOP, production.evidence, f"{name}{sha}{when}", sha, name, when, "")
        for name, sha, when in found
    ]
    parents = {sha: commit.parents for sha, commit in repo.commits.items()}
    reached = reach(parents, events).items()
    return {sha: e.at for sha, e in reached if e.at and e.at >= MARCH}


def test_one_missing_repository_spoils_none_of_the_others(
    world: World, sandbox: Sandbox, connect: Callable[[str], GitHubCollector], read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), at=at(5))
    read(DEPLOYED)
    sandbox.reset()
    collector = connect(sandbox.github_url)
    tasks = [read.task(DEPLOYED, repository=name) for name in (SHOP, "acme/gone")]

    readings, to_read = collector.whats_new(tasks)

    assert [(r.coverage.source, r.coverage.reason) for r in readings] == [
        ("github:acme/shop", None),
        ("github:acme/gone", "not_found"),
    ]
    assert (to_read, sandbox.count("github")) == ([], 1)


def test_a_pull_request_that_shipped_before_it_was_merged_is_known_as_soon_as_it_is(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.deploy(base := repo.commit(at=at(1)), at=at(1))
    ahead = repo.commit(at=at(4), branch="feature", parents=[base.sha])
    pull = repo.pull_request([ahead], merged_at=None, created_at=at(4))
    repo.deploy(ahead, at=at(5))
    read(DEPLOYED)
    before = read.commits[ahead.sha].pull_request

    squashed = repo.commit(at=at(6), parents=[base.sha])
    repo.merged(pull, at=at(6), shas=[squashed])
    repo.deploy(squashed, at=at(7))
    read(DEPLOYED)

    assert before is None
    assert read.commits[ahead.sha].pull_request == pull.number
    assert read.commits[squashed.sha].pull_request == pull.number


def test_a_read_says_which_repository_it_was_and_since_when_there_is_one(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))

    coverage = read(MERGED).coverage

    assert (coverage.number, coverage.created) == (str(repo.ident), repo.created_at)
