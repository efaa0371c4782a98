"""A service's rate limit, and whether it answers at all: shared by all who ask it."""

import time
from datetime import datetime, timedelta
from threading import Lock

from collector.response_headers import number

# So many time-outs in a row, of two who ask, are more than one question that takes long.
_SILENT_TRIES, _SILENT_ASKERS = 4, 2
_SILENT_FOR = 300.0  # seconds


class Limits:
    """When a service may be asked again. Threads share it: what one was told, all respect."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ends = 0.0  # on the monotonic clock
        self._said = ""
        self._requests_left: int | None = None
        self._unanswered = 0
        self._unanswered_askers: set[object] = set()
        self._silent_until = 0.0  # on the monotonic clock

    def unanswered(self, asker: object) -> None:
        """Remember that the service did not answer `asker` in time."""
        with self._lock:
            self._unanswered += 1
            self._unanswered_askers.add(asker)
            askers = len(self._unanswered_askers)
            if self._unanswered >= _SILENT_TRIES and askers >= _SILENT_ASKERS:
                self._silent_until = time.monotonic() + _SILENT_FOR

    def answered(self) -> None:
        """Remember that the service answered somebody, whatever it said."""
        with self._lock:
            self._unanswered = 0
            self._unanswered_askers.clear()
            self._silent_until = 0.0

    def silent(self) -> bool:
        """Whether the service has answered nobody lately, so that to ask again would be in vain."""
        with self._lock:
            return time.monotonic() < self._silent_until

    def closed(self, seconds: float, server_time: datetime | None) -> None:
        """Remember that the service is not to be asked for so many seconds."""
        with self._lock:
            self._ends = max(self._ends, time.monotonic() + seconds)
            if server_time:
                self._said = f" until {server_time + timedelta(seconds=seconds):%H:%M} UTC"

    def told(self, requests_left: str | None) -> None:
        """Remember what an answer's header says of how many requests are left."""
        left = number(requests_left or "")
        if left is not None:
            with self._lock:
                self._requests_left = left

    def requests_left(self) -> int | None:
        """How many requests are left by the newest answer, None where none said."""
        with self._lock:
            return self._requests_left

    def seconds_left(self) -> float:
        """For how many seconds the service is not to be asked; 0 where it may be."""
        with self._lock:
            return max(0.0, self._ends - time.monotonic())

    def end(self) -> str:
        """When that ends, as a part of a sentence; empty where nobody said."""
        with self._lock:
            return self._said
