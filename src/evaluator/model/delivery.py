"""How one entry of a repository ships: by one stanza of `production`, or by several with days."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from functools import lru_cache

from evaluator.model.days import ALWAYS, Days
from evaluator.model.evidence import BY_MERGE, Production
from evaluator.model.facts import ProductionEvent

_KEPT = 4096  # more than any organisation has


@dataclass(frozen=True, slots=True)
class Delivery:
    """The stanzas of one entry, in order of their days, of which no two share one."""

    stanzas: tuple[Production, ...] = (BY_MERGE,)

    @property
    def key(self) -> str:
        """A digest of all that decides which commits reach production, and when."""
        return _key(self.stanzas)

    def shows(self, event: ProductionEvent, zone: tzinfo) -> bool:
        """Whether `event` is of one of the stanzas, on a day of it, counted or left out."""
        return any(s.shows(event) and _on_days(event, s.days, zone) for s in self.stanzas)

    def admitted(self, event: ProductionEvent, zone: tzinfo) -> ProductionEvent | None:
        """Return `event` as it counts, None where it is no evidence. Days begin in `zone`."""
        found = self.place(event, zone)
        return found[1] if found else None

    def place(self, event: ProductionEvent, zone: tzinfo) -> tuple[int, ProductionEvent] | None:
        """Return the place of the stanza under which `event` counts, and the event as it does."""
        for place, stanza in enumerate(self.stanzas):
            counted = stanza.admitted(event)
            if counted and (on_day := _on_days(counted, stanza.days, zone)):
                return place, on_day
        return None


SHIPS_BY_MERGE = Delivery()  # where configuration says nothing


def each_once(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return those that bring other commits to production, or at another time, in order of key.

    What one of several alike says is no production is none by the one that is returned.
    """
    found: dict[str, Delivery] = {}
    for delivery in deliveries:
        alike = found.setdefault(delivery.key, delivery)
        pairs = zip(alike.stanzas, delivery.stanzas, strict=True)
        found[delivery.key] = Delivery(tuple(_dismissing_as(*pair) for pair in pairs))
    return [found[key] for key in sorted(found)]


@lru_cache(maxsize=_KEPT)  # asked for each event
def stanzas_to_read(deliveries: tuple[Delivery, ...]) -> tuple[Production, ...]:
    """Return what must be read for all of them: each stanza once, whenever it holds, in order.

    What was merged later may count where it does for each that says the same.
    """
    found: dict[str, Production] = {}
    for stanza in (stanza for delivery in deliveries for stanza in delivery.stanzas):
        key = digest(stanza.shape)
        other = found.get(key, stanza)
        before_merge = stanza.before_merge and other.before_merge
        found[key] = replace(stanza, before_merge=before_merge, days=ALWAYS)
    return tuple(found[key] for key in sorted(found))


def digest(*parts: object) -> str:
    """Return a short text that is another one for other parts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _dismissing_as(stanza: Production, other: Production) -> Production:
    if stanza.not_production == other.not_production:
        return stanza
    both = {*stanza.not_production, *other.not_production}
    return replace(stanza, not_production=tuple(sorted(both)))


@lru_cache(maxsize=_KEPT)  # asked for each window
def _key(stanzas: tuple[Production, ...]) -> str:
    return digest(
        *([*s.shape, s.before_merge, str(s.days.first), str(s.days.last)] for s in stanzas)
    )


def _on_days(event: ProductionEvent, days: Days, zone: tzinfo) -> ProductionEvent | None:
    """Return the event as it falls on `days`, None where it does not.

    One of which nobody knows when it happened may have happened on them, and then not before.
    """
    if days == ALWAYS:
        return event
    first = event.not_before or event.at
    last = event.seen_by or event.at
    if first is None or last is None:
        return event
    span = Days(first.astimezone(zone).date(), last.astimezone(zone).date())
    if days.shared_with(span) is None:
        return None
    begin = datetime.combine(days.first, time(), zone) if days.first else first
    if first >= begin:
        return event
    return replace(event, at=event.at and max(event.at, begin), not_before=begin)
