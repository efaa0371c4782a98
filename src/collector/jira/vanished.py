"""Tickets that were open and are missing from a whole list: what Jira says of each by its id.

A list may lack a ticket because it was deleted, hidden, moved or archived, or because a filter
does not find it any more; also because an index lags behind.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.jira.issue_parser import IssueHistory, ParsedIssue
from evaluator.model.facts import Gone, GoneTicket, StatusCategory

_MANY = 5  # so many do not vanish at once because each was deleted

Ask = Callable[[Sequence[str], Callable[[ParsedIssue], bool]], list[IssueHistory]]


@dataclass(frozen=True, slots=True)
class MissingTickets:
    """Tickets known as open that a whole list lacks, which began at `by`.

    `after` says by issue id since when each is missing at the earliest, `at_once` whether all of
    them were in the whole list before, or came later; `were_open` is how many
    were known as open, `newest` when the newest ticket was made that the list shows, None where it
    shows none. `projects` are the ids of the source's own, and `unlisted` those tickets that were
    missing the last time already, and answered by their id as the source's own.
    """

    after: Mapping[str, datetime]
    by: datetime
    at_once: bool
    were_open: int
    newest: datetime | None
    projects: Collection[str]
    unlisted: Collection[str]
    by_filter: bool


@dataclass(frozen=True, slots=True)
class AskedById:
    """What became of missing tickets.

    `histories` are those of tickets that are the source's own still; `unlisted` are the ids of
    those of them that a list should show again.
    """

    gone: tuple[GoneTicket, ...] = ()
    histories: tuple[IssueHistory, ...] = ()
    unlisted: frozenset[str] = frozenset()


def ask_by_id(missing: MissingTickets, ask: Ask) -> AskedById:
    """Return what became of the `missing` tickets; `ask` gives those of them that Jira shows.

    Errors: those of `ask`.
    """
    if not missing.after:
        return AskedById()
    answered: dict[str, ParsedIssue] = {}

    def wanted(issue: ParsedIssue) -> bool:
        answered[issue.issue_id] = issue
        return _stays(missing, issue)

    histories = ask(sorted(missing.after), wanted)
    silent = missing.after.keys() - answered.keys()
    hidden = Gone.HIDDEN if _most_at_once(missing, silent) else Gone.UNSEEN
    how = {
        issue_id: _how(missing, answered[issue_id]) if issue_id in answered else hidden
        for issue_id in sorted(missing.after)
    }
    return AskedById(
        tuple(
            GoneTicket(issue_id, each, missing.after[issue_id], missing.by)
            for issue_id, each in how.items()
            if each is not Gone.LISTED
        ),
        tuple(histories),
        frozenset(issue_id for issue_id, each in how.items() if each is Gone.LISTED),
    )


def _stays(missing: MissingTickets, issue: ParsedIssue) -> bool:
    """Whether a ticket is its source's own still: of a filter, only a list can say that."""
    return not missing.by_filter and not _elsewhere(missing, issue)


def _elsewhere(missing: MissingTickets, issue: ParsedIssue) -> bool:
    return bool(issue.project_id) and issue.project_id not in missing.projects


def _how(missing: MissingTickets, issue: ParsedIssue) -> Gone:
    if _elsewhere(missing, issue):
        return Gone.MOVED
    done = issue.status_category is StatusCategory.DONE
    if missing.by_filter:  # which may not show what is Done
        return Gone.UNSEEN if done else Gone.MOVED
    archived = issue.archived or issue.issue_id in missing.unlisted
    return Gone.MOVED if archived and not done else Gone.LISTED


def _most_at_once(missing: MissingTickets, silent: Collection[str]) -> bool:
    """Whether most open tickets vanished, while the source goes on showing newer ones."""
    if not missing.at_once or len(silent) < _MANY or len(silent) * 2 <= missing.were_open:
        return False
    since = min(missing.after[issue_id] for issue_id in silent)
    return missing.newest is not None and missing.newest > since
