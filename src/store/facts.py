"""Facts and coverage: what is kept of each read, and what an evaluation needs of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, update

from evaluator.model.facts import (
    BoardSprint,
    Commit,
    Coverage,
    Facts,
    GoneTicket,
    KnownTicket,
    LinkedTicket,
    OtherEvidence,
    ProductionEvent,
    Reading,
    Ticket,
    Written,
)
from store import (
    clock_ahead,
    counters,
    coverage,
    former_sources,
    linked_tickets,
    reach,
    renamed_sources,
    row_mapping,
    stories,
)
from store.database import Database
from store.tables import (
    CLOSED_ISSUES,
    COMMITS,
    COVERAGE,
    EVENTS,
    OTHER_EVIDENCE,
    SPRINTS,
    TICKET_KEYS,
    TICKETS,
)
from store.upsert import Row, upsert

_T = TypeVar("_T")
_EVENT_CHANGES = tuple(c.name for c in EVENTS.c if c.name not in {"not_before", "seen_by"})

# Made once: to put a statement together takes longer than to answer it.
_KNOWN = select(
    *(
        select(func.count()).where(table.c.source == bindparam("of")).scalar_subquery()
        for table in (COMMITS, EVENTS)
    )
)


class FactStore:
    """Facts, each with the coverage of its source. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read = False

    def keep(self, reading: Reading) -> int:
        """Keep one read of one source: its facts together with its coverage, or nothing.

        Returns how many it brought: of commits and events those that are new, and all tickets and
        sprints, of which a collector gives only what is new or has changed.

        Facts are added or overwritten, never deleted; an event keeps the earliest `at` ever
        seen, and a ticket the most moves. Where `coverage.reason` is set the read did not close:
        its facts and bookmark are ignored, and of the coverage only what concerns the newest
        attempt is written. Nothing is written of a read that another run overtook, with one that
        began later and went as far. It may be run twice.

        Where the read shows another source under the name than was known, by its number, what was
        known is set aside under an id of its own, with the results that were made of it.
        """
        read = reading.coverage
        with self._database.writing() as connection:
            if read.reason is not None:
                coverage.keep_attempt(connection, read)
                counters.add(connection, counters.of_read(read, {}))
                counters.now_left(connection, reading.requests_left)
                return 0
            before = coverage.last_read(connection, read.source)
            if coverage.overtaken(read, before):
                return 0
            if coverage.of_another(read, before):
                former_sources.set_aside(connection, before, read)
                before = Coverage(read.source)
            whole = coverage.joined(read, before)
            coverage.keep_complete(connection, whole, reading.bookmark)
            again = before.read_finished is not None and bool(reading.commits or reading.events)
            known = _known(connection, read.source) if again else {}
            kept = _keep_facts(connection, reading)
            _keep_others(connection, read.source, reading.others)
            if reading.stories is not None:
                stories.keep(connection, read.source, reading.stories)
            if not (kept["commit"] or kept["event"]):
                reach.carry_over(connection, read.source, before.read_finished)
            now_known = _known(connection, read.source) if again else {}
            new = kept | {kind: now_known[kind] - known[kind] for kind in known}
            items = sum(new.values())
            coverage.count_items(connection, read.source, items)
            counters.add(connection, counters.of_read(read, new))
            counters.now_left(connection, reading.requests_left)
            return items

    def take_back(self, now: datetime) -> None:
        """Take back what reads under a clock that ran ahead left, as nobody can know it at `now`.

        Their facts stay. A source whose read claims to go further is read anew.
        """
        with self._database.reading() as connection:
            sources = clock_ahead.read_later(connection, now)
        if sources:
            with self._database.writing() as connection:
                for source in sources:
                    clock_ahead.take_back(connection, source, now)

    def rename(self, former: str, source: str) -> None:
        """Have all that is known of a source stand under another id of it.

        Nothing was ever read whole under that one.
        """
        with self._database.writing() as connection:
            renamed_sources.rename(connection, former, source)

    def coverage(self, sources: Collection[str] | None = None) -> dict[str, Coverage]:
        """What is known of each source that was ever asked, or of some of them, by source id."""
        with self._database.reading() as connection:
            found = coverage.find(connection, sources)
        self._read = self._read or any(one.read_started for one in found.values())
        return found

    def anything_read(self) -> bool:
        """Whether any source was ever read whole. Once it was, that is known without asking."""
        if not self._read:
            with self._database.reading() as connection:
                self._read = coverage.anything_read(connection)
        return self._read

    def bookmark(self, source: str) -> str:
        """What the last complete read of `source` left for the next one; empty where none did."""
        with self._database.reading() as connection:
            return coverage.bookmark(connection, source)

    def commit_graph(self, source: str) -> dict[str, tuple[str, ...]]:
        """Each known sha of a repository with its parents."""
        query = select(COMMITS.c.sha, COMMITS.c.parents).where(COMMITS.c.source == source)
        with self._database.reading() as connection:
            return {sha: tuple(parents) for sha, parents in connection.execute(query)}

    def written(self, source: str) -> dict[str, Written]:
        """When each known commit of a repository was first made, by sha, where that was read."""
        columns = (COMMITS.c.sha, COMMITS.c.written_at, COMMITS.c.rewrites)
        query = select(*columns).where(
            COMMITS.c.source == source, COMMITS.c.written_at.is_not(None)
        )
        with self._database.reading() as connection:
            return {sha: Written(at, first or sha) for sha, at, first in connection.execute(query)}

    def events(self, source: str) -> list[ProductionEvent]:
        """All production events of a repository, in no particular order."""
        with self._database.reading() as connection:
            return _all(connection, EVENTS, [source], row_mapping.to_event)

    def events_between(
        self, sources: Collection[str], first: datetime, last: datetime
    ) -> list[ProductionEvent]:
        """The production events of `sources` at `first` <= t <= `last`, in no particular order."""
        during = (EVENTS.c.at >= first, EVENTS.c.at <= last)
        with self._database.reading() as connection:
            return _all(connection, EVENTS, sources, row_mapping.to_event, *during)

    def known_tickets(self, source: str) -> dict[str, KnownTicket]:
        """What is known of each ticket of `source`, by issue id."""
        moves = func.json_array_length(TICKETS.c.changes)
        columns = (
            TICKETS.c.issue_id,
            TICKETS.c.updated,
            moves,
            linked_tickets.IS_OPEN,
            TICKETS.c.gone != "",
        )
        query = select(*columns).where(TICKETS.c.source == source)
        with self._database.reading() as connection:
            return {issue_id: KnownTicket(*row) for issue_id, *row in connection.execute(query)}

    def known_links(self, source: str) -> dict[str, LinkedTicket]:
        """What was read of each ticket that a ticket of `source` links to, by the link's id."""
        query = select(TICKETS.c.links).where(
            TICKETS.c.source == source, TICKETS.c.links.is_not(None)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).scalars().all()
        links = (link for row in rows for link in row_mapping.to_links(row))
        return {link.ident: link.linked for link in links if link.linked is not None}

    def tickets(self, sources: Collection[str]) -> list[Ticket]:
        """All known tickets of `sources`, in no particular order."""
        with self._database.reading() as connection:
            return _all(connection, TICKETS, sources, row_mapping.to_ticket)

    def labelled_tickets(self, sources: Collection[str], label: str) -> list[Ticket]:
        """The tickets of `sources` that have a label today, open or not, in no particular order."""
        with self._database.reading() as connection:
            return _all(
                connection, TICKETS, sources, row_mapping.to_ticket, linked_tickets.has_label(label)
            )

    def linked_tickets(self, sources: Collection[str], label: str) -> list[Ticket]:
        """The open tickets of `sources` with a link or a label, and the known ones linked to."""
        with self._database.reading() as connection:
            rows = linked_tickets.find(connection, sources, label)
            return list(map(row_mapping.to_ticket, rows))

    def other_evidence(self, source: str) -> list[OtherEvidence]:
        """All names of a repository that the configuration lacked, in no particular order."""
        with self._database.reading() as connection:
            return _all(connection, OTHER_EVIDENCE, [source], row_mapping.to_other)

    def board_sprints(self, source: str) -> list[BoardSprint]:
        """All sprints of a board, in no particular order."""
        with self._database.reading() as connection:
            return _all(connection, SPRINTS, [source], row_mapping.to_sprint)

    def find(self, sources: Collection[str], deliveries: Collection[str] | None = None) -> Facts:
        """Everything that is known of `sources`, as it was at one moment.

        `reached` holds the commits that the stored reach names, each with its event: of all
        deliveries, or of some by their keys. `coverage` is also that of what had the names of the
        sources before.
        """
        with self._database.reading() as connection:
            events = _all(connection, EVENTS, sources, row_mapping.to_event)
            return Facts(
                reached=tuple(reach.reached(connection, sources, deliveries, events)),
                events=tuple(events),
                tickets=tuple(_all(connection, TICKETS, sources, row_mapping.to_ticket)),
                sprints=tuple(_all(connection, SPRINTS, sources, row_mapping.to_sprint)),
                others=tuple(_all(connection, OTHER_EVIDENCE, sources, row_mapping.to_other)),
                coverage=(
                    *_all(connection, COVERAGE, sources, row_mapping.to_coverage),
                    *former_sources.of_sources(connection, sources),
                ),
            )


