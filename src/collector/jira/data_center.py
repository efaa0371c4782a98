"""Tickets of Jira Data Center: search by offset, with the change logs in the same answer."""

from collections.abc import Callable, Sequence

from collector.errors import SourceRefusedError
from collector.jira.inconsistency import inconsistent
from collector.jira.issue_parser import (
    FIELDS,
    FIELDS_BY_ID,
    FIELDS_LINKED,
    IssueHistory,
    ParsedIssue,
    read_issue,
    reconciled,
)
from collector.jira.jira_client import JiraClient, understanding
from collector.json_fields import pick
from evaluator.model.facts import Reason

PAGE = 100
_ONE_BY_ONE = 100  # tickets at most: of others nobody can tell where they are
_NOT_SHOWN = (Reason.NOT_FOUND, Reason.NO_ACCESS)


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

    def by_id(
        self, issue_ids: Sequence[str], wanted: Callable[[ParsedIssue], bool]
    ) -> list[IssueHistory]:
        """Return those of the issues that Jira shows and that are wanted, with their moves.

        A search finds no archived one, and some versions none at all where one is missing: what
        it does not give is asked for alone, up to a hundred.
        Errors: as those of `histories`.
        """
        found = self._listed(issue_ids, FIELDS_BY_ID, expand="changelog")
        for issue_id in [each for each in issue_ids if each not in found][:_ONE_BY_ONE]:
            if (answer := self._alone_if_shown(issue_id)) is not None:
                found[pick(answer, "id", str)] = answer
        logs = [self._log(answer) for answer in found.values() if wanted(read_issue(answer))]
        return [reconciled(issue, log) for issue, log in logs]

    def ids(self, jql: str) -> set[str]:
        """Return the ids of the issues that `jql` finds. Errors: as those of `histories`."""
        found: set[str] = set()
        start = total = 0
        while start == 0 or start < total:
            with understanding("the list of tickets"):
                page = self._library.search_issues(
                    jql, startAt=start, maxResults=PAGE, fields=["created"], json_result=True
                )
            issues, total = pick(page, "issues", list), pick(page, "total", int)
            found |= {pick(issue, "id", str) for issue in issues}
            if not issues:
                break
            start += len(issues)
        return found

    def linked(self, issue_ids: Sequence[str]) -> dict[str, object]:
        """Return when those of the issues that Jira shows were made, and their labels, by id.

        Where one is missing, some versions list none: then each is asked for alone, up to a
        hundred. Errors: as those of `histories`.
        """
        found = self._listed(issue_ids, FIELDS_LINKED)
        for issue_id in [] if found else issue_ids[:_ONE_BY_ONE]:
            if (answer := self._alone_if_shown(issue_id, FIELDS_LINKED)) is not None:
                found[pick(answer, "id", str)] = answer
        return found

    def _listed(
        self, issue_ids: Sequence[str], fields: Sequence[str], expand: str | None = None
    ) -> dict[str, object]:
        found: dict[str, object] = {}
        for first in range(0, len(issue_ids), PAGE):
            with understanding("the list of tickets"):
                page = self._library.search_issues(
                    f"id in ({', '.join(issue_ids[first : first + PAGE])})",
                    startAt=0,
                    maxResults=PAGE,
                    validate_query=False,
                    fields=list(fields),
                    expand=expand,
                    json_result=True,
                )
            found |= {pick(issue, "id", str): issue for issue in pick(page, "issues", list)}
        return found

    def _alone_if_shown(self, issue_id: str, fields: Sequence[str] = FIELDS_BY_ID) -> object | None:
        try:
            return self._alone(issue_id, fields)
        except SourceRefusedError as refused:
            if refused.reason in _NOT_SHOWN:
                return None
            raise

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

    def _alone(self, issue_id: str, fields: Sequence[str] = FIELDS_BY_ID) -> object:
        with understanding("a ticket"):
            return self._library.issue(issue_id, ",".join(fields), "changelog").raw


def _cut(answer: object) -> bool:
    given = pick(answer, "changelog.histories", list)
    return pick(answer, "changelog.total", int) != len(given)
