"""Changes in production: docs/measures/changes_in_production.md."""

from dataclasses import dataclass
from datetime import datetime

from evaluator.measures.context import Counted, MeasureContext
from evaluator.measures.production import (
    between_sprints,
    commit_url,
    counted,
    not_counted,
    parts,
    short,
)
from evaluator.model.facts import Commit, Reached
from evaluator.model.results import EvidenceItem, LeftOut
from evaluator.parts import Part
from evaluator.wording import day_of


def changes_in_production(context: MeasureContext) -> Counted:
    """Return the team's pull requests, and commits without one, that reached production first here.

    Units: changes; a pull request is one, once for ever, when the first of its commits that
    count reaches production.
    """
    evidence: list[EvidenceItem] = []
    left_out: list[LeftOut] = []
    start, end = context.inside
    for part in parts(context):
        for at, reached in part.counted(start, end):
            change = _change(part, at, reached)
            if change.at < start:
                left_out.append(_counted_before(context, change, reached.commit, at))
            elif change.begins_with(reached):
                evidence.append(change.as_evidence(context, part))
        for at, reached in part.counted(*context.between_sprints):
            change = _change(part, at, reached)
            if change.begins_with(reached):
                reason = between_sprints(context, at)
                left_out.append(LeftOut(change.label, reason, change.url(context), at))
        left_out.extend(not_counted(context, part))
    return counted(context, evidence, left_out)


@dataclass(frozen=True, slots=True)
class _Change:
    """A pull request or a single commit: when it first reached production, and its commits."""

    at: datetime
    commits: tuple[Commit, ...]

    @property
    def pull_request(self) -> int | None:
        return self.commits[0].pull_request

    @property
    def label(self) -> str:
        return short(self.commits[0]) if self.pull_request is None else f"#{self.pull_request}"

    def begins_with(self, reached: Reached) -> bool:
        return self.commits[0].sha == reached.commit.sha

    def url(self, context: MeasureContext) -> str:
        first = self.commits[0]
        if self.pull_request is None:
            return commit_url(context, first)
        return f"{context.plan.github_html}/{first.repository}/pull/{self.pull_request}"

    def as_evidence(self, context: MeasureContext, part: Part) -> EvidenceItem:
        revert = all(commit.revert for commit in self.commits)
        shared = any(part.shared(commit) for commit in self.commits)
        return EvidenceItem(
            "commit" if self.pull_request is None else "pull_request",
            self.label,
            self.url(context),
            self.at,
            ("revert",) * revert + ("shared",) * shared,
        )


def _change(part: Part, at: datetime, reached: Reached) -> _Change:
    number = reached.commit.pull_request
    if number is None:
        return _Change(at, (reached.commit,))
    commits = part.of_pull_request(number)
    return _Change(commits[0][0], tuple(one.commit for _, one in commits))


def _counted_before(
    context: MeasureContext, change: _Change, commit: Commit, at: datetime
) -> LeftOut:
    day = day_of(change.at, context.plan.zone)
    reason = f"{change.label} counts once: its first commit reached production on {day}"
    return LeftOut(short(commit), reason, commit_url(context, commit), at)
