"""What a clock that ran ahead wrote of reads: taken back as far as nobody can know it yet.

Functions on a transaction of the caller's.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, null, or_, select, update

from store.tables import COVERAGE, EVENTS, TICKETS

SKEW = timedelta(minutes=5)  # by which the clocks of several machines may differ


def read_later(connection: Connection, now: datetime) -> list[str]:
    """The sources of which a read or an attempt is dated after `now`."""
    c, ahead = COVERAGE.c, now + SKEW
    times = (c.read_started, c.read_finished, c.attempt_started, c.attempt_finished)
    query = select(c.source).where(or_(*(time > ahead for time in times)))
    return list(connection.execute(query).scalars())


def take_back(connection: Connection, source: str, now: datetime) -> None:
    """Date what was written of a source by `now` at the latest.

    A read that claims to be complete up to later is no complete one: the next begins anew. The
    source is asked again at once. What a read had seen, it had seen by now.
    """
    of = COVERAGE.c.source == source
    nothing = {"read_started": null(), "read_finished": null(), "bookmark": ""}
    unknown = update(COVERAGE).where(of, COVERAGE.c.read_started > now + SKEW)
    connection.execute(unknown.values(nothing))
    for name in ("read_finished", "attempt_started", "attempt_finished"):
        later = update(COVERAGE).where(of, COVERAGE.c[name] > now)
        connection.execute(later.values({name: now, "unread_in_a_row": 0}))
    for table, name in ((EVENTS, "seen_by"), (TICKETS, "gone_by")):
        seen = update(table).where(table.c.source == source, table.c[name] > now)
        connection.execute(seen.values({name: now}))
