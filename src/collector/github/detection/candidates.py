"""What a repository offers that might show what reached production, worked out from answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector.errors import SourceError
from collector.github.commits import read_commits
from collector.github.detection.tag_patterns import TagFamily, families, looks_like_production
from collector.github.evidence.listed import ListedFeed
from collector.github.evidence.merge import merge_line
from collector.github.graph import Graph
from collector.github.paging import PagedConnection
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.model.plan import RepositorySource

SHOWN = 10
_STILL_USED = timedelta(days=180)
_NOT_OUTDONE = timedelta(days=90)
_MOST_FAMILIES = 5  # of tags, and of releases: where a repository has many parts, each has its own
_HISTORY = 40  # commits of a page
_EVER = datetime.min.replace(tzinfo=UTC)
_BEST_FIRST = (Evidence.DEPLOYMENT, Evidence.RELEASE, Evidence.TAG, Evidence.WORKFLOW)
ALL_RELEASES = Production(Evidence.RELEASE, pattern=".*")
ALL_TAGS = Production(Evidence.TAG, pattern=".*")


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
class Survey:
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


@dataclass(slots=True)
class RepositorySurvey:
    """One repository, as far as it was looked at; `problem` says why that was not far enough.

    `zone` and `html` are as for `ListedFeed`.
    """

    asked: str
    zone: ZoneInfo
    html: str
    name: str = ""  # as GitHub names it today
    archived: bool = False
    branch: str = ""
    head: str = ""
    environments: tuple[str, ...] = ()
    more_deployed: bool = False  # than the newest deployments, which told the environments
    unread: str = ""
    problem: SourceError | None = None
    _committed_at: datetime | None = None
    _candidates: list[Candidate] = field(default_factory=list)
    _merges: Candidate = Candidate(Production(), (), 0)
    _graph: Graph = field(default_factory=lambda: Graph(stored={}))
    _history: PagedConnection = field(init=False)

    def __post_init__(self) -> None:
        self._history = PagedConnection(self.asked)

    @property
    def settled(self) -> bool:
        """Whether something better than merges was found."""
        return any(candidate.in_use for candidate in self._candidates)

    @property
    def deployed(self) -> Production | None:
        """Deployments to what looks like production, None where nothing does."""
        found = tuple(sorted(filter(looks_like_production, self.environments)))
        return Production(Evidence.DEPLOYMENT, environments=found) if found else None

    @property
    def next_history(self) -> str | None:
        """The paging arguments of the history to ask next, None where enough merges are known."""
        enough = len(self._merges.events) >= SHOWN or not self.branch or not self._history.more
        return None if enough else self._history.arguments(_HISTORY)

    def source(self, production: Production) -> RepositorySource:
        """Return the repository as it would be configured."""
        return RepositorySource(self.name, production)

    def take(self, answer: Mapping[str, Any]) -> None:
        """Take names, the newest deployments' environments, releases and tags."""
        self.name = pick(answer, "nameWithOwner", str)
        self.archived = pick(answer, "isArchived", bool)
        branch = pick_nullable(answer, "defaultBranchRef", dict)
        if branch is not None:
            self.branch, self.head = pick(branch, "name", str), pick(branch, "target.oid", str)
            self._committed_at = instant(branch, "target.committedDate")
        deployments = pick(answer, "deployments.nodes", list)
        self.more_deployed = pick(answer, "deployments.totalCount", int) > len(deployments)
        self.take_environments(pick_nullable(node, "environment", str) for node in deployments)
        releases, tags = pick(answer, "releases", dict), pick(answer, "refs", dict)
        full = [event.name for event in self._listed(ALL_RELEASES, releases)]
        for family in families(full) or [TagFamily(ALL_RELEASES.pattern, "", ())]:
            self.add_listed(Production(Evidence.RELEASE, pattern=family.pattern), releases)
        for family in families(event.name for event in self._listed(ALL_TAGS, tags)):
            self.add_listed(Production(Evidence.TAG, pattern=family.pattern, at=family.at), tags)

    def take_environments(self, names: Iterable[str | None]) -> None:
        """Take names of environments; those that are known and come first stay first."""
        counted = Counter(filter(None, names))
        self.environments = tuple(
            dict.fromkeys([*self.environments, *(name for name, _ in counted.most_common())])
        )

    def take_history(self, page: Mapping[str, Any], until: datetime) -> None:
        """Take the next page of commits of the default branch, newest first, asked at `until`."""
        commits = self._history.take(page)
        self._graph.add(read_commits(commits, self.name, self.name, ()), on_branch=True)
        line = merge_line(
            self._graph,
            head=self.head,
            branch=self.branch,
            since=_EVER,
            until=until,
            known={},
            commit_url=f"{self.html}/{self.name}/commit",
        )
        self._merges = self._candidate(Production(), line.events) or self._merges

    def add_listed(self, production: Production, page: Mapping[str, Any]) -> None:
        """Add what counts as `production` of a page of deployments, releases or tags."""
        self.add(production, self._listed(production, page))

    def add(self, production: Production, events: Iterable[ProductionEvent]) -> None:
        """Add a way of showing production, unless none of these events would count."""
        of_its_kind = [c for c in self._candidates if c.production.evidence is production.evidence]
        candidate = self._candidate(production, events)
        if candidate and len(of_its_kind) < _MOST_FAMILIES:
            self._candidates.append(candidate)

    def survey(self) -> Survey | SourceError:
        """Return what was found, the best first, or the problem."""
        if self.problem:
            return self.problem

        latest = max((c.newest for c in self._candidates), default=_EVER)
        found = [
            replace(c, in_use=c.in_use and latest - c.newest <= _NOT_OUTDONE)
            for c in self._candidates
        ]

        def place(candidate: Candidate) -> tuple[bool, int]:
            return not candidate.in_use, _BEST_FIRST.index(candidate.production.evidence)

        return Survey(
            repository=self.asked,
            renamed_to="" if self.asked.casefold() == self.name.casefold() else self.name,
            archived=self.archived,
            default_branch=self.branch,
            environments=self.environments,
            candidates=(*sorted(found, key=place), self._merges),
            unread=self.unread,
        )

    def _listed(self, production: Production, page: Mapping[str, Any]) -> list[ProductionEvent]:
        feed = ListedFeed(
            self.source(production),
            self.zone,
            since=_EVER,
            back_to=None,
            needs_seed=False,
            html=self.html,
        )
        feed.take(page)
        return feed.events()

    def _candidate(
        self, production: Production, events: Iterable[ProductionEvent]
    ) -> Candidate | None:
        def when(dated: tuple[datetime, ProductionEvent]) -> tuple[datetime, str, str]:
            return dated[0], dated[1].name, dated[1].sha

        dated = sorted(((e.at, e) for e in events if e.at), key=when, reverse=True)
        if not dated:
            return None
        newest = dated[0][0]
        merged = production.evidence is Evidence.MERGE
        in_use = merged or not self._committed_at or newest >= self._committed_at - _STILL_USED
        return Candidate(production, tuple(e for _, e in dated[:SHOWN]), len(dated), in_use)
