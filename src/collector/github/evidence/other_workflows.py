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
_MOST = 10  # workflows that are looked at


@dataclass(frozen=True, slots=True)
class OtherWorkflows:
    """Asks for the workflows of a repository, and perhaps for runs of those not configured.

    Source: GitHub `GET /repos/{repo}/actions/workflows`, `GET /repos/{repo}/actions/runs`, and
    `GET /repos/{repo}/actions/workflows/{file}/runs` of up to ten. Errors: SourceError.
    """

    transport: Transport
    api_url: str
    source: EventSource

    def since(self, last: datetime, branch: str) -> OtherNames:
        """Return the newest runs since `last` that succeeded on the branch, by their files.

        They are of workflows that never did so before; none while a configured one is there.
        """
        listed = pick(self._get("workflows", {}), "workflows", list)
        active = {_file(each) for each in listed if pick(each, "state", str) == "active"}
        if active & set(self.source.production.workflows):
            return OtherNames()
        runs = self._runs("runs", f">={_text(last)}", branch)
        names = sorted({name for run in runs if self._is_other(name := _file(run))})[:_MOST]
        new = {n for n in names if not self._runs(f"workflows/{n}/runs", f"<{_text(last)}", branch)}
        return OtherNames([_event(run) for run in runs if _file(run) in new], whole=True)

    def _runs(self, what: str, created: str, branch: str) -> list[Run]:
        """Return the newest runs that succeeded on the branch, of one page."""
        production = self.source.production
        asked = {"status": "success", "created": created}
        if production.branch == production.history_branch:
            asked["branch"] = branch
        page = pick(self._get(what, asked), "workflow_runs", list)
        return [r for r in page if is_ours(r) and on_branch(r, production.branch or branch)]

    def _is_other(self, name: str) -> bool:
        return is_other(self.source.production, name)

    def _get(self, what: str, params: Mapping[str, str]) -> Any:
        return self.transport.get(
            f"{self.api_url}/repos/{self.source.repository}/actions/{what}",
            about=f"the workflows of {self.source.repository}",
            params={**params, "per_page": PAGE},
        )


def _file(of: Mapping[str, Any]) -> str:
    """Return the file of a workflow or run; a run's path may name its branch after an @."""
    return pick(of, "path", str).partition("@")[0].removeprefix(_FOLDER)


def _event(run: Run) -> OtherEvent:
    name, url = _file(run), pick(run, "html_url", str)
    return OtherEvent(name, name, pick(run, "head_sha", str), instant(run, "updated_at"), url)


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
