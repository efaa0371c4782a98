"""Reads the facts of one repository, by the evidence that it is configured with."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.github.connection import GitHubConnection
from collector.github.evidence.base import EventSource, EventsRead, ReadRequest
from collector.github.evidence.registry import evidence_kind
from collector.github.graph import Graph, KnownEvents
from collector.github.graphql import GraphQL
from collector.github.other_evidence import other_evidence
from collector.github.repository_bookmark import RepositoryBookmark
from collector.github.repository_reader import RepositoryReader
from collector.source_read import Task, closed
from collector.transport import Transport
from evaluator.model.facts import Place, ProductionEvent, Reading
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
    def of(cls, task: Task, source: RepositorySource) -> "PreviousRead":
        """Return what `task` brings, as far as it counts under the present configuration."""
        events = tuple(event for event in task.known_events if source.production.shows(event))
        if not task.bookmark or not any(map(source.production.admits, events)):
            return cls(None, {}, events)
        bookmark = RepositoryBookmark.of(task.bookmark)
        nothing_asked = evidence_kind(source.production).question(source.production) is None
        if bookmark.gone and nothing_asked:
            return cls(None, {}, ())  # nobody asked whether what is gone is back
        return cls(bookmark, dict(task.known_commits), events)

    def again(self, now: datetime) -> tuple[str, ...]:
        """The known commits whose pull request may be another by now."""
        if self.bookmark is None:
            return ()
        return tuple(dict.fromkeys((*self.bookmark.unmerged(now), *self.bookmark.unlinked)))


def read_repository(
    task: Task,
    api: GraphQL,
    *,
    source: RepositorySource,
    rest: Transport,
    access: GitHubConnection,
    zone: ZoneInfo,
    started: datetime,
    clock: Callable[[], datetime],
    configured: Collection[str],
) -> Reading:
    """Return the commits and events of `source`.

    Requests: one for each 100 commits back to the seed, with the events in the first.
    Errors: SourceError; AnotherRepositoryError at the first answer, where the name means another
    repository than the one that the task knows.
    """
    before = PreviousRead.of(task, source)
    request = ReadRequest(
        source=EventSource(source.repository, source.production, zone, access.html_url),
        since=task.since,
        started=started,
        bookmark=before.bookmark,
        known_events=before.events,
        rest=rest,
        api_url=access.api_url.rstrip("/"),
        mark=RepositoryBookmark.of(task.bookmark).mark if task.bookmark else {},
        read_until=task.read_started if task.bookmark else None,
        listed_at=RepositoryBookmark.of(task.bookmark).listed_at if task.bookmark else None,
    )
    found = _EventsFound(before, started, evidence_kind(source.production).read(request))
    reader = RepositoryReader(
        api=api,
        source=source,
        since=task.since,
        graph=Graph(stored=before.commits),
        listed=found.read.listed,
        known_events=found.known,
        again=before.again(started),
        configured=configured,
        is_another=task.means_another if task.bookmark else lambda _: False,
        started=started,
    )
    reader.read()
    commits = tuple(item.commit for item in reader.graph.read.values())
    if source.paths:
        touched = reader.touching(source.paths)
        commits = tuple(replace(c, paths=touched.get(c.sha, frozenset())) for c in commits)
    events = tuple(found.read.events(reader.branch_read))
    others = other_evidence(
        source,
        found.read.others(reader.branch_read),
        filter(source.production.admits, (*before.events, *events)),
        reader.branch_read,
        request.read_until,
    )
    requests = api.requests + rest.requests
    whole = found.read.listed is None or found.read.listed.listed_to_end()
    until = api.complete_until(started)
    listed_at = until if whole or before.bookmark is None else before.bookmark.listed_at
    bookmark = RepositoryBookmark(until, listed_at, found.mark(reader))
    coverage = closed(
        task,
        started,
        clock(),
        until=until,
        requests=requests,
        number=reader.number,
        created=reader.created,
    )
    return Reading(coverage, bookmark.text(), commits=commits, events=events, others=others)


@dataclass(frozen=True, slots=True)
class _EventsFound:
    """The events known before, and those of this read."""

    before: PreviousRead
    started: datetime
    read: EventsRead

    def known(self, reader: RepositoryReader) -> KnownEvents:
        """When which sha reached production, of stored events and those read so far."""
        production = reader.source.production
        found = (*self.before.events, *self.read.events(reader.branch_read))
        once = {(event.ident, event.sha, event.at): event for event in found}.values()
        parents = {event.sha: reader.graph.parents(event.sha) or () for event in once}
        # What was not merged before the window brought nothing, whatever its commits are.
        events = [
            production.admitted(e) or e
            for e in once
            if e.place is not Place.UNMERGED or (e.at and e.at >= reader.since)
        ]
        dated = in_order(events, parents)
        idle = frozenset((at, event.sha) for at, event in dated if not production.admits(event))
        cut = self.read.needs_more_of(reader.branch_read)
        return KnownEvents(tuple((at, event.sha) for at, event in dated), cut, idle)

    def mark(self, reader: RepositoryReader) -> dict[str, Any]:
        """What the next run compares in order to tell whether there is anything new."""
        before = self.before.bookmark
        gone = reader.absent | set(before.gone if before else ())
        now = reader.api.complete_until(self.started)
        return {
            **self.read.mark(reader.branch_read),
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
