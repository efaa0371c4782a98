"""What a collector is given of a source, and how it says whether the read closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collector.errors import SourceError
from evaluator.model.facts import (
    BoardSprint,
    Coverage,
    GoneFolder,
    KnownTicket,
    LinkedTicket,
    ProductionEvent,
    Reading,
    Written,
)
from evaluator.model.plan import Source


@dataclass(frozen=True, slots=True)
class Task:
    """One source to read: the facts back to `since`, on top of what is known already.

    `bookmark` is what the last complete read under the same fingerprint and an equal or earlier
    `since` left behind (JSON, understood by the collector of that kind alone), else empty: then the
    source is read from the beginning. The `known` facts are given only with a bookmark:
    `known_commits` maps a repository's shas to their parents, `known_written` those of which it is
    known to when they were first made, `known_events` holds its events, `known_tickets` holds
    tickets by issue id, `known_links` what was read of linked ones by the id of the link;
    `known_sprints` are a board's. `read_started` is up to when that last read
    was complete. `open_tickets` says when each ticket that is known as open was updated, by issue
    id, under the same fingerprint, with or without a bookmark. `number` is the id that the service
    gave the source then, also without a bookmark: where it has another number now, its name means
    another source, of which nothing is known.
    """

    source: Source
    since: datetime
    bookmark: str = ""
    known_commits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known_written: Mapping[str, Written] = field(default_factory=dict)
    known_events: tuple[ProductionEvent, ...] = ()
    known_tickets: Mapping[str, KnownTicket] = field(default_factory=dict)
    open_tickets: Mapping[str, datetime] = field(default_factory=dict)
    known_sprints: tuple[BoardSprint, ...] = ()
    known_links: Mapping[str, LinkedTicket] = field(default_factory=dict)
    read_started: datetime | None = None
    number: str = ""

    @property
    def anew(self) -> "Task":
        """The task as it is where nothing is known of the source but its number."""
        return Task(self.source, self.since, number=self.number)

    def means_another(self, number: str) -> bool:
        """Return whether the source is another one than was read last, by its `number` now."""
        return bool(number and self.number) and number != self.number


def closed(
    task: Task,
    started: datetime,
    finished: datetime,
    *,
    until: datetime,
    requests: int,
    number: str = "",
    created: datetime | None = None,
    older_paths: frozenset[str] | None = None,
    gone_folders: tuple[GoneFolder, ...] | None = None,
) -> Coverage:
    """Return the coverage of a read that closed: everything from `since` to `until`.

    `number` is the id that the service gave the source, empty where it was not asked for, as
    `older_paths` and `gone_folders` are None then.
    """
    return Coverage(
        source=task.source.id,
        fingerprint=task.source.fingerprint,
        since=task.since,
        read_started=until,
        read_finished=finished,
        attempt_started=started,
        attempt_finished=finished,
        requests=requests,
        number=number,
        created=created,
        older_paths=older_paths,
        gone_folders=gone_folders,
    )


def not_closed(
    task: Task, error: SourceError, started: datetime, finished: datetime, requests: int
) -> Reading:
    """Return the reading of a source that could not be read whole: no facts, only why."""
    return Reading(
        Coverage(
            source=task.source.id,
            attempt_started=started,
            attempt_finished=finished,
            reason=error.reason,
            what=error.what,
            remedy=error.remedy,
            requests=requests,
        )
    )
