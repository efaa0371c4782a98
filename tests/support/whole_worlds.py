"""Strategies: about a year of a team, all of which is known. `partial_views` takes away from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from evaluator.model.days import ALWAYS, Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import (
    BoardSprint,
    Commit,
    Evidence,
    ProductionEvent,
    Ticket,
)
from evaluator.model.plan import (
    BoardSource,
    Cadence,
    Plan,
    RepositorySource,
    Target,
    TargetVersion,
    Team,
    TeamJira,
    TeamRepository,
    TicketSource,
)
from tests.evaluator.builders import DOING, DONE, TO_DO, at, moved, ticket
from tests.support.known import BEGIN, EVER, NOW, Known, World, sprints_at

_SPAN = timedelta(hours=8)
_SPANS_AT_MOST = 127  # of more whole numbers Hypothesis draws small ones most of the time
_YEAR = range(0, int((NOW - BEGIN) / timedelta(hours=1)), 78)  # hours, at any time of the day
BOARD = BoardSource("jira", 42)
MEASURES = ("changes_in_production", "commits_in_production", "tickets_done")
PRODUCTION = (
    Production(Evidence.MERGE),
    Production(Evidence.DEPLOYMENT, environments=("production",)),
    Production(Evidence.RELEASE, pattern="v.*"),
    Production(Evidence.TAG, pattern="v.*"),
    Production(Evidence.WORKFLOW, workflows=("deploy.yml",)),
)
FOLDERS = ("api/", "web/")


# Reads, things and sprints never fall on the same instant: which came first is always told.


def moments(minute: int = 17) -> st.SearchStrategy[datetime]:
    """Return some hour of the year, at this minute."""
    return st.sampled_from(_YEAR).map(lambda h: BEGIN + timedelta(hours=h, minutes=minute))


def spans(days: int) -> st.SearchStrategy[timedelta]:
    """Return any span of up to so many days, at most 42."""
    most = min(days * timedelta(days=1) // _SPAN, _SPANS_AT_MOST)
    return st.integers(0, most).map(lambda number: number * _SPAN)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return a team with one or two repositories, a Jira project or filter, and its sprints."""
    names = ("nhsuk/web", "nhsuk/api")[: draw(st.integers(1, 2))]
    repositories = tuple(draw(_repositories(name)) for name in names)
    code = [r.source for r in repositories if isinstance(r.source, RepositorySource)]
    tickets = draw(_ticket_sources())
    on_board = draw(st.booleans())
    board = (Known(BOARD, sprints=tuple(draw(_board_sprints()))),) if on_board else ()
    monday = date(2025, 3, 3) + timedelta(days=draw(st.integers(0, 13)))
    cadence = Cadence(monday, draw(st.sampled_from([14, 28, 28])))
    team = Team(
        id="heron",
        name="Heron",
        sprints=BOARD if on_board else cadence,
        repositories=tuple(map(draw, map(_entries, code))),
        jira=(TeamJira(tickets.source),) if isinstance(tickets.source, TicketSource) else (),
    )
    version = TargetVersion(date(2021, 10, 1), minimum=draw(st.sampled_from([1, 1, 2])))
    plan = Plan(
        teams=(team,),
        targets=tuple(Target(measure, "", "", measure, (version,)) for measure in MEASURES),
        sources=tuple(code),
    )
    return World(plan, (*repositories, tickets, *board))


@st.composite
def _entries(draw: st.DrawFn, source: RepositorySource) -> TeamRepository:
    days = draw(st.sampled_from([ALWAYS] * 5 + [Days(first=date(2025, 9, 1))]))
    paths = draw(st.sampled_from([(), (), FOLDERS[:1]]))
    return TeamRepository(source.repository, paths, days, source.deliveries[0])


