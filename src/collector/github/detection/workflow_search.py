"""Which workflows of a repository deploy it, on which branches, and by way of which others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.github.detection.callers import by_file, callers
from collector.github.detection.candidates import RepositoryDetection
from collector.github.detection.release_branches import branch_pattern
from collector.github.detection.runs_elsewhere import Run, branches_of, own
from collector.github.detection.tag_patterns import looks_like_deploying
from collector.github.evidence.base import EventSource, examples
from collector.github.evidence.workflow_runs import WorkflowRuns, on_branch
from collector.json_fields import instant
from collector.transport import Transport
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent

_ANY_BRANCH = ".*"
_MOST = 5
_AsEvent = Callable[[WorkflowRuns, Run, datetime | None], ProductionEvent]


@dataclass(frozen=True, slots=True)
class WorkflowSearch:
    """Looks at the runs of one repository; `as_event` makes an event of a run that succeeded.

    Errors: SourceError.
    """

    found: RepositoryDetection
    rest: Transport
    api_url: str
    as_event: _AsEvent

    def add(self, files: Sequence[str]) -> None:
        """Add the workflows of these files, and where none of one's runs counts, what may.

        One request for each; one more for each that has not succeeded on the default branch; and
        one where one has not succeeded anywhere, or there is none.
        """
        silent = [file for file in files if not self._on_default_branch(file)]
        never = [file for file in silent if not self._on_others(file)]
        if never or not files:
            self._add_callers(never)

    def _on_default_branch(self, file: str) -> bool:
        runs = self._runs(file).newest()
        self._add(file, runs)
        return bool(runs)

    def _on_others(self, file: str) -> bool:
        """Add the workflow on branches that are like release branches; say so of others."""
        runs = self._runs(file, _ANY_BRANCH).newest()
        branches = branches_of(runs)
        pattern = branch_pattern(branches)
        if pattern:
            counted = [run for run in runs if on_branch(run, pattern)]
            note = f"It succeeded on {examples(branches)}, and never on `{self.found.branch}`."
            self._add(file, counted, branch=pattern, notes=[note])
        elif runs:
            self.found.notes.append(
                f"`{file}` never succeeded on `{self.found.branch}`, but on {examples(branches)}."
            )
        return bool(runs)

    def _add_callers(self, never: Sequence[str]) -> None:
        about = f"the workflow runs of {self.found.name}"
        address = f"{self.api_url}/repos/{self.found.name}/actions/runs"
        asked: dict[str, str | int] = {"branch": self.found.branch, "status": "success"}
        runs = own(self.rest.get(address, about=about, params={**asked, "per_page": 100}))
        calling = callers(runs, looks_like_deploying)
        for file in [*calling][:_MOST]:
            note = "It calls a workflow that deploys: the runs are those of the one that calls."
            self._add(file, calling[file], notes=[note])
        if never and not calling:
            self._say_what_ran(never, [*by_file(runs)])

    def _say_what_ran(self, never: Sequence[str], ran: Sequence[str]) -> None:
        if ran:
            self.found.notes.append(
                f"{examples(never)} never succeeded by itself; on `{self.found.branch}` "
                f"{examples(ran)} did. Where one calls it, the runs are that one's: "
                f"write `workflow: {ran[0]}`."
            )

    def _add(
        self,
        file: str,
        runs: Iterable[Run],
        *,
        branch: str | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        of = self._runs(file, branch)
        events = [self.as_event(of, run, instant(run, "updated_at")) for run in runs]
        self.found.add(of.source.production, events, notes)

    def _runs(self, file: str, branch: str | None = None) -> WorkflowRuns:
        production = Production(Evidence.WORKFLOW, workflows=(file,), branch=branch)
        source = EventSource.of(self.found, production)
        return WorkflowRuns(self.rest, self.api_url, source, file, self.found.branch)
