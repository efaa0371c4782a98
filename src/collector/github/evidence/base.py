"""What hearten must know of a kind of production evidence. `registry` has all kinds.

A kind answers for one `Production` at a time, and for one repository: it keeps nothing between
two calls. What it reads over several requests is an `EventsRead`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

from collector.github.detection.candidates import DetectedEvidence, RepositoryDetection
from collector.github.evidence.other_names import OtherNames
from collector.github.graph import Graph
from collector.github.repository_bookmark import RepositoryBookmark
from collector.github.repository_check import RepositoryCheck
from collector.transport import Transport
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.model.web_addresses import below

PERHAPS = "perhaps"  # the alias of what is asked of the root and a token need not be given
_SHOWN = 3  # names, as examples


@dataclass(frozen=True, slots=True)
class EventSource:
    """A repository, and what of it counts as production.

    `zone` is where a date in a tag's name has its midday, `html` where people see the repository.
    """

    repository: str
    production: Production
    zone: ZoneInfo
    html: str = ""

    def page(self, url: str, *parts: str) -> str:
        """Return `url` where it is a page of the repository's GitHub, else the one of `parts`.

        An answer's own address may lead anywhere, or run a script.
        """
        made = "/".join(quote(part) for part in parts)
        return below(self.html, url) or f"{self.html}/{self.repository}/{made}"

    @classmethod
    def of(cls, found: RepositoryDetection, production: Production) -> "EventSource":
        """Return the repository as it would be configured."""
        return cls(found.name, production, found.zone, found.html)


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What is to be read: the events from `since` on, or what came after those known.

    `bookmark` is None on a first read, and where no event ever counted; `mark` is that of the last
    read in any case. `started` is when the read began; `rest` asks the API at `api_url`, which has
    no slash at its end. `read_until` is up to when the last read of this
    configuration was complete, and `listed_at` the last one that listed all releases or tags; both
    are None where there is none. `alone` is whether nothing else shows production in the
    repository.
    """

    source: EventSource
    since: datetime
    started: datetime
    bookmark: RepositoryBookmark | None
    known_events: tuple[ProductionEvent, ...]
    rest: Transport
    api_url: str
    mark: Mapping[str, Any] = field(default_factory=dict)
    read_until: datetime | None = None
    listed_at: datetime | None = None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class BranchRead:
    """The production branch as far as it was read; `answered_at` is when GitHub first answered."""

    name: str
    head: str
    graph: Graph
    answered_at: datetime


class ListedEvents(Protocol):
    """Events that GraphQL lists, so that they ride along with the commits."""

    at_once: int  # rows in a page, of each list
    dated: dict[str, datetime]  # the committer dates of events' commits

    def selection(self, branch: BranchRead, /) -> str | None:
        """Return what to ask next of the repository, None where the list is read."""

    def by_id(self) -> dict[str, str]:
        """Return what to ask next of the root by alias: single nodes, or `PERHAPS`."""

    def take(self, page: Mapping[str, Any]) -> None:
        """Take the answer to `selection`."""

    def take_by_id(self, alias: str, node: Mapping[str, Any] | None, /) -> None:
        """Take the answer to one of `by_id`, None where GitHub has the node no more."""

    def asides(self) -> dict[str, str]:
        """Return what to ask of the repository once, in the first request, by alias."""

    def take_aside(self, alias: str, page: Mapping[str, Any], /) -> None:
        """Take the answer to one of `asides`."""

    def listed_to_end(self) -> bool:
        """Return whether every event that GitHub lists was read."""


class EventsRead(Protocol):
    """The production events of one read of one repository, as far as GitHub gave them."""

    @property
    def listed(self) -> ListedEvents | None:
        """What is to be asked over GraphQL, None where the events are had in another way."""

    def events(self, branch: BranchRead, /) -> Sequence[ProductionEvent]:
        """Return every event read, in no order. Errors: SourceError, where it must ask."""

    def needs_more_of(self, branch: BranchRead, /) -> bool:
        """Return whether more of the branch must be read before these are all."""

    def mark(self, branch: BranchRead, /) -> dict[str, Any]:
        """Return what the next run compares with the answer to `question`."""

    def others(self, branch: BranchRead, /) -> OtherNames:
        """Return what was seen of other names than those that count."""


