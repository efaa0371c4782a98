"""The two stretch targets over a world that goes on while it is read."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from evaluator.model.results import Result, State, Status
from hearten.wiring import MAIN_SITE
from sandbox.world import World
from store.store import Store
from tests.support.told_worlds import day, judged

TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {evidence: deployment, environments: [production]}
    jira: {project: HER}
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
"""
TARGETS = """
targets:
  - id: retro-actions
    title: Retro actions are done
    plain_english: At least one retro action is completed each sprint.
    measure: retro_actions_done
    period: sprint
    helps_with: Actions that wait.
    benefit: Things get better.
    stretch: true
    versions: [{effective_from: 2025-01-01, minimum: 1, status: agreed}]
  - id: user-feedback
    title: Feedback is acted on
    plain_english: At least one piece of feedback is taken up each sprint.
    measure: feedback_acted_on
    period: sprint
    helps_with: Feedback that is lost.
    benefit: People are heard.
    stretch: true
    versions: [{effective_from: 2025-01-01, minimum: 1, status: agreed}]
"""
HEARTEN = "feedback_links: [Feedback]\n"
BEGAN, ENDED = day("2026-01-05"), day("2026-04-10")


def quarter(world: World) -> Iterator[datetime]:
    """Retro actions and feedback of a quarter; labels come and go before and after settling."""
    repo = world.repository("acme/shop")
    site = world.sites[MAIN_SITE]
    site.project("HER")
    site.project("FB")
    repo.deploy(repo.commit(at=day("2025-11-01")), at=day("2025-11-02"))
    site.issue(
        "HER-1", created=day("2025-11-01"), moves=[(day("2025-11-05"), "Done")], summary="Old"
    )
    yield (at := day("2026-01-06"))
    first = site.issue("HER-2", created=at, labels=["Retro-Action", "ask-perpetua"])
    yield (at := day("2026-01-08"))
    repo.deploy(repo.squash_merge(at=at), at=at)
    yield (at := day("2026-01-12"))
    heard = site.issue("FB-1", created=at, summary="Perpetua cannot find the button")
    yield (at := day("2026-01-20"))
    work = site.issue("HER-3", created=at)
    site.link(work, "Feedback", heard, at + timedelta(minutes=5))
    yield (at := day("2026-01-21"))
    site.move(first, at, "Done", resolution="Done")  # of sprint 2, made in sprint 1
    yield (at := day("2026-01-22"))
    site.move(work, at, "In Progress")
    yield (at := day("2026-01-27"))
    site.move(work, at, "Done", resolution="Done")
    yield (at := day("2026-02-03"))
    second = site.issue("HER-4", created=at, labels=["retro-action"])
    third = site.issue("HER-5", created=at)
    yield (at := day("2026-02-04"))
    site.move(third, at, "Done", resolution="Done")
    yield (at := day("2026-02-17"))  # the sprint of its move ended on the 16th: not settled yet
    site.label(third, at, add="retro-action")
    yield (at := day("2026-02-18"))
    site.move(second, at, "Done", resolution="Won't Do")  # decided
    yield (at := day("2026-03-03"))
    late = site.issue("HER-6", created=at)
    yield (at := day("2026-03-04"))
    site.move(late, at, "Done", resolution="Done")
    yield (at := day("2026-03-05"))
    site.issue("HER-7", created=at, labels=["retro-action"])  # stays open
    yield (at := day("2026-03-25"))  # long after that sprint had settled
    site.label(late, at, add="retro-action")
    yield (at := day("2026-03-26"))
    site.label(first, at, remove="Retro-Action")
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
            hearten=HEARTEN,
        )


def said(results: Sequence[Result], target: str) -> dict[str, tuple[Status, int | None]]:
    return {
        result.sprint.id: (result.status, result.value)
        for result in results
        if result.target == target and BEGAN.date().isoformat() <= result.sprint.id
    }


def test_a_quarter_is_judged_by_what_was_labelled_and_linked(tmp_path: Path) -> None:
    results = told([ENDED], tmp_path / "once")

    assert said(results, "retro-actions") == {
        "2026-01-05": (Status.NOT_MET, 0),  # HER-2 was open at its end
        "2026-01-19": (Status.MET, 1),
        "2026-02-02": (Status.MET, 1),  # HER-5, labelled before it settled
        "2026-02-16": (Status.NO_DATA, 0),  # decided, and none other open
        "2026-03-02": (Status.NOT_MET, 0),
        "2026-03-16": (Status.NOT_MET, 0),
        "2026-03-30": (Status.IN_PROGRESS, 0),
    }
    assert said(results, "user-feedback")["2026-01-19"] == (Status.MET, 1)
    (chain,) = [r.evidence for r in results if r.evidence and r.target == "user-feedback"]
    assert chain[0].label == (
        "HER-3: deployed 8 January, heard 12 January, started 22 January, Done on 27 January"
    )
    (noted,) = [r for r in results if r.notes]
    assert noted.notes == (
        "HER-6 was given the label retro-action on 25 March 2026, too late to count here",
    )
    assert noted.sprint.id == "2026-03-02"


def as_told(results: Sequence[Result]) -> list[object]:
    return [
        (r.sprint.id, r.target, r.status, r.value, r.evidence, r.left_out, r.notes, r.reason)
        for r in results
        if r.state is State.FINAL
    ]


@pytest.mark.parametrize(
    "every",
    [pytest.param(1, id="daily", marks=pytest.mark.slow), pytest.param(9, id="now and then")],
)
def test_a_quarter_looked_at_day_by_day_gives_what_one_look_at_the_end_gives(
    tmp_path: Path, every: int
) -> None:
    days = (ENDED - BEGAN).days
    reads = [*(BEGAN + timedelta(days=n) for n in range(0, days, every)), ENDED]

    day_by_day = told(reads, tmp_path / "daily")

    assert as_told(day_by_day) == as_told(told([ENDED], tmp_path / "once"))
