"""What a run asks of each source: from when on, from which bookmark, and with what is known."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from collector.source_read import Task
from evaluator.model.facts import Coverage, LinkedTicket, Reading
from evaluator.model.plan import BoardSource, Plan, RepositorySource, Source, TicketSource
from store.store import Store

_FIRST_READ_MONTHS = 6


def to_read(
    plan: Plan, store: Store, sources: Sequence[Source], since: date | None, now: datetime
) -> list[Task]:
    """Return a task for each source.

    It begins at the earlier of `since` and where the last read began, else six months before.
    """
    coverage = store.facts.coverage([s.id for s in sources] if len(sources) == 1 else None)
    asked = plan.midnight(since) if since else None
    today = now.astimezone(plan.zone).date()
    first = plan.midnight(_months_before(today, _FIRST_READ_MONTHS))
    tasks: list[Task] = []
    for source in sources:
        known = coverage.get(source.id, Coverage(source.id))
        known_since = known.since if known.since and known.since <= now else None
        begin = min(filter(None, (known_since, asked)), default=first).astimezone(UTC)
        continues = known_since == begin and known.fingerprint == source.fingerprint
        bookmark = store.facts.bookmark(source.id) if continues else ""
        read_started = known.read_started if continues else None
        tasks.append(Task(source, begin, bookmark, read_started=read_started, number=known.number))
    return tasks


def with_known(store: Store, task: Task) -> Task:
    """The task with the stored facts that a continued read builds on."""
    source: Source = task.source
    if isinstance(source, TicketSource):
        return _with_known_tickets(store, task, source)
    if not task.bookmark:
        return task
    match source:
        case RepositorySource():
            return replace(
                task,
                known_commits=store.facts.commit_graph(source.id),
                known_written=store.facts.written(source.id),
                known_events=tuple(store.facts.events(source.id)),
            )
        case BoardSource():
            return replace(task, known_sprints=tuple(store.facts.board_sprints(source.id)))


def _with_known_tickets(store: Store, task: Task, source: TicketSource) -> Task:
    """The task with what is known of tickets: without a bookmark, only which of them are open."""
    if not task.bookmark:
        known = store.facts.coverage([source.id]).get(source.id)
        if known is None or known.fingerprint != source.fingerprint:
            return task
    tickets = store.facts.known_tickets(source.id)
    return replace(
        task,
        known_tickets=tickets if task.bookmark else {},
        known_links=_known_links(store, task, source),
        open_tickets={key: each.updated for key, each in tickets.items() if each.open},
    )


def _known_links(store: Store, task: Task, source: TicketSource) -> dict[str, LinkedTicket]:
    continues = task.bookmark and source.feedback_links
    return store.facts.known_links(source.id) if continues else {}


def read_whole(read: Callable[[Task], Reading], task: Task) -> Reading:
    """Return what `read` gives of the task, or of all there is where its name means another source.

    Nothing of what is known is of that one.
    """
    reading = read(task)
    if task.bookmark and not reading.anew and task.means_another(reading.coverage.number):
        return read(task.anew)
    return reading


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
