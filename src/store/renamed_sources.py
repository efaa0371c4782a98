"""A source that has another name now: by its number it is the same, and what is known goes on.

A function on a transaction of the caller's.
"""

from sqlalchemy import Connection, delete, insert, select, update

from store import former_sources
from store.tables import COVERAGE, REACH, REACH_BASIS, STORIES


def rename(connection: Connection, former: str, source: str) -> None:
    """Move the facts, the coverage and the results of `former` to `source`.

    Nothing was read whole under that id. What can be worked out anew is dropped.
    """
    known = connection.execute(select(COVERAGE).where(COVERAGE.c.source == former)).mappings()
    row = known.one_or_none()
    if row is None:
        return
    connection.execute(delete(COVERAGE).where(COVERAGE.c.source == source))
    connection.execute(insert(COVERAGE), {**row, "source": source})
    for derived in (REACH, REACH_BASIS):
        connection.execute(delete(derived).where(derived.c.source == former))
    for table in (*former_sources.FACTS, STORIES):
        moved = update(table).where(table.c.source == former).values(source=source)
        connection.execute(moved)
    former_sources.point_results(connection, former, source)
    connection.execute(delete(COVERAGE).where(COVERAGE.c.source == former))
