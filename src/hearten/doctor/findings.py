"""What a check-up found: sections, and in each what is right and what is to be fixed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collector.errors import SourceError, SourceRefusedError, WrongAddressError
from evaluator.model.facts import Reason
from evaluator.wording import amount

OPERATOR = "whoever runs hearten"
OWNER = "an owner on GitHub"
ADMINISTRATOR = "a Jira administrator"
NOBODY = "nobody yet"


def keeper_of(file: str) -> str:
    """Return who fixes what a file of the configuration says."""
    return f"whoever keeps {file}"


KEEPER = keeper_of("teams.yaml")

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to fix: what it is about, what is found, who must act, and the remedy."""

    about: str
    what: str
    who: str
    remedy: str

    def data(self) -> dict[str, str]:
        """Return the finding as plain data for JSON."""
        return {"about": self.about, "what": self.what, "who": self.who, "mend": self.remedy}


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """One thing that was looked at: what is right with it in a line, details, and findings.

    `wrong_use` says that settings or configuration are what is to be fixed.
    """

    name: str
    said: str
    details: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    wrong_use: bool = False

    def data(self) -> dict[str, Any]:
        """Return the section as plain data for JSON."""
        return {
            "section": self.name,
            "ok": not self.findings,
            "said": self.said,
            "details": list(self.details),
            "findings": [finding.data() for finding in self.findings],
        }


def section(
    name: str,
    said: Iterable[str],
    findings: Iterable[Finding],
    *,
    details: Iterable[str] = (),
    wrong_use: bool = False,
) -> CheckedSection:
    """Return a section, its findings and details from A to Z, with numbers by their size."""
    return CheckedSection(
        name=name,
        said=f"{', '.join(filter(None, said))}.",
        details=tuple(sorted(details, key=_as_counted)),
        findings=tuple(sorted(findings, key=lambda f: (_as_counted(f.about), f.what))),
        wrong_use=wrong_use,
    )


def _as_counted(text: str) -> list[tuple[int, str]]:
    """What sorts texts from A to Z, and board 9 before board 10."""
    return [
        (int(p), "") if p.isdecimal() else (0, p) for p in re.split("([0-9]+)", text.casefold())
    ]


def unread(errors: Mapping[str, SourceError], owner: str) -> list[Finding]:
    """Return a finding for each way in which sources could not be read; `owner` grants access.

    `errors` are by what could not be read; those with the same sentence share a finding.
    """
    by_sentence: dict[str, list[str]] = {}
    for about, error in errors.items():
        by_sentence.setdefault(str(error), []).append(about)
    return [
        finding_of(names(about), errors[about[0]], owner=owner) for about in by_sentence.values()
    ]


def finding_of(about: str, error: SourceError, *, owner: str, address: str = "") -> Finding:
    """Return the finding that a refusal or an outage makes.

    `address` names the setting with a whole service's address, which may be what is wrong.
    """
    if isinstance(error, WrongAddressError):
        return Finding(address or about, error.what, OPERATOR, error.remedy)
    if isinstance(error, SourceRefusedError) and error.reason is Reason.SOURCE_DOWN:
        return Finding(about, error.what, OPERATOR, error.remedy)
    if address and error.reason is Reason.SOURCE_DOWN:
        remedy = f"See that {address} is right and that this machine can reach it, then try again."
        return Finding(about, error.what, OPERATOR, remedy)
    who = {
        Reason.NO_ACCESS: owner,
        Reason.NOT_FOUND: OPERATOR if address else KEEPER,
        Reason.NOT_SET_UP: OPERATOR,
    }.get(error.reason, NOBODY)
    return Finding(about, error.what, who, error.remedy)


def names(all_of_them: Iterable[str]) -> str:
    """Return the first few names, A to Z, and how many more there are."""
    ordered = sorted(all_of_them, key=str.casefold)
    more = len(ordered) - _NAMED
    listed = ordered if more <= 1 else ordered[:_NAMED]
    return ", ".join(listed) + (f" and {amount(more, 'others')}" if more > 1 else "")
