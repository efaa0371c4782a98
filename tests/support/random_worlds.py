"""Strategies: any history, any tickets, any board, any state of reading, around March 2026."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from pydantic_settings import BaseSettings

from evaluator.model.facts import BoardSprint, Commit, Coverage, Facts, ProductionEvent, Ticket
from tests.evaluator.builders import (
    DOING,
    DONE,
    HER,
    UNKNOWN,
    WEB,
    at,
    board_sprint,
    commit,
    deployed,
    moved,
    read,
    shipped,
    ticket,
    unread,
)


class ExampleSettings(BaseSettings):
    """How many worlds each test of what always holds looks at; `make check` asks for 80."""

    test_examples: int = 20


quick = settings(max_examples=ExampleSettings().test_examples, deadline=None)

MOMENTS = st.integers(min_value=0, max_value=70 * 24).map(
    lambda hours: at("2026-02-01") + timedelta(hours=hours)
)
SEED = deployed("D0", "c0", "2026-01-02")


@st.composite
def graphs(draw: st.DrawFn) -> list[Commit]:
    """Return a repository's commits, each with up to two earlier ones as parents."""
    commits: list[Commit] = []
    for number in range(draw(st.integers(1, 12))):
        known = [one.sha for one in commits]
        parents = draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
        one = commit(f"c{number}", *parents, bot=draw(st.booleans()))
        number_or_none = draw(st.none() | st.integers(1, 4))
        commits.append(replace(one, pull_request=number_or_none, committed_at=draw(MOMENTS)))
    return commits


@st.composite
def deployments(draw: st.DrawFn) -> list[ProductionEvent]:
    """Return deployments of commits, some of which nobody knows any more."""
    shas = st.sampled_from([f"c{number}" for number in range(13)])
    found = draw(st.lists(st.tuples(shas, MOMENTS), max_size=8))
    return [
        replace(deployed(f"D{number}", sha, None), at=moment)
        for number, (sha, moment) in enumerate(found, start=1)
    ]


@st.composite
def tickets(draw: st.DrawFn) -> list[Ticket]:
    """Return tickets with any changes of status."""
    category = st.sampled_from([DOING, DONE, UNKNOWN])
    change = st.tuples(MOMENTS, category, category)
    histories = draw(st.lists(st.lists(change, max_size=5), max_size=4))
    return [
        ticket(
            f"HER-{number}",
            *(replace(moved("2026-03-03", one, two), at=when) for when, one, two in changes),
        )
        for number, changes in enumerate(histories)
    ]


@st.composite
def coverages(draw: st.DrawFn) -> tuple[Coverage, ...]:
    """Return anything that reading may have left behind."""
    found: list[Coverage] = []
    for source in (WEB, HER):
        since = draw(st.sampled_from(["2026-01-01", "2026-03-05", "2026-03-20"]))
        started = draw(st.sampled_from(["2026-03-10", "2026-03-25", "2026-05-01"]))
        complete = read(source, since=since, started=started)
        found += draw(st.sampled_from([[], [unread(source)], [complete], [complete]]))
    return tuple(found)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Return any facts of the team's sources, with a deployment long before."""
    return shipped(
        draw(graphs()),
        [SEED, *draw(deployments())],
        tickets=tuple(draw(tickets())),
        coverage=draw(coverages()),
    )


@st.composite
def boards(draw: st.DrawFn) -> list[BoardSprint]:
    """Return any sprints of a board: overlapping, too short, without an end, still open."""
    length = st.integers(min_value=0, max_value=30 * 24).map(lambda hours: timedelta(hours=hours))
    sprints: list[BoardSprint] = []
    for number in range(draw(st.integers(1, 5))):
        start: datetime = draw(MOMENTS)
        planned = draw(st.none() | length)
        completed = draw(st.none() | length)
        sprints.append(
            replace(
                board_sprint(number, None, None),
                start=start,
                state="active" if completed is None else "closed",
                planned_end=None if planned is None else start + planned,
                completed=None if completed is None else start + completed,
            )
        )
    return sprints
