"""Lines for the audit log: a write waits for its line, a refusal hardly."""

import logging
from collections.abc import Callable

from anyio import CapacityLimiter, move_on_after, to_thread
from starlette.concurrency import run_in_threadpool

from evaluator.model.access import AuditEntry
from store.errors import StoreError

_A_MOMENT = 0.5  # seconds
_log = logging.getLogger(__name__)


class AuditLines:
    """Adds lines to the audit log with `add`, which may take long."""

    def __init__(self, add: Callable[[AuditEntry], None]) -> None:
        self._add = add
        self._refusals = CapacityLimiter(1)  # none of the threads that answer is held for them

    async def write(self, line: AuditEntry) -> None:
        """Add the line of a write. Errors: StoreError where it cannot be added."""
        await run_in_threadpool(self._add, line)

    async def refuse(self, line: AuditEntry) -> None:
        """Add the line of a refusal, or log it where that cannot be done in a moment."""
        said = "it takes too long"
        try:
            with move_on_after(_A_MOMENT):
                await to_thread.run_sync(
                    self._add, line, abandon_on_cancel=True, limiter=self._refusals
                )
                return
        except StoreError as error:
            said = str(error)
        _log.warning(
            "Refused and not in the audit log (%s): %s by %s, %s, request %s",
            *(said, line.action, line.by, line.outcome, line.request_id),
        )
