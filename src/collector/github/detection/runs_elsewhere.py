"""Where runs are that no configuration counts: on other branches, or of a workflow that calls."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from collector.github.detection.callers import by_file, callers
from collector.github.evidence.base import RestQuestions
from collector.github.evidence.workflow_runs import is_ours
from collector.github.repository_check import RepositoryCheck
from collector.json_fields import pick, pick_nullable, understood
from evaluator.model.evidence import Production

Run = Mapping[str, Any]


def branches_of(runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the branches of runs, each once, in their order."""
    names = (pick_nullable(run, "head_branch", str) for run in runs)
    return tuple(dict.fromkeys(filter(None, names)))


def own(page: Any) -> list[Run]:
    """Return the runs on a page that are the repository's own."""
    return [run for run in pick(page, "workflow_runs", list) if is_ours(run)]


def with_runs_elsewhere(
    production: Production, check: RepositoryCheck, rest: RestQuestions, branch: str
) -> RepositoryCheck:
    """Return the check of a repository in which no run counts, with where there are some.

    `branch` is the production branch. One request for each workflow that is there, one more where
    none of them succeeded anywhere, and one where none that succeeded on that branch called them.
    Errors: SourceError.
    """
    actions = f"repos/{check.now_named}/actions"
    about = f"workflow runs of {check.repository}"
    there = check.workflows
    runs: list[Run] = []
    with understood("GitHub", about):
        for file in production.workflows:
            if there is None or file in there:
                path = f"{actions}/workflows/{file}/runs"
                runs += own(rest.get(path, about, status="success", per_page=100))
        if runs:
            return replace(check, branches=branches_of(runs), runs_elsewhere=len(runs))
        asked = {"branch": branch} if production.branch == production.history_branch else {}
        page = rest.get(f"{actions}/runs", about, status="success", per_page=100, **asked)
        succeeded = own(page)
        calling = callers(succeeded, production.workflows.__contains__)
        if not calling and asked:
            page = rest.get(f"{actions}/runs", about, status="success", per_page=100)
            runs = _of_first(callers(own(page), production.workflows.__contains__))
            check = replace(check, branches=branches_of(runs), runs_elsewhere=len(runs))
            calling = by_file(runs)
        return replace(check, callers=tuple(calling), succeeded=tuple(by_file(succeeded)))


def _of_first(by_caller: Mapping[str, list[Run]]) -> list[Run]:
    """Return the runs of the workflow that called last."""
    return next(iter(by_caller.values()), [])
