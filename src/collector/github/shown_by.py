"""Which of many stanzas show an event: looked up once for each name, not for each event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.model.plan import RepositorySource


@dataclass(frozen=True, slots=True)
class ShownBy:
    """Sorts events by groups of stanzas, such as those of each delivery."""

    groups: Sequence[Sequence[Production]]
    _places: dict[tuple[Evidence, str, str], Sequence[int]] = field(default_factory=dict)

    def places(self, event: ProductionEvent) -> Sequence[int]:
        """Return the places of the groups of which a stanza shows the event, whenever it holds."""
        key = (event.kind, event.dated_by, event.name)
        if key not in self._places:
            self._places[key] = [
                place
                for place, stanzas in enumerate(self.groups)
                if any(stanza.shows(event) for stanza in stanzas)
            ]
        return self._places[key]

    def sorted(self, events: Iterable[ProductionEvent]) -> list[list[ProductionEvent]]:
        """Return the events of each group, in their order."""
        found: list[list[ProductionEvent]] = [[] for _ in self.groups]
        for event in events:
            for place in self.places(event):
                found[place].append(event)
        return found


def by_stanza(source: RepositorySource) -> ShownBy:
    """Return what sorts events by the stanzas that are read of a repository, in their order."""
    return ShownBy([(stanza,) for stanza in source.stanzas])


def by_delivery(source: RepositorySource) -> ShownBy:
    """Return what sorts events by the deliveries of a repository, in their order."""
    return ShownBy([delivery.stanzas for delivery in source.deliveries])
