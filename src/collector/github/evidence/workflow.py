"""Evidence `workflow`: successful runs, over REST (GraphQL lists no runs)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from collector.errors import SourceError
from collector.github.detection.candidates import RepositoryDetection
from collector.github.detection.tag_patterns import looks_like_deploying, looks_like_production
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
from collector.github.paging import PAGE, SHRUNK, inconsistent
from collector.github.repository_bookmark import LATE, RepositoryBookmark
from collector.github.repository_check import RepositoryCheck
from collector.json_fields import instant, pick, pick_nullable, understood
from collector.transport import Transport
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, ProductionEvent, Reason

_MOST_RUNS = 1000  # GitHub shows no more of one question
_BEFORE_ALL = "2008-01-01"
_SHORTEST = timedelta(minutes=1)
_MOST_DETECTED = 5
_FOLDER = ".github/workflows/"  # those of GitHub's own are elsewhere


@dataclass(slots=True)
class WorkflowRuns:
    """The successful runs of one repository's production workflow.

    Source: GitHub `GET /repos/{repo}/actions/workflows/{file}/runs`. An event's `at` is when its
    run was last updated, for a finished run its success; the store keeps the earliest seen.
    Errors: SourceError, as everywhere.
    """

    transport: Transport
    api_url: str
    source: EventSource

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


@dataclass(slots=True)
class WorkflowRead:
    """The runs of one read; they are asked once, as soon as the branch is known."""

    request: ReadRequest
    listed: None = None
    _events: list[ProductionEvent] | None = None

    def events(self, branch: BranchRead, /) -> Sequence[ProductionEvent]:
        """Return every run that counts. Errors: SourceError."""
        if self._events is None:
            request, bookmark = self.request, self.request.bookmark
            runs = WorkflowRuns(request.rest, request.api_url, request.source)
            self._events = runs.since(
                bookmark.read_at if bookmark else request.since,
                request.started,
                branch.name,
                seed_before=None if bookmark else request.since,
            )
        return self._events

    def needs_more_of(self, _branch: BranchRead, /) -> bool:
        """Return False: the branch says nothing of runs."""
        return False

    def mark(self, branch: BranchRead, /) -> dict[str, Any]:
        """Return the head of the branch."""
        return {"head": branch.head}


class WorkflowsOverRest(AskedOverRest):
    """What only REST shows of workflows."""

    def check(
        self, production: Production, check: RepositoryCheck, rest: RestQuestions
    ) -> RepositoryCheck:
        """Return whether the newest runs match; where there is no such workflow, which there are.

        One request, or two. Errors: SourceError.
        """
        file = production.workflow
        path = f"repos/{check.now_named}/actions/workflows"
        about = f"workflow {file} of {check.repository}"
        branch = production.branch or check.default_branch
        with understood("GitHub", about):
            runs = rest.get_if_there(
                f"{path}/{file}/runs", about, status="success", branch=branch, per_page=100
            )
            if runs is None:
                listed = rest.get(path, about, per_page=100)["workflows"]
                files = sorted(each["path"].rpartition("/")[2] for each in listed)
                return replace(check, matched=False, workflows=tuple(files))
            return replace(check, matched=any(map(is_ours, runs["workflow_runs"])))

    def detect(self, found: RepositoryDetection, rest: Transport, api_url: str) -> None:
        """Add up to five workflows that are named as deploying, those to production first."""
        about = f"the workflows of {found.name}"
        address = f"{api_url}/repos/{found.name}/actions/workflows"
        try:
            listed = rest.get(address, about=about, params={"per_page": PAGE})
            with understood("GitHub", about):
                files = sorted(_deploying(pick(listed, "workflows", list)), key=_production_first)
                for file in files[:_MOST_DETECTED]:
                    production = Production(Evidence.WORKFLOW, workflow=file)
                    runs = WorkflowRuns(rest, api_url, EventSource.of(found, production))
                    found.add(production, runs.newest(found.branch))
        except SourceError as error:
            found.unread = str(error)


class WorkflowEvidence(EvidenceKind):
    """A successful run of the named workflow on the production branch counts."""

    evidence = Evidence.WORKFLOW
    events = "runs"
    permission = "actions"
    pending = None
    over_rest = WorkflowsOverRest()
    detection_fields = ""
    follow_ups = ()

    def question(self, _production: Production, /) -> None:
        """Return nothing: runs are not in GraphQL, only reading them tells."""

    def mark(self, _answer: Mapping[str, Any], /) -> dict[str, Any]:
        """Return nothing: nothing was asked."""
        return {}

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
            return f"It has no workflow `{production.workflow}`."
        branch = production.branch or check.default_branch
        return f"No run of `{production.workflow}` on `{branch}` has succeeded."

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
        file = path.removeprefix(_FOLDER)
        if file != path and (looks_like_deploying(file) or looks_like_deploying(name)):
            yield file


def _production_first(file: str) -> tuple[bool, str]:
    return not looks_like_production(file), file
