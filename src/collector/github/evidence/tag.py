"""Evidence `tag`: git tags whose name matches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from collector.errors import SourceUnavailableError
from collector.github.detection.candidates import RepositoryDetection
from collector.github.detection.tag_patterns import families
from collector.github.evidence.base import BranchRead, EventSource, Unmatched
from collector.github.evidence.listed import ListedEvidence, NamedRead, page_of
from collector.github.evidence.other_names import OtherEvent
from collector.github.evidence.tag_times import time_in_name
from collector.json_fields import instant, pick, pick_nullable, pick_or_none
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent, Reason
from evaluator.model.production_names import style_of

_TARGET = "__typename oid ... on Commit { committedDate }"
_FIELDS = (
    f"name target {{ {_TARGET} ... on Tag {{ tagger {{ date }} "
    f"target {{ {_TARGET} ... on Tag {{ target {{ {_TARGET} }} }} }} }} }}"
)
_ORDER = 'refPrefix: "refs/tags/", orderBy: {field: TAG_COMMIT_DATE, direction: DESC}'
_ALL = Production(Evidence.TAG, pattern=".*")


@dataclass(slots=True)
class TagRead(NamedRead):
    """Tags, each at its tagger's date, its commit's, or the one in its name.

    Tags have no date to stop at: where not all are read, reading stops at the first page without
    one that counts and is not known. One that hides behind is found by the next read to the end.
    """

    name_field = "name"
    _new_on_last_page: bool = True

    def take(self, page: Mapping[str, Any]) -> None:
        """Take one page."""
        before = len(self.kept)
        for node in self.pages.take(page):
            self.take_node(node)
        self._new_on_last_page = any(
            (event.ident, event.sha) not in self.known for event in self.kept[before:]
        )

    def far_enough(self, _branch: BranchRead) -> bool:
        """Return whether the last page had nothing new."""
        stops = self.back_to is not None and bool(self.pages.nodes)
        return stops and not self._new_on_last_page

    def events(self, branch: BranchRead, /) -> list[ProductionEvent]:
        """Return every event read, none earlier than what was merged behind its commit."""
        return [self._after_merges(event, branch) for event in self.found()]

    def _after_merges(self, event: ProductionEvent, branch: BranchRead) -> ProductionEvent:
        """Return the event as it is possible; the clock behind its date may be slow."""
        if self.times is None or (event.ident, event.sha) in self.known:
            return event
        return self.times.after(event, branch.graph.merged_behind(event.sha))

    def mark(self, _branch: BranchRead, /) -> dict[str, Any]:
        """Return the newest entries as they were, and how many there are."""
        return {"newest": self.newest(), "total": self.pages.total}

    def named_event(self, node: Mapping[str, Any], name: str) -> ProductionEvent | None:
        """Return the event of a tag, None where it names no commit. Errors: SourceError."""
        target = annotated = pick_nullable(node, "target", dict)
        while target is not None and pick(target, "__typename", str) == "Tag":
            target = pick_or_none(target, "target", dict)
        if annotated is None or target is None:
            raise _leads_nowhere(name, self.source.repository)
        if target["__typename"] != "Commit":
            return None  # a tag may name a file or a tree
        sha = pick(target, "oid", str)
        self.dated[sha] = instant(target, "committedDate")
        tagger = pick_nullable(annotated, "tagger", dict) if target is not annotated else None
        at = self._time(name, self.dated[sha], tagger)
        return self.event(name, sha, name, at, self._url(name))

    def other_event(self, node: Mapping[str, Any], name: str) -> Iterable[OtherEvent]:
        """Yield the tag of another name, nothing where it is of no commit, or of another tag."""
        target = annotated = pick_nullable(node, "target", dict)
        if target is not None and pick(target, "__typename", str) == "Tag":
            target = pick_or_none(target, "target", dict)
        if annotated is None or target is None or pick(target, "__typename", str) != "Commit":
            return
        at = instant(target, "committedDate")
        tagger = pick_nullable(annotated, "tagger", dict) if target is not annotated else None
        if tagger and pick(tagger, "date", object):
            at = max(at, instant(tagger, "date"))
        yield OtherEvent(style_of(name), name, pick(target, "oid", str), at, self._url(name))

    def _url(self, name: str) -> str:
        return f"{self.source.html}/{self.source.repository}/tree/{quote(name)}"

    def _time(
        self, name: str, committed: datetime, tagger: Mapping[str, Any] | None
    ) -> datetime | None:
        at = committed
        if tagger and pick(tagger, "date", object):
            at = instant(tagger, "date")
        if self.source.production.at:
            return time_in_name(name, self.source.production.at, self.source.zone)
        return at


class TagEvidence(ListedEvidence):
    """A tag that matches counts, whatever it names."""

    evidence = Evidence.TAG
    events = "tags"
    permission = "contents"
    read_type = TagRead
    short_fields = "name target { oid }"
    checked = 50
    relisted_daily = True  # a tag is put on an old commit, or moved

    def __init__(self) -> None:
        self.detection_fields = self.connection(_ALL, _FIELDS, "first: 100")

    def fields(self, _at_once: int) -> str:
        """Return the fields of a tag."""
        return _FIELDS

    def connection(self, _production: Production, fields: str, paging: str) -> str:
        """Return the connection that lists all tags."""
        return f"refs({paging}, {_ORDER}) {page_of(fields)}"

    def digest(self, node: Mapping[str, Any]) -> list[Any]:
        """Return what tells whether a tag has changed."""
        target = pick_nullable(node, "target", dict)
        return [pick(node, "name", str), pick(target, "oid", str) if target else None]

    def mark(self, answer: Mapping[str, Any], /) -> dict[str, Any]:
        """Return the digest of the answer to `question`, with how many tags there are."""
        nodes = pick(answer, "feed.nodes", list)
        total = pick(answer, "feed.totalCount", int)
        return {"newest": [self.digest(node) for node in nodes], "total": total}

    def looked_for(self, unmatched: Unmatched, /) -> str:
        """Return a sentence on the pattern."""
        pattern = unmatched.production.pattern
        return f"None of its newest {self.checked} tags counts as `{pattern}`."

    def detect(self, found: RepositoryDetection, answer: Mapping[str, Any], /) -> None:
        """Add each family of tags."""
        page = pick(answer, "refs", dict)
        full = self.on_page(EventSource.of(found, _ALL), page)
        for family in families(event.name for event in full):
            production = family.production(Evidence.TAG)
            found.add(production, self.on_page(EventSource.of(found, production), page))


def _leads_nowhere(tag: str, repository: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"GitHub shows nothing behind the tag {tag} of {repository}.",
        "The next run reads it again; if it stays so, ask its owner to fix or remove the tag, or "
        "write `tags` in teams.yaml so that it does not match.",
    )
