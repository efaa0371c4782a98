"""A progress that nobody looks at."""


class Quiet:
    """Tells nothing of how far a job has come."""

    def begin(self, total: int, what: str) -> None:
        """Say nothing."""

    def step(self, name: str, said: str) -> None:
        """Say nothing."""
