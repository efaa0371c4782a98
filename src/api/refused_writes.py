"""Writes that were refused and left no line in the audit log: counted, and logged now and then."""

import logging
from datetime import datetime, timedelta

_BETWEEN_LINES = timedelta(minutes=1)
_log = logging.getLogger(__name__)


class RefusedWrites:
    """How many there were since the process began; logged at most once a minute."""

    def __init__(self) -> None:
        self.count = 0
        self._logged = 0
        self._logged_at: datetime | None = None

    def add(self, now: datetime) -> None:
        """Count one; `now` is aware UTC."""
        self.count += 1
        # A clock that was set back must not end the log.
        if self._logged_at is None or not timedelta() <= now - self._logged_at < _BETWEEN_LINES:
            _log.warning(
                "%d writes refused and not in the audit log, since the last such line",
                self.count - self._logged,
            )
            self._logged, self._logged_at = self.count, now
