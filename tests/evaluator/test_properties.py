"""What holds for every history, board and order of reading."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.evaluate import evaluate_team
from evaluator.model.facts import BoardSprint, Commit, Coverage, Facts, ProductionEvent, Ticket
from evaluator.model.plan import Cadence, Plan
from evaluator.model.results import Result, Sprint, Status
from evaluator.reach import in_order, reach
from evaluator.sprints import sprints_of
from tests.evaluator.builders import (
    BOARD,
    DOING,
    DONE,
    HER,
    PLAN,
    SPRINT_A,
    TEAM,
    UNKNOWN,
    WEB,
    at,
    board_sprint,
    commit,
    deployed,
    find,
    moved,
    read,
    shipped,
    ticket,
    unread,
)

settings.register_profile("evaluator", max_examples=60, deadline=None)
settings.load_profile("evaluator")

STEPS = st.integers(min_value=0, max_value=70 * 24)  # hours from 1 February 2026


def hours(step: int) -> datetime:
    return at("2026-02-01") + timedelta(hours=step)


@st.composite
def graphs(draw: st.DrawFn) -> list[Commit]:
    """A repository's commits, each with up to two earlier ones as parents."""
    commits: list[Commit] = []
    for number in range(draw(st.integers(1, 12))):
        known = [one.sha for one in commits]
        parents = draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
        commits.append(
            commit(
                f"c{number}",
                *parents,
                bot=draw(st.booleans()),
                pull_request=draw(st.none() | st.integers(1, 4)),
                committed_at=hours(draw(STEPS)),
            )
        )
    return commits


@st.composite
def deployments(draw: st.DrawFn) -> list[ProductionEvent]:
    """Deployments of commits, some of which nobody knows any more."""
    shas = st.sampled_from([f"c{number}" for number in range(13)])
    events: list[ProductionEvent] = []
    for number, (sha, step) in enumerate(draw(st.lists(st.tuples(shas, STEPS), max_size=8))):
        events.append(replace(deployed(f"D{number}", sha, None), at=hours(step)))
    return events


@st.composite
def tickets(draw: st.DrawFn) -> list[Ticket]:
    """Tickets with any changes of status."""
    category = st.sampled_from([DOING, DONE, UNKNOWN])
    change = st.builds(
        lambda step, one, two: replace(moved("2026-03-03", one, two), at=hours(step)),
        STEPS,
        category,
        category,
    )
    histories = draw(st.lists(st.lists(change, max_size=5), max_size=4))
    return [ticket(f"HER-{number}", *changes) for number, changes in enumerate(histories)]


@st.composite
def coverages(draw: st.DrawFn) -> tuple[Coverage, ...]:
    """Anything that reading may have left behind."""
    found: list[Coverage] = []
    for source in (WEB, HER):
        since = draw(st.sampled_from(["2026-01-01", "2026-03-05", "2026-03-20"]))
        started = draw(st.sampled_from(["2026-03-10", "2026-03-25", "2026-05-01"]))
        found += draw(
            st.sampled_from(
                [[], [unread(source)], [read(source, since=since, started=started)]]
            )
        )
    return tuple(found)
