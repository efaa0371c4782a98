"""What a repository offers that might show what reached production, worked out from answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.errors import SourceError
from collector.github.graph import Graph
from collector.github.paging import PagedConnection
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.evidence import BY_MERGE, Production
from evaluator.model.facts import Evidence, ProductionEvent

SHOWN = 10
_STILL_USED = timedelta(days=180)
_NOT_OUTDONE = timedelta(days=90)
_MOST_FAMILIES = 5  # of tags, and of releases: where a repository has many parts, each has its own
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way in which a repository might show what reached production.

    `events` are the newest ten that it would count, newest first; `count` is how many such were
    seen in what was looked at. `in_use` is False where the newest is over 180 days older than the
    newest commit of the default branch, or over 90 days older than the newest event of another
    kind: then nobody seems to use it any more.
    """

    production: Production
    events: tuple[ProductionEvent, ...]
    count: int
    in_use: bool = True

    @property
    def newest(self) -> datetime:
        """When the newest of its events was, long ago where it has none."""
        return next((event.at for event in self.events if event.at), _EVER)


@dataclass(frozen=True, slots=True)
class DetectedEvidence:
    """What there is to choose from in a repository.

    `renamed_to` is empty where GitHub still calls it so, `default_branch` where it is empty.
    `environments` are the most used first. `candidates` are the best first; merges always come
    last, without events where they were not looked at. `unread` says why its workflows could not
    be looked at, and is empty where they were, or there was no need.
    """

    repository: str
    renamed_to: str
    archived: bool
    default_branch: str
    environments: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    unread: str = ""

    @property
    def best(self) -> Candidate:
        """The first candidate that is in use."""
        return next(candidate for candidate in self.candidates if candidate.in_use)

    def names_of(self, evidence: Evidence) -> list[str]:
        """Return the names of the events of all candidates of a kind, each once."""
        named = [
            event.name
            for candidate in self.candidates
            if candidate.production.evidence is evidence
            for event in candidate.events
        ]
        return list(dict.fromkeys(named))


@dataclass(slots=True)
class RepositoryDetection:
    """One repository, as far as it was looked at; `problem` says why that was not far enough.

    `asked` is its name in the question. `zone` is where a date in a tag's name has its midday,
    `html` where people see GitHub. `graph` has the commits of the default branch that were read,
    by way of the pages of `history`; `merges` is what they show.
    """

    asked: str
    zone: ZoneInfo
    html: str
    name: str = ""  # as GitHub names it today
    archived: bool = False
    branch: str = ""
    head: str = ""
    environments: tuple[str, ...] = ()  # the most used first
    more_deployed: bool = False  # than the newest deployments, which told the environments
    unread: str = ""
    problem: SourceError | None = None
    merges: Candidate = field(default_factory=lambda: Candidate(BY_MERGE, (), 0))
    graph: Graph = field(default_factory=lambda: Graph(stored={}))
    history: PagedConnection = field(init=False)
    _committed_at: datetime | None = None
    _candidates: list[Candidate] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history = PagedConnection(self.asked)

    @property
    def settled(self) -> bool:
        """Whether something better than merges was found."""
        return any(candidate.in_use for candidate in self._candidates)

    def take(self, answer: Mapping[str, Any]) -> None:
        """Take the repository's name and default branch."""
        self.name = pick(answer, "nameWithOwner", str)
        self.archived = pick(answer, "isArchived", bool)
        branch = pick_nullable(answer, "defaultBranchRef", dict)
        if branch is not None:
            self.branch, self.head = pick(branch, "name", str), pick(branch, "target.oid", str)
            self._committed_at = instant(branch, "target.committedDate")

    def add(self, production: Production, events: Iterable[ProductionEvent]) -> None:
        """Add a way of showing production, unless none of these events would count."""
        of_its_kind = [c for c in self._candidates if c.production.evidence is production.evidence]
        candidate = _candidate(production, events)
        if candidate and len(of_its_kind) < _MOST_FAMILIES:
            self._candidates.append(replace(candidate, in_use=self._still_used(candidate)))

    def add_merges(self, events: Iterable[ProductionEvent]) -> None:
        """Have `events` for the merges: they are in use wherever there is a commit."""
        self.merges = _candidate(BY_MERGE, events) or self.merges

    def detected(self, best_first: Sequence[Evidence]) -> DetectedEvidence | SourceError:
        """Return what was found, in the order of its kinds, or the problem."""
        if self.problem:
            return self.problem

        latest = max((c.newest for c in self._candidates), default=_EVER)
        found = [
            replace(c, in_use=c.in_use and latest - c.newest <= _NOT_OUTDONE)
            for c in self._candidates
        ]

        def place(candidate: Candidate) -> tuple[bool, int]:
            return not candidate.in_use, best_first.index(candidate.production.evidence)

        return DetectedEvidence(
            repository=self.asked,
            renamed_to="" if self.asked.casefold() == self.name.casefold() else self.name,
            archived=self.archived,
            default_branch=self.branch,
            environments=self.environments,
            candidates=(*sorted(found, key=place), self.merges),
            unread=self.unread,
        )

    def _still_used(self, candidate: Candidate) -> bool:
        return not self._committed_at or candidate.newest >= self._committed_at - _STILL_USED


def _candidate(production: Production, events: Iterable[ProductionEvent]) -> Candidate | None:
    def when(dated: tuple[datetime, ProductionEvent]) -> tuple[datetime, str, str]:
        return dated[0], dated[1].name, dated[1].sha

    dated = sorted(((e.at, e) for e in events if e.at), key=when, reverse=True)
    if not dated:
        return None
    return Candidate(production, tuple(e for _, e in dated[:SHOWN]), len(dated))