def _keep_facts(connection: Connection, reading: Reading) -> dict[str, int]:
    """Add or overwrite facts; return how many came of each kind.

    An event keeps the earliest `at` ever seen: a re-run moves none. One whose own time was not
    possible keeps the one that it was given when it was first seen. A ticket keeps the most moves
    ever seen: it makes none undone; one that is gone keeps all that is known of it, and one that
    was reopened keeps when it was listed as Done. A commit that was an older one stays that, and
    an issue what it was when it was first read.
    """
    keys: list[Row] = []
    issues: list[Row] = []
    commits = _commit_rows(reading.commits, keys, issues)
    events = map(row_mapping.from_event, reading.events)
    tickets = map(row_mapping.from_ticket, reading.tickets)
    sprints = map(row_mapping.from_sprint, reading.sprints)
    kept = {
        "commit": upsert(connection, COMMITS, commits, once="rewrites"),
        "event": upsert(
            connection,
            EVENTS,
            events,
            overwrite=_EVENT_CHANGES,
            earliest="at",
            unless="not_before",
        ),
        "ticket": upsert(connection, TICKETS, tickets, longest="changes", earliest="listed_done")
        + _note_gone(connection, reading.coverage.source, reading.gone),
        "sprint": upsert(connection, SPRINTS, sprints),
    }
    upsert(connection, TICKET_KEYS, keys)
    if reading.planned is not None:
        _note_planned(connection, reading.coverage.source, reading.planned)
    upsert(connection, CLOSED_ISSUES, issues, overwrite=())
    return kept


