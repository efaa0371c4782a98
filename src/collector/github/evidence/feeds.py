"""Production events as GitHub lists them: deployments, releases, tags. One feed for each kind.

A feed says what to ask next (a selection on the repository, under the alias `feed`), takes the
answers, and then gives its events, its share of the bookmark, and the dates of their commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from collector.errors import SourceUnavailableError
from collector.github.evidence.tag_times import time_in_name
from collector.github.graphql import quoted
from collector.github.paging import PAGE, PagedConnection, inconsistent
from collector.json_fields import instant, pick, pick_nullable, pick_or_none
from evaluator.model.facts import Evidence, ProductionEvent, Reason
from evaluator.model.plan import RepositorySource

LATE = timedelta(days=35)  # a deployment may be approved, or a run repeated, this much later
NEWEST = 20  # what the "anything new?" question compares

STATUSES = "totalCount pageInfo { hasNextPage endCursor } nodes { state createdAt }"
_DEPLOYMENT = (
    "id commitOid commit { committedDate } environment createdAt latestStatus { state } "
    f"statuses(first: %d) {{ {STATUSES} }}"
)
DEPLOYMENT = _DEPLOYMENT % PAGE
RELEASE = (
    "id tagName tagCommit { oid committedDate } isDraft isPrerelease createdAt publishedAt url"
)
_TARGET = "__typename oid ... on Commit { committedDate }"
TAG = (
    f"name target {{ {_TARGET} ... on Tag {{ tagger {{ date }} "
    f"target {{ {_TARGET} ... on Tag {{ target {{ {_TARGET} }} }} }} }} }}"
)
PENDING = {None, "PENDING", "QUEUED", "IN_PROGRESS", "WAITING"}


def connection_of(source: RepositorySource, selection: str, paging: str) -> str:
    """Return the connection that lists `source`'s kind of events, newest first."""
    page = f"{{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {selection} }} }}"
    match source.production.evidence:
        case Evidence.DEPLOYMENT:
            listed = ", ".join(quoted(name) for name in source.production.environments)
            order = f"environments: [{listed}], orderBy: {{field: CREATED_AT, direction: DESC}}"
            return f"deployments({paging}, {order}) {page}"
        case Evidence.RELEASE:
            return f"releases({paging}, orderBy: {{field: CREATED_AT, direction: DESC}}) {page}"
        case _:
            order = 'refPrefix: "refs/tags/", orderBy: {field: TAG_COMMIT_DATE, direction: DESC}'
            return f"refs({paging}, {order}) {page}"


def digest(evidence: Evidence, node: Mapping[str, Any]) -> list[Any]:
    """Return what tells whether an event has changed since it was last read."""
    match evidence:
        case Evidence.DEPLOYMENT:
            return [pick(node, "id", str), latest_state(node)]
        case Evidence.RELEASE:
            draft_or_not = [pick(node, "isDraft", bool), pick(node, "isPrerelease", bool)]
            published = pick_nullable(node, "publishedAt", str)
            commit = pick_nullable(node, "tagCommit", dict)
            sha = pick(commit, "oid", str) if commit else None
            return [pick(node, "id", str), published, *draft_or_not, sha]
        case _:
            target = pick_nullable(node, "target", dict)
            return [pick(node, "name", str), pick(target, "oid", str) if target else None]


def latest_state(node: Mapping[str, Any]) -> str | None:
    """Return the state of a deployment's newest status, None where it has none yet."""
    if pick_nullable(node, "latestStatus", dict) is None:
        return None
    return pick(node, "latestStatus.state", str)


