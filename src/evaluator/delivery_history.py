"""A repository's history: how its commits reached production, sorted by what counts."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import Enum
from typing import TypeVar

from evaluator.baseline import Baseline, baseline_of
from evaluator.model.delivery import Delivery
from evaluator.model.facts import OtherEvidence, Place, ProductionEvent, Reached
from evaluator.model.production_events import in_order
from evaluator.rewritten_commits import rewritten
from evaluator.successors import successor
from evaluator.timeline import Timeline
from evaluator.unsure_events import UnsureEvents, unsure_events

_T = TypeVar("_T")
_DOUBTFUL = (Place.MERGED_LATER, Place.UNKNOWN, Place.UNFINISHED)
_STOOD_ASIDE = (Place.UNMERGED, *_DOUBTFUL)
_NEVER = datetime.max.replace(tzinfo=UTC)


class RepeatReason(Enum):
    """Why an event brought nothing new."""

    REDEPLOY = "its commit had reached production"
    ROLLBACK = "something built on its commit had reached production earlier"
    AT_ONCE = "another event of the same instant brought its commit"


@dataclass(frozen=True, slots=True)
class NoOpDeployment:
    """An event that brought nothing new, and why."""

    event: ProductionEvent
    why: RepeatReason


@dataclass(frozen=True, slots=True)
class DeliveryHistory:
    """How one repository's commits reached production, as one entry of the plan ships them.

    The timelines begin where reading began. `pull_requests` also holds what was brought earlier,
    so that a pull request is never counted again: by number, its commits that count, in order.
    `lost` are events whose commit GitHub does not have. `first` is by when something was evidence
    under the configuration: from then on, nothing is nothing; None where nothing ever was.
    `formerly` is the same of what only another configuration, or entry, takes for evidence.
    `first_of` says the same of each stanza of the delivery, and `first_in` when a commit first
    reached production that touches a configured folder. `arrived` has, by the sha that each had
    first, when those that count reached it, however long ago; `rewritten` are those that had
    reached it before history was rewritten. `not_merged` are deployments that do not count
    because of where their commit stood, `doubtful` those of them that may have brought something
    all the same.
    `events` are all that put something there, however long ago.
    `successor` is what shows production since nothing matches any more, None where nothing does.
    `succeeded_after` is when that may have begun: its first, or where nobody knows that, the last
    that matched.
    """

    first: datetime | None
    formerly: datetime | None
    first_of: Sequence[datetime | None]
    first_in: Mapping[str, datetime]
    arrived: Mapping[str, datetime]
    events: Timeline[ProductionEvent]
    counted: Timeline[Reached]
    bots_and_merges: Timeline[Reached]
    rewritten: Timeline[Reached]
    pull_requests: Mapping[int, Sequence[tuple[datetime, Reached]]]
    baseline: Baseline | None
    repeats: Timeline[NoOpDeployment]
    lost: Timeline[ProductionEvent]
    undated: Sequence[ProductionEvent]
    unsure: UnsureEvents
    not_merged: Timeline[ProductionEvent]
    doubtful: Timeline[ProductionEvent]
    successor: OtherEvidence | None
    succeeded_after: datetime | None


def delivery_history(
    delivery: Delivery,
    zone: tzinfo,
    events: Iterable[ProductionEvent],
    reached: Iterable[Reached],
    *,
    since: datetime,
    read_until: datetime,
    others: Iterable[OtherEvidence] = (),
) -> DeliveryHistory:
    """Return the history of a repository that was read from `since` to `read_until`.

    `reached` is under this delivery, whose days begin in `zone`. Events that it does not admit are
    ignored, with the commits they brought; so are those that are dated after they were read, but
    that they are unsure.
    """
    seen = {event: delivery.place(event, zone) for event in events}
    counted = {event: found[1] for event, found in seen.items() if found}
    admitted = _without_those_known_better(counted.values())
    reached = _as_they_count(reached, counted)
    commits = {one.commit.sha: one.commit for one in reached}
    possible = [event for event in admitted if event.at is None or event.at <= read_until]
    ordered = in_order(possible, {sha: one.parents for sha, one in commits.items()})
    brought = _in_order_of_events(reached, ordered)
    baseline = baseline_of(ordered, brought, admitted, since)
    aged = {one.commit.sha for one in baseline.too_old} if baseline else set()
    young = [(at, one) for at, one in brought if one.commit.sha not in aged]
    again = rewritten(brought)
    new = [(at, one) for at, one in young if one.commit.sha not in again]
    human = [(at, one) for at, one in new if not (one.commit.bot or one.commit.merge)]
    aside = [(at, one) for at, one in new if one.commit.bot or one.commit.merge]
    arrived = {one.commit.sha: at for at, one in brought}
    not_merged = in_order(
        (
            event
            for event in seen
            if event not in counted and event.place in _STOOD_ASIDE and delivery.shows(event, zone)
        ),
        parents={},
    )
    another, after = _successor(delivery, others, ordered, arrived)
    first_of = _first_of_each_stanza(seen.values(), admitted, delivery, read_until)
    return DeliveryHistory(
        first=min(filter(None, first_of), default=None),
        formerly=_first((event for event in seen if not delivery.shows(event, zone)), read_until),
        first_of=first_of,
        first_in=_first_in(brought),
        arrived={one.commit.first_sha: at for at, one in human},
        events=Timeline(ordered),
        counted=_from(since, human),
        bots_and_merges=_from(since, aside),
        rewritten=_from(since, [(at, one) for at, one in young if one.commit.sha in again]),
        pull_requests=_by_pull_request(human),
        baseline=baseline,
        repeats=_from(since, _repeats(ordered, brought)),
        lost=_from(since, [(at, event) for at, event in ordered if event.sha not in arrived]),
        undated=sorted(
            (event for event in admitted if event.at is None), key=lambda e: (e.name, e.sha)
        ),
        unsure=unsure_events(admitted, commits, since, read_until),
        not_merged=_from(since, not_merged),
        doubtful=_from(
            since,
            [
                (at, event)
                for at, event in not_merged
                if event.place in _DOUBTFUL and arrived.get(event.sha, _NEVER) > at
            ],
        ),
        successor=another,
        succeeded_after=after,
    )


def _successor(
    delivery: Delivery,
    others: Iterable[OtherEvidence],
    ordered: Sequence[tuple[datetime, ProductionEvent]],
    arrived: Container[str],
) -> tuple[OtherEvidence | None, datetime | None]:
    """Return what shows production since the newest stanza matches no more, and since when."""
    *before, newest = delivery.stanzas
    unlisted = (one for one in others if not any(s.names(one.kind, one.example) for s in before))
    matched = [(at, event) for at, event in ordered if event.kind is newest.evidence]
    another = successor(newest, unlisted, matched, arrived)
    if another is None:
        return None, None
    return another, another.first_at if another.first_known else matched[-1][0]


def _as_they_count(
    reached: Iterable[Reached], counted: Mapping[ProductionEvent, ProductionEvent]
) -> list[Reached]:
    """Return what was reached, each with its event as that counts."""
    if all(event is counts for event, counts in counted.items()):
        return list(reached)
    return [
        replace(one, event=counts)
        for one in reached
        if (counts := counted.get(one.event)) is not None
    ]


def _first_of_each_stanza(
    placed: Iterable[tuple[int, ProductionEvent] | None],
    admitted: set[ProductionEvent],
    delivery: Delivery,
    read_until: datetime,
) -> list[datetime | None]:
    first: list[datetime | None] = [None] * len(delivery.stanzas)
    for place, event in filter(None, placed):
        there_by = _there_by(event, read_until) if event in admitted else None
        if there_by is not None:
            first[place] = min(first[place] or there_by, there_by)
    return first


def _first_in(brought: Iterable[tuple[datetime, Reached]]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for at, one in brought:
        for path in one.commit.paths:
            first.setdefault(path, at)
    return first


def _first(events: Iterable[ProductionEvent], read_until: datetime) -> datetime | None:
    """Return by when one of the events had happened, None where none is known to have."""
    return min(filter(None, (_there_by(event, read_until) for event in events)), default=None)


def _there_by(event: ProductionEvent, read_until: datetime) -> datetime | None:
    """Return by when the event had happened, None where nobody knows."""
    at = event.at or event.seen_by
    return min(at, read_until) if at else None


def _without_those_known_better(events: Iterable[ProductionEvent]) -> set[ProductionEvent]:
    """The events, less those without a commit that were also seen with one."""
    found = set(events)
    with_commit = {event.ident for event in found if event.sha}
    return {event for event in found if event.sha or event.ident not in with_commit}


def _in_order_of_events(
    reached: Iterable[Reached], ordered: Sequence[tuple[datetime, ProductionEvent]]
) -> list[tuple[datetime, Reached]]:
    places = {event: (place, at) for place, (at, event) in enumerate(ordered)}
    once = {one.commit.sha: (*place, one) for one in reached if (place := places.get(one.event))}
    by_event = sorted(once.values(), key=lambda entry: (entry[0], entry[2].commit.sha))
    return [(at, one) for _, at, one in by_event]


def _by_pull_request(
    human: Iterable[tuple[datetime, Reached]],
) -> Mapping[int, Sequence[tuple[datetime, Reached]]]:
    found: defaultdict[int, list[tuple[datetime, Reached]]] = defaultdict(list)
    for at, one in human:
        if one.commit.pull_request is not None:
            found[one.commit.pull_request].append((at, one))
    return found


def _repeats(
    ordered: Sequence[tuple[datetime, ProductionEvent]],
    brought: Sequence[tuple[datetime, Reached]],
) -> list[tuple[datetime, NoOpDeployment]]:
    bringing = {one.event for _, one in brought}
    arrived = {one.commit.sha: at for at, one in brought}
    built_on: dict[str, datetime] = {}  # when the first commit arrived that has it as a parent
    for at, one in brought:
        for parent in one.commit.parents:
            built_on.setdefault(parent, at)
    found: list[tuple[datetime, NoOpDeployment]] = []
    in_production = ""
    for at, event in ordered:
        why = None
        if event not in bringing and event.sha in arrived:
            why = _again(event.sha, at, in_production, arrived, built_on)
            found.append((at, NoOpDeployment(event, why)))
        if why is not RepeatReason.AT_ONCE:
            in_production = event.sha
    return found


def _again(
    sha: str,
    at: datetime,
    in_production: str,
    arrived: Mapping[str, datetime],
    built_on: Mapping[str, datetime],
) -> RepeatReason:
    if sha == in_production:
        return RepeatReason.REDEPLOY
    if arrived[sha] == at:
        return RepeatReason.AT_ONCE
    return RepeatReason.ROLLBACK if built_on.get(sha, at) < at else RepeatReason.REDEPLOY


def _from(since: datetime, entries: Sequence[tuple[datetime, _T]]) -> Timeline[_T]:
    return Timeline([entry for entry in entries if entry[0] >= since])
