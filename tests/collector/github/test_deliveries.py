"""Several stanzas and names in one read of a repository, each reached by its own events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from evaluator.model.days import Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, GoneFolder
from evaluator.reach import reach
from sandbox.github.records import GitCommit
from sandbox.github.repository import SandboxRepository
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, SHOP, Clock, Read, at

LONDON = ZoneInfo("Europe/London")


def by(*stanzas: Production) -> Delivery:
    return Delivery(stanzas)


def to(environment: str) -> Production:
    return Production(Evidence.DEPLOYMENT, environments=(environment,))


def tagged(pattern: str, at: str = "") -> Production:
    return Production(Evidence.TAG, pattern=pattern, at=at)


def run(file: str) -> Production:
    return Production(Evidence.WORKFLOW, workflows=(file,))


def shipped(read: Read, delivery: Delivery) -> dict[str, datetime]:
    """When each commit reached production as one delivery, from the start of the window on."""
    parents = {sha: commit.parents for sha, commit in read.commits.items()}
    admitted = [delivery.admitted(event, LONDON) for event in read.events.values()]
    found = reach(parents, filter(None, admitted))
    return {sha: e.at for sha, e in found.items() if e.at and e.at >= read.since}


HERON, WREN = by(to("heron")), by(to("wren"))


def test_what_two_teams_deploy_is_read_at_once_back_to_the_seed_of_each(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    first = repo.commit(at=at(1, month=1))
    second, third = repo.commit(at=at(10, month=1)), repo.commit(at=at(20, month=2))
    fourth = repo.commit(at=at(4))
    repo.deploy(first, "heron", at=at(2, month=1))
    for day in range(20, 29):
        repo.deploy(third, "wren", at=at(day, month=2))
    repo.deploy(fourth, "wren", at=at(5))
    repo.deploy(fourth, "heron", at=at(10))

    read((HERON, WREN))
    asked = sandbox.count("github")
    sandbox.reset()
    nothing = read((HERON, WREN))

    assert shipped(read, HERON) == dict.fromkeys((second.sha, third.sha, fourth.sha), at(10))
    assert shipped(read, WREN) == {fourth.sha: at(5)}
    assert asked <= 3
    assert (nothing.coverage.reason, sandbox.count("github")) == (None, 1)


def test_an_environment_of_two_stanzas_gives_each_event_once(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), "heron", at=at(5))
    both = by(Production(Evidence.DEPLOYMENT, environments=("heron", "wren")))

    reading = read((HERON, both))

    assert len(reading.events) == 1


Ship = Callable[[SandboxRepository, GitCommit, datetime], object]


@dataclass(frozen=True)
class Stage:
    """One way to ship, and the stanza that shows it."""

    stanza: Production
    ship: Ship


def runs(file: str) -> Stage:
    return Stage(run(file), lambda repo, commit, when: repo.run(file, commit, at=when))


MERGES = Stage(Production(), lambda *_: None)
DEPLOYS = Stage(to("production"), lambda repo, commit, when: repo.deploy(commit, at=when))
TAGS = Stage(
    tagged("v.*", "%Y-%m-%d"), lambda repo, commit, when: repo.tag(f"v{when:%Y-%m-%d}", commit)
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(runs("deploy.yml"), runs("cd.yml"), id="a workflow, then another"),
        pytest.param(MERGES, DEPLOYS, id="merges, then deployments"),
        pytest.param(DEPLOYS, TAGS, id="deployments, then tags"),
    ],
)
def test_production_that_changed_on_a_day_is_read_whole(
    world: World, read: Read, before: Stage, after: Stage
) -> None:
    repo = world.repository(SHOP)
    line = [repo.commit(at=at(day)) for day in (1, 4, 9, 12, 18)]
    for commit in line[:3]:
        before.ship(repo, commit, commit.committed_at + timedelta(hours=1))
    for commit in line[3:]:
        after.ship(repo, commit, commit.committed_at + timedelta(days=1))
    changed = by(replace(before.stanza, days=UNTIL), replace(after.stanza, days=SINCE))

    read((changed,))

    days = {sha: when.day for sha, when in shipped(read, changed).items()}
    assert days == dict(zip((c.sha for c in line[1:]), (4, 9, 13, 19), strict=True))


UNTIL, SINCE = Days(None, date(2026, 3, 10)), Days(date(2026, 3, 11))


def test_tags_of_two_packages_are_read_with_the_dates_of_each(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    first, second = repo.commit(at=at(1)), repo.commit(at=at(4))
    for commit, day in ((first, "2026-03-01"), (second, "2026-03-07")):
        repo.tag(f"heron-{day}", commit)
        repo.tag(f"wren-v{day[-2:]}", commit, tagged_at=commit.committed_at + timedelta(hours=2))
    heron, wren = by(tagged("heron-.*", "%Y-%m-%d")), by(tagged(r"wren-v\d+"))

    read((heron, wren))
    asked = sandbox.count("github")
    sandbox.reset()
    read((heron, wren))

    assert shipped(read, heron) == {second.sha: at(7)}
    assert shipped(read, wren) == {second.sha: at(4, 14)}
    assert asked <= 3
    assert sandbox.count("github") == 1


def test_workflows_of_two_teams_are_told_apart(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    first, second = repo.commit(at=at(1)), repo.commit(at=at(4))
    for file, day in (("heron.yml", 10), ("wren.yml", 5)):
        repo.run(file, first, at=at(2))
        repo.run(file, second, at=at(day))
    heron, wren = by(run("heron.yml")), by(run("wren.yml"))

    read((heron, wren))
    read((heron, wren))

    assert [shipped(read, each)[second.sha].day for each in (heron, wren)] == [10, 5]


def test_a_workflow_that_is_not_there_yet_keeps_nothing_else_from_being_read(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    first, second = repo.commit(at=at(1)), repo.commit(at=at(4))
    repo.run("deploy.yml", first, at=at(2))
    repo.run("deploy.yml", second, at=at(5))
    changed = by(replace(run("deploy.yml"), days=UNTIL), replace(run("cd.yml"), days=SINCE))

    without = read((changed,)).coverage.reason
    before = shipped(read, changed)
    third = repo.commit(at=at(12))
    repo.run("cd.yml", third, at=at(13))
    read((changed,))

    assert (without, before) == (None, {second.sha: at(5, 12) + timedelta(minutes=6)})
    assert shipped(read, changed).keys() == {second.sha, third.sha}


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(by(run("cd.yml")), id="alone"),
        pytest.param(
            by(replace(run("deploy.yml"), days=UNTIL), replace(run("cd.yml"), days=SINCE)),
            id="one that ran before",
        ),
    ],
)
def test_else_one_that_is_not_there_is_told(world: World, read: Read, delivery: Delivery) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.run("deploy.yml", commit, at=at(5))
    gone = repo.run("cd.yml", commit, at=at(12))
    read((delivery,))
    repo.runs.remove(gone)

    reading = read((delivery,))

    assert reading.coverage.reason == "not_found"


def test_the_first_event_of_a_second_team_has_read_what_nobody_needed_before(
    world: World, read: Read
) -> None:
    """Wren's seed reaches what is older than heron's first deployment by less than 14 days."""
    repo = world.repository(SHOP)
    repo.commit(at=at(1, month=1))
    young = [repo.commit(at=at(day, month=2)) for day in (25, 26)]
    repo.deploy(young[-1], "wren", at=at(27, month=2))
    newest = repo.commit(at=at(4))
    repo.deploy(newest, "wren", at=at(5))
    read((HERON, WREN))
    before = shipped(read, HERON)

    repo.deploy(newest, "heron", at=at(6))
    read((HERON, WREN))

    assert before == {}
    assert shipped(read, HERON).keys() >= {commit.sha for commit in (*young, newest)}


def test_one_that_may_still_succeed_is_asked_again_for_each_stanza(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    first, second = repo.commit(at=at(1)), repo.commit(at=at(4))
    for name in ("heron", "wren"):
        repo.deploy(first, name, at=at(2))
    waiting = [
        repo.deploy(second, name, at=at(5), statuses=[("waiting", at(5))])
        for name in ("heron", "wren")
    ]
    read((HERON, WREN))
    sandbox.reset()
    read((HERON, WREN))
    asked = sandbox.count("github")

    for deployment, day in zip(waiting, (20, 21), strict=True):
        repo.add_statuses(deployment, ("success", at(day)))
    for _ in range(50):  # which push those out of what is compared
        repo.deploy(first, "heron", at=at(22))
        repo.deploy(first, "wren", at=at(22))
    read((HERON, WREN))

    assert asked == 1
    assert shipped(read, HERON) == {second.sha: at(20)}
    assert shipped(read, WREN) == {second.sha: at(21)}


def test_beside_deployments_tags_are_listed_to_the_end_once_a_day_and_no_more(
    world: World, sandbox: Sandbox, read: Read, clock: Clock
) -> None:
    repo = world.repository(SHOP)
    first = repo.commit(at=at(1))
    for day in range(2, 28):
        repo.deploy(first, at=at(day) - timedelta(days=60))
    repo.tag("v1", first)
    both = by(
        Production(Evidence.DEPLOYMENT, ("production",), days=UNTIL),
        Production(Evidence.TAG, pattern="v.*", days=SINCE),
    )
    read((both,))

    clock.now = NOW + timedelta(days=2)
    read((both,))
    sandbox.reset()
    clock.now += timedelta(hours=1)
    read((both,))

    assert sandbox.count("github") == 1


def test_folders_that_older_commits_touch_are_known_from_the_first_read_on(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(1, month=1), files=("services/quiet/app.py", "services/busy/app.py"))
    many = [repo.commit(at=at(1, month=2) + timedelta(hours=hours)) for hours in range(120)]
    repo.deploy(many[-1], at=at(20, month=2))
    repo.deploy(repo.commit(at=at(4), files=("services/new/app.py",)), at=at(5))
    paths = ("services/busy/", "services/new/", "services/quiet/", "services/typo/")

    first = read(to("production"), paths=paths).coverage
    repo.deploy(repo.commit(at=at(6), files=("services/busy/app.py",)), at=at(7))
    again = read(to("production"), paths=paths).coverage

    assert (
        first.older_paths == again.older_paths == frozenset({"services/busy/", "services/quiet/"})
    )
    assert read(to("production"), paths=paths).coverage.older_paths is None  # nothing new


OLD, NEW = "services/old/", "services/new/"


def moved(world: World, *, day: int = 9, files: Sequence[str] = (f"{NEW}app.py",)) -> None:
    """A repository whose old folder went on a day, and what took its place."""
    repo = world.repository(SHOP)
    repo.commit(at=at(1, month=1), files=(f"{OLD}app.py", "docs/index.md"))
    repo.deploy(repo.commit(at=at(4), files=(f"{OLD}app.py",)), at=at(5))
    repo.commit(at=at(day), files=files, removed=(f"{OLD}app.py",))
    repo.deploy(repo.commit(at=at(11), files=(f"{NEW}app.py",)), at=at(12))


@pytest.mark.parametrize(
    ("paths", "gone"),
    [
        pytest.param((OLD,), (GoneFolder(OLD, at(9)),), id="the old name alone"),
        pytest.param((NEW, OLD), (GoneFolder(OLD, at(9), frozenset({NEW})),), id="both names"),
        pytest.param((OLD, "docs/"), (GoneFolder(OLD, at(9)),), id="beside one that is there"),
        pytest.param((NEW, "services/typo/"), (), id="one that never was"),
    ],
)
def test_a_folder_that_is_gone_is_told_in_the_walk_over_it(
    world: World,
    sandbox: Sandbox,
    read: Read,
    paths: tuple[str, ...],
    gone: tuple[GoneFolder, ...],
) -> None:
    moved(world)

    assert read(to("production"), paths=paths).coverage.gone_folders == gone
    assert sandbox.count("github") == 2
    assert read(to("production"), paths=paths).coverage.gone_folders is None  # nothing new


def test_a_folder_that_went_before_all_that_is_read_is_looked_up_with_those_beside_it(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(1, month=1), files=("docs/index.md", f"{OLD}app.py"))
    repo.commit(at=at(2, month=1), files=(f"{NEW}app.py",), removed=(f"{OLD}app.py",))
    files = f"{NEW}app.py", "docs/index.md"
    many = [repo.commit(at=at(1, month=2) + timedelta(hours=n), files=files) for n in range(150)]
    repo.deploy(many[-1], at=at(20, month=2))
    repo.deploy(repo.commit(at=at(4)), at=at(5))

    coverage = read(to("production"), paths=("docs/", NEW, OLD)).coverage

    assert coverage.gone_folders == (GoneFolder(OLD, at(2, month=1), frozenset({NEW})),)
    assert sandbox.count("github") == 3


def test_without_folders_nobody_looks(world: World, read: Read) -> None:
    world.repository(SHOP).commit(at=at(4))

    coverage = read(Production()).coverage

    assert (coverage.older_paths, coverage.gone_folders) == (None, None)
