from dataclasses import replace
from datetime import timedelta

import pytest

from evaluator.model.facts import Reading, Reason
from store.store import Store
from tests.store.examples import COMMIT, READ, RELEASE, SOURCE, UNREAD


def tallies(store: Store) -> dict[tuple[str, str, str], float]:
    return {(t.name, t.source, t.label): t.value for t in store.counters.all()}


def test_an_empty_store_has_counted_nothing(store: Store) -> None:
    assert tallies(store) == {}


def test_every_read_is_counted_by_how_it_went_what_came_and_how_long_it_took(
    store: Store,
) -> None:
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    store.facts.keep(Reading(UNREAD))

    hour = timedelta(hours=1).total_seconds()
    took = (READ.attempt_finished or 0, READ.attempt_started or 0)
    assert took == (READ.read_finished, READ.read_started)
    assert tallies(store) == {
        ("reads", SOURCE, "read"): 1,
        ("reads", SOURCE, Reason.RATE_LIMITED.value): 1,
        ("items", SOURCE, "commit"): 1,
        ("items", SOURCE, "event"): 1,
        ("read_seconds", "", ""): 2 * hour,
        ("reads_timed", "", "+Inf"): 2,
    }


def test_what_was_known_before_is_not_counted_again(store: Store) -> None:
    later = replace(COMMIT, sha="f" * 40)

    first = store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    again = store.facts.keep(Reading(READ, commits=(COMMIT, later), events=(RELEASE,)))

    found = tallies(store)
    assert (found["items", SOURCE, "commit"], found["items", SOURCE, "event"]) == (2, 1)
    assert (first, again, store.facts.coverage()[SOURCE].items) == (2, 1, 1)


def test_counts_only_grow(store: Store) -> None:
    for sha in "abc":
        store.facts.keep(Reading(READ, commits=(replace(COMMIT, sha=sha * 40),)))

    assert tallies(store)["reads", SOURCE, "read"] == 3
    assert tallies(store)["items", SOURCE, "commit"] == 3


def test_a_quick_read_falls_into_the_smallest_bucket_that_holds_it(store: Store) -> None:
    assert READ.attempt_started is not None
    for seconds in (0.05, 0.1, 0.2):
        finished = READ.attempt_started + timedelta(seconds=seconds)
        store.facts.keep(Reading(replace(READ, attempt_finished=finished, read_finished=finished)))

    assert tallies(store)["reads_timed", "", "0.1"] == 2
    assert tallies(store)["reads_timed", "", "0.25"] == 1


@pytest.mark.parametrize("days", [-1, 7300])
def test_a_read_during_which_the_clock_was_set_is_not_timed(store: Store, days: int) -> None:
    assert READ.attempt_started is not None
    finished = READ.attempt_started + timedelta(days=days)
    store.facts.keep(Reading(replace(READ, attempt_finished=finished)))

    assert tallies(store)["reads", SOURCE, "read"] == 1
    assert ("read_seconds", "", "") not in tallies(store)


def test_a_read_that_another_overtook_is_not_counted(store: Store) -> None:
    assert READ.read_started is not None
    later = READ.read_started + timedelta(minutes=1)
    store.facts.keep(Reading(replace(READ, read_started=later)))

    store.facts.keep(Reading(READ))

    assert tallies(store)["reads", SOURCE, "read"] == 1


def test_a_source_that_is_unread_again_and_again_is_counted_until_it_is_read(
    store: Store,
) -> None:
    store.facts.keep(Reading(UNREAD))
    store.facts.keep(Reading(UNREAD))
    assert store.facts.coverage()[SOURCE].unread_in_a_row == 2

    store.facts.keep(Reading(READ))

    assert store.facts.coverage()[SOURCE].unread_in_a_row == 0
