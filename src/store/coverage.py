"""Coverage: what is known of each source, and what one more read of it changes.

Functions on a transaction of the caller's: coverage is written together with its facts.
"""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, update

from evaluator.model.facts import Coverage
from store import row_mapping
from store.tables import COVERAGE
from store.upsert import upsert

# Made once: to put a statement together takes longer than to answer it.
_LAST_READ = select(COVERAGE).where(COVERAGE.c.source == bindparam("of")).with_for_update()
_ANY = select(COVERAGE.c.source).where(COVERAGE.c.read_started.is_not(None)).limit(1)
_EVERY = select(COVERAGE)
_SOME = select(COVERAGE).where(COVERAGE.c.source.in_(bindparam("sources", expanding=True)))


def anything_read(connection: Connection) -> bool:
    """Whether any source was ever read whole."""
    return connection.execute(_ANY).first() is not None


def find(connection: Connection, sources: Collection[str] | None) -> dict[str, Coverage]:
    """What is known of every source, or of some, by source id."""
    if sources is None:
        found = connection.execute(_EVERY)
    else:
        found = connection.execute(_SOME, {"sources": list(sources)})
    return {each.source: each for each in map(row_mapping.to_coverage, found)}


def bookmark(connection: Connection, source: str) -> str:
    """The bookmark that the last complete read of a source left behind, else empty."""
    query = select(COVERAGE.c.bookmark).where(COVERAGE.c.source == source)
    return connection.execute(query).scalar_one_or_none() or ""


def last_read(connection: Connection, source: str) -> Coverage:
    """What is known of one source; nobody else writes it until the transaction ends."""
    row = connection.execute(_LAST_READ, {"of": source}).first()
    return row_mapping.to_coverage(row) if row else Coverage(source)


def keep_complete(connection: Connection, read: Coverage, bookmark: str) -> None:
    """Remember a read that closed. Facts refer to it, so it is written before them."""
    upsert(
        connection,
        COVERAGE,
        [row_mapping.attempt(read) | row_mapping.complete_read(read, bookmark)],
    )


def count_items(connection: Connection, source: str, items: int) -> None:
    """Remember how many facts the newest read brought; they can be counted only once kept."""
    if items:
        query = update(COVERAGE).where(COVERAGE.c.source == source).values(items=items)
        connection.execute(query)


def keep_attempt(connection: Connection, read: Coverage) -> None:
    """Remember a read that did not close; what is known of the last one that did stays."""
    nothing_read = row_mapping.complete_read(Coverage(read.source), bookmark="")
    newest = row_mapping.attempt(read)
    upsert(connection, COVERAGE, [newest | nothing_read], overwrite=newest.keys())
    connection.execute(
        update(COVERAGE)
        .where(COVERAGE.c.source == read.source)
        .values(unread_in_a_row=COVERAGE.c.unread_in_a_row + 1)
    )


def overtaken(read: Coverage, kept: Coverage) -> bool:
    """Whether all of `read` is known already, and perhaps newer: two runs may end in any order.

    What claims to have begun after `read` ended is no other run's, but a clock's that was wrong.
    """
    return (
        (_reaches_to(kept, read) or of_another(read, kept))
        and kept.read_started is not None
        and read.read_started is not None
        and read.attempt_finished is not None
        and read.read_started < kept.read_started <= read.attempt_finished
    )


def of_another(read: Coverage, kept: Coverage) -> bool:
    """Whether `read` is of another source than `kept`: the name means another number by now."""
    return bool(read.number and kept.number) and read.number != kept.number


def joined(read: Coverage, kept: Coverage) -> Coverage:
    """Return `read`, from as far back as what another run kept while it was being read.

    A read that did not ask for the source's number, or when it was made, leaves what is known, and
    what older commits touch, and which folders are gone, stays known while the configuration is the
    same.
    """
    if not of_another(read, kept):
        number, created = read.number or kept.number, read.created or kept.created
        read = replace(read, number=number, created=created)
    if kept.older_paths is not None and kept.fingerprint == read.fingerprint:
        older = kept.older_paths | (read.older_paths or frozenset())
        read = replace(read, older_paths=older)
    if read.gone_folders is None and kept.fingerprint == read.fingerprint:
        read = replace(read, gone_folders=kept.gone_folders)
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
