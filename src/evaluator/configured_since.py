"""A final result, and a configuration that is another one since: that changes nothing that counts.

What the first read under it brings or drops is the configuration's; what a later one brings is not.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluator.model.results import Basis, EvidenceItem, Measurement, Result


@dataclass(frozen=True, slots=True)
class Change:
    """What is configured otherwise of a result's sources than when they were last counted.

    `of` are the ids of those sources, `counted_by` is what holds of all by now.
    """

    of: frozenset[str]
    counted_by: Mapping[str, str]

    @property
    def whole(self) -> Basis:
        """The basis of what counts whole by the configuration of now."""
        return Basis(tuple(sorted(self.counted_by.items())))


def change(
    before: Result, configured: Mapping[str, str], read: Collection[str], had: Collection[str]
) -> Change:
    """Return what changed since `before` was last counted.

    `configured` is what counts by now in each source that the team has, `read` are the sources that
    were read under that: of another nothing is known yet. `had` are those, of now or of before,
    that bear on the result. Where nothing was kept of what counted, all of it holds as it is now.
    """
    known = dict(before.basis.counted_by)
    if not known:
        return Change(frozenset(), {source: configured.get(source, "") for source in had})
    new = {s: configured.get(s, "") for s in had if s in read or s not in configured}
    changed = frozenset(s for s, counts in new.items() if known.get(s, "") != counts)
    return Change(changed, known | new)


def rebased(
    before: Result, found: Measurement, changed: Change, among_others: Callable[[], Measurement]
) -> tuple[Measurement, Basis]:
    """Return what was found as it counts for a final result, and its basis from now on.

    `among_others` finds what is in the sources that did not change: what that has is no
    configuration's. Where nothing was read at all, that is so still.
    """
    was, counted = before.basis, _Items(before.evidence)
    seen, brought_before, dropped_before = map(_Items, (found.evidence, was.brought, was.dropped))
    more = [item for item in found.evidence if item not in counted]
    gone = [item for item in before.evidence if item not in seen]
    brought = [item for item in more if item in brought_before]
    dropped = [item for item in gone if changed.of or item in dropped_before]
    if changed.of and len(brought) < len(more):
        others = _Items(among_others().evidence)
        brought = [item for item in more if item in brought_before or item not in others]
    basis = Basis(
        counted_by=changed.whole.counted_by,
        reconfigured=tuple(sorted({*was.reconfigured, *changed.of})),
        brought=tuple(brought),
        dropped=tuple(dropped),
    )
    if found.value is None or not (brought or dropped):
        return found, basis
    aside = _Items(brought)
    evidence = [item for item in found.evidence if item not in aside]
    evidence = sorted((*evidence, *dropped), key=lambda item: (item.at, item.label, item.url))
    return replace(found, value=len(evidence), evidence=tuple(evidence)), basis


def same_items(some: Sequence[EvidenceItem], others: Sequence[EvidenceItem]) -> bool:
    """Whether both are the same things, whatever their sources are called."""
    known = _Items(some)
    return len(some) == len(others) and all(item in known for item in others)


class _Items:
    """Things counted, to ask whether one is among them.

    One is, though what its source is called changed, or its own time.
    """

    def __init__(self, items: Sequence[EvidenceItem]) -> None:
        self._known = {item.url for item in items} | {_mark(item) for item in items}

    def __contains__(self, item: EvidenceItem) -> bool:
        return item.url in self._known or _mark(item) in self._known


def _mark(item: EvidenceItem) -> str:
    """The kind of a thing, its number without the project's key, and its time."""
    return f"{item.kind} {item.label.rpartition('-')[2]} {item.at.timestamp()}"
