"""The five ways to production: which events each gives, and when."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import NOW, SHOP, Clock, Read, at
from tests.faults.answers import edited

DEPLOYED = Production(Evidence.DEPLOYMENT, environments=("production",))
RELEASED = Production(Evidence.RELEASE, pattern=r"v\d+")
TAGGED = Production(Evidence.TAG, pattern=r"live-.*")
RUN = Production(Evidence.WORKFLOW, workflow="deploy.yml")
MERGED = Production(Evidence.MERGE)


def times(read: Read) -> list[str]:
    return sorted(f"{e.name} {e.at:%d %H:%M}" for e in read.events.values() if e.at)


def test_a_deployment_counts_from_its_first_success_even_when_it_was_superseded(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    statuses = [("in_progress", at(5, 9)), ("success", at(5, 10)), ("success", at(5, 11))]
    repo.deploy(commit, at=at(5), statuses=[*statuses, ("inactive", at(9))])
    repo.deploy(commit, at=at(6), statuses=[("failure", at(6))])
    repo.deploy(commit, "staging", at=at(4))

    read(DEPLOYED)

    assert times(read) == ["production 05 10:00"]


def test_an_environment_is_the_same_however_its_letters_are_written(
    world: World, read: Read
) -> None:
    """GitHub compares them without case, and shows what a workflow wrote."""
    repo = world.repository(SHOP)
    repo.deploy(repo.commit(at=at(4)), "production", at=at(5))
    repo.deploy(repo.commit(at=at(6)), "Production", at=at(7))

    read(DEPLOYED)

    assert times(read) == ["Production 07 12:00", "production 05 12:00"]


def test_a_deployment_that_is_approved_late_is_found_by_the_next_run(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    waiting = repo.deploy(commit, at=at(5), statuses=[("waiting", at(5))])
    for day in range(6, 30):  # more than the newest 20 that a later run looks at
        repo.deploy(commit, at=at(day))
    read(DEPLOYED)
    before = len(read.events)

    repo.add_statuses(waiting, ("success", at(30, 9)))
    read(DEPLOYED)

    assert (before, len(read.events)) == (24, 25)
    assert "production 30 09:00" in times(read)


def test_a_release_counts_when_published_unless_it_is_a_draft_or_a_pre_release(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.release("v1", commit, at=at(5), created_at=at(4))
    repo.release("v2", commit, at=at(6), draft=True)
    repo.release("v3", commit, at=at(7), prerelease=True)
    repo.release("v4-beta", commit, at=at(8))

    read(RELEASED)

    assert times(read) == ["v1 05 12:00"]


def test_a_draft_that_is_published_later_is_found_by_the_next_run(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.release("v1", commit, at=at(5))
    read(RELEASED)

    repo.release("v2", commit, at=at(20), created_at=at(3))
    read(RELEASED)

    assert times(read) == ["v1 05 12:00", "v2 20 12:00"]


def test_a_tag_has_its_taggers_date_else_that_of_its_commit(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.tag("live-1", commit)
    repo.tag("live-2", commit, tagged_at=at(9, 8))
    repo.tag("rc-1", commit)

    read(TAGGED)

    assert times(read) == ["live-1 04 12:00", "live-2 09 08:00"]


def feed(answer: Any) -> dict[str, dict[str, Any]]:
    """The releases or tags of an answer, by name."""
    (repository,) = answer["data"].values()
    nodes = repository["feed"]["nodes"]
    return {node.get("tagName") or node["name"]: node for node in nodes}


@pytest.mark.parametrize("name", ["rc-1", "live-1"])
def test_a_tag_that_leads_nowhere_matters_only_where_it_would_count(
    world: World, sandbox: Sandbox, read: Read, name: str
) -> None:
    repo = world.repository(SHOP)
    for tag in ("live-1", "live-2", "rc-1"):
        repo.tag(tag, repo.commit(at=at(4)))
    sandbox.spoil("acme/shop", edited(lambda answer: feed(answer)[name].update(target=None)))

    reading = read(TAGGED)

    if name == "rc-1":
        assert times(read) == ["live-1 04 12:00", "live-2 04 12:00"]
        assert read(TAGGED).coverage.reason is None
    else:
        assert reading.coverage.reason == "source_down"
        assert "nothing behind the tag live-1 of acme/shop" in reading.coverage.detail


def test_a_release_that_does_not_match_is_not_looked_at(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    for name in ("v1", "beta"):
        repo.release(name, repo.commit(at=at(4)), at=at(5))
    sandbox.spoil("acme/shop", edited(lambda answer: feed(answer)["beta"].update(publishedAt=None)))

    read(RELEASED)

    assert times(read) == ["v1 05 12:00"]


def test_a_release_without_a_commit_is_known_and_read_again_once_it_has_one(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.release("v1", repo.commit(at=at(4)), at=at(5))
    released = repo.commit(at=at(6))
    repo.release("v2", released, at=at(7))
    lost = repo.tags.pop("v2")
    read(RELEASED)
    before = {event.name: event.sha for event in read.events.values()}
    sandbox.reset()
    read(RELEASED)
    requests = sandbox.count("github")

    repo.tags["v2"] = lost
    read(RELEASED)

    assert (before["v2"], requests) == ("", 1)
    assert read.reached()[released.sha] == at(7)


def test_a_tag_whose_tagger_gave_no_date_has_that_of_its_commit(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.tag("live-1", repo.commit(at=at(4)), tagged_at=at(9))
    undated = edited(lambda answer: feed(answer)["live-1"]["target"].update(tagger={"date": None}))
    sandbox.spoil("acme/shop", undated)

    read(TAGGED)

    assert times(read) == ["live-1 04 12:00"]


def test_a_tag_may_carry_its_date_in_its_name_and_without_one_has_no_time(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.tag("live-2026-03-12", commit)
    repo.tag("live-someday", commit)

    read(Production(Evidence.TAG, pattern="live-.*", at="%Y-%m-%d"))

    assert {(e.name, e.at) for e in read.events.values()} == {
        ("live-2026-03-12", at(12)),
        ("live-someday", None),
    }


def test_a_tag_that_moves_adds_an_event_and_removes_none(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    first, second = repo.commit(at=at(4)), repo.commit(at=at(6))
    repo.tag("live-now", first)
    read(TAGGED)

    repo.tag("live-now", second)
    read(TAGGED)

    assert times(read) == ["live-now 04 12:00", "live-now 06 12:00"]


def test_a_workflow_counts_its_successful_runs_on_the_branch(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.run("deploy.yml", commit, at=at(5), finished_at=at(5, 13))
    repo.run("deploy.yml", commit, at=at(6), conclusion="failure")
    repo.run("deploy.yml", commit, at=at(7), conclusion=None)
    repo.run("deploy.yml", commit, at=at(8), branch="try-out")
    repo.run("test.yml", commit, at=at(9))

    read(RUN)

    assert times(read) == ["deploy.yml 05 13:00"]


@pytest.mark.parametrize(
    ("event", "fork"),
    [
        pytest.param("pull_request", "somebody/shop", id="a fork's pull request"),
        pytest.param("pull_request_target", "somebody/shop", id="one that may use secrets"),
        pytest.param("pull_request_target", None, id="a fork that was removed"),
        pytest.param("pull_request", "", id="a pull request from the branch to another"),
    ],
)
def test_a_run_for_a_pull_request_from_a_branch_of_the_same_name_is_none_of_the_branch(
    world: World, read: Read, event: str, fork: str | None
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.run("deploy.yml", commit, at=at(1, month=1))
    repo.run("deploy.yml", commit, at=at(2, month=1), event=event, fork=fork)
    repo.run("deploy.yml", commit, at=at(5), finished_at=at(5, 13), event="workflow_dispatch")
    repo.run("deploy.yml", commit, at=at(6), event=event, fork=fork)

    read(RUN)

    assert times(read) == ["deploy.yml 01 12:06", "deploy.yml 05 13:00"]


def test_a_merge_counts_when_its_pull_request_was_merged_and_never_before_the_one_behind_it(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))
    squashed = repo.squash_merge(at=at(6))
    repo.merge(at=at(8), written=[at(5), at(7)])
    backdated = repo.commit(at=at(2))

    read(MERGED)

    events = {e.sha: e.at for e in read.events.values()}
    assert len(events) == 4, "commits of a merged branch are not on the first-parent line"
    assert events[squashed.shas[-1]] == at(6)
    assert events[backdated.sha] == at(8)


def test_a_commit_dated_in_the_future_holds_up_none_of_the_merges_after_it(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    repo.commit(at=at(4))
    pushed = repo.commit(at=at(1).replace(year=2038))
    third = repo.squash_merge(at=at(8))
    repo.commit(at=at(9))
    last = repo.squash_merge(at=at(10))

    read(MERGED)

    events = {e.sha: e.at for e in read.events.values()}
    assert events[third.sha] == at(8)
    assert events[last.sha] == at(10)
    assert events[pushed.sha] == at(8), "it was on the branch when the next one was merged"


def test_a_newest_commit_dated_in_the_future_counts_from_when_it_was_seen(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    pushed = repo.commit(at=at(1).replace(year=2038))
    date = format_datetime(NOW, usegmt=True)
    sandbox.spoil(".", lambda right: replace(right, headers={**right.headers, "date": date}))
    read(MERGED)

    sandbox.reset()
    merged = repo.squash_merge(at=NOW + timedelta(minutes=30))
    read(MERGED)

    events = {e.sha: e.at for e in read.events.values()}
    assert events == {pushed.sha: NOW, merged.sha: NOW + timedelta(minutes=30)}


def test_a_clock_of_ours_that_is_slow_moves_no_merge(
    world: World, read: Read, clock: Clock
) -> None:
    commit = world.repository(SHOP).commit(at=at(4))
    clock.now = at(1)

    read(MERGED)

    assert {e.sha: e.at for e in read.events.values()} == {commit.sha: at(4)}


def test_another_branch_may_be_the_one_that_production_is_made_of(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    released = repo.commit(at=at(4))
    repo.branches["live"] = released.sha
    repo.commit(at=at(6))

    read(Production(Evidence.MERGE, branch="live"))

    assert times(read) == ["live 04 12:00"]


def test_a_branch_that_is_not_there_is_refused_with_the_mend(world: World, read: Read) -> None:
    world.repository(SHOP).commit(at=at(4))

    reading = read(Production(Evidence.MERGE, branch="live"))

    assert reading.coverage.reason == "not_found"
    assert "Correct `branch` in teams.yaml" in reading.coverage.detail


@pytest.mark.parametrize("production", [DEPLOYED, RELEASED, TAGGED, MERGED])
def test_an_empty_repository_is_read_and_has_nothing(
    world: World, read: Read, production: Production
) -> None:
    world.repository(SHOP)

    reading = read(production)

    assert (reading.coverage.reason, reading.commits, reading.events) == (None, (), ())


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_more_runs_than_github_shows_of_one_question_are_asked_in_parts(
    world: World, sandbox: Sandbox, read: Read, *, told: bool
) -> None:
    """A total may count no further than what is shown, as that of a search does."""

    def cap(answer: Any) -> None:
        answer["total_count"] = min(answer["total_count"], 1000)

    if not told:
        sandbox.spoil("deploy.yml/runs", edited(cap))
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(3))
    for minute in range(1100):
        repo.run("deploy.yml", commit, at=at(4) + timedelta(minutes=minute))

    read(RUN)

    assert len(read.events) == 1100
