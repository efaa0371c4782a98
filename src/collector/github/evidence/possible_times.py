"""When a release or a tag can have been there, whatever time it shows.

A release keeps its time of publication when it is edited: a mark "pre-release" that is taken off,
or a tag that is moved, alters neither. A tag may be put on an old commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from evaluator.model.facts import ProductionEvent

_SKEW = timedelta(days=1)  # a committer's clock may be ahead of GitHub's


@dataclass(frozen=True, slots=True)
class PossibleTimes:
    """What is known of when events can have been, in a read that began at `started`.

    `listed_at` is when the last read of the same configuration was complete that listed all of
    them, back to `since`; None where there is none. `known` are the events of earlier reads, by
    ident and sha.
    """

    started: datetime
    since: datetime
    listed_at: datetime | None = None
    known: Mapping[tuple[str, str], ProductionEvent] = field(default_factory=dict)

    def of(self, event: ProductionEvent, committed_at: datetime | None) -> ProductionEvent:
        """Return the event at the earliest time that is possible.

        It is not earlier than its commit, whose own time is believed up to this read; nor, where
        it is new, than the last list without it. A time written in its name is what people say of
        it, and is believed. What an earlier read dated stays as it is.
        """
        if event.at is None:
            return event
        made = event.at if event.dated_by else committed_at or event.at
        not_before = max(event.at, min(made, self.started))
        known = self._dated(event)
        if known is not None and known.not_before is not None:
            return replace(event, at=known.at, not_before=known.not_before, seen_by=known.seen_by)
        if known is not None:
            return replace(event, at=not_before)
        moved = not event.dated_by and not_before - event.at > _SKEW
        if self._showed(not_before) and not event.dated_by and self.listed_at:
            not_before, moved = self.listed_at, True
        if event.at > self.started:
            begin = max(self.since, committed_at or self.since, self.listed_at or self.since)
            return replace(event, not_before=min(begin, self.started), seen_by=self.started)
        if moved:
            return replace(event, at=not_before, not_before=not_before, seen_by=self.started)
        return replace(event, at=not_before)

    def after(self, event: ProductionEvent, merged_at: datetime | None) -> ProductionEvent:
        """Return the event, which brings what was merged then; a day is the clocks' difference."""
        if event.at is None or merged_at is None or event.dated_by:
            return event
        return event if merged_at - event.at <= _SKEW else self.of(event, merged_at)

    def _dated(self, event: ProductionEvent) -> ProductionEvent | None:
        """Return the event as an earlier read knew it, perhaps before its tag led to a commit."""
        return self.known.get((event.ident, event.sha)) or self.known.get((event.ident, ""))

    def _showed(self, at: datetime) -> bool:
        """Return whether the last list would have shown what was there at `at`."""
        return self.listed_at is not None and self.since <= at < self.listed_at
