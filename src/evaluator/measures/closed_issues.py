"""Issues of GitHub, of teams without Jira: Done when a change that closes one is in production."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluator.measures import production
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import ClosedIssue, Commit, ProductionEvent, Reason
from evaluator.model.results import Gap, GapKind, LeftOut
from evaluator.model.ticket_labels import plain

DECLINED = "closed as not planned"
_SEEN_LATE = (
    "issues in GitHub are seen only once a change that closes them is in production, so nobody can "
)
OTHERS_OPEN = f"{_SEEN_LATE}tell whether another was open"
OTHERS_UNDER_WAY = f"{_SEEN_LATE}tell whether another was taken up"


@dataclass(frozen=True, slots=True)
class DoneIssue:
    """An issue, and when the change that closes it first reached production, by `event`.

    `repository` is that of the change.
    """

    issue: ClosedIssue
    repository: str
    at: datetime
    event: ProductionEvent

    @property
    def label(self) -> str:
        """What people call the issue: with its repository where that is another."""
        here = self.issue.repository == self.repository
        return f"{'' if here else self.issue.repository}#{self.issue.number}"

    def has(self, label: str) -> bool:
        """Return whether the issue had the label when it was read."""
        return plain(label) in self.issue.labels

    def url(self, context: MeasureContext) -> str:
        """Return where people see the issue."""
        issue = self.issue
        return f"{context.plan.github_html}/{issue.repository}/issues/{issue.number}"

    def pull_url(self, context: MeasureContext) -> str:
        """Return where people see the pull request that closes it."""
        number = self.issue.pull_request
        return f"{context.plan.github_html}/{self.repository}/pull/{number}"

    def left_out(self, context: MeasureContext, reason: str, at: datetime) -> LeftOut:
        """Return the issue as what does not count."""
        return LeftOut(self.label, reason, self.url(context), at)


def done_issues(context: MeasureContext) -> list[DoneIssue]:
    """Return the issues that the team's changes close, each by the first that was in production.

    A change counts as it does for what reached production: by people, in the team's repositories
    and folders on the window's first day.
    """
    found = sorted(_changes(context), key=lambda one: (one.at, one.issue.pull_request))
    once: dict[tuple[str, int], DoneIssue] = {}
    for one in found:
        once.setdefault((one.issue.repository, one.issue.number), one)
    return list(once.values())


def never_named(context: MeasureContext, label: str, more: str = "") -> list[Gap]:
    """Return the gaps of a team that is not known to have closed an issue with the label."""
    kind = GapKind.NO_ISSUE
    sources = production.sources(context)
    return [Gap(s.id, Reason.NOTHING_MATCHED, f"{kind}{label}{more}", kind) for s in sources]


def earliest(issues: Sequence[DoneIssue]) -> datetime | None:
    """Return when the first of the issues was made, None where there is none."""
    return min((one.issue.created for one in issues), default=None)


def _changes(context: MeasureContext) -> Iterator[DoneIssue]:
    for part in production.parts(context):
        for number, commits in part.history.pull_requests.items():
            if any(one.commit.closes for _, one in commits):
                for at, one in part.of_pull_request(number):
                    yield from _closed_by(one.commit, at, one.event)


def _closed_by(commit: Commit, at: datetime, event: ProductionEvent) -> Iterator[DoneIssue]:
    for issue in commit.closes:
        yield DoneIssue(issue, commit.repository, at, event)
