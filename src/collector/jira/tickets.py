"""Reads one ticket source: only what changed since the last complete read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from collector.jira.issues import History, Issue, status_ids, tickets
from collector.jira.jql import updated_since
from collector.jira.statuses import Categories, Statuses
from collector.reading import Task
from evaluator.model.facts import StatusCategory, Ticket
from evaluator.model.plan import TicketSource

_OPEN = (StatusCategory.TO_DO, StatusCategory.IN_PROGRESS)


class Tracker(Protocol):
    """Jira Cloud or Jira Data Center, as far as tickets go."""

    def histories(self, jql: str, wanted: Callable[[Issue], bool]) -> list[History]:
        """Return the wanted issues that `jql` finds, with their moves."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """What a complete read leaves for the next one.

    `read` is when it started; `doubtful` are the issues whose change log is to be asked for again
    while a search still lists them; `statuses` saves asking for the list of statuses.
    """

    read: datetime
    doubtful: frozenset[str] = frozenset()
    statuses: Mapping[str, StatusCategory] = field(default_factory=dict)

    def dumps(self) -> str:
        """Return the bookmark as JSON."""
        return json.dumps(
            {
                "read": self.read.isoformat(),
                "doubtful": sorted(self.doubtful),
                "statuses": dict(sorted(self.statuses.items())),
            }
        )

    @classmethod
    def loads(cls, text: str) -> "Bookmark":
        """Return the bookmark that `dumps` wrote."""
        held = json.loads(text)
        statuses = {key: StatusCategory(value) for key, value in held["statuses"].items()}
        read = datetime.fromisoformat(held["read"])
        return cls(read, frozenset(held["doubtful"]), statuses)


def read_tickets(
    task: Task,
    source: TicketSource,
    tracker: Tracker,
    statuses: Statuses,
    ask_statuses: Callable[[], Categories],
    *,
    complete_until: Callable[[], datetime],
) -> tuple[tuple[Ticket, ...], str]:
    """Return the new and changed tickets of `source`, and the next bookmark.

    Units: tickets updated at or after `task.since`, and every open one, which the first read finds
    in the same list; from then on, whatever happens to one updates it. `complete_until`, asked in
    the end, tells up to when the read is complete.
    Errors: SourceRefusedError when a person must act; SourceUnavailableError when a later run
    may succeed.
    """
    last = Bookmark.loads(task.bookmark) if task.bookmark else Bookmark(task.since)
    statuses.recall(last.statuses)

    def wanted(issue: Issue) -> bool:
        changed = task.known_updated.get(issue.issue_id) != issue.updated
        shown = issue.updated >= task.since or issue.status_category in _OPEN
        return shown and (changed or issue.issue_id in last.doubtful)

    jql = updated_since(source.scope, last.read, or_open=not task.bookmark)
    found = tracker.histories(jql, wanted)
    issues = [history.issue for history in found]
    statuses.learn({i.status_id: i.status_category for i in issues if i.status_category})
    categories = statuses.of(status_ids(found), ask_statuses)
    doubtful = frozenset(history.issue.issue_id for history in found if history.doubtful)
    bookmark = Bookmark(complete_until(), doubtful, categories)
    return tickets(source.id, found, categories), bookmark.dumps()
