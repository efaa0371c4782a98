"""Reads the facts of one repository, by the evidence that it is configured with."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.github.closed_issues import ClosingIssues
from collector.github.connection import GitHubConnection
from collector.github.event_lists import EventLists
from collector.github.evidence.base import BranchRead, EventSource, EventsRead, ReadRequest
from collector.github.evidence.registry import evidence_kind
from collector.github.graph import Graph, KnownEvents
from collector.github.graphql import GraphQL
from collector.github.other_evidence import other_evidence
from collector.github.repository_bookmark import RepositoryBookmark
from collector.github.repository_reader import RepositoryReader
from collector.github.rewritten_history import rewritten
from collector.github.shown_by import ShownBy, by_delivery, by_stanza
from collector.github.stories import ALIAS, StoryFiles, read_stories
from collector.github.ticket_keys import TicketKeys
from collector.source_read import Task, closed
from collector.transport import Transport
from evaluator.model.delivery import Delivery
from evaluator.model.facts import GoneFolder, OtherEvidence, Place, ProductionEvent, Reading
from evaluator.model.plan import RepositorySource
from evaluator.model.production_events import in_order

_LINKED_WITHIN = timedelta(minutes=10)  # of its merge GitHub links a commit to its pull request


@dataclass(frozen=True, slots=True)
class PreviousRead:
    """What is known of the repository: nothing on a first read, or where no event ever counted."""

    bookmark: RepositoryBookmark | None
    commits: dict[str, tuple[str, ...]]
    events: tuple[ProductionEvent, ...]

    @classmethod
    def of(cls, task: Task, source: RepositorySource, zone: ZoneInfo) -> "PreviousRead":
        """Return what `task` brings, as far as it counts under the present configuration."""
        shown_by = by_stanza(source)
        events = tuple(event for event in task.known_events if shown_by.places(event))
        if not task.bookmark or not _that_ever_counted(source, events, zone):
            return cls(None, {}, events)
        bookmark = RepositoryBookmark.of(task.bookmark)
        if bookmark.gone and not asks_whats_new(source):
            return cls(None, {}, ())  # nobody asked whether what is gone is back
        return cls(bookmark, dict(task.known_commits), events)

    def again(self, now: datetime) -> tuple[str, ...]:
        """The known commits whose pull request may be another by now."""
        if self.bookmark is None:
            return ()
        return tuple(dict.fromkeys((*self.bookmark.unmerged(now), *self.bookmark.unlinked)))


def asks_whats_new(source: RepositorySource) -> bool:
    """Return whether GitHub can be asked for what is new of all that the source reads."""
    return all(evidence_kind(s).question(s) is not None for s in source.stanzas)


@dataclass(frozen=True, slots=True)
class Asks:
    """What a read of a repository asks, and how it knows the time."""

    graphql: GraphQL
    rest: Transport
    access: GitHubConnection
    zone: ZoneInfo
    started: datetime
    clock: Callable[[], datetime]
    configured: Collection[str]
    keys: TicketKeys
    issues: ClosingIssues


def read_repository(task: Task, asks: Asks, *, source: RepositorySource) -> Reading:
    """Return the commits and events of `source`.

    Requests: one for each 100 commits back to the seed, with the events in the first. Where a
    delivery has its first event, which may have brought what nobody had a reason to read, all of
    the window is read anew.
    Errors: SourceError; AnotherRepositoryError at the first answer, where the name means another
    repository than the one that the task knows.
    """
    before = PreviousRead.of(task, source, asks.zone)
    reading = _read(task, asks, source, before)
    known = _that_ever_counted(source, before.events, asks.zone)
    now = _that_ever_counted(source, (*before.events, *reading.events), asks.zone)
    if before.bookmark is not None and now > known:
        return _read(task, asks, source, PreviousRead(None, {}, before.events))
    return reading


def _read(task: Task, asks: Asks, source: RepositorySource, before: PreviousRead) -> Reading:
    reads = _reads(task, asks, source, before)
    found = _EventsFound(before, asks, source, reads, by_delivery(source))
    reader = RepositoryReader(
        api=asks.graphql,
        source=source,
        since=task.since,
        graph=Graph(stored=before.commits),
        listed=EventLists([read.listed for read in found.reads if read.listed is not None]),
        known_events=found.known,
        again=before.again(asks.started),
        configured=asks.configured,
        is_another=task.means_another if task.bookmark else lambda _: False,
        started=asks.started,
        keys=asks.keys,
        issues=asks.issues,
    )
    reader.read()
    anew = rewritten(task, reader.branch_read)
    commits = tuple(
        replace(item.commit, rewrites=anew[sha]) if sha in anew else item.commit
        for sha, item in reader.graph.read.items()
    )
    older_paths: frozenset[str] | None = None
    gone_folders: tuple[GoneFolder, ...] | None = None
    if source.paths:
        folders = reader.touching(source.paths)
        touched, gone_folders = folders.by_commit, folders.gone
        commits = tuple(replace(c, paths=touched.get(c.sha, frozenset())) for c in commits)
        older = [p for sha, p in touched.items() if reader.graph.parents(sha) is None]
        older_paths = frozenset().union(*older)
    events = tuple(found.events(reader))
    others = found.others(reader, events, task.read_started if task.bookmark else None)
    until = asks.graphql.complete_until(asks.started)
    whole = before.bookmark is None or found.listed_whole()
    listed_at = until if whole or before.bookmark is None else before.bookmark.listed_at
    mark = RepositoryBookmark.of(task.bookmark).mark if task.bookmark else {}
    stories, files = read_stories(source.id, reader.stories, StoryFiles.of(mark), reader.parts)
    mark = {**found.mark(reader), ALIAS: files.as_stored()}
    bookmark = RepositoryBookmark(until, listed_at, mark)
    coverage = closed(
        task,
        asks.started,
        asks.clock(),
        until=until,
        requests=asks.graphql.requests + asks.rest.requests,
        number=reader.number,
        created=reader.created,
        older_paths=older_paths,
        gone_folders=gone_folders,
    )
    return Reading(
        coverage, bookmark.text(), commits=commits, events=events, others=others, stories=stories
    )


def _reads(
    task: Task, asks: Asks, source: RepositorySource, before: PreviousRead
) -> list[EventsRead]:
    """Return a read of the events of each stanza."""
    last = RepositoryBookmark.of(task.bookmark) if task.bookmark else None
    stanzas = source.stanzas
    of_each = by_stanza(source).sorted(before.events)
    return [
        evidence_kind(stanza).read(
            ReadRequest(
                source=EventSource(source.repository, stanza, asks.zone, asks.access.html_url),
                since=task.since,
                started=asks.started,
                bookmark=own if before.bookmark and any(map(stanza.admits, events)) else None,
                known_events=events,
                rest=asks.rest,
                api_url=asks.access.api_url.rstrip("/"),
                mark=own.mark if own else {},
                read_until=task.read_started if own else None,
                listed_at=own.listed_at if own else None,
                alone=len(stanzas) == 1,
            )
        )
        for place, stanza in enumerate(stanzas)
        for own in [last.of_stanza(place, of=len(stanzas)) if last else None]
        for events in [tuple(of_each[place])]
    ]


def _that_ever_counted(
    source: RepositorySource, events: Iterable[ProductionEvent], zone: ZoneInfo
) -> set[Delivery]:
    """Return those deliveries of which an event counts."""
    deliveries = source.deliveries
    of_each = by_delivery(source).sorted(events)
    return {
        delivery
        for delivery, own in zip(deliveries, of_each, strict=True)
        if any(delivery.admitted(event, zone) for event in own)
    }


@dataclass(frozen=True, slots=True)
class _EventsFound:
    """The events known before, and those of this read, stanza by stanza."""

    before: PreviousRead
    asks: Asks
    source: RepositorySource
    reads: Sequence[EventsRead]
    shown_by: ShownBy  # by each delivery

    def events(self, reader: RepositoryReader) -> list[ProductionEvent]:
        """Return every event of this read: of several stanzas, each once."""
        found = (event for read in self.reads for event in read.events(reader.branch_read))
        return list({(e.kind, e.ident, e.sha, e.dated_by): e for e in found}.values())

    def others(
        self,
        reader: RepositoryReader,
        events: Iterable[ProductionEvent],
        read_at: datetime | None,
    ) -> tuple[OtherEvidence, ...]:
        """Return what shows production and is not configured; `read_at` is of the last read."""
        stanzas, branch = self.source.stanzas, reader.branch_read
        seen = [read.others(branch) for read in self.reads]
        if not any(each.events for each in seen):
            return ()
        new = self._not_brought((*self.before.events, *events), branch)
        found = (
            other
            for each, stanza in zip(seen, stanzas, strict=True)
            for other in other_evidence(self.source, stanza, each, new, branch, read_at=read_at)
            if not self.source.lists(other.kind, other.example)
        )
        return tuple({(other.kind, other.name): other for other in found}.values())

    def _not_brought(self, events: Iterable[ProductionEvent], branch: BranchRead) -> set[str]:
        """Return the commits of the branch that none of the events brought that count."""
        stanzas, shown_by = self.source.stanzas, by_stanza(self.source)
        matched = (e.sha for e in events if any(stanzas[p].admits(e) for p in shown_by.places(e)))
        return branch.graph.reached_from([branch.head]) - branch.graph.reached_from(matched)

    def known(self, reader: RepositoryReader) -> list[KnownEvents]:
        """When which sha reached production, of stored events and those read so far."""
        found = (*self.before.events, *self.events(reader))
        once = list({(event.ident, event.sha, event.at): event for event in found}.values())
        parents = {event.sha: reader.graph.parents(event.sha) or () for event in once}
        cut = any(read.needs_more_of(reader.branch_read) for read in self.reads)
        of_each = zip(self.source.deliveries, self.shown_by.sorted(once), strict=True)
        return [
            self._known_of(delivery, own, parents, reader.since, cut=cut)
            for delivery, own in of_each
        ]

    def _known_of(
        self,
        delivery: Delivery,
        events: Sequence[ProductionEvent],
        parents: Mapping[str, tuple[str, ...]],
        since: datetime,
        *,
        cut: bool,
    ) -> KnownEvents:
        zone = self.asks.zone
        counted = {e: delivery.admitted(e, zone) for e in events}
        # What was not merged before the window brought nothing, whatever its commits are.
        shown = [
            counted[e] or e
            for e in events
            if counted[e]
            or (
                delivery.shows(e, zone)
                and (e.place is not Place.UNMERGED or (e.at and e.at >= since))
            )
        ]
        dated = in_order(shown, parents)
        counting = set(counted.values())
        idle = frozenset((at, event.sha) for at, event in dated if event not in counting)
        return KnownEvents(tuple((at, event.sha) for at, event in dated), cut, idle)

    def listed_whole(self) -> bool:
        """Return whether every event was listed of those that may come up far behind."""
        lists = [
            (read.listed, evidence_kind(stanza).relisted_daily)
            for read, stanza in zip(self.reads, self.source.stanzas, strict=True)
            if read.listed is not None
        ]
        daily = [listed for listed, relisted in lists if relisted]
        return all(each.listed_to_end() for each in daily or [listed for listed, _ in lists])

    def mark(self, reader: RepositoryReader) -> dict[str, Any]:
        """What the next run compares in order to tell whether there is anything new."""
        before = self.before.bookmark
        gone = reader.absent | set(before.gone if before else ())
        now = reader.api.complete_until(self.asks.started)
        return {
            **RepositoryBookmark.joined([read.mark(reader.branch_read) for read in self.reads]),
            "production_branch": [reader.branch, reader.head],
            "gone": sorted(gone - reader.graph.read.keys()),
            "unlinked": sorted(
                sha
                for sha in reader.graph.on_branch
                if (item := reader.graph.read[sha]).unlinked
                and abs(now - item.commit.committed_at) <= _LINKED_WITHIN
            ),
            "unmerged": {
                sha: item.commit.committed_at.isoformat()
                for sha, item in sorted(reader.graph.read.items())
                if item.unmerged and sha not in reader.graph.on_branch
            },
        }
