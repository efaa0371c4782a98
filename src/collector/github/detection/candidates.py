"""What a repository offers that might show what reached production, worked out from answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.errors import SourceError
from collector.github.detection.tag_patterns import not_of_a_service
from collector.github.graph import Graph
from collector.github.paging import PagedConnection
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.evidence import BY_MERGE, Production
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.model.production_names import looks_like_production

SHOWN = 10
_STILL_USED = timedelta(days=180)
NOT_OUTDONE = timedelta(days=90)
_AS_NEW = timedelta(days=30)  # of what is named as production, beside what is newer
_SEVERAL = 3  # events, or intervals between them
_MOST_FAMILIES = 5  # of tags, and of releases: where a repository has many parts, each has its own
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way in which a repository might show what reached production.

    `events` are the newest ten that it would count, newest first; `count` is how many such were
    seen in what was looked at. `in_use` is False where the newest is over 180 days older than the
    newest commit of the default branch, or where another outdoes it: then nobody seems to use it
    any more. `notes` are sentences on what it counts.
    """

    production: Production
    events: tuple[ProductionEvent, ...]
    count: int
    in_use: bool = True
    notes: tuple[str, ...] = ()

    @property
    def newest(self) -> datetime:
        """When the newest of its events was, long ago where it has none."""
        return next((event.at for event in self.events if event.at), _EVER)

    def outdoes(self, other: "Candidate") -> bool:
        """Whether this is in use and the other seems to have ended before.

        It ended over 90 days before this one's newest event; or, of another kind, over 30 days and
        three of its own intervals before, with three events of this one since.
        """
        behind = self.newest - other.newest
        if behind > NOT_OUTDONE or self.production.evidence is other.production.evidence:
            return behind > NOT_OUTDONE
        since = sum(event.at is not None and event.at > other.newest for event in self.events)
        interval = other.interval
        return (
            since >= _SEVERAL
            and interval is not None
            and behind > max(_AS_NEW, _SEVERAL * interval)
        )

    @property
    def interval(self) -> timedelta | None:
        """How far its newest events are apart on average, None where they are under three."""
        dated = [event.at for event in self.events if event.at]
        return (dated[0] - dated[-1]) / (len(dated) - 1) if len(dated) >= _SEVERAL else None


@dataclass(frozen=True, slots=True)
class DetectedEvidence:
    """What there is to choose from in a repository.

    `renamed_to` is empty where GitHub still calls it so, `default_branch` where it is empty.
    `environments` are the most used first. `candidates` are the best first; merges always come
    last, without events where they were not looked at. `unread` says why its workflows could not
    be looked at, and is empty where they were, or there was no need. `notes` are sentences on what
    it has that is none of the candidates.
    """

    repository: str
    renamed_to: str
    archived: bool
    default_branch: str
    environments: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    unread: str = ""
    notes: tuple[str, ...] = ()

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
    notes: list[str] = field(default_factory=list)
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

    def add(
        self, production: Production, events: Iterable[ProductionEvent], notes: Sequence[str] = ()
    ) -> None:
        """Add a way of showing production, unless none of these events would count."""
        if candidate := _candidate(production, events):
            used = self._still_used(candidate)
            self._candidates.append(replace(candidate, in_use=used, notes=tuple(notes)))

    def add_merges(self, events: Iterable[ProductionEvent]) -> None:
        """Have `events` for the merges: they are in use wherever there is a commit."""
        self.merges = _candidate(BY_MERGE, events) or self.merges

    def detected(self, best_first: Sequence[Evidence]) -> DetectedEvidence | SourceError:
        """Return what was found, in the order of its kinds, or the problem."""
        if self.problem:
            return self.problem

        found = [
            replace(c, in_use=c.in_use and not any(o.outdoes(c) for o in self._candidates))
            for c in self._candidates
        ]
        shown = [c for kind in best_first for c in _of_kind(kind, found)]
        return DetectedEvidence(
            repository=self.asked,
            renamed_to="" if self.asked.casefold() == self.name.casefold() else self.name,
            archived=self.archived,
            default_branch=self.branch,
            environments=self.environments,
            candidates=(*sorted(shown, key=lambda c: not c.in_use), self.merges),
            unread=self.unread,
            notes=(*self.notes, *filter(None, map(not_of_a_service, self.environments))),
        )

    def _still_used(self, candidate: Candidate) -> bool:
        return not self._committed_at or candidate.newest >= self._committed_at - _STILL_USED


def _of_kind(kind: Evidence, found: Iterable[Candidate]) -> list[Candidate]:
    """Return at most five of a kind: those in use first, then as production, then the newest."""
    own = [candidate for candidate in found if candidate.production.evidence is kind]
    latest = max((candidate.newest for candidate in own), default=_EVER)

    def place(candidate: Candidate) -> tuple[bool, bool, timedelta]:
        age = latest - candidate.newest
        named = age <= _AS_NEW and looks_like_production(candidate.events[0].name)
        return not candidate.in_use, not named, age

    return sorted(own, key=place)[:_MOST_FAMILIES]


def _candidate(production: Production, events: Iterable[ProductionEvent]) -> Candidate | None:
    def when(dated: tuple[datetime, ProductionEvent]) -> tuple[datetime, str, str]:
        return dated[0], dated[1].name, dated[1].sha

    dated = sorted(((e.at, e) for e in events if e.at), key=when, reverse=True)
    if not dated:
        return None
    return Candidate(production, tuple(e for _, e in dated[:SHOWN]), len(dated))
