"""What a name meant before it came to mean another source: kept under an id of its own.

Functions on a transaction of the caller's: it is set aside together with the read that shows it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, Table, cast, delete, exists, select, update

from evaluator.model.facts import Coverage, Reason
from evaluator.model.results import Result
from evaluator.model.source_id import SourceId
from store import coverage, row_mapping, stories
from store.tables import (
    CLOSED_ISSUES,
    COMMITS,
    COVERAGE,
    EVENTS,
    OTHER_EVIDENCE,
    REACH,
    REACH_BASIS,
    RESULTS,
    SPRINTS,
    TICKET_KEYS,
    TICKETS,
)

FACTS = (COMMITS, TICKET_KEYS, CLOSED_ISSUES, EVENTS, OTHER_EVIDENCE, TICKETS, SPRINTS)
_FORMER = select(COVERAGE).where(COVERAGE.c.source.contains("#"))


def set_aside(connection: Connection, known: Coverage, read: Coverage) -> None:
    """Move what is `known` of a source to an id of its own: `read` shows another one in its place.

    That is its facts, its coverage, and the results that were made of it, which point there. What
    can be worked out anew is dropped.
    """
    source = known.source
    former = str(replace(SourceId.parse(source), former=known.number))
    coverage.keep_complete(
        connection,
        replace(
            known,
            source=former,
            attempt_started=read.attempt_started,
            attempt_finished=read.attempt_finished,
            reason=Reason.NOT_FOUND,
            what=f"Its name means another one now, with the number {read.number}.",
        ),
        bookmark="",
    )
    for derived in (REACH, REACH_BASIS):
        connection.execute(delete(derived).where(derived.c.source == source))
    stories.forget(connection, source)
    for table in FACTS:
        _move(connection, table, source, former)
    point_results(connection, source, former)


def of_sources(connection: Connection, sources: Collection[str]) -> Iterator[Coverage]:
    """Yield the coverage of what had the names of `sources` before."""
    wanted = frozenset(sources)
    for row in connection.execute(_FORMER):
        found = row_mapping.to_coverage(row)
        if SourceId.parse(found.source).present in wanted:
            yield found


def aside_since(connection: Connection, made_of: Collection[Coverage]) -> dict[str, str]:
    """Return the former ids of those sources whose names mean another one than in `made_of`.

    None of them is set aside until the transaction ends: whoever would do so waits.
    """
    then = {known.source: known.number for known in made_of if known.number}
    query = (
        select(COVERAGE.c.source, COVERAGE.c.number)
        .where(COVERAGE.c.source.in_(then))
        .order_by(COVERAGE.c.source)
        .with_for_update(read=True)
    )
    return {
        source: str(replace(SourceId.parse(source), former=then[source]))
        for source, number in connection.execute(query)
        if number and number != then[source]
    }


def pointing(result: Result, aside: Mapping[str, str]) -> Result:
    """Return the result as it is where each source of `aside` has the id that is given there."""
    if aside.keys().isdisjoint((*result.sources, *(gap.source for gap in result.gaps))):
        return result
    return replace(
        result,
        sources=tuple(sorted(aside.get(each, each) for each in result.sources)),
        gaps=tuple(replace(g, source=aside.get(g.source, g.source)) for g in result.gaps),
    )


def is_of_former(connection: Connection, source: str, read_finished: datetime | None) -> bool:
    """Return whether a read that ended then was of what had the source's name before."""
    former = of_sources(connection, [source])
    return read_finished is not None and any(f.read_finished == read_finished for f in former)


def _move(connection: Connection, table: Table, source: str, former: str) -> None:
    """Give rows the former's id; what is there already, as the name changed back before, stays."""
    there = table.alias()
    same = [there.c[c.name] == c for c in table.primary_key if c.name != "source"]
    known = exists().where(there.c.source == former, *same)
    moved = update(table).where(table.c.source == source, ~known).values(source=former)
    connection.execute(moved)
    connection.execute(delete(table).where(table.c.source == source))


def point_results(connection: Connection, source: str, former: str) -> None:
    """Have the results that were made of the source name the former one, by which they count."""
    key = [*RESULTS.primary_key]
    named = cast(RESULTS.c.sources, String).contains(f'"{source}"', autoescape=True)
    found = select(*key, RESULTS.c.sources, RESULTS.c.gaps, RESULTS.c.basis).where(named)
    for row in connection.execute(found).all():
        *values, sources, gaps, basis = row
        this = [column == value for column, value in zip(key, values, strict=True)]
        connection.execute(
            update(RESULTS)
            .where(*this)
            .values(
                sources=sorted(former if one == source else one for one in sources),
                gaps=[g | {"source": former} if g["source"] == source else g for g in gaps],
                basis=basis and _pointing(basis, source, former),
            )
        )


def _pointing(basis: dict[str, Any], source: str, former: str) -> dict[str, Any]:
    """What a result counts by, with the former id in place of the source's."""
    counted_by = ([former if s == source else s, counts] for s, counts in basis["counted_by"])
    reconfigured = (former if s == source else s for s in basis["reconfigured"])
    return basis | {"counted_by": sorted(counted_by), "reconfigured": sorted(reconfigured)}
