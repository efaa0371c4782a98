"""Zero needs a witness: what shows that where nothing was seen, nothing was."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, tzinfo

from evaluator.model.days import Days, first_day_without
from evaluator.model.evidence import event_label
from evaluator.model.facts import OtherEvidence, Reason
from evaluator.model.plan import RepositorySource
from evaluator.model.results import Gap, GapKind, Sprint
from evaluator.model.run_places import run_place
from evaluator.parts import Part
from evaluator.team_facts import TeamFacts
from evaluator.unsure_events import UnsureEvent
from evaluator.wording import day_of, day_words, last_day, span_words

_NONE: frozenset[str] = frozenset()
_REASONS = {
    GapKind.NEVER_MATCHED: Reason.NOTHING_MATCHED,
    GapKind.NO_STANZA: Reason.NOTHING_MATCHED,
    GapKind.UNTOUCHED: Reason.NOTHING_MATCHED,
    GapKind.FOLDER_GONE: Reason.EVIDENCE_CHANGED,
}


def unproven(
    parts: Iterable[Part], window: Sprint, known: TeamFacts, zone: tzinfo
) -> Iterator[Gap]:
    """Yield why too little in a repository does not prove that no more was there, at most one each.

    Another name may show production by the window's end; the window may begin before the first
    production event of the part, or a stanza of it may never have matched; or an event of which
    GitHub cannot say when it happened may belong to the window. `zone` is the one in which days are
    named.
    """
    for part in parts:
        another, after = part.history.successor, part.history.succeeded_after
        if another and after and window.end > after:
            yield _another_name(part.source, another, zone)
            continue
        unsure = part.history.unsure.within(window.start, window.end)
        if (one := next((one for one in unsure if not _counted_in(window, one)), None)) is not None:
            yield _gap(GapKind.UNSURE_DAY, part, _unsure(one, zone))
        elif (lack := _lack(part, window, known, zone)) is not None:
            yield lack


def not_made(
    sources: Sequence[RepositorySource],
    parts: Iterable[Part],
    window: Sprint,
    known: TeamFacts,
    zone: tzinfo,
) -> frozenset[str]:
    """Return the ids of the repositories that were made after the window, where that is no gap.

    It is one where no other repository has a production event that is earlier than the window.
    """
    later = [source for source in sources if _made_after(source, window, known)]
    began = {part.source.id for part in parts if later and not _lack(part, window, known, zone)}
    return frozenset(source.id for source in later if source.id not in began) if began else _NONE


def proven_formerly(
    sources: Iterable[RepositorySource], window: Sprint, known: TeamFacts
) -> frozenset[str]:
    """Return the ids of the repositories that were seen in production before the window, once.

    By another configuration, whose witness it was: it is no evidence any more.
    """
    seen = {
        repository
        for (repository, _), history in known.histories.items()
        if history.formerly is not None and history.formerly <= window.start
    }
    return frozenset(source.id for source in sources if source.repository in seen)


def _another_name(source: RepositorySource, found: OtherEvidence, zone: tzinfo) -> Gap:
    since = f"since {day_of(found.first_at, zone)}{'' if found.first_known else ' or before'}"
    place, to_write = run_place(found.example), run_place(found.name)
    if place and place.pull_request:
        kind = GapKind.RUNS_ON_MERGE
        detail = f"{kind}#{place.pull_request} {since}"
    elif place and to_write:
        kind = GapKind.RUNS_ELSEWHERE
        detail = f"{kind}{place.branch} {since}, which `branch: '{to_write.branch}'` holds"
    else:
        kind = GapKind.ANOTHER_NAME
        detail = f"{kind}{found.example} {since}"
    return Gap(source.id, Reason.EVIDENCE_CHANGED, detail, kind)


def _made_after(source: RepositorySource, window: Sprint, known: TeamFacts) -> bool:
    coverage = known.coverage.get(source.id)
    if coverage is None or source.id in known.taken:  # what had the name before may have been there
        return False
    return coverage.created is not None and coverage.created >= window.end


def _lack(part: Part, window: Sprint, known: TeamFacts, zone: tzinfo) -> Gap | None:
    """Return what keeps the part's own events from being a witness for the whole window."""
    if part.history.first is None:
        return _gap(GapKind.NEVER_MATCHED, part, part.delivery.stanzas[0].named)
    return (
        _of_stanzas(part, window, zone)
        or _of_folders(part, window, known, zone)
        or _of_baseline(part, window)
    )


def _of_baseline(part: Part, window: Sprint) -> Gap | None:
    """Return the same where what counts as too old may have come after a run nobody can date."""
    first = part.history.baseline
    if first is None or first.undated is None or not window.start <= first.at < window.end:
        return None
    if not any(part.holds(one.commit) for one in first.unsure):
        return None
    return _gap(GapKind.UNSURE_DAY, part, event_label(first.undated))


def _of_stanzas(part: Part, window: Sprint, zone: tzinfo) -> Gap | None:
    stanzas = part.delivery.stanzas
    days = Days(window.first_day, last_day(window.end, zone))
    in_force = [
        (stanza, first, stanza.days.first and datetime.combine(stanza.days.first, time(), zone))
        for stanza, first in zip(stanzas, part.history.first_of, strict=True)
        if stanza.days.shared_with(days) is not None
    ]
    for stanza, first, _ in in_force:
        if first is None:
            return _gap(GapKind.NEVER_MATCHED, part, stanza.named)
    if (day := first_day_without(days, [stanza.days for stanza in stanzas])) is not None:
        return _gap(GapKind.NO_STANZA, part, day_words(day))
    for _, first, begin in in_force:
        if first is not None and max(filter(None, (window.start, begin))) < first:
            return _gap(GapKind.BEFORE_FIRST_EVENT, part, day_of(first, zone))
    return None


def _of_folders(part: Part, window: Sprint, known: TeamFacts, zone: tzinfo) -> Gap | None:
    """Return the same of the folders, where the read looked for what is older than all of it."""
    for gone in known.coverage[part.source.id].gone_folders or ():
        moved = not part.paths.isdisjoint(gone.beside)
        if gone.path in part.paths and not moved and window.end > gone.last_touched:
            day = day_of(gone.last_touched, zone)
            return _gap(GapKind.FOLDER_GONE, part, f"{gone.path}, last touched on {day}")
    older = known.coverage[part.source.id].older_paths
    if not part.paths or older is None:
        return None
    for folder in sorted(part.paths - older):
        if folder not in part.history.first_in:
            return _gap(GapKind.UNTOUCHED, part, folder)
    if not part.paths.isdisjoint(older):
        return None
    first = min(part.history.first_in[folder] for folder in part.paths)
    if window.start < first:
        return _gap(GapKind.BEFORE_FIRST_TOUCH, part, day_of(first, zone))
    return None


def _counted_in(window: Sprint, one: UnsureEvent) -> bool:
    at = one.event.at
    return at is not None and window.start <= at < window.end


def _unsure(one: UnsureEvent, zone: tzinfo) -> str:
    first, last = one.after.astimezone(zone).date(), one.until.astimezone(zone).date()
    return f"{event_label(one.event)}, one of {span_words(first, last)}"


def _gap(kind: GapKind, part: Part, what: str) -> Gap:
    reason = _REASONS.get(kind, Reason.HISTORY_BEFORE_START)
    return Gap(part.source.id, reason, f"{kind}{what}", kind)
