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


def branch_pattern(names: Iterable[str]) -> str:
    """Return what to write as `branch` for release branches; empty where these are none.

    It is a pattern for the largest group of names that begin alike, or the only name.
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
    if len(largest) == 1:
        alone = largest[0]
        return alone if _LASTING.match(alone) and not is_pattern(alone) else ""
    return f"{_escaped(prefix)}.*" if prefix else r"\d.*"


def _escaped(text: str) -> str:
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)
