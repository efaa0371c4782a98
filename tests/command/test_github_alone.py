"""The two stretch targets of a team that keeps its work in GitHub alone."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from evaluator.model.results import Result, State
from sandbox.world import World
from store.store import Store
from tests.command.test_retro_and_feedback import BEGAN, ENDED, TARGETS, as_told, said
from tests.support.organisation import Organisation, ago
from tests.support.told_worlds import day, judged

TEAMS = """
teams:
  - id: wren
    name: Wren
    repositories:
      - name: acme/shop
        production: {evidence: deployment, environments: [production]}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
"""


def test_issues_that_pull_requests_close_count_from_the_command_line(
    organisation: Organisation,
) -> None:
    repo = organisation.world.repository("acme/shop")
    repo.deploy(repo.commit(at=ago(60)), at=ago(59))
    repo.deploy(repo.squash_merge(at=ago(50)), at=ago(50))
    action = repo.issue(
        "Perpetua cannot sleep", at=ago(45), labels=["Retro-Action", "ask-perpetua"]
    )
    heard = repo.issue(at=ago(44), labels=["user-feedback"])
    change = repo.squash_merge(at=ago(29), opened=ago(30), closes=[action, heard])
    repo.deploy(change, at=ago(29))
    organisation.configure(TEAMS)
    organisation.config.joinpath("targets.yaml").write_text(TARGETS)

    organisation.collect_and_evaluate()

    found = {
        target: [row for row in organisation.results("--target", target) if row["evidence"]]
        for target in ("retro-actions", "user-feedback")
    }
    (retro,), (feedback,) = found["retro-actions"], found["user-feedback"]
    assert retro["status"] == "met"
    assert retro["evidence"][0]["label"] == "#2"
    assert [step["what"] for step in feedback["evidence"][0]["steps"]] == [
        "deployed",
        "heard",
        "started",
        "shipped",
    ]
    explained = organisation.run("explain", "wren", retro["sprint"]["id"], "retro-actions")
    assert "#2" in explained.out
    before = organisation.sandbox.count("github")
    organisation.run("collect")
    assert organisation.sandbox.count("github") == before + 1, "nothing new: one request"


def quarter(world: World) -> Iterator[datetime]:
    """Retro actions and feedback of a quarter, as issues that pull requests close."""
    repo = world.repository("acme/shop")
    repo.deploy(repo.commit(at=day("2025-11-01")), at=day("2025-11-02"))
    yield (at := day("2026-01-06"))
    first = repo.issue(at=at, labels=["Retro-Action", "ask-perpetua"])
    yield (at := day("2026-01-08"))
    repo.deploy(repo.squash_merge(at=at), at=at)
    yield (at := day("2026-01-12"))
    heard = repo.issue(at=at, labels=["user-feedback"])
    yield (at := day("2026-01-24"))
    change = repo.squash_merge(at=at, opened=day("2026-01-22"), closes=[first, heard])
    repo.deploy(change, at=at)
    yield (at := day("2026-02-04"))
    dropped = repo.issue(at=at, labels=["retro-action"], state_reason="NOT_PLANNED")
    late = repo.issue(at=at, labels=["user-feedback"])
    yield (at := day("2026-02-26"))  # that sprint had settled
    change = repo.squash_merge(at=at, opened=day("2026-02-10"), closes=[dropped, late])
    repo.deploy(change, at=at)
    yield (at := day("2026-03-10"))
    old = repo.issue(at=day("2026-01-07"), labels=["retro-action"])
    repo.deploy(repo.squash_merge(at=at, closes=[old]), at=at)
    yield ENDED


def told(reads: Sequence[datetime], folder: Path) -> list[Result]:
    folder.mkdir()
    with closing(Store.open(f"sqlite:///{folder / 'hearten.db'}")) as store:
        return judged(
            quarter,
            TEAMS,
            reads,
            date(2025, 10, 1),
            store=store,
            config=folder,
            targets=TARGETS,
        )


@pytest.mark.parametrize(
    "every",
    [pytest.param(1, id="daily", marks=pytest.mark.slow), pytest.param(26, id="now and then")],
)
def test_issues_looked_at_day_by_day_give_what_one_look_at_the_end_gives(
    tmp_path: Path, every: int
) -> None:
    days = (ENDED - BEGAN).days
    reads = [*(BEGAN + timedelta(days=n) for n in range(0, days, every)), ENDED]

    day_by_day = told(reads, tmp_path / "daily")

    once = told([ENDED], tmp_path / "once")
    assert as_told(day_by_day) == as_told(once)
    met = [(r.target, r.sprint.id) for r in once if r.state is State.FINAL and r.evidence]
    assert met == [("retro-actions", "2026-01-19"), ("user-feedback", "2026-01-19")]
    assert said(once, "user-feedback")["2026-02-02"][1] == 0