@dataclass(slots=True)
class ListedFeed:
    """Deployments, releases or tags, read newest first.

    `back_to` is None for a read to the end; else reading stops at the first page that ends before
    it and, where `needs_seed`, has an event before `since`. Tags have no date to stop at: reading
    stops at the first page without a tag that counts and is not among `known_tags`; one that hides
    behind is found by the next read to the end.
    """

    source: RepositorySource
    zone: ZoneInfo
    since: datetime
    back_to: datetime | None
    needs_seed: bool
    known_tags: frozenset[tuple[str, str]] = frozenset()  # (name, sha)
    pending: tuple[str, ...] = ()  # deployments without an end so far, to be asked again by id
    dated: dict[str, datetime] = field(default_factory=dict)
    html: str = ""
    at_once: int = PAGE  # rows in a page, of each list
    _pages: PagedConnection = field(init=False)
    _read: list[ProductionEvent] = field(default_factory=list)
    _new_on_last_page: bool = True
    _deployments: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)  # deployments that were removed
    _statuses: dict[str, PagedConnection] = field(default_factory=dict)
    _deployed: dict[str, ProductionEvent | None] = field(default_factory=dict)  # worked out once

    def __post_init__(self) -> None:
        self._pages = PagedConnection(self.source.repository)

    def selection(self) -> str | None:
        """What to ask next of the repository, None when the feed is read."""
        if not self._pages.more or self._far_enough():
            return None
        selection = {Evidence.DEPLOYMENT: self._deployment_fields, Evidence.RELEASE: RELEASE}.get(
            self.source.production.evidence, TAG
        )
        return connection_of(self.source, selection, self._pages.arguments(self.at_once))

    def by_id(self) -> dict[str, str]:
        """What to ask next of single deployments, by alias: those pending, and long histories."""
        known = self._deployments.keys() | self._gone
        again = [each for each in enumerate(self.pending) if each[1] not in known]
        fields = self._deployment_fields
        asked = {
            f"again{index}": f"node(id: {quoted(ident)}) {{ ... on Deployment {{ {fields} }} }}"
            for index, ident in again[: self.at_once]
        }
        for index, (ident, pages) in enumerate(self._statuses.items()):
            if pages.more:
                more = f"id statuses({pages.arguments(self.at_once)}) {{ {STATUSES} }}"
                asked[f"more{index}"] = (
                    f"node(id: {quoted(ident)}) {{ ... on Deployment {{ {more} }} }}"
                )
        return asked

    @property
    def _deployment_fields(self) -> str:
        return _DEPLOYMENT % self.at_once

    def take_by_id(self, alias: str, node: Mapping[str, Any] | None) -> None:
        """Take the answer to one of `by_id`; a deployment that is gone is asked no more."""
        if alias.startswith("more"):
            if node is None:
                raise inconsistent(self.source.repository, "cut the statuses of a deployment")
            ident = pick(node, "id", str)
            self._statuses[ident].take(pick(node, "statuses", dict))
            self._deployed.pop(ident, None)
        elif node is None:
            self._gone.add(self.pending[int(alias.removeprefix("again"))])
        else:
            self._take_node(node)

    def take(self, page: Mapping[str, Any]) -> None:
        """Take one page."""
        before = len(self._read)
        for node in self._pages.take(page):
            self._take_node(node)
        self._new_on_last_page = any(
            (event.name, event.sha) not in self.known_tags for event in self._read[before:]
        )

    def listed_to_end(self) -> bool:
        """Whether every event that GitHub lists was read."""
        return not self._pages.more

    def _take_node(self, node: Mapping[str, Any]) -> None:
        """Take one deployment, release or tag; what is no production event leaves nothing.

        Of releases and tags the name is looked at first: what else may be odd about one that does
        not match is nobody's concern.
        """
        production = self.source.production
        if production.evidence is Evidence.DEPLOYMENT:
            self._take_deployment(node)
            return
        released = production.evidence is Evidence.RELEASE
        name = pick(node, "tagName" if released else "name", str)
        if not production.matches(name):
            return
        event = self._release(node, name) if released else self._tag(node, name)
        if event is not None:
            self._read.append(event)

    def events(self) -> list[ProductionEvent]:
        """Every event read, in no order."""
        for ident in self._deployments.keys() - self._deployed.keys():
            self._deployed[ident] = self._deployment(self._deployments[ident])
        return [*self._read, *filter(None, self._deployed.values())]

    def mark(self) -> dict[str, Any]:
        """The newest entries as they were, their number, and deployments that may still change."""
        kind = self.source.production.evidence
        mark: dict[str, Any] = {
            "newest": [digest(kind, node) for node in self._pages.nodes[:NEWEST]]
        }
        if kind is Evidence.TAG:
            mark["total"] = self._pages.total
        if kind is Evidence.DEPLOYMENT:
            mark["pending"] = {
                ident: pick(node, "createdAt", str)
                for ident, node in self._deployments.items()
                if latest_state(node) in PENDING
            }
        return mark

    def _far_enough(self) -> bool:
        if self.back_to is None or not self._pages.nodes:
            return False
        if self.source.production.evidence is Evidence.TAG:
            return not self._new_on_last_page
        if instant(self._pages.nodes[-1], "createdAt") >= self.back_to:
            return False
        return not self.needs_seed or any(e.at and e.at < self.since for e in self.events())

    def _take_deployment(self, node: Mapping[str, Any]) -> None:
        ident = pick(node, "id", str)
        self._deployments[ident] = node
        self._deployed.pop(ident, None)
        self._statuses[ident] = pages = PagedConnection(self.source.repository)
        pages.take(pick(node, "statuses", dict))
        if pick_nullable(node, "commit", dict) is not None:
            self.dated[pick(node, "commitOid", str)] = instant(node, "commit.committedDate")

    def _deployment(self, node: Mapping[str, Any]) -> ProductionEvent | None:
        ident = pick(node, "id", str)
        successes = [
            instant(status, "createdAt")
            for status in self._statuses[ident].nodes
            if pick(status, "state", str) == "SUCCESS"
        ]
        if not successes:
            return None
        sha, environment = pick(node, "commitOid", str), pick(node, "environment", str)
        url = f"{self.html}/{self.source.repository}/deployments/{quote(environment)}"
        event = self._event(ident, sha, environment, min(successes), url)
        return event if self.source.production.admits(event) else None

    def _release(self, node: Mapping[str, Any], name: str) -> ProductionEvent | None:
        if pick(node, "isDraft", bool) or pick(node, "isPrerelease", bool):
            return None
        sha = ""  # its tag leads to no commit
        if commit := pick_nullable(node, "tagCommit", dict):
            sha = pick(commit, "oid", str)
            self.dated[sha] = instant(commit, "committedDate")
        ident, url = pick(node, "id", str), pick(node, "url", str)
        return self._event(ident, sha, name, instant(node, "publishedAt"), url)

    def _tag(self, node: Mapping[str, Any], name: str) -> ProductionEvent | None:
        target = annotated = pick_nullable(node, "target", dict)
        while target is not None and pick(target, "__typename", str) == "Tag":
            target = pick_or_none(target, "target", dict)
        if annotated is None or target is None:
            raise _leads_nowhere(name, self.source.repository)
        if target["__typename"] != "Commit":
            return None  # a tag may name a file or a tree
        sha, committed = pick(target, "oid", str), instant(target, "committedDate")
        self.dated[sha] = committed
        at: datetime | None = committed
        if target is not annotated and (tagger := pick_nullable(annotated, "tagger", dict)):
            at = instant(tagger, "date") if pick(tagger, "date", object) else committed
        if self.source.production.at:
            at = time_in_name(name, self.source.production.at, self.zone)
        url = f"{self.html}/{self.source.repository}/tree/{quote(name)}"
        return self._event(name, sha, name, at, url)

    def _event(
        self, ident: str, sha: str, name: str, at: datetime | None, url: str
    ) -> ProductionEvent:
        production = self.source.production
        return ProductionEvent(
            repository=self.source.repository,
            kind=production.evidence,
            ident=ident,
            sha=sha,
            name=name,
            at=at,
            url=url,
            dated_by=production.at,
        )


def _leads_nowhere(tag: str, repository: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"GitHub shows nothing behind the tag {tag} of {repository}.",
        "The next run reads it again; if it stays so, ask its owner to mend or remove the tag, or "
        "write `tags` in teams.yaml so that it does not match.",
    )
