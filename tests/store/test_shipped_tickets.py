from store.shipped_tickets import InProduction
from store.store import Store
from tests.store.examples import at

PAGE = "https://github.example/deployments/2"


def test_a_teams_tickets_in_production_are_replaced_as_a_whole(store: Store) -> None:
    first = {"HER-1": InProduction(at(2), PAGE), "HER-2": InProduction(at(3), PAGE)}
    store.shipped_tickets.save("wren", first)
    store.shipped_tickets.save("heron", first)
    later = {"HER-2": InProduction(at(4), "javascript:alert(1)")}

    store.shipped_tickets.save("heron", later)

    assert store.shipped_tickets.of_team("heron") == {"HER-2": InProduction(at(4), "")}
    assert store.shipped_tickets.of_team("wren") == first


def test_nothing_is_written_where_the_same_was_found_again(store: Store) -> None:
    found = {"HER-1": InProduction(at(2), PAGE)}
    store.shipped_tickets.save("heron", found)
    before = store.revision()

    store.shipped_tickets.save("heron", dict(found))

    assert store.revision() == before
