"""What the record has of a repository's production, where its newest result lacks some."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from collector.github.evidence.base import examples
from evaluator.model.evidence import Production, event_label, matches_text
from evaluator.model.facts import Evidence, Place, ProductionEvent
from evaluator.model.plan import RepositorySource
from evaluator.wording import amount, day_of
from hearten.doctor.findings import KEEPER, OWNER, Finding

_NEWEST = 30  # deployments that tell how a team deploys
_AHEAD = 3  # that a finding names
_LIST_ANOTHER = (
    "List the environment that only what is merged goes to. Where release branches are deployed, "
    "write a pattern for their names as `branch`."
)


def delivery_findings(
    source: RepositorySource, events: Sequence[ProductionEvent], *, now: datetime, zone: ZoneInfo
) -> Iterator[Finding]:
    """Yield what of a repository's events is left out, and which listed names never matched."""
    for stanza in source.stanzas:
        own = [event for event in events if stanza.shows(event)]
        yield from _dated_ahead(source, own, now, zone)
        if own:
            yield from _never_matched(source, stanza, own)
        yield from _not_merged(source, stanza, own)


def newest_before(
    stanzas: Sequence[Production], events: Sequence[ProductionEvent], before: datetime
) -> ProductionEvent | None:
    """Return the newest event that counts by one of the stanzas and is earlier than `before`."""
    counted = (each for one in stanzas for event in events if (each := one.admitted(event)))
    dated = [(event.at, event.name, event) for event in counted if event.at and event.at < before]
    return max(dated, key=lambda one: one[:2])[2] if dated else None


def other_names(
    stanzas: Sequence[Production], events: Sequence[ProductionEvent]
) -> tuple[str, ...]:
    """Return examples of names that events have and that none of the stanzas matches."""
    others = (event.name for event in events if not is_shown(stanzas, event))
    return tuple(islice(dict.fromkeys(others), _AHEAD))


def is_shown(stanzas: Sequence[Production], event: ProductionEvent) -> bool:
    """Return whether the event is of one of the stanzas, counted or left out."""
    return any(stanza.shows(event) for stanza in stanzas)


def _dated_ahead(
    source: RepositorySource, own: Sequence[ProductionEvent], now: datetime, zone: ZoneInfo
) -> Iterator[Finding]:
    for event in [event for event in own if event.at and event.at > now][:_AHEAD]:
        day = day_of(event.at, zone) if event.at else ""
        what = f"{event_label(event)} is dated in the future, {day}, and counts only from then on."
        yield Finding(source.repository, what, OWNER, "Correct its date, or make it anew.")


def _never_matched(
    source: RepositorySource, production: Production, own: Sequence[ProductionEvent]
) -> Iterator[Finding]:
    any_case = production.evidence is Evidence.DEPLOYMENT
    seen = {event.name for event in own}
    never = [
        text
        for text in (*production.environments, *production.workflows)
        if not any(matches_text(text, name, any_case=any_case) for name in seen)
    ]
    if never:
        what = f"Nothing ever matched {examples(never)} of its `production`."
        fix = f"Correct it; `hearten suggest {source.repository}` prints what there is."
        yield Finding(source.repository, what, KEEPER, fix)


def _not_merged(
    source: RepositorySource, production: Production, own: Sequence[ProductionEvent]
) -> Iterator[Finding]:
    dated = sorted(
        ((e.at, e.ident, e) for e in own if e.at and e.place is not Place.FINISHED),
        key=lambda one: one[:2],
    )
    newest = [event for _, _, event in dated[-_NEWEST:]]
    for place, (what, fix) in _LEFT_OUT.items():
        stood = [event for event in newest if event.place is place]
        offered = production.before_merge and place is Place.MERGED_LATER
        if 2 * len(stood) > len(newest) and not offered:
            deployments = amount(len(newest), "deployments")
            branch = production.branch
            held = f" `branch: {branch}` holds none of them." if branch else ""
            said = f"{len(stood)} of its newest {deployments} {what}.{held}"
            yield Finding(source.repository, said, KEEPER, fix)


_LEFT_OUT = {
    Place.MERGED_LATER: (
        "are of pull requests that were merged only later, and do not count",
        "Where the team deploys, looks, and then merges, write `before_merge: true`.",
    ),
    Place.UNMERGED: (
        "are of pull requests that were not merged, and do not count",
        _LIST_ANOTHER,
    ),
    Place.UNKNOWN: (
        "are from branches that GitHub no longer shows, and do not count",
        "Deploy what is merged or tagged, or write a pattern for release branches as `branch`.",
    ),
    Place.UNFINISHED: (
        "have no status that says how they ended, and do not count",
        "Let what deploys tell GitHub `success` or `failure`, also where it is cancelled.",
    ),
}
