"""Runs of a workflow for pull requests, begun only once those were merged: none of them counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from collector.errors import SourceError
from collector.github.evidence.workflow_runs import Run
from collector.json_fields import instant, pick, pick_nullable
from evaluator.model.facts import Reason

_EVENTS = frozenset({"pull_request", "pull_request_target"})
_ASKED = 5  # pull requests at either end


class Merged(NamedTuple):
    """A run that began once its pull request was merged, which left `sha` on the branch.

    `first` is whether there is none before it.
    """

    run: Run
    number: int
    sha: str
    first: bool


@dataclass(frozen=True, slots=True)
class RunsOnMerge:
    """Tells runs that a merge began from those that tested something before it.

    `get` answers a path below the repository, and `branch` is the one into which was merged.
    GitHub says of a run on which pull request it was only while that is open, so that it is asked
    for those of the run's commit, at most ten times.
    Source: GitHub `GET /repos/{repo}/commits/{sha}/pulls`. Errors: SourceError.
    """

    get: Callable[[str], Any]
    branch: str

    def oldest(self, runs: Iterable[Run]) -> Merged | None:
        """Return the oldest of them that is found, None where there is none."""
        last = _last_for_each_branch(runs)
        if (found := self._any_of(last[:_ASKED])) is not None:
            return Merged(*found, first=True)
        found = self._any_of(last[_ASKED:][-_ASKED:])
        return Merged(*found, first=False) if found else None

    def are_among(self, runs: Iterable[Run]) -> bool:
        """Return whether one of the newest of `runs` is one."""
        return self._any_of(_last_for_each_branch(runs)[-_ASKED:]) is not None

    def _any_of(self, runs: Iterable[Run]) -> tuple[Run, int, str] | None:
        for run in runs:
            for pull in self._pulls(pick(run, "head_sha", str)):
                if self._began(run, pull):
                    return run, pick(pull, "number", int), pick(pull, "merge_commit_sha", str)
        return None

    def _pulls(self, sha: str) -> Sequence[Any]:
        try:
            answer = {"pulls": self.get(f"commits/{sha}/pulls")}
        except SourceError as error:
            if error.reason is Reason.NOT_FOUND:  # its commit is gone
                return ()
            raise
        return pick(answer, "pulls", list)

    def _began(self, run: Run, pull: Any) -> bool:
        """Return whether the merge of a pull request into the branch came before its run."""
        if pick_nullable(pull, "merged_at", str) is None:
            return False
        is_its_own = pick(pull, "head.sha", str) == pick(run, "head_sha", str)
        into = pick(pull, "base.ref", str)
        return is_its_own and into == self.branch and instant(pull, "merged_at") <= _begun(run)


def for_pull_requests(runs: Iterable[Run]) -> Iterator[Run]:
    """Yield the runs that were begun by what happened to a pull request."""
    return (run for run in runs if pick(run, "event", str) in _EVENTS)


def _last_for_each_branch(runs: Iterable[Run]) -> list[Run]:
    """Return the last run for each branch of a pull request, oldest first."""
    oldest_first = sorted(for_pull_requests(runs), key=_begun)
    last = {pick_nullable(run, "head_branch", str): run for run in oldest_first}
    return sorted(last.values(), key=_begun)


def _begun(run: Run) -> datetime:
    return instant(run, "created_at")
