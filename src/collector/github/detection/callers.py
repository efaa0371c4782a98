"""Reusable workflows: their runs belong to the workflows that call them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from collector.json_fields import pick, pick_or_none

WORKFLOWS = ".github/workflows/"  # those of GitHub's own are elsewhere

Run = Mapping[str, Any]


def by_file(runs: Iterable[Run]) -> dict[str, list[Run]]:
    """Return the runs of the repository's own workflows by file, such as `deploy.yml`."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        path = pick(run, "path", str)
        if path.startswith(WORKFLOWS):
            found.setdefault(_file(path), []).append(run)
    return found


def callers(runs: Iterable[Run], is_called: Callable[[str], bool]) -> dict[str, list[Run]]:
    """Return the runs by file that called a workflow of such a file, of whatever repository."""
    return by_file(run for run in runs if any(map(is_called, _called(run))))


def _called(run: Run) -> Iterator[str]:
    for called in pick_or_none(run, "referenced_workflows", list) or ():
        yield _file(pick(called, "path", str))


def _file(path: str) -> str:
    """Return the name of a file in a path such as `acme/shop/.github/workflows/cd.yml@main`."""
    return path.partition("@")[0].rpartition("/")[2]
