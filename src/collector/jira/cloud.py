"""Tickets of Jira Cloud: search by pages of tokens, change logs in bulk."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from collector.jira.inconsistency import inconsistent
from collector.jira.issue_parser import (
    FIELDS,
    FIELDS_BY_ID,
    FIELDS_LINKED,
    LOGGED,
    IssueHistory,
    ParsedIssue,
    agree,
    read_issue,
    read_moves,
    reconciled,
)
from collector.json_fields import pick, pick_or_none
from collector.transport import Transport
from evaluator.model.facts import StatusCategory

PAGE = 100  # the most that Jira gives when fields are named
ISSUES_A_CALL = 1_000
HISTORIES_A_PAGE = 10_000
REPEATED = 5  # times that a page came, each time under another token: none ever ends that


class Cloud:
    """Reads the tickets of one source on Jira Cloud."""

    def __init__(self, root: str, transport: Transport, *, about: str) -> None:
        self._root = root
        self._transport = transport
        self._about = about

    def histories(self, jql: str, wanted: Callable[[ParsedIssue], bool]) -> list[IssueHistory]:
        """Return the wanted issues that `jql` finds, with their moves.

        Errors: SourceRefusedError when a person must act; SourceUnavailableError when a later
        run may succeed, or an answer was cut or contradicts itself.
        """
        return self._with_logs(issue for issue in self._search(jql) if wanted(issue))

    def by_id(
        self, issue_ids: Sequence[str], wanted: Callable[[ParsedIssue], bool]
    ) -> list[IssueHistory]:
        """Return those of the issues that Jira shows and that are wanted, with their moves.

        Errors: as those of `histories`.
        """
        found: list[ParsedIssue] = []
        for answer in self._fetch(issue_ids, FIELDS_BY_ID):
            if pick_or_none(answer, "issueErrors", list):
                raise inconsistent(f"could not give some tickets just now, of {self._about}")
            found += map(read_issue, pick(answer, "issues", list))
        return self._with_logs(issue for issue in found if wanted(issue))

    def ids(self, jql: str) -> set[str]:
        """Return the ids of the issues that `jql` finds. Errors: as those of `histories`."""
        question = {"jql": jql, "fields": ["created"], "maxResults": PAGE}
        pages = self._pages("/rest/api/3/search/jql", question)
        return {pick(issue, "id", str) for page in pages for issue in pick(page, "issues", list)}

    def linked(self, issue_ids: Sequence[str]) -> dict[str, object]:
        """Return when those of the issues that Jira shows were made, and their labels, by id.

        Errors: as those of `histories`.
        """
        answers = self._fetch(issue_ids, FIELDS_LINKED)
        return {pick(i, "id", str): i for answer in answers for i in pick(answer, "issues", list)}

    def _fetch(self, issue_ids: Sequence[str], fields: Sequence[str]) -> Iterator[object]:
        for first in range(0, len(issue_ids), PAGE):
            yield self._transport.post(
                f"{self._root}/rest/api/3/issue/bulkfetch",
                about=self._about,
                json={"issueIdsOrKeys": issue_ids[first : first + PAGE], "fields": fields},
                always_there=True,
            )

    def _with_logs(self, issues: Iterable[ParsedIssue]) -> list[IssueHistory]:
        found = {issue.issue_id: issue for issue in issues}
        logs = self._logs(list(found), fields=LOGGED)
        moves = {key: read_moves(log) for key, log in logs.items()}
        # A search lists what its index knows, which may be older or newer than the change log.
        # A log that is missing is left out without a word: one who is Done has most likely moved.
        # With every field, one who was made in Done has a log as well.
        again = [
            key
            for key, issue in found.items()
            if not agree(issue, moves[key])
            or (issue.status_category is StatusCategory.DONE and not moves[key])
        ]
        for key, log in self._logs(again).items():
            logs[key] += log  # what was given once stays, whatever is left out the second time
            moves[key] = read_moves(logs[key])
        return [reconciled(issue, logs[key]) for key, issue in found.items()]

    def _search(self, jql: str) -> Iterator[ParsedIssue]:
        question = {"jql": jql, "fields": FIELDS, "maxResults": PAGE}
        for page in self._pages("/rest/api/3/search/jql", question):
            for issue in pick(page, "issues", list):
                yield read_issue(issue)

    def _logs(
        self, issue_ids: Sequence[str], fields: Sequence[str] = ()
    ) -> dict[str, list[object]]:
        """Return the change log of each issue by id, empty where Jira gives none.

        Only changes of `fields`, or of any where none is named.
        """
        logs: dict[str, list[object]] = {issue_id: [] for issue_id in issue_ids}
        for log in self._change_logs(issue_ids, fields):
            issue_id = pick(log, "issueId", str)
            if issue_id not in logs:
                raise inconsistent(f"gave change logs that nobody asked for, of {self._about}")
            logs[issue_id] += pick(log, "changeHistories", list)
        return logs

    def _change_logs(self, issue_ids: Sequence[str], fields: Sequence[str]) -> Iterable[object]:
        for first in range(0, len(issue_ids), ISSUES_A_CALL):
            question = {
                "issueIdsOrKeys": issue_ids[first : first + ISSUES_A_CALL],
                "maxResults": HISTORIES_A_PAGE,
                **({"fieldIds": fields} if fields else {}),
            }
            for page in self._pages("/rest/api/3/changelog/bulkfetch", question):
                yield from pick(page, "issueChangeLogs", list)

    def _pages(self, path: str, question: dict[str, Any]) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        pages: Counter[int] = Counter()
        token: str | None = None
        while True:
            asked = question if token is None else {**question, "nextPageToken": token}
            answer = self._transport.post(
                f"{self._root}{path}", about=self._about, json=asked, always_there=True
            )
            yield answer
            last = pick_or_none(answer, "isLast", bool)
            token = pick_or_none(answer, "nextPageToken", str)
            if last or (last is None and token is None):
                return
            if token is None:
                raise inconsistent(f"says that there is more of {self._about}, and not where")
            page = hash(repr({**answer, "nextPageToken": None}))
            pages[page] += 1
            if token in seen or pages[page] == REPEATED:
                raise inconsistent(f"repeats a page of {self._about}")
            seen.add(token)
