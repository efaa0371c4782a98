from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from evaluator.model.facts import (
    Commit,
    Coverage,
    Evidence,
    Facts,
    KnownTicket,
    ProductionEvent,
    Reading,
    Written,
)
from hearten.runs.backoff import asked_again
from store.store import Store
from tests.store.examples import (
    BOARD_READ,
    BOARD_SPRINT,
    COMMIT,
    OTHER,
    READ,
    RELEASE,
    SOURCE,
    TICKET,
    TICKETS_READ,
    UNDATED_TAG,
    UNREAD,
    at,
    keep_reach,
)


def test_what_was_kept_comes_back_whole(store: Store) -> None:
    store.facts.keep(
        Reading(
            READ,
            bookmark="page 2",
            commits=(COMMIT,),
            events=(RELEASE, UNDATED_TAG),
            others=(OTHER,),
        )
    )
    store.facts.keep(Reading(TICKETS_READ, tickets=(TICKET,)))
    store.facts.keep(Reading(BOARD_READ, sprints=(BOARD_SPRINT,)))
    keep_reach(store, {"c2": RELEASE})

    facts = store.facts.find([SOURCE, TICKET.source, BOARD_SPRINT.source])

    assert [(r.commit, r.event) for r in facts.reached] == [(COMMIT, RELEASE)]
    assert set(facts.events) == {RELEASE, UNDATED_TAG}
    assert facts.others == (OTHER,)
    assert facts.tickets == (TICKET,)
    assert facts.sprints == (BOARD_SPRINT,)
    assert set(facts.coverage) == {READ, TICKETS_READ, BOARD_READ}


def test_facts_of_other_sources_are_left_aside(store: Store) -> None:
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    store.facts.keep(Reading(TICKETS_READ, tickets=(TICKET,)))

    assert store.facts.find([TICKET.source]) == Facts(tickets=(TICKET,), coverage=(TICKETS_READ,))
    assert store.facts.find([]) == Facts()


def test_each_collector_finds_what_it_knew(store: Store) -> None:
    store.facts.keep(Reading(READ, bookmark="page 2", commits=(COMMIT,), events=(RELEASE,)))
    store.facts.keep(Reading(TICKETS_READ, tickets=(TICKET,)))
    store.facts.keep(Reading(BOARD_READ, sprints=(BOARD_SPRINT,)))

    assert store.facts.bookmark(SOURCE) == "page 2"
    assert store.facts.bookmark("github:nhsuk/never-asked") == ""
    assert store.facts.commit_graph(SOURCE) == {"c2": ("c1", "c0")}
    assert store.facts.events(SOURCE) == [RELEASE]
    assert store.facts.known_tickets(TICKET.source) == {
        "10042": KnownTicket(TICKET.updated, len(TICKET.changes))
    }
    assert store.facts.board_sprints(BOARD_SPRINT.source) == [BOARD_SPRINT]
    assert store.facts.coverage() == {r.source: r for r in (READ, TICKETS_READ, BOARD_READ)}


def test_a_ticket_keeps_its_moves_where_jira_shows_fewer_of_them(store: Store) -> None:
    first, *_ = TICKET.changes
    more = replace(TICKET, changes=(*TICKET.changes, replace(first, at=at(20))))
    store.facts.keep(Reading(TICKETS_READ, tickets=(TICKET,)))

    for ticket in (replace(TICKET, changes=()), more, replace(TICKET, key="HER-1")):
        store.facts.keep(Reading(TICKETS_READ, tickets=(ticket,)))

    assert store.facts.tickets([TICKET.source]) == [replace(more, key="HER-1")]


def test_a_ticket_that_was_listed_as_done_keeps_when_it_first_was(store: Store) -> None:
    store.facts.keep(Reading(TICKETS_READ, tickets=(replace(TICKET, listed_done=None),)))

    for listed in (at(7), None, at(6), at(8)):
        ticket = replace(TICKET, listed_done=listed)
        store.facts.keep(Reading(TICKETS_READ, tickets=(ticket,)))

    assert store.facts.tickets([TICKET.source]) == [TICKET]


def test_a_commit_that_was_an_older_one_stays_that(store: Store) -> None:
    plain = replace(COMMIT, rewrites="")
    unread = replace(COMMIT, sha="c9", written_at=None, rewrites="")
    store.facts.keep(Reading(READ, commits=(plain, unread)))

    assert store.facts.written(SOURCE) == {"c2": Written(at(1), "c2")}

    for commit in (COMMIT, plain):
        store.facts.keep(Reading(READ, commits=(commit,)))

        assert store.facts.written(SOURCE) == {"c2": Written(at(1), "a2")}


def test_keeping_the_same_facts_twice_changes_nothing(store: Store) -> None:
    sources = [SOURCE, TICKET.source, BOARD_SPRINT.source]
    for _ in range(2):
        store.facts.keep(Reading(READ, commits=(COMMIT, COMMIT), events=(RELEASE, RELEASE)))
        store.facts.keep(Reading(TICKETS_READ, tickets=(TICKET, TICKET)))
        store.facts.keep(Reading(BOARD_READ, sprints=(BOARD_SPRINT, BOARD_SPRINT)))

    facts = store.facts.find(sources)

    assert facts.events == (RELEASE,)
    assert facts.tickets == (TICKET,)
    assert facts.sprints == (BOARD_SPRINT,)
    assert store.facts.commit_graph(SOURCE) == {"c2": ("c1", "c0")}


