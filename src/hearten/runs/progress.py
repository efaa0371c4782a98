"""Who follows a run: is told how far it has come, keeps a record of it, and may stop it."""

from typing import Protocol

from evaluator.model.facts import Reason


class Progress(Protocol):
    """Who is told how far a job has come."""

    def begin(self, total: int, what: str) -> None:
        """`total` steps of `what` lie ahead."""
        ...

    def step(self, name: str, said: str) -> None:
        """One step is done; `said` is how it went."""
        ...


class RunMonitor(Progress, Protocol):
    """Who is told of progress, keeps a record of the steps, and may stop the run."""

    def record(self, name: str, reason: Reason | None) -> None:
        """A source or team is done by this process, or `reason` is why it is not read."""
        ...

    def attend(self) -> None:
        """Return where the run is to go on, else raise. Called at least twice a second."""
        ...


class UnrecordedRun:
    """A run that is in nobody's record: it only tells `progress`, and goes on to its end."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def begin(self, total: int, what: str) -> None:
        """`total` steps of `what` lie ahead."""
        self._progress.begin(total, what)

    def step(self, name: str, said: str) -> None:
        """One step is done; `said` is how it went."""
        self._progress.step(name, said)

    def record(self, name: str, reason: Reason | None) -> None:
        """Nothing is written down."""

    def attend(self) -> None:
        """Nobody asks to stop."""
