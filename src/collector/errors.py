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


_TOKEN = {"GitHub": "HEARTEN_GITHUB_TOKEN", "Jira": "HEARTEN_JIRA_TOKEN"}


def refusal(service: str, status: int, about: str) -> SourceRefusedError:
    """Return the error for an answer of 4xx that is no rate limit, in a sentence with the mend."""
    match status:
        case 401:
            return SourceRefusedError(
                Reason.NO_ACCESS,
                f"{service} refused the token (401) while reading {about}. "
                f"Make a new read-only token and set {_TOKEN[service]}.",
            )
        case 403:
            return SourceRefusedError(
                Reason.NO_ACCESS,
                f"{service} does not let this token read {about} (403). "
                "Ask an owner to grant it read access.",
            )
        case 404 | 410:
            return SourceRefusedError(
                Reason.NOT_FOUND,
                f"{service} does not show {about} to this token ({status}). Check the name in "
                "teams.yaml, and ask an owner whether it was moved or needs read access.",
            )
        case _:
            return SourceRefusedError(
                Reason.NOT_FOUND,
                f"{service} did not accept the question about {about} ({status}). "
                "Check its entry in teams.yaml.",
            )
