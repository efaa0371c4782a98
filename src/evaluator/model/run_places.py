"""Runs of a workflow on another branch, or on tags, named as GitHub does: `deploy.yml@v1.3`.

Those for pull requests have the name of GitHub's own reference: `deploy.yml@refs/pull/12/merge`.
"""

import re
from typing import NamedTuple

_PLACE = re.compile(r"(.+?\.ya?ml)@(.+)")
_PULL = re.compile(r"refs/pull/([0-9]+)/merge")


class RunPlace(NamedTuple):
    """A workflow's file, and the branch or tag of its runs, or the pattern for several."""

    workflow: str
    branch: str

    def __str__(self) -> str:
        """Return the two as one name."""
        return f"{self.workflow}@{self.branch}"

    @property
    def pull_request(self) -> str:
        """The number of the pull request that they are for, empty where they are for none."""
        found = _PULL.fullmatch(self.branch)
        return found[1] if found else ""


def run_for(workflow: str, pull_request: int) -> RunPlace:
    """Return the place of a workflow's runs for a pull request, by its number."""
    return RunPlace(workflow, f"refs/pull/{pull_request}/merge")


def run_place(name: str) -> RunPlace | None:
    """Return what `name` says; None where it is a workflow, wherever it runs, or none."""
    found = _PLACE.fullmatch(name)
    return RunPlace(*found.groups()) if found else None
