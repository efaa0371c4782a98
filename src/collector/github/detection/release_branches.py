"""Branches that runs were on: which pattern they have in common."""

import re
from collections.abc import Iterable

from evaluator.model.evidence import is_pattern

_PREFIX = re.compile(r"[^/]*/|\D*")  # to the first slash, else to the first digit
_WORK = re.compile(  # what is made for one change
    r"(feat|features?|fix|fixes|bugfix|chores?|docs?|tests?|refactor|users?|wip|dev|develop|spike|perf"
    r"|build|ci|style|dependabot|renovate|snyk|copilot|claude|codex|cursor|pull|pr|issues?|revert"
    r"|experiments?|try)?[-_/]?",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"(release|rel|hotfix|stable|prod|prd|live|main|master|trunk|deploy)", re.IGNORECASE
)
_VERSION = re.compile(r"v\d|\d+\.\d", re.IGNORECASE)


def branch_pattern(names: Iterable[str]) -> str:
    """Return what to write as `branch` for release branches; empty where these are none.

    It is a pattern for the largest group of names that begin alike, or the only name, of which
    the number is another one next time.
    """
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        found = _PREFIX.match(name)
        prefix = found.group() if found else ""
        if not prefix or not _WORK.fullmatch(prefix):
            groups.setdefault(prefix, []).append(name)
    if not groups:
        return ""
    prefix, largest = max(groups.items(), key=lambda group: len(group[1]))
    if len(largest) == 1 and not (is_lasting(largest[0]) and re.search(r"\d", largest[0])):
        alone = largest[0]
        return alone if _LASTING.match(alone) and not is_pattern(alone) else ""
    return f"{escaped(prefix)}.*" if prefix else r"\d.*"


def is_lasting(name: str) -> bool:
    """Return whether a branch or tag is named as one that is made for no single change."""
    return _LASTING.match(name) is not None or _VERSION.match(name) is not None


def escaped(text: str) -> str:
    """Return a pattern for that name alone."""
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)