def test_a_newer_copy_of_a_fact_replaces_the_older_one(store: Store) -> None:
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    store.facts.keep(Reading(TICKETS_READ, tickets=(TICKET,)))
    human = replace(COMMIT, bot=False, paths=frozenset({"services/wren/"}))
    changes = (TICKET.changes[0], replace(TICKET.changes[1], at=at(7)))
    renamed = replace(TICKET, key="WREN-1", project="WREN", changes=changes)

    store.facts.keep(Reading(READ, commits=(human,)))
    store.facts.keep(Reading(TICKETS_READ, tickets=(renamed,)))
    keep_reach(store, {"c2": RELEASE})

    facts = store.facts.find([SOURCE, TICKET.source])
    assert [r.commit for r in facts.reached] == [human]
    assert facts.tickets == (renamed,)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(at(4), at(9), at(4), id="a re-run moves nothing"),
        pytest.param(at(9), at(4), at(4), id="an earlier success is found"),
        pytest.param(None, at(4), at(4), id="a date where there was none"),
        pytest.param(at(4), None, at(4), id="no date any more"),
        pytest.param(None, None, None, id="never a date"),
    ],
)
def test_an_event_keeps_its_earliest_time_and_its_newest_name(
    store: Store, first: datetime | None, second: datetime | None, kept: datetime | None
) -> None:
    run = ProductionEvent(
        "nhsuk/booking-web", Evidence.WORKFLOW, "5", "c2", "deploy.yml", first, ""
    )
    store.facts.keep(Reading(READ, events=(run,)))

    store.facts.keep(Reading(READ, events=(replace(run, at=second, name="release.yml"),)))

    assert store.facts.events(SOURCE) == [replace(run, at=kept, name="release.yml")]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"sha": "c9"}, id="a moved tag"),
        pytest.param({"ident": "production-2"}, id="another tag"),
        pytest.param({"kind": Evidence.RELEASE}, id="a release of that name"),
        pytest.param({"dated_by": ""}, id="dated by GitHub"),
    ],
)
def test_a_moved_or_differently_dated_tag_adds_an_event_and_removes_none(
    store: Store, change: dict[str, Any]
) -> None:
    other = replace(UNDATED_TAG, **change)

    store.facts.keep(Reading(READ, events=(UNDATED_TAG, other)))

    assert set(store.facts.events(SOURCE)) == {UNDATED_TAG, other}


def test_a_read_cut_off_half_way_leaves_nothing(store: Store) -> None:
    store.facts.keep(Reading(READ, bookmark="page 2", commits=(COMMIT,)))
    later = replace(READ, read_started=at(12), read_finished=at(12), fingerprint="f2")

    with pytest.raises(ConnectionError):
        store.facts.keep(
            Reading(
                later, bookmark="page 3", events=(RELEASE,), commits=_commits(6_000, then=_cut_off)
            )
        )

    assert store.facts.commit_graph(SOURCE) == {"c2": ("c1", "c0")}
    assert store.facts.events(SOURCE) == []
    assert store.facts.coverage() == {SOURCE: READ}
    assert store.facts.bookmark(SOURCE) == "page 2"


def test_a_source_cut_off_in_its_first_read_was_never_heard_of(store: Store) -> None:
    with pytest.raises(ConnectionError):
        store.facts.keep(Reading(READ, commits=_commits(1, then=_cut_off)))

    assert store.facts.coverage() == {}
    assert store.facts.commit_graph(SOURCE) == {}


def test_whoever_reads_meanwhile_sees_nothing_of_a_read_that_is_being_kept(store: Store) -> None:
    seen = []

    def look() -> None:
        with ThreadPoolExecutor() as pool:
            seen.append(pool.submit(store.facts.find, [SOURCE]).result())

    store.facts.keep(Reading(READ, commits=_commits(6_000, then=look)))

    assert seen == [Facts()]
    assert len(store.facts.commit_graph(SOURCE)) == 6_000


