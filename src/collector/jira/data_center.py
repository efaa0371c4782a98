"""Tickets of Jira Data Center: search by offset, with the change logs in the same answer."""

from collections.abc import Callable

from collector.jira.inconsistency import inconsistent
from collector.jira.issue_parser import (
    FIELDS,
    IssueHistory,
    ParsedIssue,
    read_issue,
    reconciled,
)
from collector.jira.jira_client import JiraClient, understanding
from collector.json_fields import pick

PAGE = 100


class DataCenter:
    """Reads the tickets of one source on Jira Data Center."""

    def __init__(self, library: JiraClient, *, about: str) -> None:
        self._library = library
        self._about = about

    def histories(self, jql: str, wanted: Callable[[ParsedIssue], bool]) -> list[IssueHistory]:
        """Return the wanted issues that `jql` finds, with their moves.

        Errors: SourceRefusedError when a person must act; SourceUnavailableError when a later
        run may succeed, or an answer was cut or contradicts itself.
        """
        found: dict[str, object] = {}
        totals: list[int] = []
        start = 0
        while True:
            page = self._page(jql, start)
            issues = pick(page, "issues", list)
            totals.append(pick(page, "total", int))
            before = len(found)
            found |= {pick(issue, "id", str): issue for issue in issues}
            start += len(issues)
            if len(found) == before or start >= max(totals):
                break  # a page with nothing new is the first of many, whatever the total says
        # An issue that leaves the list while it is read moves another one past the next page; a
        # new one comes at its end, and is among those found.
        if totals != sorted(totals) or totals[-1] != len(found):
            raise inconsistent(f"counts other tickets than it gave, of {self._about}")
        logs = [self._log(answer) for answer in found.values() if wanted(read_issue(answer))]
        return [reconciled(issue, log) for issue, log in logs]

    def _page(self, jql: str, start: int) -> object:
        with understanding("the list of tickets"):
            return self._library.search_issues(
                jql,
                startAt=start,
                maxResults=PAGE,
                fields=list(FIELDS),
                expand="changelog",
                json_result=True,
            )

    def _log(self, answer: object) -> tuple[ParsedIssue, list[object]]:
        if _cut(answer):
            answer = self._alone(pick(answer, "id", str))
            if _cut(answer):
                raise inconsistent(f"cuts the change log of a ticket, of {self._about}")
        return read_issue(answer), pick(answer, "changelog.histories", list)

    def _alone(self, issue_id: str) -> object:
        with understanding("a ticket"):
            return self._library.issue(issue_id, ",".join(FIELDS), "changelog").raw


def _cut(answer: object) -> bool:
    given = pick(answer, "changelog.histories", list)
    return pick(answer, "changelog.total", int) != len(given)
