"""A name that means another source by now: what was known of the former one is set aside."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from threading import Thread

from evaluator.model.facts import Coverage, Reading, Reason
from evaluator.model.results import Gap, Result
from store import coverage, former_sources
from store.database import Database
from store.store import Store
from tests.store.examples import (
    COMMIT,
    OTHER,
    READ,
    RELEASE,
    RESULT,
    SOURCE,
    TICKET,
    TICKETS_READ,
    UNDATED_TAG,
    at,
)

FORMER = f"{SOURCE}#7"
NEW_COMMIT = replace(COMMIT, sha="n1", parents=())
NEW_RELEASE = replace(RELEASE, ident="10", sha="n1", at=at(12))


def numbered(read: Coverage, number: str, day: int) -> Coverage:
    """A complete read of what has this number, on a day."""
    return replace(
        read,
        number=number,
        read_started=at(day),
        read_finished=at(day, 10),
        attempt_started=at(day),
        attempt_finished=at(day, 10),
    )


BEFORE = Reading(
    numbered(READ, "7", 10),
    bookmark="p",
    commits=(COMMIT,),
    events=(RELEASE, UNDATED_TAG),
    others=(OTHER,),
)
AFTER = Reading(numbered(READ, "8", 13), bookmark="q", commits=(NEW_COMMIT,), events=(NEW_RELEASE,))


def test_what_another_number_brings_is_kept_alone_and_the_former_facts_beside_it(
    store: Store,
) -> None:
    store.facts.keep(BEFORE)
    finished = BEFORE.coverage.read_finished
    store.reach.save(SOURCE, "f1", {"d1": {"c2": RELEASE}}, read_finished=finished)

    brought = store.facts.keep(AFTER)

    facts = store.facts.find([SOURCE])
    assert brought == 2
    assert (facts.events, facts.reached, facts.others) == ((NEW_RELEASE,), (), ())
    assert store.facts.commit_graph(SOURCE) == {"n1": ()}
    assert store.facts.bookmark(SOURCE) == "q"
    assert not store.reach.is_current(SOURCE, "f1")
    assert store.facts.commit_graph(FORMER) == {"c2": ("c1", "c0")}
    assert set(store.facts.events(FORMER)) == {RELEASE, UNDATED_TAG}
    assert store.facts.other_evidence(FORMER) == [OTHER]
    assert store.facts.bookmark(FORMER) == ""


def test_the_coverage_of_the_former_one_says_until_when_it_was_read_and_when_it_was_gone(
    store: Store,
) -> None:
    store.facts.keep(BEFORE)
    store.facts.keep(AFTER)

    now, former = store.facts.find([SOURCE]).coverage

    assert (now.source, now.number, now.read_started) == (SOURCE, "8", at(13))
    assert (former.source, former.number, former.read_started) == (FORMER, "7", at(10))
    assert (former.attempt_started, former.reason) == (at(13), Reason.NOT_FOUND)
    assert former.detail == "Its name means another one now, with the number 8."


def test_results_point_to_what_they_were_made_of(store: Store) -> None:
    of_another = replace(RESULT, team="robin", sources=("github:nhsuk/booking-web-2",))
    with_gap = replace(RESULT, gaps=(Gap(SOURCE, Reason.NO_ACCESS, "403"), *RESULT.gaps))
    store.facts.keep(BEFORE)
    store.results.save([with_gap, of_another])

    store.facts.keep(AFTER)

    heron, robin = store.results.find()
    assert heron.sources == ("github:nhsuk/booking-api", FORMER)
    assert [gap.source for gap in heron.gaps] == [FORMER, "github:nhsuk/booking-api"]
    assert replace(heron, sources=with_gap.sources, gaps=with_gap.gaps) == with_gap
    assert robin == of_another


def test_results_saved_after_their_source_was_set_aside_point_to_it_too(store: Store) -> None:
    store.facts.keep(BEFORE)
    made_of = store.facts.find([SOURCE]).coverage
    store.facts.keep(AFTER)

    store.results.save([RESULT], made_of=made_of)

    [found] = store.results.find()
    assert found.sources == ("github:nhsuk/booking-api", FORMER)
    store.results.save([RESULT], made_of=store.facts.find([SOURCE]).coverage)
    [found] = store.results.find()
    assert found.sources == RESULT.sources


def test_results_that_are_saved_while_their_source_is_set_aside_wait_for_that(
    store: Store, database_url: str
) -> None:
    store.facts.keep(BEFORE)
    made_of = store.facts.find([SOURCE]).coverage
    saving = Thread(target=store.results.save, args=([RESULT],), kwargs={"made_of": made_of})
    with closing(Database(database_url)) as another:
        with another.writing() as connection:
            known = coverage.last_read(connection, SOURCE)
            former_sources.set_aside(connection, known, AFTER.coverage)
            saving.start()
            saving.join(0.2)
            coverage.keep_complete(connection, AFTER.coverage, "q")
        saving.join()

    assert [result.sources for result in store.results.find()] == [
        ("github:nhsuk/booking-api", FORMER)
    ]


def test_a_source_is_set_aside_only_after_results_that_are_being_saved(
    store: Store, database_url: str
) -> None:
    store.facts.keep(BEFORE)
    made_of = store.facts.find([SOURCE]).coverage
    reading = Thread(target=store.facts.keep, args=(AFTER,))

    def slowly() -> Iterator[Result]:
        reading.start()
        reading.join(0.2)
        yield RESULT

    with Store.open(database_url) as another:
        another.results.save(slowly(), made_of=made_of)
    reading.join()

    assert [result.sources for result in store.results.find()] == [
        ("github:nhsuk/booking-api", FORMER)
    ]


def test_reach_of_what_was_set_aside_meanwhile_is_not_kept(store: Store) -> None:
    store.facts.keep(BEFORE)
    finished = store.reach.last_read(SOURCE)
    store.facts.keep(AFTER)

    store.reach.save(SOURCE, "f1", {"d1": {"c2": RELEASE}}, read_finished=finished)

    assert store.facts.find([SOURCE]).reached == ()
    assert not store.reach.is_current(SOURCE, "f1")


def test_tickets_of_a_former_project_are_set_aside_alike(store: Store) -> None:
    store.facts.keep(Reading(numbered(TICKETS_READ, "10000", 10), tickets=(TICKET,)))
    fresh = replace(TICKET, issue_id="90001")

    store.facts.keep(Reading(numbered(TICKETS_READ, "10007", 13), tickets=(fresh,)))

    assert store.facts.tickets([TICKET.source]) == [fresh]
    aside = replace(TICKET, source="jira:jira:HER#10000")
    assert store.facts.tickets([aside.source]) == [aside]


def test_a_name_that_changes_hands_twice_and_back_loses_nothing(store: Store) -> None:
    store.facts.keep(BEFORE)
    store.facts.keep(AFTER)
    back = replace(BEFORE, coverage=numbered(READ, "7", 14), events=(RELEASE,))
    store.facts.keep(back)

    store.facts.keep(replace(AFTER, coverage=numbered(READ, "8", 15)))

    assert store.facts.events(SOURCE) == [NEW_RELEASE]
    assert set(store.facts.events(FORMER)) == {RELEASE, UNDATED_TAG}
    assert store.facts.events(f"{SOURCE}#8") == [NEW_RELEASE]


def test_a_record_without_a_number_takes_that_of_its_next_read(store: Store) -> None:
    store.facts.keep(replace(BEFORE, coverage=READ))

    store.facts.keep(replace(AFTER, coverage=numbered(READ, "8", 13)))

    assert store.facts.commit_graph(SOURCE).keys() == {"c2", "n1"}
    assert [one.number for one in store.facts.find([SOURCE]).coverage] == ["8"]


def test_a_read_of_the_former_one_that_ends_late_takes_nothing_from_the_new_one(
    store: Store,
) -> None:
    store.facts.keep(BEFORE)
    store.facts.keep(AFTER)
    late = numbered(READ, "7", 12)

    kept = store.facts.keep(replace(BEFORE, coverage=replace(late, attempt_finished=at(14))))

    assert kept == 0
    assert store.facts.events(SOURCE) == [NEW_RELEASE]
