"""The commit graph of one repository, and what of it must still be read.

It is closed when every commit that was read, and that no event before the window reaches, has
all its parents known: then reach over it is right.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collector.github.commits import ReadCommit
from evaluator.model.production_events import too_old

_SKEW = timedelta(days=1)  # clocks of committers differ; a child may look older than its parent
_AT_THE_MERGE = timedelta(minutes=1)  # between a merge and the date of the commit that it made
_NEAR = 50  # commits looked at on one line


@dataclass(slots=True)
class Graph:
    """Stored edges, commits read in this run, and which of them were seen on the branch."""

    stored: Mapping[str, tuple[str, ...]]
    read: dict[str, ReadCommit] = field(default_factory=dict)
    on_branch: set[str] = field(default_factory=set)
    # Shas that GitHub no longer has, with the empty one of an event that leads to no commit.
    gone: set[str] = field(default_factory=lambda: {""})

    def add(self, commits: Iterable[ReadCommit], *, on_branch: bool) -> None:
        """Take commits that were just read."""
        for item in commits:
            self.read[item.commit.sha] = item
            if on_branch:
                self.on_branch.add(item.commit.sha)

    def parents(self, sha: str) -> tuple[str, ...] | None:
        """The parents of a known commit, None for an unknown one."""
        if sha in self.read:
            return self.read[sha].commit.parents
        return self.stored.get(sha)

    def reached_from(self, shas: Iterable[str]) -> set[str]:
        """Every known commit among `shas` and their ancestors."""
        found: set[str] = set()
        todo = list(shas)
        while todo:
            sha = todo.pop()
            if sha in found:
                continue
            parents = self.parents(sha)
            if parents is not None:
                found.add(sha)
                todo += parents
        return found

    def merged_behind(self, sha: str) -> datetime | None:
        """When GitHub made the nearest commit on the first-parent line from `sha` that it made.

        A commit that a merge made has GitHub's date, others have their committers'. None where no
        near one was read.
        """
        for _ in range(_NEAR):
            item = self.read.get(sha)
            if item is None:
                return None
            made = item.commit.committed_at
            if any(abs(at - made) <= _AT_THE_MERGE for _, at in item.merged_into):
                return made
            sha = next(iter(item.commit.parents), "")
        return None

    def oldest_on_branch(self) -> datetime | None:
        """The earliest committer date seen on the branch in this run."""
        dates = (self.read[sha].commit.committed_at for sha in self.on_branch)
        return min(dates, default=None)


@dataclass(frozen=True, slots=True)
class KnownEvents:
    """The events known so far: (when, which sha), in order of time.

    `cut` says that more of the branch must be read before these are all (evidence `merge`);
    `idle` are those of which nothing says, so far, that they count.
    """

    events: tuple[tuple[datetime, str], ...]
    cut: bool = False
    idle: frozenset[tuple[datetime, str]] = frozenset()

    @property
    def counted(self) -> list[tuple[datetime, str]]:
        """Those that count."""
        return [event for event in self.events if event not in self.idle]


@dataclass(frozen=True, slots=True)
class Missing:
    """What must still be read: the branch further on, and these shas, which are not on it."""

    along_branch: bool
    by_sha: tuple[str, ...]


def missing(
    graph: Graph,
    known: KnownEvents,
    since: datetime,
    dated: Mapping[str, datetime],
    *,
    branch_has_more: bool,
) -> Missing:
    """Say what must still be read before `graph` is closed for a window that begins at `since`.

    `dated` has the committer dates of events' commits where GitHub gave them. A sha is looked for
    along the branch where its child is on the branch, or where it is older than all read there.
    """
    if not known.events:
        return Missing(branch_has_more and known.cut, ())
    settled = _settled(graph, known.counted, since)
    needed: dict[str, tuple[bool, datetime | None]] = {}
    oldest_needed: datetime | None = None
    for sha, item in graph.read.items():
        if sha in settled:
            continue
        at = item.commit.committed_at
        oldest_needed = at if oldest_needed is None else min(oldest_needed, at)
        for parent in item.commit.parents:
            if graph.parents(parent) is None and parent not in graph.gone:
                on_branch = sha in graph.on_branch or needed.get(parent, (False, None))[0]
                needed[parent] = (on_branch, at)
    for sha in _event_shas(known, since, dated, oldest_needed):
        if graph.parents(sha) is None and sha not in graph.gone:
            needed.setdefault(sha, (False, dated.get(sha)))
    if not branch_has_more:  # a parent that the whole history does not show is not to be had
        return Missing(False, tuple(sorted(sha for sha, (on, _) in needed.items() if not on)))
    oldest = graph.oldest_on_branch()
    along = {sha for sha, (on, at) in needed.items() if on or (at and oldest and at < oldest)}
    return Missing(known.cut or bool(along), tuple(sorted(set(needed) - along)))


def _settled(graph: Graph, events: Sequence[tuple[datetime, str]], since: datetime) -> set[str]:
    """The commits behind which nothing matters: no later event can be the first to reach it.

    Without an event before the window the first one is the baseline: what it reaches and is older
    than 14 days does not count, so nothing behind such a commit matters either.
    """
    before = [sha for at, sha in events if at < since]
    if before:
        return graph.reached_from(before)
    if not events:
        return set(graph.read)
    first_at, first_sha = events[0]
    return {
        sha
        for sha in graph.reached_from([first_sha])
        if sha not in graph.read or too_old(graph.read[sha].commit.committed_at, first_at)
    }


def _event_shas(
    known: KnownEvents,
    since: datetime,
    dated: Mapping[str, datetime],
    oldest_needed: datetime | None,
) -> list[str]:
    """The commits of events that matter: in the window, the seed, and older ones that could reach.

    The seed is one that counts, with those after it of which that cannot be told yet.

    An event before the seed matters only if it may have brought a commit to production that a
    later event reaches too: then its own commit is no older than that one.
    """
    inside = [sha for at, sha in known.events if at >= since]
    before = [event for event in known.events if event[0] < since]
    seed = max((index for index, each in enumerate(before) if each not in known.idle), default=0)
    may_reach = [
        sha
        for _, sha in before[:seed]
        if oldest_needed and sha in dated and dated[sha] >= oldest_needed - _SKEW
    ]
    return inside + [sha for _, sha in before[seed:]] + may_reach
