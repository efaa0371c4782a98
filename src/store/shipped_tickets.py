"""Since when teams' tickets are in production. Derived, and replaced as a whole."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from evaluator.model.web_addresses import web_address
from store.database import Database
from store.tables import SHIPPED_TICKETS
from store.upsert import insert


class InProduction(NamedTuple):
    """When a change that names a ticket first reached production, and the event's page."""

    since: datetime
    url: str


class ShippedTicketStore:
    """Tickets in production, derived from the facts. Each method is one transaction.

    Errors: every method raises StoreError where the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_team(self, team: str) -> dict[str, InProduction]:
        """The team's tickets of which a change is known to have reached production, by key."""
        with self._database.reading() as connection:
            return _of_team(connection, team)

    def save(self, team: str, shipped: Mapping[str, InProduction]) -> None:
        """Replace what is known of a team's tickets; nothing is written where that is the same."""
        if self.of_team(team) == shipped:
            return
        with self._database.writing() as connection:
            connection.execute(delete(SHIPPED_TICKETS).where(SHIPPED_TICKETS.c.team == team))
            rows = (
                {"team": team, "key": key, "at": one.since, "url": one.url}
                for key, one in sorted(shipped.items())
            )
            insert(connection, SHIPPED_TICKETS, rows)


def _of_team(connection: Connection, team: str) -> dict[str, InProduction]:
    columns = (SHIPPED_TICKETS.c.key, SHIPPED_TICKETS.c.at, SHIPPED_TICKETS.c.url)
    query = select(*columns).where(SHIPPED_TICKETS.c.team == team)
    return {key: InProduction(at, web_address(url)) for key, at, url in connection.execute(query)}
