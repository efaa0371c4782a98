"""Evidence `release`: GitHub releases, published, whose tag matches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collector.github.detection.candidates import RepositoryDetection
from collector.github.detection.tag_patterns import TagFamily, families
from collector.github.evidence.base import EventSource, Unmatched
from collector.github.evidence.listed import NEWEST_FIRST, ListedEvidence, NamedRead, page_of
from collector.github.evidence.other_names import OtherEvent
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.model.production_names import style_of

_FIELDS = (
    "id tagName tagCommit { oid committedDate } isDraft isPrerelease createdAt publishedAt url"
)
_ALL = Production(Evidence.RELEASE, pattern=".*")
_ONE_FAMILY = TagFamily(_ALL.pattern, "", ())


@dataclass(slots=True)
class ReleaseRead(NamedRead):
    """Releases, each at its publication."""

    name_field = "tagName"

    def named_event(self, node: Mapping[str, Any], name: str) -> ProductionEvent | None:
        """Return the event of a release, None where it is a draft or a pre-release."""
        if pick(node, "isDraft", bool) or pick(node, "isPrerelease", bool):
            return None
        sha = ""  # its tag leads to no commit
        if commit := pick_nullable(node, "tagCommit", dict):
            sha = pick(commit, "oid", str)
            self.dated[sha] = instant(commit, "committedDate")
        at, url = instant(node, "publishedAt"), self._page(node, name)
        return self.event(pick(node, "id", str), sha, name, at, url)

    def other_event(self, node: Mapping[str, Any], name: str) -> Iterable[OtherEvent]:
        """Yield the release of another name, nothing where it is a draft or a pre-release."""
        if pick(node, "isDraft", bool) or pick(node, "isPrerelease", bool):
            return
        at, url = instant(node, "publishedAt"), self._page(node, name)
        yield OtherEvent(style_of(name), name, _tagged(node), at, url)

    def _page(self, node: Mapping[str, Any], name: str) -> str:
        return self.source.page(pick(node, "url", str), "releases", "tag", name)


def _tagged(node: Mapping[str, Any]) -> str:
    commit = pick_nullable(node, "tagCommit", dict)
    return pick(commit, "oid", str) if commit else ""


class ReleaseEvidence(ListedEvidence):
    """A release counts from its publication, unless it is a draft or a pre-release."""

    evidence = Evidence.RELEASE
    events = "releases"
    permission = "contents"
    read_type = ReleaseRead
    short_fields = "id isDraft isPrerelease publishedAt tagCommit { oid }"
    checked = 50
    relisted_daily = True  # a draft is published late, a tag is moved

    def __init__(self) -> None:
        self.detection_fields = self.connection(_ALL, _FIELDS, "first: 100")

    def fields(self, _at_once: int) -> str:
        """Return the fields of a release."""
        return _FIELDS

    def connection(self, _production: Production, fields: str, paging: str) -> str:
        """Return the connection that lists all releases."""
        return f"releases({paging}, {NEWEST_FIRST}) {page_of(fields)}"

    def digest(self, node: Mapping[str, Any]) -> list[Any]:
        """Return what tells whether a release has changed."""
        draft_or_not = [pick(node, "isDraft", bool), pick(node, "isPrerelease", bool)]
        published = pick_nullable(node, "publishedAt", str)
        return [pick(node, "id", str), published, *draft_or_not, _tagged(node) or None]

    def looked_for(self, unmatched: Unmatched, /) -> str:
        """Return a sentence on the pattern of the tags."""
        pattern = unmatched.production.pattern
        return f"None of its newest {self.checked} releases counts as `{pattern}`."

    def detect(self, found: RepositoryDetection, answer: Mapping[str, Any], /) -> None:
        """Add each family of releases by their tags, or all where there is none."""
        page = pick(answer, "releases", dict)
        full = [event.name for event in self.on_page(EventSource.of(found, _ALL), page)]
        for family in families(full) or [_ONE_FAMILY]:
            production = family.production(Evidence.RELEASE)
            found.add(production, self.on_page(EventSource.of(found, production), page))
