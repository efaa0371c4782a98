"""Names that changed: what a source is, is its number, and under another name it is the same."""

import logging
from collections.abc import Iterator, Mapping, Sequence

from evaluator.model.facts import Coverage
from evaluator.model.plan import Plan, RepositorySource, Source, TicketSource
from evaluator.model.source_id import SourceId, SourceKind
from hearten.wiring import Collectors
from store.store import Store

log = logging.getLogger("hearten.runs.renames")


def follow_renames(
    plan: Plan, store: Store, collectors: Collectors, sources: Sequence[Source]
) -> None:
    """Keep what is known of a source under its new name, where the configuration has that now.

    Asked is only where a source was never read, and another of its kind is in no team any more.
    """
    coverage = store.facts.coverage()
    named = {source.id for source in plan.all_sources()}
    left = {
        (*_place(one.source), one.number): one.source
        for one in coverage.values()
        if one.number and one.source not in named and not SourceId.parse(one.source).former
    }
    places = {(kind, site) for kind, site, _ in left}
    new = [s for s in sources if not _was_read(coverage.get(s.id)) and _place(s.id) in places]
    for source, number in _numbered(collectors, new):
        former = left.pop((*_place(source.id), number), None)
        if former is not None:
            store.facts.rename(former, source.id)
            log.info("%s is called %s now", former, source.id)


def _numbered(collectors: Collectors, sources: Sequence[Source]) -> Iterator[tuple[Source, str]]:
    """Yield the sources that have a number, as the services tell it."""
    names = [s.repository for s in sources if isinstance(s, RepositorySource)]
    numbers: Mapping[str, str] = collectors.github.numbers(names) if names else {}
    for source in sources:
        if isinstance(source, RepositorySource):
            yield source, numbers.get(source.repository, "")
        elif isinstance(source, TicketSource):
            yield source, collectors.jira.number(source)


def _was_read(known: Coverage | None) -> bool:
    return known is not None and known.read_started is not None


def _place(source: str) -> tuple[SourceKind, str]:
    """The kind of a source and its site: a number is one of both."""
    of = SourceId.parse(source)
    return of.kind, of.site
