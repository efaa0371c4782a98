"""When a workflow run first succeeded: one that is run again shows only its newest attempt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.errors import SourceError
from collector.json_fields import instant, pick
from collector.transport import Transport
from evaluator.model.facts import Reason

_MOST_ASKED = 10  # attempts of one run

# Of a run by its id: when it first succeeded, how many of its first attempts did not, or None
# where GitHub cannot say.
Asked = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class FirstSuccess:
    """A run that succeeded. `at` is None where it may have, and nobody can say when."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class RunAttempts:
    """Asks for the earlier attempts of runs, each once for ever: `asked` is kept in the bookmark.

    Source: GitHub `GET /repos/{repo}/actions/runs/{id}/attempts/{number}`. Errors: SourceError.
    """

    transport: Transport
    api_url: str
    repository: str
    asked: Asked

    def first_success(self, run: Mapping[str, Any], about: str) -> FirstSuccess | None:
        """Return the earliest success of the run, None where none of its attempts succeeded."""
        ident, newest = str(pick(run, "id", int)), pick(run, "run_attempt", int)
        if newest > 1:
            self._ask(ident, newest, about)
        known = self.asked.get(ident, 0)
        if isinstance(known, str):
            return FirstSuccess(datetime.fromisoformat(known))
        if known is None or known < newest - 1:
            return FirstSuccess(None)
        return FirstSuccess(instant(run, "updated_at")) if _succeeded(run) else None

    def _ask(self, ident: str, newest: int, about: str) -> None:
        """Ask for the attempts before the newest, up to the first that succeeded."""
        for number in self._unasked(ident, newest):
            attempt = self._attempt(ident, number, about)
            if attempt is None:
                self.asked[ident] = None
            elif _succeeded(attempt):
                self.asked[ident] = instant(attempt, "updated_at").isoformat()
            else:
                self.asked[ident] = number

    def _unasked(self, ident: str, newest: int) -> Iterator[int]:
        while isinstance(known := self.asked.get(ident, 0), int):
            if known >= min(newest - 1, _MOST_ASKED):
                return
            yield known + 1

    def _attempt(self, ident: str, number: int, about: str) -> Mapping[str, Any] | None:
        address = f"{self.api_url}/repos/{self.repository}/actions/runs/{ident}/attempts/{number}"
        try:
            found: Mapping[str, Any] = self.transport.get(address, about=about)
        except SourceError as refused:
            if refused.reason is not Reason.NOT_FOUND:
                raise
            return None
        return found


def _succeeded(run: Mapping[str, Any]) -> bool:
    ended = pick(run, "status", str) == "completed"
    return ended and pick(run, "conclusion", str) == "success"
