"""Workflows that the configuration does not have, once those that it has are gone or disabled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collector.github.evidence.base import EventSource
from collector.github.evidence.other_names import OtherEvent, OtherNames, is_other
from collector.github.evidence.workflow_runs import Run, is_ours, on_branch
from collector.github.paging import PAGE
from collector.json_fields import instant, pick
from collector.transport import Transport

_FOLDER = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class OtherWorkflows:
    """Asks for the workflows of a repository, and perhaps for runs of those not configured.

    Source: GitHub `GET /repos/{repo}/actions/workflows` and `GET /repos/{repo}/actions/runs`.
    Errors: SourceError.
    """

    transport: Transport
    api_url: str
    source: EventSource

    def since(self, last: datetime, branch: str) -> OtherNames:
        """Return the newest runs since `last` that succeeded on the branch, by their files.

        They are of workflows that came after that; none while a configured one is there.
        """
        found = pick(self._get("workflows", {}), "workflows", list)
        files = {_file(each): each for each in found}
        if any(self._is_active(files.get(name)) for name in self.source.production.workflows):
            return OtherNames()
        came = {name: instant(each, "created_at") for name, each in files.items()}
        named = {name: at for name, at in came.items() if at >= last and self._is_other(name)}
        if not named:
            return OtherNames()
        created = f">={last.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        page = self._get("runs", {"status": "success", "created": created})
        runs = [run for run in pick(page, "workflow_runs", list) if self._counts(run, branch)]
        events = [
            OtherEvent(name, name, pick(run, "head_sha", str), at, pick(run, "html_url", str))
            for run in runs
            for name in [_file(run)]
            if name in named
            for at in [instant(run, "updated_at")]
        ]
        first = [OtherEvent(name, name, "", at, "") for name, at in named.items()]
        return OtherNames([*events, *first], whole=True)

    def _is_other(self, name: str) -> bool:
        return is_other(self.source.production, name)

    def _is_active(self, workflow: Mapping[str, Any] | None) -> bool:
        return workflow is not None and pick(workflow, "state", str) == "active"

    def _counts(self, run: Run, branch: str) -> bool:
        return is_ours(run) and on_branch(run, self.source.production.branch or branch)

    def _get(self, what: str, params: Mapping[str, str]) -> Any:
        return self.transport.get(
            f"{self.api_url}/repos/{self.source.repository}/actions/{what}",
            about=f"the workflows of {self.source.repository}",
            params={**params, "per_page": PAGE},
        )


def _file(of: Mapping[str, Any]) -> str:
    """Return the file of a workflow or run; a run's path may name its branch after an @."""
    return pick(of, "path", str).partition("@")[0].removeprefix(_FOLDER)
