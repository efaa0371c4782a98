"""Zero needs a witness: what shows that where nothing was seen, nothing was."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from evaluator.model.evidence import event_label
from evaluator.model.facts import OtherEvidence, Reason
from evaluator.model.plan import RepositorySource
from evaluator.model.results import Gap, GapKind, Sprint
from evaluator.team_facts import TeamFacts
from evaluator.unsure_events import UnsureEvent
from evaluator.wording import day_of, span_words


def unproven(
    sources: Iterable[RepositorySource], window: Sprint, known: TeamFacts, zone: tzinfo
) -> Iterator[Gap]:
    """Yield why too little in a repository does not prove that no more was there, at most one each.

    Another name may show production by the window's end; the window may begin before the first
    production event; or an event of which GitHub cannot say when it happened may belong to it.
    `zone` is the one in which days are named.
    """
    for source in sources:
        history = known.histories.get(source.repository)
        if history is None or history.first is None:
            continue
        if history.successor and window.end > history.successor.first_at:
            yield _another_name(source, history.successor, zone)
            continue
        unsure = history.unsure.within(window.start, window.end)
        if (one := next((one for one in unsure if not _counted_in(window, one)), None)) is not None:
            yield _gap(GapKind.UNSURE_DAY, source, _unsure(one, zone))
        elif window.start < history.first:
            yield _gap(GapKind.BEFORE_FIRST_EVENT, source, day_of(history.first, zone))


def not_made(
    sources: Sequence[RepositorySource], window: Sprint, known: TeamFacts
) -> frozenset[str]:
    """Return the ids of the repositories that were made after the window, where that is no gap.

    It is one where no other repository has a production event that is earlier than the window.
    """
    others = [source for source in sources if not _began(source, window, known)]
    if len(others) == len(sources):
        return frozenset()
    return frozenset(source.id for source in others if _made_after(source, window, known))


def _another_name(source: RepositorySource, found: OtherEvidence, zone: tzinfo) -> Gap:
    kind = GapKind.ANOTHER_NAME
    detail = f"{kind}{found.example} since {day_of(found.first_at, zone)}"
    return Gap(source.id, Reason.EVIDENCE_CHANGED, detail, kind)


def _made_after(source: RepositorySource, window: Sprint, known: TeamFacts) -> bool:
    coverage = known.coverage.get(source.id)
    if coverage is None or source.id in known.taken:  # what had the name before may have been there
        return False
    return coverage.created is not None and coverage.created >= window.end


def _began(source: RepositorySource, window: Sprint, known: TeamFacts) -> bool:
    history = known.histories.get(source.repository)
    return history is not None and history.first is not None and history.first <= window.start


def _counted_in(window: Sprint, one: UnsureEvent) -> bool:
    at = one.event.at
    return at is not None and window.start <= at < window.end


def _unsure(one: UnsureEvent, zone: tzinfo) -> str:
    first, last = one.after.astimezone(zone).date(), one.until.astimezone(zone).date()
    return f"{event_label(one.event)}, one of {span_words(first, last)}"


def _gap(kind: GapKind, source: RepositorySource, what: str) -> Gap:
    return Gap(source.id, Reason.HISTORY_BEFORE_START, f"{kind}{what}", kind)