def _commits(number: int, *, then: Callable[[], None]) -> tuple[Commit, ...]:
    """So many commits; `then` is called when whoever keeps them has taken the last one."""

    class Taken(tuple[Commit, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[Commit]:
            yield from super().__iter__()
            then()

    return Taken(replace(COMMIT, sha=f"new-{index}") for index in range(number))


def _cut_off() -> None:
    raise ConnectionError


def test_a_read_that_did_not_close_touches_neither_facts_nor_the_last_complete_read(
    store: Store,
) -> None:
    store.facts.keep(Reading(READ, bookmark="page 2", commits=(COMMIT,), events=(RELEASE,)))

    store.facts.keep(
        Reading(
            UNREAD, bookmark="page 3", commits=(replace(COMMIT, sha="c3"),), events=(UNDATED_TAG,)
        )
    )

    assert store.facts.commit_graph(SOURCE) == {"c2": ("c1", "c0")}
    assert store.facts.events(SOURCE) == [RELEASE]
    assert store.facts.bookmark(SOURCE) == "page 2"
    assert store.facts.coverage()[SOURCE] == replace(
        UNREAD,
        fingerprint=READ.fingerprint,
        since=READ.since,
        read_started=READ.read_started,
        read_finished=READ.read_finished,
    )


def test_a_source_that_was_never_read_has_only_an_attempt(store: Store) -> None:
    store.facts.keep(Reading(UNREAD))

    assert store.facts.coverage() == {SOURCE: replace(UNREAD, fingerprint="", since=None)}
    assert store.facts.bookmark(SOURCE) == ""


def test_a_complete_read_clears_the_reason_of_the_attempt_before(store: Store) -> None:
    store.facts.keep(Reading(UNREAD))

    store.facts.keep(Reading(READ, bookmark="page 2"))

    assert store.facts.coverage() == {SOURCE: READ}
    assert store.facts.bookmark(SOURCE) == "page 2"


@pytest.mark.slow
def test_twenty_thousand_commits_come_back_as_they_went_in(store: Store) -> None:
    history = [
        Commit("nhsuk/booking-web", f"{i:040x}", (f"{i - 1:040x}",), at(1) + timedelta(seconds=i))
        for i in range(20_000)
    ]

    store.facts.keep(Reading(READ, commits=tuple(history), events=(RELEASE,)))
    keep_reach(store, {commit.sha: RELEASE for commit in history})

    assert {r.commit for r in store.facts.find([SOURCE]).reached} == set(history)
    assert store.facts.commit_graph(SOURCE) == {c.sha: c.parents for c in history}


def test_an_instant_without_a_time_zone_is_refused(store: Store) -> None:
    naive = Coverage(SOURCE, since=at(1).replace(tzinfo=None))

    with pytest.raises(Exception, match="has no time zone"):
        store.facts.keep(Reading(naive))


def test_a_read_that_did_not_ask_for_the_number_of_its_source_leaves_the_known_one(
    store: Store,
) -> None:
    numbered = replace(READ, number="7", created=at(1))
    store.facts.keep(Reading(numbered))
    assert READ.read_started is not None

    store.facts.keep(Reading(replace(READ, read_started=READ.read_started + timedelta(hours=1))))

    kept = store.facts.coverage()[SOURCE]
    assert (kept.number, kept.created) == ("7", at(1))


def test_another_name_keeps_when_it_was_first_seen_and_that_this_is_known(store: Store) -> None:
    later = replace(
        OTHER, example="release-1.2", first_at=at(9), newest_at=at(9), sha="c5", first_known=False
    )
    store.facts.keep(Reading(READ, others=(OTHER,)))

    store.facts.keep(Reading(READ, others=(later,)))

    assert store.facts.other_evidence(SOURCE) == [
        replace(later, first_at=OTHER.first_at, first_known=True)
    ]


def test_what_a_read_under_a_clock_that_ran_ahead_says_of_later_is_taken_back(store: Store) -> None:
    now, ahead = at(10, 12), at(30)
    said_by_the_service = replace(READ, read_finished=ahead, attempt_finished=ahead)
    by_the_clock = replace(TICKETS_READ, read_started=ahead, read_finished=ahead)
    seen = replace(UNDATED_TAG, seen_by=ahead)
    store.facts.keep(Reading(said_by_the_service, bookmark="a", events=(RELEASE, seen)))
    store.facts.keep(Reading(by_the_clock, bookmark="b", tickets=(TICKET,)))
    store.facts.keep(Reading(BOARD_READ, bookmark="c"))

    store.facts.take_back(now)

    kept = store.facts.coverage()
    assert kept[SOURCE] == replace(READ, read_finished=now, attempt_finished=now, items=2)
    tickets = kept[TICKETS_READ.source]
    assert (tickets.read_started, tickets.read_finished) == (None, None)
    assert kept[BOARD_READ.source] == BOARD_READ
    marks = [store.facts.bookmark(s) for s in (SOURCE, TICKETS_READ.source, BOARD_READ.source)]
    assert marks == ["a", "", "c"]
    assert set(store.facts.events(SOURCE)) == {RELEASE, replace(seen, seen_by=now)}
    assert store.facts.tickets([TICKET.source]) == [TICKET]


def test_a_source_that_was_unread_under_a_clock_that_ran_ahead_is_asked_at_once(
    store: Store,
) -> None:
    for _ in range(4):
        store.facts.keep(Reading(replace(UNREAD, attempt_finished=at(30))))

    store.facts.take_back(at(12))

    (kept,) = store.facts.coverage().values()
    assert (kept.reason, kept.attempt_finished) == (UNREAD.reason, at(12))
    assert asked_again(kept) is None


def test_reads_of_a_clock_that_differs_by_minutes_stay(store: Store) -> None:
    store.facts.keep(Reading(READ))

    store.facts.take_back(at(10, 10) - timedelta(minutes=4))

    assert list(store.facts.coverage().values()) == [READ]
