"""Repositories in which production seems to have another name than configuration has."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from evaluator.delivery_history import delivery_history
from evaluator.gap_remedies import RUNS_ON_MERGE
from evaluator.model.facts import Evidence, OtherEvidence
from evaluator.model.plan import RepositorySource
from evaluator.model.run_places import RunPlace, run_place
from evaluator.wording import day_of
from hearten.doctor.findings import KEEPER, Finding
from store.store import Store

_KEYS = {
    Evidence.DEPLOYMENT: "environments",
    Evidence.RELEASE: "tags",
    Evidence.TAG: "tags",
    Evidence.WORKFLOW: "workflows",
}


def changed_evidence(
    store: Store, sources: Iterable[RepositorySource], *, zone: ZoneInfo
) -> Iterator[Finding]:
    """Yield a finding for each of `sources` whose evidence has a successor.

    Nothing is said where configuration changed since it was last read and judged.
    Errors: StoreError.
    """
    for source in sources:
        found = _successor(store, source, zone)
        if found is not None:
            since = day_of(found.first_at, zone)
            yield _runs_elsewhere(source, found, since) or _another_name(source, found, since)


def _runs_elsewhere(source: RepositorySource, found: OtherEvidence, since: str) -> Finding | None:
    place, to_write = run_place(found.example), run_place(found.name)
    if place is None or to_write is None:
        return None
    if place.pull_request:
        return _runs_on_merge(source, place, since)
    what = f"`{place.workflow}` succeeds only on others than its `branch` since {since}."
    remedy = (
        f"It does on `{place.branch}`: write `branch: '{to_write.branch}'` beside `production` "
        "in teams.yaml, or name that under `not_production` there."
    )
    return Finding(source.repository, what, KEEPER, remedy)


def _runs_on_merge(source: RepositorySource, place: RunPlace, since: str) -> Finding:
    what = (
        f"`{place.workflow}` runs only for pull requests, once they are merged, as for "
        f"#{place.pull_request} since {since}."
    )
    return Finding(source.repository, what, KEEPER, RUNS_ON_MERGE)


def _another_name(source: RepositorySource, found: OtherEvidence, since: str) -> Finding:
    what = f"`{found.example}` shows production since {since}, and nothing that is configured does."
    remedy = (
        f"List `{found.example}` under `{_KEYS[found.kind]}` in teams.yaml, "
        "or name it under `not_production` there."
    )
    return Finding(source.repository, what, KEEPER, remedy)


def _successor(store: Store, source: RepositorySource, zone: ZoneInfo) -> OtherEvidence | None:
    others = [
        one
        for one in store.facts.other_evidence(source.id)
        if not source.lists(one.kind, one.example)
    ]
    if not others or not store.reach.is_current(source.id, source.reach_fingerprint):
        return None
    read = store.facts.coverage([source.id]).get(source.id)
    if read is None or read.since is None or read.read_started is None:
        return None
    if read.fingerprint != source.fingerprint:
        return None
    facts = store.facts.find([source.id])
    histories = (
        delivery_history(
            delivery,
            zone,
            facts.events,
            [one for one in facts.reached if one.delivery == delivery.key],
            since=read.since,
            read_until=read.read_finished or read.read_started,
            others=others,
        )
        for delivery in source.deliveries
    )
    return next((found.successor for found in histories if found.successor), None)
