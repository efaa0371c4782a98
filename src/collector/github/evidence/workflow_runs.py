"""Runs of a workflow, as GitHub lists them over REST: GraphQL lists none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from collector.errors import SourceError
from collector.github.evidence.base import EventSource
from collector.github.paging import PAGE, SHRUNK, inconsistent
from collector.json_fields import pick, pick_nullable
from collector.transport import Transport
from evaluator.model.evidence import matches_text
from evaluator.model.facts import Reason

_MOST_RUNS = 1000  # GitHub shows no more of one question
_BEFORE_ALL = "2008-01-01"
_SHORTEST = timedelta(minutes=1)

Run = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WorkflowRuns:
    """The runs of one workflow of a repository on its production branch.

    `branch` is the one that is read where configuration has no pattern for the names of several.
    Source: GitHub `GET /repos/{repo}/actions/workflows/{file}/runs`.
    Errors: SourceError, as everywhere.
    """

    transport: Transport
    api_url: str
    source: EventSource
    workflow: str
    branch: str

    @property
    def about(self) -> str:
        """What errors say is being read."""
        return f"workflow {self.workflow} of {self.source.repository}"

    def is_missing(self) -> bool:
        """Whether GitHub lists the repository's workflows, and this is none of them."""
        page = self.transport.get(
            f"{self.api_url}/repos/{self.source.repository}/actions/workflows",
            about=f"the workflows of {self.source.repository}",
            params={"per_page": PAGE},
        )
        paths = [pick(each, "path", str) for each in pick(page, "workflows", list)]
        return not any(path.rpartition("/")[2] == self.workflow for path in paths)

    def newest(self) -> list[Run]:
        """Return the newest of those that succeeded, at most 30."""
        page = self._page(f">={_BEFORE_ALL}", size=30, status="success")
        return [*filter(self._counts, pick(page, "workflow_runs", list))]

    def before(self, begin: datetime) -> Iterator[Run]:
        """Yield those created before `begin`, newest first, however they ended, at most 1,000."""
        for number in range(1, _MOST_RUNS // PAGE + 1):
            runs = pick(self._page(f"<{_text(begin)}", number), "workflow_runs", list)
            yield from filter(self._counts, runs)
            if len(runs) < PAGE:
                break

    def between(self, begin: datetime, end: datetime) -> Iterator[Run]:
        """Yield those created from `begin` to `end`, however they ended."""
        return filter(self._counts, self._between(begin, end))

    def _between(self, begin: datetime, end: datetime) -> Iterator[Run]:
        created = f"{_text(begin)}..{_text(end)}"
        runs: dict[int, Run] = {}
        total, number, more = 0, 0, True
        while more and len(runs) < _MOST_RUNS:
            number += 1
            page = self._page(created, number)
            before, total = total, pick(page, "total_count", int)
            if total < before:
                raise inconsistent(self.about, SHRUNK)
            found = {pick(run, "id", int): run for run in pick(page, "workflow_runs", list)}
            more = bool(found.keys() - runs.keys()) and len(runs | found) < total
            runs |= found
        if len(runs) >= total and total < _MOST_RUNS:  # else the total may be cut like the list
            yield from runs.values()
        elif len(runs) < _MOST_RUNS or end - begin < _SHORTEST:
            raise inconsistent(self.about, "says that there is more than it gave")
        else:
            middle = begin + (end - begin) / 2
            yield from self._between(begin, middle)
            yield from self._between(middle, end)

    def _page(self, created: str, page: int = 1, *, size: int = PAGE, status: str = "") -> Any:
        asked = {"created": created}
        asked |= {"status": status} if status else {}
        asked |= {} if self._pattern else {"branch": self.branch}
        workflow = quote(self.workflow, safe="")
        try:
            return self.transport.get(
                f"{self.api_url}/repos/{self.source.repository}/actions/workflows/{workflow}/runs",
                about=self.about,
                params={**asked, "per_page": size, "page": page},
            )
        except SourceError as refused:
            if refused.reason is not Reason.NOT_FOUND:
                raise
            advice = "Check `workflow` in teams.yaml too, and that the token may read actions."
            raise refused.advising(advice) from None

    def _counts(self, run: Run) -> bool:
        return is_ours(run) and (not self._pattern or on_branch(run, self._pattern))

    @property
    def _pattern(self) -> str:
        """What the branches' names fit, empty where it is one branch."""
        production = self.source.production
        return (production.branch or "") if production.history_branch is None else ""


def is_ours(run: Run) -> bool:
    """Whether a run is of one of the repository's own branches, and not of a pull request.

    GitHub also lists runs for pull requests of forks, whose branch may have the same name. Names
    of repositories change, so their ids are compared; a fork that was removed is null.
    """
    if run.get("event") == "pull_request":
        return False
    if "head_repository" not in run:
        return True
    head = pick_nullable(run, "head_repository", dict)
    return head is not None and pick(head, "id", int) == pick(run, "repository.id", int)


def on_branch(run: Run, pattern: str) -> bool:
    """Whether a run is of a branch whose name is `pattern`, or fits it."""
    name = pick_nullable(run, "head_branch", str)
    return name is not None and matches_text(pattern, name)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_page(source: EventSource, run: Run) -> str:
    """Return where people see a run."""
    made = str(pick(run, "id", int))
    return source.page(pick(run, "html_url", str), "actions", "runs", made)
