"""Commits in production: docs/measures/commits_in_production.md."""

from evaluator.measures.context import Counted, MeasureContext
from evaluator.measures.production import (
    between_sprints,
    commit_url,
    not_counted,
    parts,
    short,
    sources,
    unproven,
)
from evaluator.model.results import EvidenceItem, Gap, LeftOut


def commits_in_production(context: MeasureContext) -> Counted:
    """Return every human, non-merge commit of the team that reached production in the window.

    Units: commits, each once, at the first production event that brought it.
    """
    evidence: list[EvidenceItem] = []
    left_out: list[LeftOut] = []
    doubts: list[Gap] = []
    for part in parts(context):
        for at, reached in part.counted(*context.inside):
            commit = reached.commit
            flags = ("revert",) * commit.revert + ("shared",) * part.shared(commit)
            url = commit_url(context, commit)
            evidence.append(EvidenceItem("commit", short(commit), url, at, flags))
        for at, reached in part.counted(*context.between_sprints):
            reason, url = between_sprints(context, at), commit_url(context, reached.commit)
            left_out.append(LeftOut(short(reached.commit), reason, url, at))
        left_out.extend(not_counted(context, part))
        doubts.extend(unproven(context, part))
    return Counted(sources(context), evidence, left_out, unproven=doubts)
