"""Production events of which GitHub cannot say when they happened, and between when they did."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter

from evaluator.model.facts import Commit, ProductionEvent
from evaluator.reach import reach

_until = attrgetter("until")


@dataclass(frozen=True, slots=True)
class UnsureEvent:
    """An event that brought its commit in after < t <= until.

    `ahead` is whether it is dated after it was read, which cannot be.
    """

    event: ProductionEvent
    after: datetime
    until: datetime
    ahead: bool


@dataclass(frozen=True, slots=True)
class UnsureEvents:
    """Such events, in order of `until`, and those of them that may lie in a window."""

    entries: Sequence[UnsureEvent] = ()
    _begin: Sequence[datetime] = field(init=False)  # the earliest `after` from each entry on

    def __post_init__(self) -> None:
        begin: list[datetime] = []
        for entry in reversed(self.entries):
            begin.append(min(entry.after, begin[-1]) if begin else entry.after)
        object.__setattr__(self, "_begin", begin[::-1])

    def within(self, start: datetime, end: datetime) -> Iterator[UnsureEvent]:
        """Yield those that may have happened in start <= t < end."""
        for place in range(bisect_left(self.entries, start, key=_until), len(self.entries)):
            if self._begin[place] >= end:
                return
            if self.entries[place].after < end:
                yield self.entries[place]


def unsure_events(
    events: Iterable[ProductionEvent],
    commits: Mapping[str, Commit],
    since: datetime,
    read_until: datetime,
) -> UnsureEvents:
    """Return those of a repository's `events`, read from `since` to `read_until`, that are unsure.

    `commits` are the known ones by sha. An event is sure of what another has brought before.
    """
    events = list(events)
    bounds = {event: _bounds(event, commits, since, read_until) for event in events}
    if not any(bounds.values()):
        return UnsureEvents()
    brought = _brought_by(events, commits, read_until)
    found = [
        UnsureEvent(
            event,
            after,
            min([until, *(brought[sha] for sha in _shas(event, commits) if sha in brought)]),
            ahead=_is_ahead(event, read_until),
        )
        for event, between in bounds.items()
        if between is not None
        for after, until in [between]
    ]
    return UnsureEvents(
        sorted(
            (one for one in found if one.after < one.until),
            key=lambda one: (one.until, one.after, one.event.name, one.event.sha, one.event.ident),
        )
    )


def _shas(event: ProductionEvent, commits: Mapping[str, Commit]) -> set[str]:
    """Return the event's sha, with the one that its commit had before history was rewritten."""
    commit = commits.get(event.sha)
    return {event.sha} | ({commit.first_sha} if commit else set())


def _bounds(
    event: ProductionEvent, commits: Mapping[str, Commit], since: datetime, read_until: datetime
) -> tuple[datetime, datetime] | None:
    """Return between when the event happened, or None where its time is sure."""
    until = event.seen_by or read_until
    if event.not_before is not None:
        return event.not_before, until
    if not _is_ahead(event, read_until):
        return None
    return _made(event.sha, commits, read_until) or since, until


def _is_ahead(event: ProductionEvent, read_until: datetime) -> bool:
    return event.at is not None and event.at > read_until


def _made(sha: str, commits: Mapping[str, Commit], read_until: datetime) -> datetime | None:
    """Return when a commit was made: at the earliest, where its own clock was ahead too."""
    made: datetime | None = None
    looked, ahead = set[str](), [sha]
    while ahead:
        one = commits.get(ahead.pop())
        if one is None or one.sha in looked:
            continue
        looked.add(one.sha)
        if one.committed_at > read_until:
            ahead.extend(one.parents)
        else:
            made = max(made or one.committed_at, one.committed_at)
    return made


def _brought_by(
    events: Iterable[ProductionEvent], commits: Mapping[str, Commit], read_until: datetime
) -> dict[str, datetime]:
    """Return by when each commit had reached production for sure."""
    latest = [
        replace(event, at=min(event.seen_by or event.at or read_until, read_until))
        for event in events
        if event.at is not None or event.seen_by is not None
    ]
    parents = {sha: one.parents for sha, one in commits.items()}
    reached = reach(parents, latest)
    return {sha: event.at for sha, event in reached.items() if event.at is not None}
