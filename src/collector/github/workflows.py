"""Evidence `workflow`: successful runs, over REST through PyGithub (GraphQL lists no runs)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from github import Github
from github.Workflow import Workflow
from github.WorkflowRun import WorkflowRun

from collector.errors import SourceUnavailableError
from collector.github.answers import PAGE
from collector.github.feeds import LATE
from collector.github.library import asking_github
from evaluator.model.facts import Evidence, ProductionEvent, Reason
from evaluator.model.plan import RepositorySource

_MOST_RUNS = 1000  # GitHub shows no more of one question
_SHORTEST = timedelta(minutes=1)


@dataclass(slots=True)
class WorkflowRuns:
    """The successful runs of one repository's production workflow. `requests` counts as it goes.

    Source: GitHub `GET /repos/{repo}/actions/workflows/{file}/runs`. An event's `at` is when its
    run was last updated, for a finished run its success; the store keeps the earliest seen.
    Errors: SourceError, as everywhere.
    """

    api: Github
    source: RepositorySource
    requests: int = 0

    def since(
        self, begin: datetime, now: datetime, branch: str, *, seed_before: datetime | None
    ) -> list[ProductionEvent]:
        """Return runs on `branch` created from `begin` on, less 35 days for those run again later.

        Where `seed_before` is given and no event is earlier than it, the newest run that was
        created before all of these is added.
        """
        begin -= LATE
        about = f"workflow {self.source.production.workflow} of {self.source.repository}"
        missing = (
            f"GitHub does not show {about} to this token (404). Check `workflow` in teams.yaml, "
            "and that the token may read actions."
        )
        with asking_github(about, refused={404: missing}):
            workflow = self.api.get_repo(self.source.repository).get_workflow(
                self.source.production.workflow
            )
            events = [self._event(run) for run in self._runs(workflow, branch, begin, now)]
            if seed_before and not any(e.at and e.at < seed_before for e in events):
                self.requests += 1
                older = workflow.get_runs(
                    branch=branch, status="success", created=f"<{_text(begin)}"
                ).get_page(0)
                events += [self._event(run) for run in older[:1]]
        return events

    def _runs(
        self, workflow: Workflow, branch: str, begin: datetime, end: datetime
    ) -> Iterator[WorkflowRun]:
        created = f"{_text(begin)}..{_text(end)}"
        listed = workflow.get_runs(branch=branch, status="success", created=created)
        runs = list(listed)
        self.requests += max(1, ceil(len(runs) / PAGE))
        if listed.totalCount <= len(runs) < _MOST_RUNS:
            yield from runs
        elif len(runs) < _MOST_RUNS or end - begin < _SHORTEST:
            raise SourceUnavailableError(
                Reason.SOURCE_DOWN,
                f"GitHub says that {self.source.repository} has more runs than it gave. "
                "The next run reads them again.",
            )
        else:
            middle = begin + (end - begin) / 2
            yield from self._runs(workflow, branch, begin, middle)
            yield from self._runs(workflow, branch, middle, end)

    def _event(self, run: WorkflowRun) -> ProductionEvent:
        return ProductionEvent(
            repository=self.source.repository,
            kind=Evidence.WORKFLOW,
            ident=str(run.id),
            sha=run.head_sha,
            name=self.source.production.workflow,
            at=run.updated_at,
            url=run.html_url,
        )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