def _commit_rows(commits: Iterable[Commit], keys: list[Row], issues: list[Row]) -> Iterator[Row]:
    """Yield the rows of commits, and note those of what they name in `keys` and `issues`."""
    for commit in commits:
        keys += row_mapping.from_ticket_keys(commit)
        issues += row_mapping.from_closed_issues(commit)
        yield row_mapping.from_commit(commit)


def _note_planned(connection: Connection, source: str, planned: Collection[str]) -> None:
    """Write down which tickets of a source are in a sprint that has not begun, and no others."""
    of = TICKETS.c.source == source
    connection.execute(update(TICKETS).where(of, TICKETS.c.planned).values(planned=False))
    wanted = [{"one": issue_id} for issue_id in sorted(planned)]
    if wanted:
        one = TICKETS.c.issue_id == bindparam("one")
        connection.execute(update(TICKETS).where(of, one).values(planned=True), wanted)


def _note_gone(connection: Connection, source: str, gone: Collection[GoneTicket]) -> int:
    """Write down how tickets left their source; return how many."""
    for one in gone:
        connection.execute(
            update(TICKETS)
            .where(TICKETS.c.source == source, TICKETS.c.issue_id == one.issue_id)
            .values(gone=one.how.value, gone_after=one.after, gone_by=one.by)
        )
    return len(gone)


def _keep_others(connection: Connection, source: str, others: Sequence[OtherEvidence]) -> None:
    """Add or overwrite names; each keeps its earliest time, and whether that is known for sure."""
    if not others:
        return
    before = _all(connection, OTHER_EVIDENCE, [source], row_mapping.to_other)
    known = {(one.kind, one.name) for one in before if one.first_known}
    merged = (
        replace(one, first_known=one.first_known or (one.kind, one.name) in known) for one in others
    )
    upsert(connection, OTHER_EVIDENCE, map(row_mapping.from_other, merged), earliest="first_at")


def _known(connection: Connection, source: str) -> dict[str, int]:
    """How many facts of a source there are, of the kinds that are read again when nothing is new.

    A ticket or a sprint that comes again has changed.
    """
    commits, events = connection.execute(_KNOWN, {"of": source}).one()
    return {"commit": commits, "event": events}


def _all(
    connection: Connection,
    table: Table,
    sources: Collection[str],
    fact: Callable[[Sequence[Any]], _T],
    *conditions: ColumnElement[bool],
) -> list[_T]:
    query = select(table).where(table.c.source.in_(sources), *conditions)
    return list(map(fact, connection.execute(query).all()))
