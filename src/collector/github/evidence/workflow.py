"""Evidence `workflow`: successful runs, over REST (GraphQL lists no runs)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from collector.errors import SourceError
from collector.github.evidence.feeds import LATE
from collector.github.paging import PAGE, SHRUNK, inconsistent
from collector.json_fields import instant, pick, pick_nullable
from collector.transport import Transport
from evaluator.model.facts import Evidence, ProductionEvent, Reason
from evaluator.model.plan import RepositorySource

_MOST_RUNS = 1000  # GitHub shows no more of one question
_BEFORE_ALL = "2008-01-01"
_SHORTEST = timedelta(minutes=1)


@dataclass(slots=True)
class WorkflowRuns:
    """The successful runs of one repository's production workflow.

    Source: GitHub `GET /repos/{repo}/actions/workflows/{file}/runs`. An event's `at` is when its
    run was last updated, for a finished run its success; the store keeps the earliest seen.
    Errors: SourceError, as everywhere.
    """

    transport: Transport
    api_url: str
    source: RepositorySource

    def since(
        self, begin: datetime, now: datetime, branch: str, *, seed_before: datetime | None
    ) -> list[ProductionEvent]:
        """Return runs on `branch` created from `begin` on, less 35 days for those run again later.

        Where `seed_before` is given and no event is earlier than it, the newest run that was
        created before all of these is added.
        """
        begin -= LATE
        events = [self._event(run) for run in self._runs(branch, begin, now) if is_ours(run)]
        if seed_before and not any(e.at and e.at < seed_before for e in events):
            events += self._newest_before(begin, branch)
        return events

    def newest(self, branch: str) -> list[ProductionEvent]:
        """Return the newest runs on `branch`, at most 30."""
        page = self._page(branch, f">={_BEFORE_ALL}", size=30)
        return [self._event(run) for run in pick(page, "workflow_runs", list) if is_ours(run)]

    def _newest_before(self, begin: datetime, branch: str) -> list[ProductionEvent]:
        for number in range(1, _MOST_RUNS // PAGE + 1):  # forks' runs may fill the first ones
            page = self._page(branch, f"<{_text(begin)}", number)
            runs = pick(page, "workflow_runs", list)
            if found := next(filter(is_ours, runs), None):
                return [self._event(found)]
            if len(runs) < PAGE:
                break
        return []

    def _runs(self, branch: str, begin: datetime, end: datetime) -> Iterator[Mapping[str, Any]]:
        created = f"{_text(begin)}..{_text(end)}"
        runs: dict[int, Mapping[str, Any]] = {}
        total, number, more = 0, 0, True
        while more and len(runs) < _MOST_RUNS:
            number += 1
            page = self._page(branch, created, number)
            before, total = total, pick(page, "total_count", int)
            if total < before:
                raise inconsistent(self._about, SHRUNK)
            found = {pick(run, "id", int): run for run in pick(page, "workflow_runs", list)}
            more = bool(found.keys() - runs.keys()) and len(runs | found) < total
            runs |= found
        if len(runs) >= total and total < _MOST_RUNS:  # else the total may be cut like the list
            yield from runs.values()
        elif len(runs) < _MOST_RUNS or end - begin < _SHORTEST:
            raise inconsistent(self._about, "says that there is more than it gave")
        else:
            middle = begin + (end - begin) / 2
            yield from self._runs(branch, begin, middle)
            yield from self._runs(branch, middle, end)

    def _page(self, branch: str, created: str, page: int = 1, *, size: int = PAGE) -> Any:
        repository = self.source.repository
        workflow = quote(self.source.production.workflow, safe="")
        asked = {"branch": branch, "status": "success", "created": created}
        try:
            return self.transport.get(
                f"{self.api_url}/repos/{repository}/actions/workflows/{workflow}/runs",
                about=self._about,
                params={**asked, "per_page": size, "page": page},
            )
        except SourceError as refused:
            if refused.reason is not Reason.NOT_FOUND:
                raise
            advice = "Check `workflow` in teams.yaml too, and that the token may read actions."
            raise refused.advising(advice) from None

    @property
    def _about(self) -> str:
        return f"workflow {self.source.production.workflow} of {self.source.repository}"

    def _event(self, run: Mapping[str, Any]) -> ProductionEvent:
        return ProductionEvent(
            repository=self.source.repository,
            kind=Evidence.WORKFLOW,
            ident=str(pick(run, "id", int)),
            sha=pick(run, "head_sha", str),
            name=self.source.production.workflow,
            at=instant(run, "updated_at"),
            url=pick(run, "html_url", str),
        )


def is_ours(run: Mapping[str, Any]) -> bool:
    """Whether a run is of the repository's own branch, and not of a pull request.

    GitHub also lists runs for pull requests of forks, whose branch may have the same name. Names
    of repositories change, so their ids are compared; a fork that was removed is null.
    """
    if run.get("event") == "pull_request":
        return False
    if "head_repository" not in run:
        return True
    head = pick_nullable(run, "head_repository", dict)
    return head is not None and pick(head, "id", int) == pick(run, "repository.id", int)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
