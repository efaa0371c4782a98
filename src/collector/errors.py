"""The two ways in which a source fails: it refused (a person must act), or is unavailable.

SourceError
├── SourceRefusedError      a person must act: token, permission, name, configuration
│   └── WrongAddressError   the service is not at the address in the settings
└── SourceUnavailableError  a later run may succeed: outage, rate limit, a cut connection
    └── GaveUpError         the service took too long over the answer: it may give less at once

No error carries the body of an answer: bodies hold names, titles and sometimes secrets.
"""

from typing import Self

from evaluator.model.facts import Reason


class SourceError(Exception):
    """A source could not be read. `reason` is its code.

    `what` happened, and the `remedy`: who must do what. Each is whole sentences; the text is both.
    """

    def __init__(self, reason: Reason, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}" if remedy else what)
        self.reason = reason
        self.what = what
        self.remedy = remedy

    def advising(self, more: str) -> Self:
        """Return the same error with one more sentence at the end of its remedy."""
        return type(self)(self.reason, self.what, f"{self.remedy} {more}")


class SourceRefusedError(SourceError):
    """A person must act before a later run can succeed."""


class WrongAddressError(SourceRefusedError):
    """Nothing at a service's address answers as that service does."""


class SourceUnavailableError(SourceError):
    """A later run may succeed with nothing changed."""


class GaveUpError(SourceUnavailableError):
    """The service gave up before the answer was ready: it may succeed where less is asked."""


_TOKEN = {"GitHub": "HEARTEN_GITHUB_TOKEN", "Jira": "HEARTEN_JIRA_TOKEN"}
_GATEWAY = "https://api.atlassian.com/ex/jira/CLOUD-ID"
_BESIDE_THE_TOKEN = {
    "GitHub": "",
    "Jira": " For Jira Cloud, check the e-mail too; and a token with scopes is taken only at "
    f"Atlassian's gateway: set the site's address to {_GATEWAY}.",
}
_GRANT = {
    "GitHub": "Ask an owner to grant it read access.",
    "Jira": "Ask an owner to grant it read access. Where Jira refuses every question so, ask "
    "whether the address that hearten runs at is on the site's list of allowed IP addresses.",
}
_JIRA_SCOPES = "read:jira-work, read:board-scope:jira-software and read:sprint:jira-software"
# What Jira says of a project that is not there, or that the account may not see.
_HIDDEN = {
    ("Jira", 400): ", and ask an owner whether it was moved or removed, or needs read access"
}


def refusal(service: str, status: int, about: str, *, token: str = "") -> SourceError:
    """Return the error for an answer of 4xx that is no rate limit.

    `token` names the variable that holds the token, where it is not the usual one of the service.
    """
    match status:
        case 401:
            return SourceRefusedError(
                Reason.NO_ACCESS,
                f"{service} refused the token (401) while reading {about}.",
                f"Make a new read-only token and set {token or _TOKEN[service]}."
                f"{_BESIDE_THE_TOKEN[service]}",
            )
        case 403:
            return SourceRefusedError(
                Reason.NO_ACCESS,
                f"{service} does not let this token read {about} (403).",
                _GRANT[service],
            )
        case 410 if service == "Jira":  # Jira Cloud, asked as Data Center is
            return SourceRefusedError(
                Reason.NOT_FOUND,
                f"Jira no longer answers the question about {about} (410).",
                "If the site is Jira Cloud, set the e-mail of the token's account too "
                "(HEARTEN_JIRA_EMAIL, or `email_env` of the site in hearten.yaml). If not, check "
                "its entry in teams.yaml, and ask an owner whether it was moved or removed.",
            )
        case 404 | 410:
            other = ""
            if service == "Jira":
                other = " If the site is Jira Data Center, set no e-mail for it."
            return SourceRefusedError(
                Reason.NOT_FOUND,
                f"{service} does not show {about} to this token ({status}).",
                "Check its entry in teams.yaml, and ask an owner whether it was moved or removed, "
                f"or needs read access.{other}",
            )
        case 409:
            return SourceUnavailableError(
                Reason.SOURCE_DOWN,
                f"{service} says that {about} is empty or busy (409).",
                "The next run reads it again; if it stays so, ask its owner whether anything is in "
                "it.",
            )
        case _:
            return SourceRefusedError(
                Reason.NOT_FOUND,
                f"{service} did not accept the question about {about} ({status}).",
                f"Check its entry in teams.yaml{_HIDDEN.get((service, status), '')}.",
            )


def run_is_over(before: str) -> SourceUnavailableError:
    """Return the error for a source that was not read by the end of its run."""
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"The time of the run was over before {before}.",
        "The next run tries again; HEARTEN_LONGEST_RUN says how long one may take.",
    )


def wrong_address(service: str) -> WrongAddressError:
    """Return the error for a 404 about what each such service has: it says nothing of a source."""
    remedy = {
        "GitHub": "Correct HEARTEN_GITHUB_URL: Enterprise Server needs https://HOST/api/v3, and "
        "GitHub itself https://api.github.com, as without the variable.",
        "Jira": "Correct HEARTEN_JIRA_URL, or the site's `url` in hearten.yaml: what stands before "
        "/browse in a ticket's address. If the site is Jira Data Center, set no e-mail for it.",
    }
    return WrongAddressError(
        Reason.NOT_FOUND,
        f"Nothing at the address in the settings answers as {service}'s API (404).",
        remedy[service],
    )


def missing_jira_scope(about: str, token: str = "") -> SourceRefusedError:
    """Return the error for a Jira token that is right, and lacks the scope of what is asked."""
    return SourceRefusedError(
        Reason.NO_ACCESS,
        f"The Jira token lacks a scope that reading {about} needs (401).",
        f"Make one with the scopes {_JIRA_SCOPES}, and set {token or _TOKEN['Jira']}.",
    )


def missing_scope(about: str) -> SourceRefusedError:
    """Return the error for a GitHub token that may see `about`, and not what is asked of it."""
    return SourceRefusedError(
        Reason.NO_ACCESS,
        f"The GitHub token lacks a permission that reading {about} needs.",
        "Make one that may read metadata, contents, pull requests, deployments and actions (a "
        "classic token: the scope `repo`), and set HEARTEN_GITHUB_TOKEN.",
    )


def not_signed_on(about: str) -> SourceRefusedError:
    """Return the error for a token that GitHub's single sign-on keeps from `about`."""
    return SourceRefusedError(
        Reason.NO_ACCESS,
        f"GitHub does not let this token read {about} (403): the organisation asks for single "
        "sign-on (SAML).",
        "Authorise the token for it, with `Configure SSO` beside the token in GitHub's settings, "
        "or use a GitHub App.",
    )
