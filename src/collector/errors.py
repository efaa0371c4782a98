"""The two ways in which a source fails: it refused (a person must act), or is unavailable.

SourceError
├── SourceRefusedError      a person must act: token, permission, name, configuration
└── SourceUnavailableError  a later run may succeed: outage, rate limit, a cut connection

No error carries the body of an answer: bodies hold names, titles and sometimes secrets.
"""

from evaluator.model.facts import Reason


class SourceError(Exception):
    """A source could not be read. `reason` is its code; the text says who must do what."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class SourceRefusedError(SourceError):
    """A person must act before a later run can succeed."""


class SourceUnavailableError(SourceError):
    """A later run may succeed with nothing changed."""
