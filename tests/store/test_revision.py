"""A revision is another one after every commit, whoever made it, and the same in between."""

from evaluator.model.facts import Reading
from store.store import Store
from tests.store.examples import READ, RESULT


def test_a_commit_of_any_process_makes_a_new_revision(database_url: str) -> None:
    with Store.open(database_url) as store, Store.open(database_url) as another:
        seen = [store.revision()]
        store.facts.keep(Reading(READ))
        seen.append(store.revision())
        another.results.save([RESULT])
        seen.append(store.revision())
        store.results.save([RESULT])
        seen += [store.revision(), store.revision()]

        assert len(set(seen[:-1])) == 4
        assert seen[-1] == seen[-2]


def test_reading_makes_none(database_url: str) -> None:
    with Store.open(database_url) as store:
        before = store.revision()
        store.results.find()
        store.facts.coverage()

        assert store.revision() == before
