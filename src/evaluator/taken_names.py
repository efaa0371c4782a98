"""A name used again: what a source is, is its number, so the former one's facts are not its own."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple

from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import Source
from evaluator.model.results import Gap, GapKind, Result, Sprint
from evaluator.model.source_id import SourceId, SourceKind
from evaluator.wording import day_of

KINDS = {
    SourceKind.REPOSITORY: "repository",
    SourceKind.TICKETS: "Jira project",
    SourceKind.BOARD: "board",
}


class Taken(NamedTuple):
    """A name came to mean another source after `last`, and by `seen`."""

    last: datetime
    seen: datetime


def taken_names(coverage: Iterable[Coverage]) -> Mapping[str, Taken]:
    """Return, by the id of what has the name now, when that came to be; the newest time."""
    found: dict[str, Taken] = {}
    for one in coverage:
        of = SourceId.parse(one.source)
        if of.former and one.read_started is not None and one.attempt_started is not None:
            taken = Taken(one.read_started, one.attempt_started)
            found[of.present] = max(taken, found.get(of.present, taken), key=lambda t: t.seen)
    return found


def unproven(
    sources: Iterable[Source], window: Sprint, taken: Mapping[str, Taken], zone: tzinfo
) -> Iterator[Gap]:
    """Yield why too little in a source proves nothing: the window began before it had its name."""
    kind = GapKind.NAME_OF_ANOTHER
    for source in sources:
        if source.id in taken and window.start < (seen := taken[source.id].seen):
            detail = f"{kind}{day_of(seen, zone)}"
            yield Gap(source.id, Reason.HISTORY_BEFORE_START, detail, kind)


def notes(
    sources: Iterable[Source], window: Sprint, taken: Mapping[str, Taken], zone: tzinfo
) -> Iterator[str]:
    """Yield what to say of a window in which a name came to mean another source."""
    for source in sources:
        if source.id not in taken:
            continue
        last, seen = taken[source.id]
        if window.start <= seen and last < window.end:
            of = SourceId.parse(source.id)
            kind, day = KINDS[of.kind], day_of(seen, zone)
            yield f"{of.name} means another {kind} by {day}; nothing of the former one counts here"


def of_a_former_source(result: Result) -> bool:
    """Return whether a result that stays was made of something whose name means another by now."""
    return result.bound and any(SourceId.parse(source).former for source in result.sources)
