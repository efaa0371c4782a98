"""Deployments to what looks like production: which environments are in use, and what counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.github.detection.candidates import NOT_OUTDONE, RepositoryDetection
from collector.json_fields import pick
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Place, ProductionEvent
from evaluator.wording import amount


def add_deployments(
    found: RepositoryDetection, environments: Sequence[str], events: Iterable[ProductionEvent]
) -> None:
    """Add deployments to `environments`, those that nobody deploys to any more apart.

    `events` are the newest that succeeded, each with where its commit stood.
    """
    dated = [(event.at, event) for event in events if event.at]
    left = _left(environments, dated)
    for some in ([name for name in environments if name not in left], left):
        own = Production(Evidence.DEPLOYMENT, environments=tuple(some))
        _add(found, own, [event for _, event in dated if own.matches(event.name)])


def all_environments(found: RepositoryDetection) -> str | None:
    """Return the question for the names of all environments, where some were not seen."""
    return "environments(first: 100) { nodes { name } }" if found.more_deployed else None


def take_environments(found: RepositoryDetection, answer: Mapping[str, Any], _at: datetime) -> None:
    """Take the answer to `all_environments`."""
    nodes = pick(answer, "environments.nodes", list)
    add_environments(found, (pick(node, "name", str) for node in nodes))


def add_environments(found: RepositoryDetection, names: Iterable[str | None]) -> None:
    """Add names of environments; those that are known and come first stay first."""
    counted = [name for name, _ in Counter(filter(None, names)).most_common()]
    found.environments = tuple(dict.fromkeys([*found.environments, *counted]))


def _left(
    environments: Iterable[str], dated: Sequence[tuple[datetime, ProductionEvent]]
) -> list[str]:
    """Return the environments whose newest deployment is long before the newest of all.

    One that is not among the newest may still be used where those are of a short time.
    """
    newest: dict[str, datetime] = {}
    for at, event in dated:
        name = event.name.casefold()
        newest[name] = max(at, newest.get(name, at))
    latest = max(newest.values(), default=None)
    if latest is None:
        return []
    oldest = min(at for at, _ in dated)
    return [n for n in environments if latest - newest.get(n.casefold(), oldest) > NOT_OUTDONE]


def _add(
    found: RepositoryDetection, production: Production, events: Sequence[ProductionEvent]
) -> None:
    """Add one way to list them: with `before_merge` where most were merged only later."""
    if not events:
        return
    later = sum(event.place is Place.MERGED_LATER for event in events)
    before_merge = 2 * later > len(events)
    offered = Production(
        Evidence.DEPLOYMENT, environments=production.environments, before_merge=before_merge
    )
    counted = [each for event in events if (each := offered.admitted(event)) is not None]
    notes = [*_merged_later(events, later), *_unmerged(offered, events), *_regions(counted)]
    if counted:
        found.add(offered, counted, notes)
    else:
        found.notes += notes


def _merged_later(events: Sequence[ProductionEvent], later: int) -> Iterator[str]:
    if 2 * later > len(events):
        yield (
            f"{later} of {amount(len(events), 'deployments')} are of pull requests that were "
            "merged only later. With `before_merge: true` they count from the merge on."
        )


def _unmerged(production: Production, events: Sequence[ProductionEvent]) -> Iterator[str]:
    unmerged = [event for event in events if event.place is Place.UNMERGED]
    if 2 * len(unmerged) > len(events):
        names = " and ".join(f"`{name}`" for name in production.environments)
        yield (
            f"{len(unmerged)} of {amount(len(events), 'deployments')} to {names} are of pull "
            "requests that were not merged, and do not count. Jobs that only plan may name an "
            "environment for its secrets."
        )


def _regions(events: Iterable[ProductionEvent]) -> Iterator[str]:
    """Yield what counts where the same commits are deployed to one environment after the other."""
    by_commit: dict[str, dict[str, datetime]] = {}
    for event in events:
        if event.at:
            at = by_commit.setdefault(event.sha, {})
            at[event.name] = min(event.at, at.get(event.name, event.at))
    last = Counter(
        max(at, key=lambda name: (at[name], name)) for at in by_commit.values() if len(at) > 1
    )
    if last:
        ((name, _),) = last.most_common(1)
        yield (
            "The same commits go to several of these: the first of these counts. List only the "
            f"last, `{name}`, if a change shall count when it is everywhere."
        )
