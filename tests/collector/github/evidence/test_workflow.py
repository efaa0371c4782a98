"""Evidence `workflow`: which runs are events, and when."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Reason
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at, times
from tests.faults.answers import edited

RUN = Production(Evidence.WORKFLOW, workflows=("deploy.yml",))


def attempts_asked(sandbox: Sandbox) -> int:
    return sum("/attempts/" in str(asked) for asked in sandbox.log)


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


FAILED_FIRST = [("failure", at(4, 9)), ("failure", at(4, 10)), ("success", at(4, 11))]


@pytest.mark.parametrize("newest", ["success", "failure", "cancelled", None])
def test_a_run_that_is_run_again_counts_from_its_first_success(
    world: World, sandbox: Sandbox, read: Read, newest: str | None
) -> None:
    repo = world.repository(SHOP)
    run = repo.run("deploy.yml", repo.commit(at=at(3)), at=at(4))
    repo.runs[0] = replace(
        run, earlier=(*FAILED_FIRST, ("failure", at(5))), conclusion=newest, finished_at=at(20)
    )

    read(RUN)
    asked = attempts_asked(sandbox)
    read(RUN)

    assert times(read) == ["deploy.yml 04 11:00"]
    assert (asked, attempts_asked(sandbox)) == (3, 3)


def test_attempts_are_asked_once_however_often_a_run_that_fails_is_run_again(
    world: World, sandbox: Sandbox, read: Read
) -> None:
    repo = world.repository(SHOP)
    run = repo.run("deploy.yml", repo.commit(at=at(3)), at=at(4), conclusion="failure")
    repo.runs[0] = run = run.again(at=at(5), conclusion="failure")
    read(RUN)
    read(RUN)
    repo.runs[0] = run = run.again(at=at(6), conclusion=None)
    read(RUN)

    repo.runs[0] = replace(run, conclusion="success", finished_at=at(7))
    read(RUN)

    assert times(read) == ["deploy.yml 07 12:00"]
    assert attempts_asked(sandbox) == 2


def test_a_run_that_is_run_again_after_it_was_read_stays_where_it_was(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    run = repo.run("deploy.yml", repo.commit(at=at(3)), at=at(4), finished_at=at(4, 13))
    read(RUN)

    repo.runs[0] = run.again(at=at(20))
    read(RUN)

    assert times(read) == ["deploy.yml 04 13:00"]


@pytest.mark.parametrize(
    ("earlier", "asked"),
    [
        pytest.param((None,), 1, id="GitHub has the first attempt no more"),
        pytest.param((("failure", at(4)), None), 2, id="GitHub has the second attempt no more"),
        pytest.param((("failure", at(4)),) * 11, 10, id="more than ten attempts failed"),
    ],
)
@pytest.mark.parametrize("newest", ["success", "failure"])
def test_a_run_whose_first_success_cannot_be_found_happened_some_time_by_its_newest_attempt(
    world: World,
    sandbox: Sandbox,
    read: Read,
    *,
    earlier: tuple[tuple[str, datetime] | None, ...],
    asked: int,
    newest: str,
) -> None:
    repo = world.repository(SHOP)
    run = repo.run("deploy.yml", repo.commit(at=at(3)), at=at(4))
    repo.runs[0] = replace(run, earlier=earlier, conclusion=newest, finished_at=at(20))

    read(RUN)
    read(RUN)

    (event,) = read.events.values()
    assert (event.at, event.not_before, event.seen_by) == (None, at(4), at(20))
    assert attempts_asked(sandbox) == asked


def test_the_eleventh_attempt_is_dated_where_ten_before_it_failed(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    run = repo.run("deploy.yml", repo.commit(at=at(3)), at=at(4))
    repo.runs[0] = replace(run, earlier=(("failure", at(4)),) * 10, finished_at=at(20))

    read(RUN)

    assert times(read) == ["deploy.yml 20 12:00"]


def test_the_run_before_the_window_is_found_by_its_first_success_too(
    world: World, read: Read
) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(1, month=1))
    repo.run("deploy.yml", commit, at=at(2, month=1))
    seed = repo.run("deploy.yml", commit, at=at(3, month=1), finished_at=at(3, 13, month=1))
    repo.runs[1] = seed.again(at=at(9, month=1), conclusion="failure")
    repo.run("deploy.yml", commit, at=at(4, month=1), conclusion="failure")
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5), finished_at=at(5, 13))

    read(RUN)

    assert times(read) == ["deploy.yml 03 13:00", "deploy.yml 05 13:00"]


def test_several_workflows_count_together(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(1, month=1))
    repo.run("deploy.yml", commit, at=at(2, month=1), finished_at=at(2, 13, month=1))
    repo.run("cd.yml", repo.commit(at=at(4)), at=at(5), finished_at=at(5, 13))
    repo.run("test.yml", commit, at=at(6))

    read(Production(Evidence.WORKFLOW, workflows=("cd.yml", "deploy.yml")))

    assert times(read) == ["cd.yml 05 13:00", "deploy.yml 02 13:00"]


def test_one_of_several_workflows_that_is_not_there_is_named(world: World, read: Read) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))

    reading = read(Production(Evidence.WORKFLOW, workflows=("cd.yml", "deploy.yml")))

    assert reading.coverage.reason is Reason.NOT_FOUND
    assert "workflow cd.yml of acme/shop" in reading.coverage.detail


@pytest.mark.parametrize("pattern", ["release/.*", r"release/\d+", "(release/1|release/2)"])
def test_a_pattern_for_the_branch_counts_the_runs_of_all_that_fit_it_as_a_whole(
    world: World, read: Read, pattern: str
) -> None:
    repo = world.repository(SHOP)
    first = repo.commit(at=at(1))
    for number in (1, 2):
        off = repo.commit(at=at(3 + number), branch=f"release/{number}", parents=[first.sha])
        branch = f"release/{number}"
        repo.run("deploy.yml", off, at=at(5), finished_at=at(5 + number), branch=branch)
    repo.run("deploy.yml", first, at=at(8))
    repo.run("deploy.yml", first, at=at(9), branch="try/release/1")

    read(replace(RUN, branch=pattern))

    assert times(read) == ["deploy.yml 06 12:00", "deploy.yml 07 12:00"]
    assert {commit.sha for commit in repo.commits.values()} == read.commits.keys()


@pytest.mark.parametrize(
    "told",
    [pytest.param(True, id="told", marks=pytest.mark.slow), pytest.param(False, id="not told")],
)
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


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://evil.example/acme/shop/actions/runs/1"]
)
def test_a_run_is_linked_where_it_is_whatever_its_answer_says(
    world: World, sandbox: Sandbox, read: Read, url: str
) -> None:
    repo = world.repository(SHOP)
    repo.run("deploy.yml", repo.commit(at=at(4)), at=at(5))
    leads_there = {"html_url": url}
    sandbox.spoil(
        "deploy.yml/runs", edited(lambda a: [r.update(leads_there) for r in a["workflow_runs"]])
    )

    read(RUN)

    (event,) = read.events.values()
    assert event.url.endswith(f"/{SHOP}/actions/runs/{event.ident}")
    assert "evil" not in event.url
