"""History that was rewritten: after a push with force, which commits are older ones made anew."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from collector.github.commits import ReadCommit
from collector.github.evidence.base import BranchRead
from collector.github.repository_bookmark import RepositoryBookmark
from collector.source_read import Task
from evaluator.model.facts import Written

_Parents = Callable[[str], Sequence[str] | None]
_Kind = tuple[datetime | None, int]  # when a commit was first made, and its number of parents


def rewritten(task: Task, branch: BranchRead) -> dict[str, str]:
    """Return, by sha, which commit each one that was read is anew, by the sha that had first.

    There are none unless the head of the last read is no ancestor of the head of now. Then a
    commit that is new on the branch is one that is on it no more, of the same instant of writing
    and number of parents; of several the oldest, and each stands for one. What was written before
    all that was ever read, and was merged by no pull request since, is one of those never read.
    """
    before = RepositoryBookmark.of(task.bookmark).head_of(branch.name) if task.bookmark else ""
    graph = branch.graph

    def parents(sha: str) -> Sequence[str] | None:
        found = graph.parents(sha)
        return task.known_commits.get(sha) if found is None else found

    if not before or before not in task.known_commits:
        return {}
    now = dict.fromkeys(_oldest_first(branch.head, parents))
    if before in now:
        return {}
    then = dict.fromkeys(_oldest_first(before, parents))
    left = _by_kind((sha for sha in then if sha not in now), task.known_written, parents)
    new = {sha: graph.read[sha] for sha in now if sha not in then and sha in graph.read}
    found: dict[str, str] = {}
    for sha, item in new.items():
        if same := left.get((item.commit.written_at, len(item.commit.parents))):
            found[sha] = same.popleft()
    oldest = next((sha for sha in then if _goes_on_unread(sha, parents)), None)
    if oldest is None:
        return found
    first = task.known_written[oldest].first_sha if oldest in task.known_written else oldest
    return {sha: first for sha, item in new.items() if _was_there(item, task)} | found


def _oldest_first(head: str, parents: _Parents) -> Iterator[str]:
    """Yield `head` and its known ancestors, each after its parents."""
    seen: set[str] = set()
    todo = [(head, False)]
    while todo:
        sha, after_parents = todo.pop()
        if after_parents:
            yield sha
            continue
        before = parents(sha)
        if sha in seen or before is None:
            continue
        seen.add(sha)
        todo.append((sha, True))
        todo += [(parent, False) for parent in reversed(before)]


def _by_kind(
    shas: Iterable[str], written: Mapping[str, Written], parents: _Parents
) -> dict[_Kind, deque[str]]:
    """Return the first shas of the commits, in order, of each kind."""
    found: defaultdict[_Kind, deque[str]] = defaultdict(deque)
    for sha in shas:
        if sha in written:
            found[written[sha].at, len(parents(sha) or ())].append(written[sha].first_sha)
    return found


def _goes_on_unread(sha: str, parents: _Parents) -> bool:
    return any(parents(parent) is None for parent in parents(sha) or ())


def _was_there(item: ReadCommit, task: Task) -> bool:
    """Whether a commit is as old as what was never read, and not merged since the last read."""
    written, read = item.commit.written_at, task.read_started
    since = [at for _, at in item.merged_into if read is None or at >= read]
    return written is not None and written < task.since and not since
