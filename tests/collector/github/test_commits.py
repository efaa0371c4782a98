"""What is kept of a commit: its place in history, its pull request, bot or not, and no more."""

from collections.abc import Callable

import pytest

from collector.github.collector import GitHubCollector
from collector.source_read import Task
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Commit, Evidence
from evaluator.model.plan import RepositorySource
from sandbox.people import CAST, DEPENDABOT, RELEASE_ACCOUNT, Actor, Kind, personal_strings
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at

MERGED = Production(Evidence.MERGE)


def only(read: Read) -> Commit:
    (commit,) = read.commits.values()
    return commit


@pytest.mark.parametrize(
    ("author", "bot"),
    [
        pytest.param(CAST[0], False, id="a person"),
        pytest.param(CAST[-1], False, id="a person without an account"),
        pytest.param(DEPENDABOT, True, id="[bot] in the name"),
        pytest.param(Actor("ci", "", "1+ci[bot]@example.org"), True, id="[bot] in the e-mail"),
        pytest.param(RELEASE_ACCOUNT, True, id="a service account that is configured"),
    ],
)
def test_a_bot_is_told_from_a_person(world: World, read: Read, author: Actor, bot: bool) -> None:
    world.repository(SHOP).commit(at=at(4), author=author)

    read(MERGED, bots=("example-release-account",))

    assert only(read).bot is bot


AGENT = Actor("copilot-swe-agent[bot]", "copilot-swe-agent[bot]", "", Kind.BOT)
OWN_ACCOUNT = Actor("Copilot", "Copilot", "1+Copilot@users.noreply.example.org")
UNKNOWN = Actor("Somebody", "", "somebody@example.org")


def merge_of(
    world: World, *, author: Actor, opened: Actor, parents: int = 1, pulls: int = 1
) -> str:
    """Let the pull request of `opened` leave one commit by `author`; return its sha."""
    repo = world.repository(SHOP)
    before = [repo.commit(at=at(day), files=()).sha for day in range(1, parents + 1)]
    commit = repo.commit(at=at(5), author=author, parents=before)
    for number in range(2, pulls + 1):  # of forks, older
        repo.pull_request([commit], merged_at=None, number=number, created_at=at(1))
    repo.pull_request([commit], author=opened, merged_at=at(5), number=100)
    return commit.sha


@pytest.mark.parametrize(
    ("author", "opened", "bot"),
    [
        pytest.param(OWN_ACCOUNT, AGENT, True, id="an agent with an account of its own"),
        pytest.param(UNKNOWN, AGENT, True, id="an agent, and an author without an account"),
        pytest.param(CAST[0], AGENT, False, id="a person's work that a bot promotes"),
        pytest.param(UNKNOWN, CAST[0], False, id="a person without an account"),
        pytest.param(OWN_ACCOUNT, CAST[0], False, id="a person who opened what an agent wrote"),
        pytest.param(UNKNOWN, RELEASE_ACCOUNT, True, id="a configured service account"),
        pytest.param(DEPENDABOT, DEPENDABOT, True, id="a bot by its commit too"),
        pytest.param(UNKNOWN, UNKNOWN, False, id="an account that was removed"),
    ],
)
@pytest.mark.parametrize("pulls", [1, 13], ids=["one pull request", "many"])
def test_a_squash_is_of_the_author_of_its_pull_request_where_no_person_is_its_own(
    world: World, read: Read, *, author: Actor, opened: Actor, bot: bool, pulls: int
) -> None:
    squash = merge_of(world, author=author, opened=opened, pulls=pulls)

    read(MERGED, bots=("example-release-account",))

    assert read.commits[squash].bot is bot


