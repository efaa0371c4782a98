"""Events of many services of one repository are sorted by name, not compared one by one."""

from dataclasses import dataclass
from datetime import timedelta

from collector.github.shown_by import ShownBy
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent
from tests.collector.github.reading import MARCH, SHOP


@dataclass(frozen=True)
class Counting(Production):
    """A stanza that says of which events it was asked."""

    asked: tuple[list[str], ...] = ()

    def shows(self, event: ProductionEvent) -> bool:
        """Return what any stanza says."""
        self.asked[0].append(event.ident)
        return event.name in self.environments


def deployed(number: int, environment: str) -> ProductionEvent:
    at = MARCH + timedelta(hours=number)
    return ProductionEvent(
        SHOP, Evidence.DEPLOYMENT, f"D{number}", f"c{number}", environment, at, ""
    )


def test_each_name_is_looked_up_once_however_many_events_have_it() -> None:
    asked: list[str] = []
    names = [f"service-{number}" for number in range(8)]
    stanzas = [Counting(Evidence.DEPLOYMENT, (name,), asked=(asked,)) for name in names]
    events = [deployed(number, names[number % 8]) for number in range(200)]
    shown_by = ShownBy([*((stanza,) for stanza in stanzas), stanzas[:2]])

    shown_by.sorted(events)
    *of_each, of_two = shown_by.sorted([*events, deployed(200, "preview")])

    assert [own[:2] for own in of_each] == [events[n : n + 9 : 8] for n in range(8)]
    assert of_two[:4] == [events[0], events[1], events[8], events[9]]
    assert len(asked) <= 9 * 10