@st.composite
def _repositories(draw: st.DrawFn, name: str) -> Known:
    """Return a repository that shipped long before, or one that was made within the year."""
    source = RepositorySource(name, (Delivery((draw(st.sampled_from(PRODUCTION)),)),), FOLDERS)
    made = draw(st.sampled_from([*[EVER] * 5, at("2025-08-04 10:00")]))
    root = Commit(name, "c0", (), made, paths=frozenset(FOLDERS))
    commits, shipped = [root], [(root, made)] if made == EVER else []
    when = max(made, BEGIN)
    for number in range(1, draw(st.integers(4, 10)) + 1):
        when += draw(spans(42)) + timedelta(minutes=1)
        commit = draw(_commits(name, number, when, commits))
        commits.append(commit)
        delay = draw(st.none() | spans(20))
        if source.stanzas[0].evidence is Evidence.MERGE:
            shipped.append((commit, when))
        elif delay is not None:
            shipped.append((commit, when + delay))
    events = [
        _event(source, place, commit, shipped_at)
        for place, (commit, shipped_at) in enumerate(shipped)
        if shipped_at < NOW
    ]
    return Known(source, commits=tuple(commits), events=tuple(events), created=made)


@st.composite
def _commits(
    draw: st.DrawFn, name: str, number: int, when: datetime, before: Sequence[Commit]
) -> Commit:
    """Return the next commit of a branch, which may join an older line to it."""
    joined = draw(st.sampled_from([None, None, *before]))
    parents = dict.fromkeys([before[-1].sha, *([joined.sha] if joined else [])])
    return Commit(
        repository=name,
        sha=f"c{number}",
        parents=tuple(parents),
        committed_at=when,
        pull_request=draw(st.sampled_from([None, number, max(number - 1, 1)])),
        bot=draw(st.sampled_from([False, False, False, True])),
        paths=frozenset(draw(st.sampled_from([FOLDERS, FOLDERS[:1], FOLDERS[1:]]))),
    )


def _event(source: RepositorySource, place: int, commit: Commit, when: datetime) -> ProductionEvent:
    kind = source.stanzas[0].evidence
    names = {
        Evidence.MERGE: "main",
        Evidence.DEPLOYMENT: "production",
        Evidence.WORKFLOW: "deploy.yml",
    }
    name = names.get(kind, f"v{place}")
    ident = commit.sha if kind is Evidence.MERGE else f"{kind} {place}"
    return ProductionEvent(source.repository, kind, ident, commit.sha, name, when, url="")


@st.composite
def _ticket_sources(draw: st.DrawFn) -> Known:
    """Return a Jira project or a filter in which tickets were done long before."""
    source = draw(
        st.sampled_from([TicketSource("jira", project="HER"), TicketSource("jira", jql="x = y")])
    )
    done = at("2025-02-12")
    long_done = ticket("HER-0", moved("2025-02-12"), created=EVER, updated=done)
    found = [long_done] + [draw(_tickets(n)) for n in range(1, draw(st.integers(3, 7)) + 1)]
    return Known(source, tickets=tuple(replace(one, source=source.id) for one in found))


@st.composite
def _tickets(draw: st.DrawFn, number: int) -> Ticket:
    """Return a ticket with its moves, some of them back and forth."""
    created = when = draw(moments(minute=5))
    category, changes = TO_DO, []
    for after in draw(
        st.lists(st.sampled_from([DONE, DOING, DONE, TO_DO]), min_size=1, max_size=4)
    ):
        when += draw(spans(42)) + timedelta(minutes=1)
        if after is not category and when < NOW:
            changes.append(replace(moved("2025-03-03", category, after), at=when))
            category = after
    touched = when + draw(spans(20))
    known: dict[str, Any] = {
        "created": created,
        "updated": min(touched, NOW) if changes else created,
        "type": draw(st.sampled_from([*["Story"] * 7, "Epic"])),
        "resolution": draw(st.sampled_from([*[None, "Done"] * 4, "Duplicate"])),
    }
    return ticket(f"HER-{number}", *changes, **known)


@st.composite
def _board_sprints(draw: st.DrawFn) -> list[BoardSprint]:
    """Return sprints one after the other, closed early, late, or still open."""
    found: list[BoardSprint] = []
    start = BEGIN + draw(spans(30)) + timedelta(minutes=29)
    while start < NOW and len(found) < 12:
        planned = start + timedelta(days=draw(st.sampled_from([7, 14, 21])))
        completed = planned + draw(st.sampled_from([-2, 0, 0, 0, 1, 8])) * timedelta(days=1)
        found.append(
            BoardSprint(BOARD.id, len(found) + 1, "Sprint", "closed", start, planned, completed, 42)
        )
        start = completed + draw(st.sampled_from([0, 0, 1, 10])) * timedelta(days=1)
        start += timedelta(minutes=1)
    return sprints_at(NOW, found)
