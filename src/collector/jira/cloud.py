"""Tickets of Jira Cloud: search by pages of tokens, change logs in bulk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from collector.jira.answers import inconsistent
from collector.jira.issues import FIELDS, History, Issue, Move, read_issue, read_moves
from collector.picking import pick, pick_or_none
from collector.transport import Transport
from evaluator.model.facts import StatusCategory

PAGE = 100  # the most that Jira gives when fields are named
ISSUES_A_CALL = 1_000
HISTORIES_A_PAGE = 10_000


class Cloud:
    """Reads the tickets of one source on Jira Cloud."""

    def __init__(self, root: str, transport: Transport, *, about: str) -> None:
        self._root = root
        self._transport = transport
        self._about = about

    def histories(self, jql: str, wanted: Callable[[Issue], bool]) -> list[History]:
        """Return the wanted issues that `jql` finds, with their moves.

        Errors: SourceRefusedError when a person must act; SourceUnavailableError when a later
        run may succeed, or an answer was cut or contradicts itself.
        """
        found = {issue.issue_id: issue for issue in self._search(jql) if wanted(issue)}
        moves = self._moves(list(found))
        # A search lists what its index knows, which may be older or newer than the change log.
        # A log that is missing is left out without a word: one who is Done has most likely moved.
        again = [
            key
            for key, issue in found.items()
            if not _agree(issue, moves[key])
            or (issue.status_category is StatusCategory.DONE and not moves[key])
        ]
        moves |= self._moves(again)
        return [_reconciled(issue, moves[key]) for key, issue in found.items()]

    def _search(self, jql: str) -> Iterator[Issue]:
        question = {"jql": jql, "fields": FIELDS, "maxResults": PAGE}
        for page in self._pages("/rest/api/3/search/jql", question):
            for issue in pick(page, "issues", list):
                yield read_issue(issue)

    def _moves(self, issue_ids: Sequence[str]) -> dict[str, tuple[Move, ...]]:
        """Return the moves of each issue by id; none where Jira has no change of its status."""
        histories: dict[str, list[object]] = {issue_id: [] for issue_id in issue_ids}
        for log in self._change_logs(issue_ids):
            issue_id = pick(log, "issueId", str)
            if issue_id not in histories:
                raise inconsistent(f"gave change logs that nobody asked for, of {self._about}")
            histories[issue_id] += pick(log, "changeHistories", list)
        return {issue_id: read_moves(found) for issue_id, found in histories.items()}

    def _change_logs(self, issue_ids: Sequence[str]) -> Iterable[object]:
        for first in range(0, len(issue_ids), ISSUES_A_CALL):
            question = {
                "issueIdsOrKeys": issue_ids[first : first + ISSUES_A_CALL],
                "fieldIds": ["status"],
                "maxResults": HISTORIES_A_PAGE,
            }
            for page in self._pages("/rest/api/3/changelog/bulkfetch", question):
                yield from pick(page, "issueChangeLogs", list)

    def _pages(self, path: str, question: dict[str, Any]) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        token: str | None = None
        while True:
            asked = question if token is None else {**question, "nextPageToken": token}
            answer = self._transport.post(f"{self._root}{path}", about=self._about, json=asked)
            yield answer
            last = pick_or_none(answer, "isLast", bool)
            token = pick_or_none(answer, "nextPageToken", str)
            if last or (last is None and token is None):
                return
            if token is None:
                raise inconsistent(f"says that there is more of {self._about}, and not where")
            if token in seen:
                raise inconsistent(f"repeats a page of {self._about}")
            seen.add(token)


def _agree(issue: Issue, moves: tuple[Move, ...]) -> bool:
    """Whether the newest move leads to the status; without moves there is nothing to compare."""
    return not moves or moves[-1].to_id == issue.status_id


def _reconciled(issue: Issue, moves: tuple[Move, ...]) -> History:
    """Return issue and moves as Jira gave them, and no move that it did not give.

    Where the newest move is younger than the issue, the issue moved on since it was listed, and
    its status is that move's. The next run sees another `updated` and reads it again.
    """
    if _agree(issue, moves):
        return History(issue, moves)
    if moves[-1].at > issue.updated:
        moved = replace(issue, status_id=moves[-1].to_id, status_category=None)
        return History(moved, moves)
    return History(issue, moves, doubtful=True)
