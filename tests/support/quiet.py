"""A run that nobody follows."""

from evaluator.model.facts import Reason


class Quiet:
    """A monitor that tells and keeps nothing, and never stops a run."""

    def begin(self, total: int, what: str) -> None:
        """Say nothing."""

    def step(self, name: str, said: str) -> None:
        """Say nothing."""

    def record(self, name: str, reason: Reason | None) -> None:
        """Write nothing down."""

    def attend(self) -> None:
        """Let the run go on."""
