"""The time that a question to a service may take, with all of its tries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tenacity import RetryCallState

from collector.client import RetryPolicy
from collector.timed_network import within


class Allowance:
    """The seconds that all tries of one question may take together."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._exchange = policy.exchange
        self._ends = policy.ends

    @property
    def run_is_over(self) -> bool:
        """Whether the run, of which the question is, may ask no more."""
        return time.monotonic() >= self._ends

    @property
    def left(self) -> float:
        """How many seconds are left."""
        return max(0.0, min(self._exchange, self._ends - time.monotonic()))

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Keep what happens inside within what is left, and take off how long it took."""
        begun = time.monotonic()
        try:
            with within(self.left):
                yield
        finally:
            self._exchange -= time.monotonic() - begun

    def is_used_up(self, state: RetryCallState) -> bool:
        """Whether there is no time for one more try after the wait that it needs."""
        return self._exchange <= 0 or time.monotonic() + state.upcoming_sleep >= self._ends
