"""Runs of a workflow on another branch, or on tags, named as GitHub does: `deploy.yml@v1.3`."""

import re
from typing import NamedTuple

_PLACE = re.compile(r"(.+?\.ya?ml)@(.+)")


class RunPlace(NamedTuple):
    """A workflow's file, and the branch or tag of its runs, or the pattern for several."""

    workflow: str
    branch: str

    def __str__(self) -> str:
        """Return the two as one name."""
        return f"{self.workflow}@{self.branch}"


def run_place(name: str) -> RunPlace | None:
    """Return what `name` says; None where it is a workflow, wherever it runs, or none."""
    found = _PLACE.fullmatch(name)
    return RunPlace(*found.groups()) if found else None
