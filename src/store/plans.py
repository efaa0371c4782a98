"""Snapshots of the plan: configuration is a fact, and everyone reads it from here."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from pydantic import TypeAdapter
from sqlalchemy import Connection, Integer, Select, String, column, select, table, update

from evaluator.model.plan import Closed, FormerSprints, Plan
from store.database import Database
from store.seen_sprints import SeenSprints
from store.types import UtcDateTime

# As `store.tables` has it, against which a test holds it: who checks the configuration reads this
# table alone, and need not wait for the classes of all tables.
PLANS = table(
    "plans", column("id", Integer), column("saved_at", UtcDateTime), column("snapshot", String)
)
_COVERAGE = table("coverage", column("read_started", UtcDateTime))
_ANY_READ = select(_COVERAGE).where(_COVERAGE.c.read_started.is_not(None)).limit(1)
_NEWEST = select(PLANS.c.snapshot).order_by(PLANS.c.id.desc()).limit(1)
_SNAPSHOT: TypeAdapter[Plan] = TypeAdapter(Plan)


class PlanStore:
    """Snapshots of the plan. Each method is one transaction.

    The newest one is kept parsed: whoever serves pages asks for it every time.
    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: tuple[str, Plan] | None = None
        self._seen = SeenSprints()

    def save(self, plan: Plan, at: datetime) -> Plan:
        """Keep a snapshot of the plan, unless the newest one says the same; return what holds.

        It knows also what the teams that are gone since continued. None was saved later than now: a
        clock that ran ahead said so.
        """
        with self._database.writing() as connection:
            connection.execute(update(PLANS).where(PLANS.c.saved_at > at).values(saved_at=at))
            newest = _newest(connection)
            plan = _with_the_gone(plan, self._parsed(newest))
            snapshot = _SNAPSHOT.dump_json(plan).decode()
            if snapshot != newest:
                connection.execute(PLANS.insert(), {"saved_at": at, "snapshot": snapshot})
        return plan

    def in_force(self, at: datetime) -> Plan | None:
        """The snapshot of the plan that was in force at an instant, or None where none was yet."""
        query = _NEWEST.where(PLANS.c.saved_at <= at)
        with self._database.reading() as connection:
            return self._parsed(connection.execute(query).scalar_one_or_none())

    def newest(self) -> Plan | None:
        """The newest snapshot of the plan, or None where none was ever saved."""
        with self._database.reading() as connection:
            return self._parsed(_newest(connection))

    def agreed(self) -> Plan | None:
        """The newest snapshot once a source was read: before that, nothing was judged by it."""
        with self._database.reading() as connection:
            read = connection.execute(_ANY_READ).first() is not None
            return self._parsed(_newest(connection)) if read else None

    def _parsed(self, snapshot: str | None) -> Plan | None:
        if snapshot is None:
            return None
        known = self._known
        if known is None or known[0] != snapshot:
            known = self._known = (snapshot, _SNAPSHOT.validate_json(_as_written_now(snapshot)))
        return known[1]

    def former_sprints(
        self, now: datetime, continues: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, tuple[FormerSprints, ...]]:
        """Where the sprints of each team came from, by its id, before what the newest says.

        In order, each until the next one was first saved, at `now` at the latest. Snapshots
        without a team say nothing of it. `continues` has the former ids of teams.
        """
        return self._seen_by_now().former(now, continues)

    def closed(self, now: datetime) -> dict[str, tuple[Closed, ...]]:
        """When teams that are open again were closed, by id, each at `now` at the latest."""
        return self._seen_by_now().closed(now)

    def _seen_by_now(self) -> SeenSprints:
        with self._database.reading() as connection:
            for row in connection.execute(_since(self._seen.newest)):
                self._seen.add(row.id, row.saved_at, row.snapshot)
        return self._seen


def agreed_plan(url: str) -> Plan | None:
    """Return `PlanStore.agreed` of the database at `url`, which is opened for this alone.

    Errors: StoreError as `Store.open`.
    """
    with closing(Database(url)) as database:
        return PlanStore(database).agreed()


def _with_the_gone(plan: Plan, before: Plan | None) -> Plan:
    there = {team.id for team in plan.teams}
    known = before.continues if before else {}
    gone = ((ident, ids) for ident, ids in sorted(known.items()) if ids and ident not in there)
    return replace(plan, gone=tuple(gone))


def _since(number: int) -> Select[tuple[int, datetime, str]]:
    """Return the query for the snapshots after that of this number, the oldest first."""
    every = select(PLANS.c.id, PLANS.c.saved_at, PLANS.c.snapshot)
    return every.where(PLANS.c.id > number).order_by(PLANS.c.id)


def _newest(connection: Connection) -> str | None:
    return connection.execute(_NEWEST).scalar_one_or_none()


def _as_written_now(snapshot: str) -> str:
    """Return a snapshot of an earlier version as the present one writes it.

    A repository once shipped in one way for all its teams, and had one workflow.
    """
    if '"production":' not in snapshot:  # spares the rest its time
        return snapshot
    plan = json.loads(snapshot)
    deliveries = {}
    for source in plan["sources"]:
        production = source.pop("production")
        if workflow := production.pop("workflow", ""):
            production["workflows"] = [workflow]
        deliveries[source["repository"]] = {"stanzas": [production]}
        source["deliveries"] = [deliveries[source["repository"]]]
    for team in plan["teams"]:
        for entry in team["repositories"]:
            entry["delivery"] = deliveries[entry["repository"]]
    return json.dumps(plan)
