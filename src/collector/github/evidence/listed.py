"""What deployments, releases and tags have in common: GraphQL lists them, newest first.

A list is asked for together with the commits, as a selection on the repository.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from collector.full_relist import ALL_AGAIN_AFTER
from collector.github.evidence.base import (
    BranchRead,
    EventSource,
    EvidenceKind,
    FollowUp,
    PendingNodes,
    ReadRequest,
    Unmatched,
    examples,
)
from collector.github.evidence.other_names import OtherEvent, OtherNames, is_other
from collector.github.evidence.possible_times import PossibleTimes
from collector.github.paging import PAGE, PagedConnection
from collector.github.repository_bookmark import LATE, RepositoryBookmark
from collector.json_fields import instant, pick
from evaluator.model.evidence import Production
from evaluator.model.facts import ProductionEvent

NEWEST = 20  # what the "anything new?" question compares
NEWEST_FIRST = "orderBy: {field: CREATED_AT, direction: DESC}"
EVER = datetime.min.replace(tzinfo=UTC)


class ListedEvidence(EvidenceKind, ABC):
    """A kind of evidence whose events GraphQL lists.

    `short_fields` are those that tell whether an event changed. `checked` is how many of the
    newest `hearten doctor` looks at.
    """

    pending: PendingNodes | None = None
    over_rest = None
    follow_ups: Sequence[FollowUp] = ()
    read_type: "type[ListedRead]"
    short_fields: str
    checked: int

    @abstractmethod
    def fields(self, at_once: int) -> str:
        """Return the fields of an event, with `at_once` rows of each list in it."""

    @abstractmethod
    def connection(self, production: Production, fields: str, paging: str) -> str:
        """Return the connection that lists the events, newest first."""

    @abstractmethod
    def digest(self, node: Mapping[str, Any]) -> list[Any]:
        """Return what tells whether an event has changed since it was last read."""

    def question(self, production: Production, /) -> str:
        """Return what "anything new?" asks of a repository: the newest 20."""
        return f"feed: {self.connection(production, self.short_fields, f'first: {NEWEST}')}"

    def mark(self, answer: Mapping[str, Any], /) -> dict[str, Any]:
        """Return the digest of the answer to `question`."""
        return {"newest": [self.digest(node) for node in pick(answer, "feed.nodes", list)]}

    def has_new_others(
        self, _production: Production, _answer: Mapping[str, Any], _mark: Mapping[str, Any], /
    ) -> bool:
        """Return False: what is listed has all names."""
        return False

    def relist_due(self, bookmark: RepositoryBookmark, now: datetime, /) -> bool:
        """Return whether all are to be listed again."""
        return self.relisted_daily and now - bookmark.listed_at > ALL_AGAIN_AFTER

    def read(self, request: ReadRequest) -> "ListedRead":
        """Return a read that begins: to the end, or to what may have changed since the last."""
        source, since, bookmark = request.source, request.since, request.bookmark
        known = {(event.ident, event.sha): event for event in request.known_events}
        if bookmark is None and not self.relisted_daily:
            back_to = since - LATE
            return self.read_type(self, source, since, back_to, needs_seed=True, known=known)
        times = PossibleTimes(request.started, since, request.listed_at, known)
        if bookmark is None or self.relist_due(bookmark, request.started):
            return self.read_type(self, source, since, known=known, times=times)
        return self.read_type(
            self,
            source,
            since,
            back_to=bookmark.read_at - LATE,
            known=known,
            times=times,
            again=self.pending.ids(bookmark, request.started) if self.pending else (),
        )

    def check_fields(self, production: Production, /) -> str:
        """Return the question for the newest of them."""
        return f"feed: {self.connection(production, self.fields(PAGE), f'first: {self.checked}')}"

    def matched(self, source: EventSource, answer: Mapping[str, Any], /) -> bool:
        """Return whether one of the newest counts."""
        return any(event.at for event in self.on_page(source, answer["feed"]))

    def there_is(self, unmatched: Unmatched, /) -> str:
        """Return examples of their names."""
        detected = unmatched.detected
        named = detected.names_of(self.evidence) if detected else []
        return f"{self.events} such as {examples(named)}" if named else ""

    def on_page(self, source: EventSource, page: Mapping[str, Any]) -> list[ProductionEvent]:
        """Return the events on one page, in no order."""
        read = self.read_type(self, source, EVER)
        read.take(page)
        return read.found()


@dataclass(slots=True)
class ListedRead(ABC):
    """Deployments, releases or tags, read newest first.

    `back_to` is None for a read to the end; else reading stops at the first page that ends before
    it and, where `needs_seed`, has an event before `since`. `known` are the events of earlier
    reads, by ident and sha; `again` are nodes without an end so far, to be asked by id.
    `times` corrects times that are not possible.
    """

    kind: ListedEvidence
    source: EventSource
    since: datetime
    back_to: datetime | None = None
    needs_seed: bool = False
    known: Mapping[tuple[str, str], ProductionEvent] = field(default_factory=dict)
    again: tuple[str, ...] = ()
    times: PossibleTimes | None = None
    dated: dict[str, datetime] = field(default_factory=dict)
    at_once: int = PAGE
    pages: PagedConnection = field(init=False)

    def __post_init__(self) -> None:
        self.pages = PagedConnection(self.source.repository)

    @abstractmethod
    def take_node(self, node: Mapping[str, Any]) -> None:
        """Take one deployment, release or tag; what is no production event leaves nothing."""

    @abstractmethod
    def found(self) -> list[ProductionEvent]:
        """Return every event read, in no order."""

    @property
    def listed(self) -> "ListedRead":
        """The read itself: it is asked over GraphQL."""
        return self

    def selection(self, branch: BranchRead, /) -> str | None:
        """Return what to ask next of the repository, None where the list is read."""
        if not self.pages.more or self.far_enough(branch):
            return None
        fields, paging = self.kind.fields(self.at_once), self.pages.arguments(self.at_once)
        return self.kind.connection(self.source.production, fields, paging)

    def by_id(self) -> dict[str, str]:
        """Return what to ask next of single nodes, by alias."""
        return {}

    def take(self, page: Mapping[str, Any]) -> None:
        """Take one page."""
        for node in self.pages.take(page):
            self.take_node(node)

    def take_by_id(self, _alias: str, node: Mapping[str, Any] | None, /) -> None:
        """Take the answer to one of `by_id`."""
        if node is not None:
            self.take_node(node)

    def asides(self) -> dict[str, str]:
        """Return what to ask of the repository once, by alias."""
        return {}

    def take_aside(self, alias: str, page: Mapping[str, Any], /) -> None:
        """Take the answer to one of `asides`, of which there is none."""
        raise NotImplementedError(alias)

    def listed_to_end(self) -> bool:
        """Return whether every event that GitHub lists was read."""
        return not self.pages.more

    def far_enough(self, branch: BranchRead) -> bool:
        """Return whether what lies behind the pages read is of no use."""
        if self.back_to is None or not self.pages.nodes:
            return False
        if instant(self.pages.nodes[-1], "createdAt") >= self.back_to:
            return False
        if not self.needs_seed:
            return True
        counted = filter(self.source.production.admits, self.events(branch))
        return any(event.at and event.at < self.since for event in counted)

    def events(self, _branch: BranchRead, /) -> list[ProductionEvent]:
        """Return every event read, in no order."""
        return self.found()

    def needs_more_of(self, _branch: BranchRead, /) -> bool:
        """Return False: the branch says nothing of these events."""
        return False

    def mark(self, _branch: BranchRead, /) -> dict[str, Any]:
        """Return the newest entries as they were."""
        return {"newest": self.newest()}

    def others(self, _branch: BranchRead, /) -> OtherNames:
        """Return what was seen of other names than those that count."""
        return OtherNames()

    def newest(self) -> list[list[Any]]:
        """Return the digests of the newest entries."""
        return [self.kind.digest(node) for node in self.pages.nodes[:NEWEST]]

    def event(
        self, ident: str, sha: str, name: str, at: datetime | None, url: str
    ) -> ProductionEvent:
        """Return an event of this repository."""
        return ProductionEvent(
            repository=self.source.repository,
            kind=self.kind.evidence,
            ident=ident,
            sha=sha,
            name=name,
            at=at,
            url=url,
            dated_by=self.source.production.at,
        )


@dataclass(slots=True)
class NamedRead(ListedRead):
    """Releases or tags, which count by their names.

    A name is looked at first: what else may be odd about one that does not match is nobody's
    concern. `kept` are the events of those that match, `beside` those of other names.
    """

    name_field: ClassVar[str]
    kept: list[ProductionEvent] = field(default_factory=list)
    beside: list[OtherEvent] = field(default_factory=list)

    @abstractmethod
    def named_event(self, node: Mapping[str, Any], name: str) -> ProductionEvent | None:
        """Return the event of a release or tag that matches, None where it is none."""

    def take_node(self, node: Mapping[str, Any]) -> None:
        """Take one release or tag."""
        name = pick(node, self.name_field, str)
        if self.source.production.matches(name):
            event = self.named_event(node, name)
            if event and self.times:
                event = self.times.of(event, self.dated.get(event.sha))
            self.kept += [event] if event else []
        elif is_other(self.source.production, name):
            self.beside += self.other_event(node, name)

    @abstractmethod
    def other_event(self, node: Mapping[str, Any], name: str) -> Iterable[OtherEvent]:
        """Return the event of a release or tag of another name, nothing where it is none."""

    def others(self, _branch: BranchRead, /) -> OtherNames:
        """Return the releases or tags of other names.

        One on a commit whose own tag counted, and is gone, is that tag renamed: no other name.
        """
        if not self.listed_to_end():
            return OtherNames(self.beside)
        counted = {event.sha for event in self.known.values()}
        renamed = counted - {event.sha for event in self.kept}
        return OtherNames([e for e in self.beside if e.sha not in renamed], whole=True)

    def found(self) -> list[ProductionEvent]:
        """Return every event read, in no order."""
        return list(self.kept)


def page_of(fields: str) -> str:
    """Return what is asked of a page whose entries have `fields`."""
    return f"{{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {fields} }} }}"