def test_commits_that_a_bots_pull_request_did_not_make_are_their_authors(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    base = repo.commit(at=at(3))
    written = repo.commit(at=at(4), author=UNKNOWN, parents=[base.sha])
    merged = repo.commit(at=at(5), author=UNKNOWN, parents=[written.sha])
    repo.pull_request([written, merged], author=AGENT, merged_at=at(5))

    read(MERGED)

    assert [read.commits[c.sha].bot for c in (base, written, merged)] == [False, False, True]


def test_a_merge_commit_of_a_bots_pull_request_is_no_bots(world: World, read: Read) -> None:
    merge = merge_of(world, author=UNKNOWN, opened=AGENT, parents=2)

    read(MERGED)

    assert read.commits[merge].bot is False


@pytest.mark.parametrize(
    ("author", "opened", "bot"),
    [
        pytest.param(OWN_ACCOUNT, AGENT, False, id="an agent"),
        pytest.param(UNKNOWN, RELEASE_ACCOUNT, True, id="a configured service account"),
        pytest.param(DEPENDABOT, DEPENDABOT, True, id="a bot by its own commit"),
    ],
)
def test_an_agents_squash_counts_where_that_is_configured(
    world: World, read: Read, *, author: Actor, opened: Actor, bot: bool
) -> None:
    squash = merge_of(world, author=author, opened=opened)
    source = RepositorySource(
        SHOP, (Delivery((MERGED,)),), bots=("example-release-account",), agents_count=True
    )

    reading = read.collector.read(Task(source, read.since))

    assert {commit.sha: commit.bot for commit in reading.commits}[squash] is bot


@pytest.mark.parametrize(
    ("headline", "revert"),
    [
        pytest.param('Revert "Add a lantern" (#7)', True, id="GitHub's button"),
        pytest.param("revert: add a lantern", True, id="conventional commits"),
        pytest.param("revert(shop)!: add a lantern", True, id="conventional, with a scope"),
        pytest.param("[HER-12] Revert 'Add a lantern'", True, id="after a ticket's key"),
        pytest.param("HER-12: revert: add a lantern", True, id="conventional, after a key"),
        pytest.param("Revert 1a2b3c4d", True, id="by its commit"),
        pytest.param("Revert PR #12", True, id="by its pull request"),
        pytest.param("Reverts acme/shop#12", True, id="by a pull request's full name"),
        pytest.param('Revert "Reapply "Add a lantern""', True, id="of what was brought back"),
        pytest.param('Revert "Revert "Revert "Add""" (#9)', True, id="nested an odd number"),
        pytest.param('Revert "Revert "Add a lantern"" (#8)', False, id="of a revert"),
        pytest.param('Revert "revert: add a lantern"', False, id="of a conventional revert"),
        pytest.param('Reapply "Add a lantern"', False, id="of a revert, as git names it"),
        pytest.param("Revert to the old layout", False, id="the verb"),
        pytest.param("Reverting is hard", False, id="another word"),
        pytest.param("Add a way to revert", False, id="not at the beginning"),
    ],
)
def test_a_revert_is_flagged(world: World, read: Read, headline: str, revert: bool) -> None:
    world.repository(SHOP).commit(at=at(4), headline=headline)

    read(MERGED)

    assert only(read).revert is revert


def test_a_commits_pull_request_is_the_earliest_merged_one_of_this_repository(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    for number in range(1, 13):  # more than the first page of a commit's pull requests
        repo.pull_request([commit], merged_at=None, number=number)
    repo.pull_request([commit], merged_at=at(4), number=20, base_repository="fork/shop")
    repo.pull_request([commit], merged_at=at(9), number=21)
    repo.pull_request([commit], merged_at=at(6), number=22)

    read(MERGED)

    assert only(read).pull_request == 22


def test_squash_rebase_and_merge_commits_carry_their_pull_request(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(3))
    repo.squash_merge(at=at(4))
    repo.rebase_merge(at=at(5), written=[at(4), at(4, 13)])
    repo.merge(at=at(6), written=[at(5), at(5, 13)])

    read(MERGED)

    numbers = [c.pull_request for c in read.commits.values()]
    assert sorted(n or 0 for n in numbers) == [0, 1, 2, 2, 3, 3, 3]
    assert sum(commit.merge for commit in read.commits.values()) == 1


def test_mapped_folders_are_noted_and_files_like_them_are_not(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(3), files=("README.md",))
    heron = repo.commit(at=at(4), files=("services/heron/app.py",))
    both = repo.commit(at=at(5), files=("services/heron/app.py", "services/wren/app.py"))
    other = repo.commit(at=at(6), files=("services/heron-two/app.py",))

    read(MERGED, paths=("services/heron/", "services/wren/"))

    found = {sha: set(commit.paths) for sha, commit in read.commits.items()}
    assert found[heron.sha] == {"services/heron/"}
    assert found[both.sha] == {"services/heron/", "services/wren/"}
    assert found[other.sha] == set()


def test_mapped_folders_are_noted_on_later_runs_too(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    heron = repo.commit(at=at(4), files=("services/heron/app.py",))
    read(MERGED, paths=("services/heron/",))

    later = repo.commit(at=at(5), files=("services/heron/app.py",))
    read(MERGED, paths=("services/heron/",))

    assert {sha for sha, commit in read.commits.items() if commit.paths} == {heron.sha, later.sha}


def test_nothing_of_a_person_is_kept(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.merge(at=at(6), written=[at(5)], start=repo.commit(at=at(3)))
    repo.tag("v1", repo.commit(at=at(7)), tagged_at=at(8))

    reading = read(Production(Evidence.TAG, pattern="v1"))

    assert reading.commits
    assert not [text for text in personal_strings() if text in repr(reading)]


def test_an_enterprise_server_is_asked_at_its_own_addresses(
    world: World, sandbox: Sandbox, connect: Callable[[str], GitHubCollector]
) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))

    read = Read(connect(sandbox.enterprise_url))
    read(Production(Evidence.WORKFLOW, workflows=("deploy.yml",)))

    assert len(read.events) == 1
    assert {asked.path.split("?")[0] for asked in sandbox.log} == {
        "/api/graphql",
        "/api/v3/repos/acme/shop/actions/workflows/deploy.yml/runs",
    }
