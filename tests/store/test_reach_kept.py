from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, text

from evaluator.model.facts import Reading, Reason
from store.store import Store
from store.tables import COVERAGE
from tests.store.examples import (
    COMMIT,
    READ,
    RELEASE,
    SOURCE,
    UNDATED_TAG,
    UNREAD,
    at,
    keep_reach,
)


def test_a_new_reach_replaces_the_old_one_whole(store: Store) -> None:
    later = replace(COMMIT, sha="c3")
    store.facts.keep(Reading(READ, commits=(COMMIT, later), events=(RELEASE, UNDATED_TAG)))
    keep_reach(store, {"c2": RELEASE})

    keep_reach(store, {"c3": UNDATED_TAG})

    reached = store.facts.find([SOURCE]).reached
    assert [(r.commit, r.event) for r in reached] == [(later, UNDATED_TAG)]


def test_the_reach_of_another_repository_stays(store: Store) -> None:
    other = replace(COMMIT, repository="nhsuk/booking-api")
    release = replace(RELEASE, repository="nhsuk/booking-api")
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    store.facts.keep(
        Reading(
            replace(READ, source="github:nhsuk/booking-api"), commits=(other,), events=(release,)
        )
    )
    keep_reach(store, {"c2": release}, source="github:nhsuk/booking-api")

    keep_reach(store, {"c2": RELEASE})
    keep_reach(store, {})

    reached = store.facts.find([SOURCE, "github:nhsuk/booking-api"]).reached
    assert [(r.commit, r.event) for r in reached] == [(other, release)]


def test_a_reach_is_current_until_a_read_brings_news_or_another_fingerprint(
    store: Store,
) -> None:
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    before = store.reach.is_current(SOURCE, "f1")

    keep_reach(store, {"c2": RELEASE})
    saved = store.reach.is_current(SOURCE, "f1")
    otherwise_configured = store.reach.is_current(SOURCE, "f2")
    store.facts.keep(Reading(replace(UNREAD, reason=Reason.SOURCE_DOWN)))
    after_an_attempt = store.reach.is_current(SOURCE, "f1")
    store.facts.keep(Reading(replace(READ, read_finished=at(12))))
    after_a_read_without_news = store.reach.is_current(SOURCE, "f1")
    store.facts.keep(Reading(replace(READ, read_finished=at(13)), commits=(COMMIT,)))
    after_a_complete_read = store.reach.is_current(SOURCE, "f1")

    assert not before
    assert saved
    assert not otherwise_configured
    assert after_an_attempt
    assert after_a_read_without_news
    assert not after_a_complete_read


def test_what_ships_apart_reaches_production_apart(store: Store) -> None:
    later = replace(COMMIT, sha="c3")
    store.facts.keep(Reading(READ, commits=(COMMIT, later), events=(RELEASE, UNDATED_TAG)))
    by_delivery = {"heron": {"c2": RELEASE}, "robin": {"c2": UNDATED_TAG, "c3": UNDATED_TAG}}

    store.reach.save(SOURCE, "f1", by_delivery, read_finished=READ.read_finished)

    reached = store.facts.find([SOURCE]).reached
    assert sorted((r.delivery, r.commit.sha, r.event.kind.value) for r in reached) == [
        ("heron", "c2", "release"),
        ("robin", "c2", "tag"),
        ("robin", "c3", "tag"),
    ]


def test_a_read_that_was_kept_while_reach_was_worked_out_leaves_it_stale(store: Store) -> None:
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    seen = store.reach.last_read(SOURCE)
    news = replace(COMMIT, sha="c3")
    store.facts.keep(Reading(replace(READ, read_finished=at(12)), commits=(news,)))

    store.reach.save(SOURCE, "f1", {"as one": {"c2": RELEASE}}, read_finished=seen)

    assert not store.reach.is_current(SOURCE, "f1")


def test_what_was_worked_out_from_a_later_read_stays(store: Store) -> None:
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    seen = store.reach.last_read(SOURCE)
    store.facts.keep(Reading(replace(READ, read_finished=at(12)), events=(UNDATED_TAG,)))
    keep_reach(store, {"c2": UNDATED_TAG})

    store.reach.save(SOURCE, "f1", {"as one": {}}, read_finished=seen)

    assert store.reach.is_current(SOURCE, "f1")
    assert [r.event for r in store.facts.find([SOURCE]).reached] == [UNDATED_TAG]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_that_save_the_same_reach_at_once_wait_for_each_other(
    store: Store, engine: Engine
) -> None:
    """Both had found it missing; the source's row is held until both are in their transaction."""
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

    with ThreadPoolExecutor(2) as threads, engine.connect() as holder, engine.connect() as looking:
        holder.execute(select(COVERAGE.c.source).with_for_update())
        saved = [threads.submit(keep_reach, store, {"c2": RELEASE}) for _ in range(2)]
        waited = 0
        while waited < len(saved) and not all(each.done() for each in saved):
            waited = looking.execute(waiting).scalar_one()
            looking.rollback()
        holder.rollback()
        for each in saved:
            each.result(timeout=30)

    assert waited == len(saved)
    assert [r.event for r in store.facts.find([SOURCE]).reached] == [RELEASE]
