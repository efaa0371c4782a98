"""Runs of workflows that do not count: of other files, or of a configured one on other branches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from collector.errors import SourceError
from collector.github.detection.release_branches import branch_pattern, escaped, is_lasting
from collector.github.detection.runs_elsewhere import branches_of, own
from collector.github.evidence.base import BranchRead, EventSource
from collector.github.evidence.other_names import OtherEvent, OtherNames, is_other
from collector.github.evidence.runs_on_merge import RunsOnMerge
from collector.github.evidence.workflow_runs import Run, is_ours, on_branch, run_page
from collector.github.paging import PAGE
from collector.json_fields import instant, pick, pick_nullable
from collector.transport import Transport
from evaluator.model.facts import Reason
from evaluator.model.production_names import may_be_production, style_of
from evaluator.model.run_places import RunPlace, run_for

_FOLDER = ".github/workflows/"
_MOST = 10  # workflows that are looked at
_LAST_PAGE = 10  # GitHub shows 1,000 runs of one question


@dataclass(frozen=True, slots=True)
class OtherWorkflows:
    """Asks for the workflows of a repository, and for runs that do not count.

    Source: GitHub `GET /repos/{repo}/actions/workflows`, `GET /repos/{repo}/actions/runs`,
    `GET /repos/{repo}/actions/workflows/{file}/runs` of up to ten,
    `GET /repos/{repo}/compare/{head}...{sha}`, and what `RunsOnMerge` asks. Errors: SourceError.
    """

    transport: Transport
    api_url: str
    source: EventSource

    def since(self, last: datetime, branch: BranchRead) -> OtherNames:
        """Return the newest runs since `last` that succeeded, where none like them did before.

        While configured workflows are there, they are theirs on other branches or tags, or for
        pull requests that were merged. Else they are those of other workflows on the branch, by
        their files.
        """
        listed = pick(self._get("actions/workflows", {}), "workflows", list)
        active = {_file(each) for each in listed if pick(each, "state", str) == "active"}
        if there := sorted(active & set(self.source.production.workflows)):
            found = [self._of_configured(file, last, branch) for file in there]
            events = [event for each in found for event in each.events]
            return OtherNames(events, oldest={name for each in found for name in each.oldest})
        runs = self._runs("runs", f">={_text(last)}", branch.name)
        names = sorted({name for run in runs if self._is_other(name := _file(run))})[:_MOST]
        before = f"<{_text(last)}"
        new = {n for n in names if not self._runs(f"workflows/{n}/runs", before, branch.name)}
        return OtherNames(
            [_event(self.source, run) for run in runs if _file(run) in new], whole=True
        )

    def _of_configured(self, file: str, last: datetime, branch: BranchRead) -> OtherNames:
        """Return the runs of a configured workflow that do not count, new since `last`."""
        runs = self._ends(file, f">={_text(last)}")
        elsewhere = [*self._elsewhere(file, runs, last, branch)]
        if elsewhere:
            return OtherNames(elsewhere, oldest={event.name for event in elsewhere})
        return self._on_merge(file, runs, last, branch)

    def _on_merge(
        self, file: str, runs: Iterable[Run], last: datetime, branch: BranchRead
    ) -> OtherNames:
        """Return the oldest run on a merge, where none was before `last`."""
        on_merge = RunsOnMerge(lambda path: self._get(path, {}), branch.name)
        found = on_merge.oldest(runs)
        if found is None:
            return OtherNames()
        asked = {"status": "success", "created": f"<{_text(last)}", "event": found.run["event"]}
        page = self._get(f"actions/workflows/{file}/runs", asked)
        if on_merge.are_among(pick(page, "workflow_runs", list)):  # they tidy up, or the like
            return OtherNames()
        place = str(run_for(file, found.number))
        event = replace(
            _event(self.source, found.run),
            name=style_of(place),
            example=place,
            sha=found.sha,
            merged=True,
        )
        return OtherNames([event], oldest={event.name} if found.first else ())

    def _elsewhere(
        self, file: str, since: Iterable[Run], last: datetime, branch: BranchRead
    ) -> Iterator[OtherEvent]:
        """Yield those of the runs on release branches or tags, where none like them was before."""
        production = self.source.production
        counted = production.branch or branch.name
        away = [run for run in since if is_ours(run) and _may_ship(run, counted)]
        pattern = branch_pattern(branches_of(away))
        runs = [run for run in away if pattern and on_branch(run, pattern)]
        if not runs or any(on_branch(r, pattern) for r in self._all(file, f"<{_text(last)}")):
            return
        by_pattern = production.branch != production.history_branch
        name = str(RunPlace(file, f"{counted if by_pattern else escaped(counted)}|{pattern}"))
        for run in runs:
            event = _event(self.source, run)
            place = RunPlace(file, pick(run, "head_branch", str))
            unknown = branch.graph.parents(event.sha) is None
            if run is runs[0] and unknown and is_lasting(place.branch):
                event = replace(event, sha=self._left_at(event.sha, branch))
            yield replace(event, name=name, example=str(place))

    def _left_at(self, sha: str, branch: BranchRead) -> str:
        """Return the newest commit of the production branch behind `sha`, empty for none."""
        try:
            compared = self._get(f"compare/{branch.head}...{sha}", {"page": 2})  # without files
        except SourceError as error:
            if error.reason is Reason.NOT_FOUND:  # it is gone, or has nothing in common with that
                return ""
            raise
        return pick(compared, "merge_base_commit.sha", str)

    def _ends(self, file: str, created: str) -> list[Run]:
        """Return the newest runs that succeeded, and the oldest where there are more."""
        what, asked = f"actions/workflows/{file}/runs", {"status": "success", "created": created}
        page = self._get(what, asked)
        last = min(-(-pick(page, "total_count", int) // PAGE), _LAST_PAGE)
        pages = [page, *([self._get(what, {**asked, "page": last})] if last > 1 else [])]
        return [run for each in pages for run in pick(each, "workflow_runs", list)]

    def _all(self, file: str, created: str) -> list[Run]:
        """Return the newest runs that succeeded on any branch, of one page."""
        asked = {"status": "success", "created": created}
        return own(self._get(f"actions/workflows/{file}/runs", asked))

    def _runs(self, what: str, created: str, branch: str) -> list[Run]:
        """Return the newest runs that succeeded on the branch, of one page."""
        production = self.source.production
        asked = {"status": "success", "created": created}
        if production.branch == production.history_branch:
            asked["branch"] = branch
        page = self._get(f"actions/{what}", asked)
        return [run for run in own(page) if on_branch(run, production.branch or branch)]

    def _is_other(self, name: str) -> bool:
        return is_other(self.source.production, name)

    def _get(self, what: str, params: Mapping[str, str | int]) -> Any:
        return self.transport.get(
            f"{self.api_url}/repos/{self.source.repository}/{what}",
            about=f"the workflows of {self.source.repository}",
            params={**params, "per_page": PAGE},
        )


def _file(of: Mapping[str, Any]) -> str:
    """Return the file of a workflow or run; a run's path may name its branch after an @."""
    return pick(of, "path", str).partition("@")[0].removeprefix(_FOLDER)


def _may_ship(run: Run, counted: str) -> bool:
    """Whether a run is on another branch than those `counted`, or a tag, that may be production."""
    name = pick_nullable(run, "head_branch", str)
    return name is not None and not on_branch(run, counted) and may_be_production(name)


def _event(source: EventSource, run: Run) -> OtherEvent:
    name, url = _file(run), run_page(source, run)
    return OtherEvent(name, name, pick(run, "head_sha", str), instant(run, "updated_at"), url)


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