class RestQuestions(Protocol):
    """Asks GitHub's REST API. Errors: SourceError."""

    def get(self, path: str, about: str, **params: str | int) -> Any:
        """Return the body of the answer."""

    def get_if_there(self, path: str, about: str, **params: str | int) -> Any | None:
        """Return the body of the answer, None where there is nothing at `path`."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A further question of detection over GraphQL, asked of up to `at_once` repositories together.

    `question` is None where there is nothing to ask of a repository; `take` gets what GitHub
    answered, and when. Without an answer a repository is not detected, unless it is not `needed`.
    `last_resort` says that it is asked where nothing better is in use.
    """

    question: Callable[[RepositoryDetection], str | None]
    take: Callable[[RepositoryDetection, Mapping[str, Any], datetime], None]
    at_once: int
    needed: bool = True
    last_resort: bool = False


class PendingNodes(Protocol):
    """Nodes that may still become events, and that "anything new?" asks for by id."""

    fields: str

    def ids(self, bookmark: RepositoryBookmark, now: datetime) -> tuple[str, ...]:
        """Return the ids of those that a read left behind."""

    def ended(self, node: Mapping[str, Any] | None, bookmark: RepositoryBookmark) -> bool:
        """Return whether one is pending no more; it is None where GitHub has it no more."""


class AskedOverRest(Protocol):
    """What GraphQL does not show of a kind of evidence."""

    def check(
        self, production: Production, check: RepositoryCheck, rest: RestQuestions
    ) -> RepositoryCheck:
        """Return the check of a repository with what was seen. Errors: SourceError."""

    def detect(self, found: RepositoryDetection, rest: Transport, api_url: str) -> None:
        """Add what there is to `found`. It is asked where nothing better is in use."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A repository in which nothing that counts was seen.

    `detected` is what there is in its place, None where that could not be told.
    """

    production: Production
    check: RepositoryCheck
    detected: DetectedEvidence | None


class EvidenceKind(Protocol):
    """One kind of production evidence: how it is asked for, read, checked and detected."""

    evidence: Evidence
    events: str  # what people call them
    permission: str  # which a token needs in order to read them
    relisted_daily: bool  # whether one may come up far behind the newest
    pending: PendingNodes | None
    over_rest: AskedOverRest | None

    # "Anything new?"

    def question(self, production: Production, /) -> str | None:
        """Return what "anything new?" asks of a repository, None where only a read can tell."""

    def mark(self, answer: Mapping[str, Any], /) -> dict[str, Any]:
        """Return the digest of the answer to `question`: the same while nothing is new."""

    def has_new_others(
        self, production: Production, answer: Mapping[str, Any], mark: Mapping[str, Any], /
    ) -> bool:
        """Return whether the answer to `question` shows another name that may matter by now.

        `mark` is that of the last read.
        """

    def relist_due(self, bookmark: RepositoryBookmark, now: datetime, /) -> bool:
        """Return whether all events are to be listed again, although nothing may be new."""

    # A read

    def read(self, request: ReadRequest) -> EventsRead:
        """Return a read that begins; it has asked nothing yet."""

    # `hearten doctor`

    def check_fields(self, production: Production, /) -> str:
        """Return what is asked of a repository in order to see a match, empty for nothing."""

    def matched(self, source: EventSource, answer: Mapping[str, Any], /) -> bool:
        """Return whether the answer to `check_fields` shows an event that counts."""

    def looked_for(self, unmatched: Unmatched, /) -> str:
        """Return a sentence on what was looked for in vain."""

    def there_is(self, unmatched: Unmatched, /) -> str:
        """Return what there is of this kind, with names; empty where nothing."""

    # `hearten suggest`

    detection_fields: str  # of the first question about a repository, empty for nothing
    follow_ups: Sequence[FollowUp]

    def detect(self, found: RepositoryDetection, answer: Mapping[str, Any], /) -> None:
        """Add to `found` what the answer to `detection_fields` shows."""


def examples(names: Sequence[str]) -> str:
    """Return the first three names in backquotes, and whether there are more."""
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return f"{shown} and more" if len(names) > _SHOWN else shown
