from dataclasses import replace

from evaluator.model.facts import Reading, Reason
from store.store import Store
from tests.store.examples import COMMIT, READ, RELEASE, SOURCE, UNDATED_TAG, UNREAD, at


def test_a_new_reach_replaces_the_old_one_whole(store: Store) -> None:
    later = replace(COMMIT, sha="c3")
    store.facts.keep(Reading(READ, commits=(COMMIT, later), events=(RELEASE, UNDATED_TAG)))
    store.reach.save(SOURCE, "f1", {"c2": RELEASE})

    store.reach.save(SOURCE, "f1", {"c3": UNDATED_TAG})

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
    store.reach.save("github:nhsuk/booking-api", "f1", {"c2": release})

    store.reach.save(SOURCE, "f1", {"c2": RELEASE})
    store.reach.save(SOURCE, "f1", {})

    reached = store.facts.find([SOURCE, "github:nhsuk/booking-api"]).reached
    assert [(r.commit, r.event) for r in reached] == [(other, release)]


def test_a_reach_is_current_until_a_read_brings_news_or_another_fingerprint(
    store: Store,
) -> None:
    store.facts.keep(Reading(READ, commits=(COMMIT,), events=(RELEASE,)))
    before = store.reach.is_current(SOURCE, "f1")

    store.reach.save(SOURCE, "f1", {"c2": RELEASE})
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
