"""The database, opened: one attribute for each kind of what is kept in it."""

from typing import Self

from store.audit import AuditStore
from store.claims import ClaimStore
from store.counters import CounterStore
from store.database import Database
from store.facts import FactStore
from store.health import Health, check_ready, health
from store.library_schema import LibrarySchema
from store.patience import OF_A_COMMAND, Patience
from store.plans import PlanStore
from store.reach import ReachStore
from store.results import ResultStore
from store.runs import RunStore
from store.shipped_tickets import ShippedTicketStore
from store.stories import StoryStore
from store.tokens import TokenStore


class Store:
    """Facts, the plan and results, and what the service keeps, in SQLite or PostgreSQL.

    Each method is one transaction: it is kept whole or not at all, and may be run twice.
    Instants go in aware and come out as aware UTC. Any thread may read; one at a time writes.
    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database, *, leases_by_server: bool = False) -> None:
        self._database = database
        self.plans = PlanStore(database)
        self.facts = FactStore(database)
        self.reach = ReachStore(database)
        self.stories = StoryStore(database)
        self.shipped_tickets = ShippedTicketStore(database)
        self.results = ResultStore(database)
        self.runs = RunStore(database)
        self.claims = ClaimStore(database, by_server=leases_by_server)
        self.counters = CounterStore(database)
        self.tokens = TokenStore(database)
        self.audit = AuditStore(database)
        self.library_schema = LibrarySchema(database)

    @classmethod
    def open(
        cls, url: str, patience: Patience = OF_A_COMMAND, *, leases_by_server: bool = False
    ) -> Self:
        """The store at `sqlite:///FILE` or `postgresql://…`, with its tables brought up to date.

        The folder of an SQLite file is made if need be. `patience` is for how long the database is
        waited for, `leases_by_server` as `by_server` of `ClaimStore`. Errors: StoreError where it
        cannot be opened, or was written by a newer version of the code.
        """
        database = Database(url, patience=patience)
        return cls(database, leases_by_server=leases_by_server)

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
        """StoreError where the database does not answer, or cannot be written.

        Also where it is another one than was opened, or has tables of another version.
        """
        check_ready(self._database)

    @property
    def place(self) -> str:
        """Where the database is, without a password: SQLite's file in full, else its address."""
        return self._database.place

    def revision(self) -> str:
        """A text that is another one after every commit of any process; quick to ask for."""
        return self._database.revision()
