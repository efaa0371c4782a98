"""Reads a repository of the sandbox, again and again, as the jobs do."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from collector.github.collector import GitHubCollector
from collector.source_read import Task
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Commit, ProductionEvent, Reading, Written
from evaluator.model.plan import RepositorySource
from evaluator.reach import reach

SHOP = "acme/shop"
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
MARCH = datetime(2026, 3, 3, tzinfo=UTC)


def at(day: int, hour: int = 12, month: int = 3) -> datetime:
    """An instant in 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@dataclass
class Clock:
    """What the time is; it stands still until it is moved."""

    now: datetime = NOW


@dataclass
class Read:
    """Collects one repository and keeps what a store would keep of it."""

    collector: GitHubCollector
    since: datetime = MARCH
    bookmark: str = ""
    read_started: datetime | None = None
    number: str = ""
    commits: dict[str, Commit] = field(default_factory=dict)
    events: dict[tuple[str, str], ProductionEvent] = field(default_factory=dict)
    last: Reading | None = None

    def __call__(
        self,
        production: Production | tuple[Delivery, ...],
        *,
        repository: str = SHOP,
        paths: tuple[str, ...] = (),
        bots: tuple[str, ...] = (),
    ) -> Reading:
        """Read once, as one run would: ask what is new, and read only if something is."""
        task = self.task(production, repository=repository, paths=paths, bots=bots)
        readings, to_read = self.collector.whats_new([task])
        if to_read:
            task = replace(
                task,
                known_commits={sha: c.parents for sha, c in self.commits.items()},
                known_written={
                    sha: Written(commit.written_at, commit.first_sha)
                    for sha, commit in self.commits.items()
                    if commit.written_at
                },
                known_events=tuple(self.events.values()),
            )
            readings = [self.collector.read(task)]
        (reading,) = readings
        if reading.coverage.reason is None:
            self.bookmark = reading.bookmark
            self.read_started = reading.coverage.read_started
            self.number = reading.coverage.number
        before = {sha: commit.rewrites for sha, commit in self.commits.items()}
        self.commits |= {
            commit.sha: replace(commit, rewrites=before.get(commit.sha) or commit.rewrites)
            for commit in reading.commits
        }
        self.events |= {(event.ident, event.sha): event for event in reading.events}
        self.last = reading
        return reading

    def task(
        self,
        production: Production | tuple[Delivery, ...],
        *,
        repository: str = SHOP,
        paths: tuple[str, ...] = (),
        bots: tuple[str, ...] = (),
    ) -> Task:
        """What the next run is given before it knows whether anything is new."""
        deliveries = production if isinstance(production, tuple) else (Delivery((production,)),)
        return Task(
            RepositorySource(repository, deliveries, paths, bots),
            self.since,
            self.bookmark,
            read_started=self.read_started,
            number=self.number,
        )

    def reached(self, begin: datetime | None = None) -> dict[str, datetime]:
        """When each known commit reached production, from `begin` (the window's) on."""
        parents = {sha: commit.parents for sha, commit in self.commits.items()}
        found = reach(parents, self.events.values())
        return {
            sha: event.at
            for sha, event in found.items()
            if event.at and event.at >= (begin or self.since)
        }


def times(read: Read) -> list[str]:
    """The name, day and time of every event that has one."""
    return sorted(f"{e.name} {e.at:%d %H:%M}" for e in read.events.values() if e.at)


def listed(answer: Any) -> dict[str, dict[str, Any]]:
    """The releases or tags of an answer, by name."""
    (repository,) = answer["data"].values()
    nodes = repository["feed"]["nodes"]
    return {node.get("tagName") or node["name"]: node for node in nodes}
