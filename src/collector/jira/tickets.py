"""Reads one ticket source: what changed since the last complete read, and all of it once a day."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from collector.errors import SourceError, SourceRefusedError
from collector.full_relist import NEVER, due
from collector.jira.issue_links import of_types
from collector.jira.issue_parser import (
    IssueHistory,
    ParsedIssue,
    names_without_id,
    refuse_withheld,
    status_ids,
)
from collector.jira.jql import planned_next, updated_since
from collector.jira.statuses import AskStatuses, Statuses
from collector.jira.ticket_facts import tickets
from collector.jira.vanished import AskedById, MissingTickets, ask_by_id
from collector.json_fields import instant, pick, pick_or_none
from collector.source_read import Task
from evaluator.model.facts import (
    GoneTicket,
    KnownTicket,
    LinkedTicket,
    Reason,
    StatusCategory,
    Ticket,
)
from evaluator.model.plan import TicketSource
from evaluator.model.ticket_labels import named

_FORM = 3  # of bookmarks: a later one was written where more was kept of each ticket
_OPEN = (StatusCategory.TO_DO, StatusCategory.IN_PROGRESS)


class Tracker(Protocol):
    """Lists the tickets of one source, on Jira Cloud or on Jira Data Center."""

    def histories(self, jql: str, wanted: Callable[[ParsedIssue], bool]) -> list[IssueHistory]:
        """Return the wanted issues that `jql` finds, with their moves."""

    def by_id(
        self, issue_ids: Sequence[str], wanted: Callable[[ParsedIssue], bool]
    ) -> list[IssueHistory]:
        """Return those of the issues that Jira shows and that are wanted, with their moves."""

    def ids(self, jql: str) -> set[str]:
        """Return the ids of the issues that `jql` finds."""

    def linked(self, issue_ids: Sequence[str]) -> dict[str, object]:
        """Return when those of the issues that Jira shows were made, and their labels, by id.

        Each as Jira's JSON of it.
        """


@dataclass(frozen=True, slots=True)
class TicketRead:
    """What one read brought: new and changed tickets, those that left, and the next bookmark.

    `number` is the id of the project that the source is, empty for a filter. `planned` are the ids
    of what is in a sprint that has not begun, None where nobody asked, or Jira does not say.
    """

    tickets: tuple[Ticket, ...]
    gone: tuple[GoneTicket, ...]
    planned: frozenset[str] | None
    bookmark: str
    number: str


@dataclass(frozen=True, slots=True)
class TicketBookmark:
    """What a complete read stores for the next one.

    `read` is when it started, `listed` when the last one did that listed every ticket; `doubtful`
    are the issues whose change log is to be asked for again while a search lists them; `statuses`
    is what each status meant when the tickets were kept, `names` what it was called, and
    `projects` are the ids of those of the tickets. `unlisted` are tickets that the list lacked,
    and that were there by their id; `compared` is whether the list was held against what was known.
    An `outdated` one was written before names, or levels of types, were kept: every ticket is read
    once more.
    """

    read: datetime
    listed: datetime = NEVER
    doubtful: frozenset[str] = frozenset()
    statuses: Mapping[str, StatusCategory] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    projects: frozenset[str] = frozenset()
    unlisted: frozenset[str] = frozenset()
    compared: bool = True
    outdated: bool = False

    def dumps(self) -> str:
        """Return the bookmark as JSON."""
        return json.dumps(
            {
                "read": self.read.isoformat(),
                "listed": self.listed.isoformat(),
                "doubtful": sorted(self.doubtful),
                "statuses": dict(sorted(self.statuses.items())),
                "names": dict(sorted(self.names.items())),
                "projects": sorted(self.projects),
                "unlisted": sorted(self.unlisted),
                "form": _FORM,
            }
        )

    @classmethod
    def loads(cls, text: str) -> "TicketBookmark":
        """Return the bookmark that `dumps` wrote, now or before it wrote `listed` or `names`."""
        held = json.loads(text)
        statuses = {key: StatusCategory(value) for key, value in held["statuses"].items()}
        return cls(
            read=datetime.fromisoformat(held["read"]),
            listed=datetime.fromisoformat(held["listed"]) if "listed" in held else NEVER,
            doubtful=frozenset(held["doubtful"]),
            statuses=statuses,
            names=held.get("names", {}),
            projects=frozenset(held.get("projects", ())),
            unlisted=frozenset(held.get("unlisted", ())),
            compared="unlisted" in held,
            outdated="names" not in held or held.get("form") != _FORM,
        )


def read_tickets(
    task: Task,
    source: TicketSource,
    tracker: Tracker,
    statuses: Statuses,
    ask_statuses: AskStatuses,
    *,
    started: datetime,
    complete_until: Callable[[], datetime],
) -> TicketRead:
    """Return the new and changed tickets of `source`, and the next bookmark.

    Units: tickets updated at or after `task.since`, and every open one. A first read lists them
    all, and so does one a day: a search may have left one out, an administrator may have put a
    status into another category or renamed it, and nothing of it changes `updated`. The others
    list what was updated since. Tickets known as open that are missing from a whole list are asked
    for by their id. `complete_until`, asked in the end, tells up to when the read is complete.
    Errors: SourceRefusedError when a person must act; SourceUnavailableError when a later run
    may succeed.
    """
    last = TicketBookmark.loads(task.bookmark) if task.bookmark else TicketBookmark(task.since)
    reader = _TicketReader(task, source, tracker, statuses, ask_statuses, last)
    whole = last.outdated or due(last.read, last.listed, started)
    found = reader.histories(whole=whole, also_unchanged=last.outdated)
    categories = statuses.of(status_ids(found), last.statuses, ask_statuses, anew=whole)
    renamed = reader.names.items() - {**reader.names, **last.names}.items()
    meant = any(categories[each] is not kind for each, kind in last.statuses.items())
    if not last.outdated and (renamed or meant):
        # What is kept of every ticket says what its statuses meant before.
        whole = True
        found = reader.histories(whole=True, also_unchanged=True)
    read = complete_until()
    asked = reader.missing(read) if whole else AskedById(unlisted=last.unlisted)
    found += asked.histories
    categories = statuses.of(status_ids(found), last.statuses, ask_statuses, anew=whole)
    doubtful = {
        history.issue.issue_id
        for history in found
        if history.doubtful or len(history.moves) < reader.moves_of(history.issue)
    }
    if not whole:
        doubtful |= last.doubtful - {history.issue.issue_id for history in found}
    listed = read if whole else last.listed
    projects = last.projects | reader.projects
    names = {**last.names, **reader.names}
    bookmark = TicketBookmark(
        read, listed, frozenset(doubtful), categories, names, projects, asked.unlisted
    )
    # A filter may find tickets of several projects: between those none of them leaves it.
    own = projects if source.jql else ()
    return TicketRead(
        tickets(source, found, categories, own, reader.linked(found)),
        asked.gone,
        reader.planned() if found or asked.gone else None,
        bookmark.dumps(),
        number="" if source.jql else reader.number,
    )


@dataclass(frozen=True, slots=True)
class _TicketReader:
    """Lists the tickets of one source, and gathers names of statuses and ids of projects."""

    task: Task
    source: TicketSource
    tracker: Tracker
    statuses: Statuses
    ask_statuses: AskStatuses
    last: TicketBookmark
    names: dict[str, str] = field(default_factory=dict)
    projects: set[str] = field(default_factory=set)
    listed: dict[str, datetime] = field(default_factory=dict)  # when each was created
    open: set[str] = field(default_factory=set)  # those of them that are

    @property
    def number(self) -> str:
        """The id of the one project of the tickets that were listed, empty where there is none."""
        return next(iter(self.projects)) if len(self.projects) == 1 else ""

    def histories(self, *, whole: bool, also_unchanged: bool = False) -> list[IssueHistory]:
        """Return the tickets to keep, of all or of those updated since the last read.

        Every ticket that is listed says which category its status is in.
        """
        categories: dict[str, StatusCategory] = {}
        self.listed.clear()

        def wanted(issue: ParsedIssue) -> bool:
            self.listed[issue.issue_id] = issue.created
            self.names[issue.status_id] = issue.status_name
            self.projects.update({issue.project_id} - {""})
            if issue.status_category:
                categories[issue.status_id] = issue.status_category
            if issue.status_category in _OPEN:
                self.open.add(issue.issue_id)
            known = self._known(issue)
            changed = known is None or known.gone or known.updated != issue.updated
            shown = issue.updated >= self.task.since or issue.status_category in _OPEN
            return shown and (changed or also_unchanged or issue.issue_id in self.last.doubtful)

        since = self.task.since if whole else self.last.read
        jql = updated_since(self.source.scope, since, or_open=whole)
        found = self.tracker.histories(jql, wanted)
        known = self.task.known_tickets.keys()
        # Where a ticket is shown that is newer than the last read, or is another project's, access
        # is not what is missing.
        newer = any(created > self.last.read for created in self.listed.values())
        shown = newer or (self._another_project and not self.source.jql)
        if whole and known and not shown and not self.listed.keys() & known:
            raise SourceRefusedError(
                Reason.NO_ACCESS,
                f"Jira shows none of the {len(known)} tickets of `{self.source.scope}` that it "
                "showed before.",
                "See that the account of the token may still browse their "
                "projects, and that what teams.yaml asks for still finds them.",
            )
        if not any(each.moves for each in self.task.known_tickets.values()):
            where = f"`{self.source.scope}` on Jira site `{self.source.site}`"
            refuse_withheld(found, f"the tickets of {where}")
        self.statuses.learn(categories)
        return self._with_ids(found)

    def missing(self, by: datetime) -> AskedById:
        """Return what became of tickets that were open and are not in the list that began at `by`.

        Where no list was held against them before, nobody can say up to when they were in it: at
        least until they were updated.
        """
        compared = bool(self.task.bookmark) and self.last.compared
        before = self.last.listed if compared else NEVER
        missing = MissingTickets(
            after={
                issue_id: max(before, updated)
                for issue_id, updated in self.task.open_tickets.items()
                if issue_id not in self.listed
            },
            by=by,
            at_once=compared and not self._another_project,
            were_open=len(self.task.open_tickets),
            newest=max(self.listed.values(), default=None),
            projects=self.projects if self.projects and not self.source.jql else self._projects,
            unlisted=self.last.unlisted,
            by_filter=bool(self.source.jql),
        )
        asked = ask_by_id(missing, self.tracker.by_id)
        return replace(asked, histories=tuple(self._with_ids(asked.histories)))

    def linked(self, found: Sequence[IssueHistory]) -> dict[str, LinkedTicket]:
        """Return what is known of the tickets that feedback's links lead to, by the link's id.

        Only of links that are new Jira is asked. What it does not show, it is not asked again.
        """
        links = [
            link
            for history in found
            for link in of_types(history.issue.links, self.source.feedback_links)
        ]
        known = self.task.known_links
        new = sorted({link.issue_id for link in links if link.ident not in known})
        shown = self.tracker.linked(new) if new else {}
        return {
            link.ident: known.get(link.ident) or self._linked(shown.get(link.issue_id))
            for link in links
        }

    def planned(self) -> frozenset[str] | None:
        """Return the ids of the tickets that are in a sprint that has not begun.

        Where none is open, none is, and Jira is not asked.
        """
        if not self.source.in_sprints:
            return None
        if not self.open and not self.task.open_tickets:
            return frozenset()
        with suppress(SourceError):  # what is planned is good to know, and nothing counts by it
            return frozenset(self.tracker.ids(planned_next(self.source.scope)))
        return None

    def _linked(self, answer: object) -> LinkedTicket:
        if answer is None:
            return LinkedTicket()
        fields = pick(answer, "fields", dict)
        labels = map(str, pick_or_none(fields, "labels", list) or [])
        return LinkedTicket(instant(fields, "created"), named(labels, self.source.labels))

    @property
    def _another_project(self) -> bool:
        """Whether the key means another project since: then nothing of it was hidden."""
        former = self.last.projects
        return bool(former and self.projects) and former.isdisjoint(self.projects)

    @property
    def _projects(self) -> frozenset[str]:
        return self.last.projects | self.projects

    def _with_ids(self, found: Sequence[IssueHistory]) -> list[IssueHistory]:
        by_name = self.statuses.ids_of(names_without_id(found), self.ask_statuses)
        return [
            replace(each, moves=tuple(move.with_ids(by_name) for move in each.moves))
            for each in found
        ]

    def moves_of(self, issue: ParsedIssue) -> int:
        """Return how many moves of the issue are known."""
        known = self._known(issue)
        return known.moves if known else 0

    def _known(self, issue: ParsedIssue) -> KnownTicket | None:
        return self.task.known_tickets.get(issue.issue_id)
