"""Reads the facts of one repository, by the evidence that it is configured with."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.github.connection import GitHubConnection
from collector.github.evidence.feeds import LATE, ListedFeed
from collector.github.evidence.merge import MergeLine, merge_line
from collector.github.evidence.workflow import WorkflowRuns
from collector.github.graph import Graph, KnownEvents
from collector.github.graphql import GraphQL
from collector.github.repository_reader import RepositoryReader
from collector.github.whats_new import RepositoryBookmark
from collector.source_read import Reading, Task, closed
from collector.transport import Transport
from evaluator.model.facts import Evidence, ProductionEvent
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
        events = tuple(event for event in task.known_events if source.production.admits(event))
        if not task.bookmark or not events:
            return cls(None, {}, ())
        bookmark = RepositoryBookmark.of(task.bookmark)
        if bookmark.gone and source.production.workflow:
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
    """Return the commits and events of `source`, or raise SourceError.

    Requests: one for each 100 commits back to the seed, with the events in the first.
    """
    before = PreviousRead.of(task, source)
    html = access.html_url
    listed = _listed(source, before, task.since, started, zone=zone, html=html)
    runs: WorkflowRuns | None = None
    if source.production.evidence is Evidence.WORKFLOW:
        runs = WorkflowRuns(rest, access.api_url.rstrip("/"), source)
    found = _EventsRead(source, before, task.since, html, started, listed, runs)
    reader = RepositoryReader(
        api=api,
        source=source,
        since=task.since,
        graph=Graph(stored=before.commits),
        listed=listed,
        known_events=found.known,
        again=before.again(started),
        configured=configured,
    )
    reader.read()
    commits = tuple(item.commit for item in reader.graph.read.values())
    if source.paths:
        touched = reader.touching(source.paths)
        commits = tuple(replace(c, paths=touched.get(c.sha, frozenset())) for c in commits)
    events = tuple(found.events(reader))
    requests = api.requests + rest.requests
    whole = listed is None or listed.listed_to_end()
    until = api.complete_until(started)
    listed_at = until if whole or before.bookmark is None else before.bookmark.listed_at
    bookmark = RepositoryBookmark(until, listed_at, found.mark(reader))
    coverage = closed(task, started, clock(), until=until, requests=requests)
    return Reading(coverage, bookmark.text(), commits=commits, events=events)


@dataclass(slots=True)
class _EventsRead:
    """The events of one read, whichever way they come."""

    source: RepositorySource
    before: PreviousRead
    since: datetime
    html: str
    started: datetime
    listed: ListedFeed | None
    runs: WorkflowRuns | None
    _run_events: list[ProductionEvent] | None = None

    def events(self, reader: RepositoryReader) -> Iterable[ProductionEvent]:
        """The events read so far; a workflow's runs are asked once the branch is known."""
        if self.listed:
            return self.listed.events()
        if self.runs is None:
            return self._line(reader).events
        if self._run_events is None:
            bookmark = self.before.bookmark
            self._run_events = self.runs.since(
                bookmark.read_at if bookmark else self.since,
                self.started,
                reader.branch,
                seed_before=None if bookmark else self.since,
            )
        return self._run_events

    def known(self, reader: RepositoryReader) -> KnownEvents:
        """When which sha reached production, of stored events and those read so far."""
        events = [*self.before.events, *self.events(reader)]
        parents = {event.sha: reader.graph.parents(event.sha) or () for event in events}
        dated = tuple((at, event.sha) for at, event in in_order(events, parents))
        cut = not self.listed and self.runs is None and self._line(reader).cut
        return KnownEvents(dated, cut)

    def mark(self, reader: RepositoryReader) -> dict[str, Any]:
        """What the next run compares in order to tell whether there is anything new."""
        before = self.before.bookmark
        gone = reader.absent | set(before.gone if before else ())
        mark = self.listed.mark() if self.listed else {"head": reader.head}
        now = reader.api.complete_until(self.started)
        return {
            **mark,
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

    def _line(self, reader: RepositoryReader) -> MergeLine:
        known = {event.sha: event.at for event in self.before.events if event.at}
        url = f"{self.html}/{self.source.repository}/commit"
        return merge_line(
            reader.graph,
            head=reader.head,
            branch=reader.branch,
            since=self.since,
            until=reader.api.answered_at(self.started),
            known=known,
            commit_url=url,
        )


def _listed(
    source: RepositorySource,
    before: PreviousRead,
    since: datetime,
    started: datetime,
    *,
    zone: ZoneInfo,
    html: str,
) -> ListedFeed | None:
    evidence = source.production.evidence
    if evidence in (Evidence.MERGE, Evidence.WORKFLOW):
        return None
    bookmark = before.bookmark
    back_to = (bookmark.read_at if bookmark else since) - LATE
    first_listing = bookmark is None and evidence is not Evidence.DEPLOYMENT
    if first_listing or (bookmark and bookmark.all_again(evidence, started)):
        return ListedFeed(source, zone, since, back_to=None, needs_seed=False, html=html)
    return ListedFeed(
        source,
        zone,
        since,
        back_to=back_to,
        needs_seed=bookmark is None,
        known_tags=frozenset((event.name, event.sha) for event in before.events),
        pending=bookmark.pending(started) if bookmark else (),
        html=html,
    )
