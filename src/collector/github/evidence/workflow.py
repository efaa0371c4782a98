"""Evidence `workflow`: successful runs, over REST (GraphQL lists no runs)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from collector.errors import SourceError
from collector.full_relist import NEVER, due
from collector.github.detection.callers import WORKFLOWS
from collector.github.detection.candidates import RepositoryDetection
from collector.github.detection.runs_elsewhere import with_runs_elsewhere
from collector.github.detection.tag_patterns import looks_like_deploying
from collector.github.detection.workflow_search import WorkflowSearch
from collector.github.evidence.base import (
    AskedOverRest,
    BranchRead,
    EventSource,
    EvidenceKind,
    ReadRequest,
    RestQuestions,
    Unmatched,
    examples,
)
from collector.github.evidence.other_names import OtherNames
from collector.github.evidence.other_workflows import OtherWorkflows
from collector.github.evidence.run_attempts import Asked, RunAttempts
from collector.github.evidence.workflow_runs import Run, WorkflowRuns, is_ours, on_branch, run_page
from collector.github.paging import PAGE
from collector.github.repository_bookmark import LATE, RepositoryBookmark
from collector.github.repository_check import RepositoryCheck
from collector.json_fields import instant, pick, understood
from collector.transport import Transport
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent, Reason
from evaluator.model.production_names import looks_like_production

_MOST_DETECTED = 5
_ATTEMPTS = "attempts"  # of a mark: what is known of runs that were run again
_OTHERS_ASKED = "others_asked"


@dataclass(slots=True)
class WorkflowRead:
    """The runs of one read; they are asked once, as soon as the branch is known."""

    request: ReadRequest
    listed: None = None
    _asked: Asked = field(default_factory=dict)
    _events: list[ProductionEvent] | None = None
    _others_asked: str = ""  # when

    def __post_init__(self) -> None:
        self._asked |= self.request.mark.get(_ATTEMPTS, {})
        self._others_asked = self.request.mark.get(_OTHERS_ASKED, "")

    def events(self, branch: BranchRead, /) -> Sequence[ProductionEvent]:
        """Return every run that counts. Errors: SourceError."""
        if self._events is None:
            self._events = self._read(branch.name)
        return self._events

    def needs_more_of(self, _branch: BranchRead, /) -> bool:
        """Return False: the branch says nothing of runs."""
        return False

    def mark(self, branch: BranchRead, /) -> dict[str, Any]:
        """Return the head, what is known of repeated runs, and when others were asked for."""
        asked = {_OTHERS_ASKED: self._others_asked} if self._others_asked else {}
        return {"head": branch.head, _ATTEMPTS: self._asked, **asked}

    def others(self, branch: BranchRead, /) -> OtherNames:
        """Return the runs of other workflows since the last one that counts. Errors: SourceError.

        They are asked for once a day, and only where the head of the branch is not in production.
        """
        request, production = self.request, self.request.source.production
        matched = [e for e in (*request.known_events, *self.events(branch)) if production.admits(e)]
        last = max((event.at for event in matched if event.at), default=None)
        arrived = branch.graph.reached_from(event.sha for event in matched)
        asked = datetime.fromisoformat(self._others_asked) if self._others_asked else NEVER
        if last is None or branch.head in arrived or not due(asked, asked, request.started):
            return OtherNames()
        self._others_asked = request.started.isoformat()
        others = OtherWorkflows(request.rest, request.api_url, request.source)
        return others.since(last, branch)

    def _read(self, branch: str) -> list[ProductionEvent]:
        """Return the runs created since the last read, less 35 days for those run again later.

        On a first read, where none of them is before the window, the newest before them is added.
        """
        request = self.request
        begin = (request.bookmark.read_at if request.bookmark else request.since) - LATE
        workflows = [
            WorkflowRuns(request.rest, request.api_url, request.source, file, branch)
            for file in request.source.production.workflows
        ]
        try:
            events = [
                event
                for runs in workflows
                for event in self._of(runs, runs.between(begin, request.started))
            ]
        except SourceError as refused:
            if refused.reason is Reason.NOT_FOUND and self._is_not_there_yet(workflows):
                return []
            raise
        if request.bookmark is None and not any(map(self._is_seed, events)):
            for runs in workflows:
                events += self._back_to_seed(runs, begin)
        return events

    def _is_not_there_yet(self, workflows: Sequence[WorkflowRuns]) -> bool:
        """Whether one workflow beside others, of which no run is known, is not in the repository.

        It may come on a day, or be misspelt. The others can be read all the same.
        """
        others = not self.request.alone and not self.request.known_events
        return others and len(workflows) == 1 and workflows[0].is_missing()

    def _back_to_seed(self, runs: WorkflowRuns, begin: datetime) -> Iterator[ProductionEvent]:
        for event in self._of(runs, runs.before(begin)):
            yield event
            if self._is_seed(event):
                return

    def _is_seed(self, event: ProductionEvent) -> bool:
        return event.at is not None and event.at < self.request.since

    def _of(self, runs: WorkflowRuns, listed: Iterable[Run]) -> Iterator[ProductionEvent]:
        request = self.request
        attempts = RunAttempts(
            request.rest, request.api_url, request.source.repository, self._asked
        )
        for run in listed:
            if success := attempts.first_success(run, runs.about):
                yield _event(runs, run, success.at)


def _event(runs: WorkflowRuns, run: Run, at: datetime | None) -> ProductionEvent:
    event = ProductionEvent(
        repository=runs.source.repository,
        kind=Evidence.WORKFLOW,
        ident=str(pick(run, "id", int)),
        sha=pick(run, "head_sha", str),
        name=runs.workflow,
        at=at,
        url=run_page(runs.source, run),
    )
    if at is not None:
        return event
    # What one attempt leaves open stays open, whatever a later one shows: it is told apart.
    return replace(
        event,
        ident=f"{event.ident}-{pick(run, 'run_attempt', int)}",
        not_before=instant(run, "created_at"),
        seen_by=instant(run, "updated_at"),
    )


class WorkflowsOverRest(AskedOverRest):
    """What only REST shows of workflows."""

    def check(
        self, production: Production, check: RepositoryCheck, rest: RestQuestions
    ) -> RepositoryCheck:
        """Return whether the newest runs match; where none does, what there is in their place.

        One request for each workflow, where none matches one more for each, and then three at most.
        Errors: SourceError.
        """
        path = f"repos/{check.now_named}/actions/workflows"
        branch = production.branch or check.default_branch
        asked = {"branch": branch} if production.branch == production.history_branch else {}
        matched = False
        for file in production.workflows:
            about = f"workflow {file} of {check.repository}"
            with understood("GitHub", about):
                runs = rest.get_if_there(
                    f"{path}/{file}/runs", about, status="success", per_page=100, **asked
                )
                if runs is None:
                    listed = rest.get(path, about, per_page=100)["workflows"]
                    files = sorted(each["path"].rpartition("/")[2] for each in listed)
                    there = replace(check, matched=False, workflows=tuple(files))
                    return with_runs_elsewhere(production, there, rest, branch)
                own = filter(is_ours, runs["workflow_runs"])
                matched |= any(on_branch(run, branch) for run in own)
        found = replace(check, matched=matched)
        return found if matched else with_runs_elsewhere(production, found, rest, branch)

    def detect(self, found: RepositoryDetection, rest: Transport, api_url: str) -> None:
        """Add up to five workflows that are named as deploying, those to production first.

        Where one has not succeeded on the default branch, other branches are looked at, and the
        workflows that may call it.
        """
        about = f"the workflows of {found.name}"
        address = f"{api_url}/repos/{found.name}/actions/workflows"
        try:
            listed = rest.get(address, about=about, params={"per_page": PAGE})
            with understood("GitHub", about):
                deploying = sorted(
                    _deploying(pick(listed, "workflows", list)), key=_production_first
                )
                WorkflowSearch(found, rest, api_url, _event).add(deploying[:_MOST_DETECTED])
        except SourceError as error:
            found.unread = str(error)


class WorkflowEvidence(EvidenceKind):
    """A run of a named workflow on the production branch counts from its first success."""

    evidence = Evidence.WORKFLOW
    events = "runs"
    permission = "actions"
    pending = None
    relisted_daily = False
    over_rest = WorkflowsOverRest()
    detection_fields = ""
    follow_ups = ()

    def question(self, _production: Production, /) -> None:
        """Return nothing: runs are not in GraphQL, only reading them tells."""

    def mark(self, _answer: Mapping[str, Any], /) -> dict[str, Any]:
        """Return nothing: nothing was asked."""
        return {}

    def has_new_others(
        self, _production: Production, _answer: Mapping[str, Any], _mark: Mapping[str, Any], /
    ) -> bool:
        """Return False: nothing was asked of other names."""
        return False

    def relist_due(self, _bookmark: RepositoryBookmark, _now: datetime, /) -> bool:
        """Return False: every read asks for runs by their time."""
        return False

    def read(self, request: ReadRequest) -> WorkflowRead:
        """Return a read that begins."""
        return WorkflowRead(request)

    def check_fields(self, _production: Production, /) -> str:
        """Return nothing: runs are not in GraphQL."""
        return ""

    def matched(self, _source: EventSource, _answer: Mapping[str, Any], /) -> bool:
        """Return False: only the check over REST shows a run."""
        return False

    def looked_for(self, unmatched: Unmatched, /) -> str:
        """Return a sentence on the workflow, or its runs where it is there."""
        production, check = unmatched.production, unmatched.check
        if check.workflows is not None:
            missing = [file for file in production.workflows if file not in check.workflows]
            return f"It has no workflow {examples(missing)}."
        branch = production.branch or check.default_branch
        return f"No run of {examples(production.workflows)} on `{branch}` has succeeded."

    def there_is(self, unmatched: Unmatched, /) -> str:
        """Return the workflows that there are where the configured one is not."""
        workflows = unmatched.check.workflows
        return f"workflows {examples(workflows)}" if workflows else ""

    def detect(self, found: RepositoryDetection, answer: Mapping[str, Any], /) -> None:
        """Add nothing: workflows are asked for over REST."""


def _deploying(workflows: Iterable[Any]) -> Iterator[str]:
    """Yield the files of workflows whose own or whose file's name says that they deploy."""
    for workflow in workflows:
        path, name = pick(workflow, "path", str), pick(workflow, "name", str)
        file = path.removeprefix(WORKFLOWS)
        if file != path and (looks_like_deploying(file) or looks_like_deploying(name)):
            yield file


def _production_first(file: str) -> tuple[bool, str]:
    return not looks_like_production(file), file
