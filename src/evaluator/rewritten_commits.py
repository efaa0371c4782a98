"""Commits that are older ones made anew, by a history that was rewritten."""

from collections.abc import Sequence
from datetime import datetime

from evaluator.model.facts import Reached


def rewritten(brought: Sequence[tuple[datetime, Reached]]) -> set[str]:
    """Return the shas of commits that had reached production under another sha, by `brought`."""
    anew = {one.commit.rewrites for _, one in brought if one.commit.rewrites}
    if not anew:
        return anew
    same = [(at, one.commit) for at, one in brought if one.commit.first_sha in anew]
    ordered = sorted(same, key=lambda entry: (entry[0], entry[1].rewrites != ""))
    first = {commit.first_sha: commit.sha for _, commit in reversed(ordered)}
    return {commit.sha for _, commit in same if first[commit.first_sha] != commit.sha}
