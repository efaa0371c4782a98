"""What Jira's answers may leave out or get wrong, beside their shape."""

from collector.errors import SourceUnavailableError
from evaluator.model.facts import Reason


def inconsistent(what: str) -> SourceUnavailableError:
    """Return the error for answers that contradict each other, so that something may be lost."""
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"Jira {what}.",
        "Nothing of it is kept; the next run reads it again.",
    )
