"""The store's door: one method for each thing that the rest of hearten keeps or asks for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Self

from evaluator.model.facts import BoardSprint, Commit, Coverage, Facts, ProductionEvent, Ticket
from evaluator.model.plan import Plan
from evaluator.model.results import Result, ResultSummary, Sprint, Status
from evaluator.model.runs import Counter
from store import counters, facts, library_schema, plans, reach, results
from store.database import Database
from store.errors import StoreError
from store.health import Health, health
from store.migrate import is_current
from store.results import Place
from store.runs import RunStore
from store.tokens import TokenStore


class Store:
    """Facts, the plan and results, in SQLite or PostgreSQL.

    Each method is one transaction: it is kept whole or not at all, and may be run twice.
    Instants go in aware and come out as aware UTC. Any thread may read; one at a time writes.
    `runs` and `access` are two more doors, for the service.
    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._plans = plans.PlanStore()
        self.runs = RunStore(database)
        self.access = TokenStore(database)

    @classmethod
    def open(cls, url: str) -> Self:
        """The store at `sqlite:///FILE` or `postgresql://…`, with its tables brought up to date.

        The folder of an SQLite file is made if need be. Errors: StoreError where the database
        cannot be opened, or was written by a newer version of the code.
        """
        return cls(Database(url))

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def health(self) -> Health:
        """What the database is; StoreError where it cannot be written."""
        return health(self._database)

    def ready(self) -> None:
        """StoreError where the database does not answer, or has tables of another version."""
        with self._database.reading() as connection:
            if not is_current(connection):
                raise StoreError("The database has tables of another version of hearten.")

    @property
    def place(self) -> str:
        """Where the database is, without a password: SQLite's file in full, else its address."""
        return self._database.place

    def revision(self) -> str:
        """A text that is another one after every commit of any process; quick to ask for."""
        return self._database.revision()

    def make_schema(self, name: str, statements: str) -> None:
        """Make a schema with a library's own tables, unless it is there; PostgreSQL only."""
        library_schema.make_schema(self._database, name, statements)

    def analyse(self, schema: str, table: str) -> None:
        """Let PostgreSQL look at a library's table again, after much was added to it."""
        library_schema.analyse(self._database, schema, table)

    # The plan

    def save_plan(self, plan: Plan, at: datetime) -> None:
        """Keep a snapshot of the plan, unless the newest one says the same."""
        with self._database.writing() as connection:
            plans.save(connection, plan, at)

    def plan(self) -> Plan | None:
        """The newest snapshot of the plan, or None where none was ever saved."""
        with self._database.reading() as connection:
            return self._plans.newest(connection)

    # Facts

    def coverage(self, sources: Collection[str] | None = None) -> dict[str, Coverage]:
        """What is known of each source that was ever asked, or of some of them, by source id."""
        with self._database.reading() as connection:
            return facts.coverage(connection, sources)

    def bookmark(self, source: str) -> str:
        """What the last complete read of `source` left for the next one; empty where none did."""
        with self._database.reading() as connection:
            return facts.bookmark(connection, source)

    def keep(
        self,
        coverage: Coverage,
        *,
        bookmark: str = "",
        commits: Iterable[Commit] = (),
        events: Iterable[ProductionEvent] = (),
        tickets: Iterable[Ticket] = (),
        sprints: Iterable[BoardSprint] = (),
        requests_left: int | None = None,
    ) -> int:
        """Keep one read of one source: its facts together with its coverage, or nothing.

        Returns how many it brought: of commits and events those that are new, and all tickets and
        sprints, of which a collector gives only what is new or has changed.

        Facts are added or overwritten, never deleted; an event keeps the earliest `at` ever
        seen, and a ticket the most moves. Where `coverage.reason` is set the read did not close:
        its facts and bookmark are ignored, and of the coverage only what concerns the newest
        attempt is written. Nothing is written of a read that another run overtook, with one that
        began later and went as far. `requests_left` is what is left of GitHub's rate limit, where
        it said so.
        """
        with self._database.writing() as connection:
            if coverage.reason is not None:
                facts.keep_attempt(connection, coverage)
                counters.add(connection, counters.of_read(coverage, {}))
                counters.now_left(connection, requests_left)
                return 0
            before = facts.last_read(connection, coverage.source)
            if _overtaken(coverage, before):
                return 0
            facts.keep_complete(connection, _joined(coverage, before), bookmark)
            commits, events = tuple(commits), tuple(events)
            again = before.read_finished is not None and bool(commits or events)
            known = facts.known(connection, coverage.source) if again else {}
            kept = facts.keep_facts(connection, commits, events, tickets, sprints)
            if not (kept["commit"] or kept["event"]):
                reach.carry_over(connection, coverage.source, before.read_finished)
            now_known = facts.known(connection, coverage.source) if again else {}
            new = kept | {kind: now_known[kind] - known[kind] for kind in known}
            items = sum(new.values())
            facts.count_items(connection, coverage.source, items)
            counters.add(connection, counters.of_read(coverage, new))
            counters.now_left(connection, requests_left)
            return items

    def commit_graph(self, repository_source: str) -> dict[str, tuple[str, ...]]:
        """Each known sha of a repository with its parents."""
        with self._database.reading() as connection:
            return facts.commit_graph(connection, repository_source)

    def events(self, source: str) -> list[ProductionEvent]:
        """All production events of a repository, in no particular order."""
        with self._database.reading() as connection:
            return facts.events(connection, [source])

    def known_tickets(self, source: str) -> dict[str, tuple[datetime, int]]:
        """When each known ticket of `source` was last updated, and its number of moves, by id."""
        with self._database.reading() as connection:
            return facts.known_tickets(connection, source)

    def tickets(self, sources: Iterable[str]) -> list[Ticket]:
        """All known tickets of `sources`, in no particular order."""
        with self._database.reading() as connection:
            return facts.tickets(connection, list(sources))

    def open_tickets(self, sources: Iterable[str]) -> list[Ticket]:
        """The tickets of `sources` that are not done, in no particular order."""
        with self._database.reading() as connection:
            return facts.open_tickets(connection, list(sources))

    def board_sprints(self, source: str) -> list[BoardSprint]:
        """All sprints of a board, in no particular order."""
        with self._database.reading() as connection:
            return facts.board_sprints(connection, [source])

    def facts(self, sources: Iterable[str]) -> Facts:
        """Everything that is known of `sources`, as it was at one moment.

        `reached` holds the commits that the stored reach names, each with its event.
        """
        with self._database.reading() as connection:
            return facts.all_facts(connection, list(sources))

    # Reach: derived from the facts, and kept so that it is computed once

    def save_reach(
        self, source: str, fingerprint: str, reached: Mapping[str, ProductionEvent]
    ) -> None:
        """Replace a repository's reach: each sha with the stored event that it reached first.

        It counts as computed under `fingerprint` from the last complete read.
        """
        with self._database.writing() as connection:
            reach.save(connection, source, fingerprint, reached)

    def reach_is_current(self, source: str, fingerprint: str) -> bool:
        """Whether the stored reach is that of the last complete read under `fingerprint`."""
        with self._database.reading() as connection:
            return reach.is_current(connection, source, fingerprint)

    # Results

    def save_results(
        self,
        new: Iterable[Result],
        *,
        same: Iterable[Result] = (),
        withdrawn: Iterable[Result] = (),
    ) -> None:
        """Add results, or overwrite those of the same team, sprint id, target and version.

        Of the `same`, which say what is stored, only `checked_at` is written: that is quicker.
        Of the `withdrawn`, what is provisional is taken away.
        """
        with self._database.writing() as connection:
            results.save(connection, new)
            results.check(connection, same)
            results.withdraw(connection, withdrawn)

    def results(
        self,
        *,
        team: str | None = None,
        target: str | None = None,
        sprint_from: datetime | None = None,
        sprint_to: datetime | None = None,
        sprint: str | None = None,
        every_version: bool = False,
        brief: bool = False,
    ) -> list[Result]:
        """The newest version of each result, in order of team, sprint start, target.

        A sprint belongs if it starts in `sprint_from` <= start < `sprint_to`; what is None does
        not narrow the choice. `every_version` gives the older ones too, in order; `brief` leaves
        evidence, left-out items, sources and notes empty, which is quicker.
        """
        with self._database.reading() as connection:
            return results.find(
                connection,
                team=team,
                target=target,
                sprint_from=sprint_from,
                sprint_to=sprint_to,
                sprint=sprint,
                every_version=every_version,
                brief=brief,
            )

    def results_page(
        self,
        *,
        teams: Collection[str] | None = None,
        target: str | None = None,
        statuses: Collection[Status] = (),
        sprint_from: datetime | None = None,
        sprint_to: datetime | None = None,
        after: Place | None = None,
        limit: int,
    ) -> list[Result]:
        """As `results`, but at most `limit` of them: those that come after the place `after`."""
        with self._database.reading() as connection:
            return results.page(
                connection,
                teams=teams,
                target=target,
                statuses=statuses,
                sprint_from=sprint_from,
                sprint_to=sprint_to,
                after=after,
                limit=limit,
            )

    def shown_results(
        self, now: datetime, *, teams: Collection[str] | None = None, brief: bool = True
    ) -> list[Result]:
        """Each team's last finished, just closed and current sprint at `now`."""
        with self._database.reading() as connection:
            return results.shown(connection, now, teams, brief=brief)

    def recent_results(self, team: str, now: datetime, finished: int) -> list[Result]:
        """A team's last so many finished sprints and all later ones: every version, in brief."""
        with self._database.reading() as connection:
            return results.recent(connection, team, now, finished)

    def sprints(
        self, *, teams: Collection[str] | None = None, end_from: datetime | None = None
    ) -> list[tuple[str, Sprint, datetime]]:
        """Each team's sprints that end at `end_from` or later, and when they were judged last.

        In order of end and team, without their notes.
        """
        with self._database.reading() as connection:
            return results.sprints(connection, teams, end_from)

    def glances(
        self,
        *,
        shown_at: datetime | None = None,
        teams: Collection[str] | None = None,
        sprint_from: datetime | None = None,
        sprint_to: datetime | None = None,
    ) -> list[ResultSummary]:
        """Results at a glance, in order, chosen as `results` does and, at an instant, `shown`."""
        with self._database.reading() as connection:
            return results.glances(
                connection,
                shown_at=shown_at,
                teams=teams,
                sprint_from=sprint_from,
                sprint_to=sprint_to,
            )

    def sprint_moments(self, after: datetime, until: datetime) -> list[datetime]:
        """When sprints end and when they settle, in `after` < moment <= `until`, each once."""
        with self._database.reading() as connection:
            return results.moments(connection, after, until)

    def tallies(self) -> list[Counter]:
        """The counts of what was read, for Prometheus."""
        with self._database.reading() as connection:
            return counters.every(connection)


def _overtaken(read: Coverage, kept: Coverage) -> bool:
    """Whether all of `read` is known already, and perhaps newer: two runs may end in any order.

    What claims to have begun after `read` ended is no other run's, but a clock's that was wrong.
    """
    return (
        _reaches_to(kept, read)
        and kept.read_started is not None
        and read.read_started is not None
        and read.attempt_finished is not None
        and read.read_started < kept.read_started <= read.attempt_finished
    )


def _joined(read: Coverage, kept: Coverage) -> Coverage:
    """Return `read`, from as far back as what another run kept while it was being read."""
    return replace(read, since=kept.since) if _reaches_to(kept, read) else read


def _reaches_to(kept: Coverage, read: Coverage) -> bool:
    """Whether `kept` goes back at least as far as `read`, and leaves no gap before it."""
    return (
        kept.fingerprint == read.fingerprint
        and kept.since is not None
        and kept.read_started is not None
        and read.since is not None
        and kept.since <= read.since <= kept.read_started
    )
