"""Corrections: what a newer finding changes in a result that is stored already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import tzinfo
from operator import attrgetter

from evaluator.model.facts import Reason
from evaluator.model.results import CorrectionNote, Gap, GapKind, Result, State, Status
from evaluator.wording import amount, day_of

_RISES = {
    (Status.NOT_MET, Status.EXCUSED),
    (Status.NOT_MET, Status.MET),
    (Status.EXCUSED, Status.MET),
    (Status.NO_DATA, Status.MET),  # of what was read whole and said nothing
    (Status.NO_DATA, Status.EXCUSED),
}

# All that was found: not when, and not what corrections wrote down of it.
_content = attrgetter(
    *(
        field.name
        for field in fields(Result)
        if field.name
        not in {"evaluated_at", "checked_at", "version", "cause", "notes", "corrections", "basis"}
    )
)

_OF_CONFIGURATION = {GapKind.UNREAD, GapKind.NEVER_MATCHED, GapKind.NO_STANZA}
_JUDGED = (Status.MET, Status.NOT_MET, Status.EXCUSED)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is different from when a result was found before.

    `proven` are the ids of sources that another configuration showed in production before the
    sprint: it is not for want of a witness that they show too little now. `reconfigured` is whether
    what counts in the result's sources is another thing since it was last checked, `completed`
    whether that raises it while the team is being set up, and `read_again` whether anything was
    read since then. `late_notes` tell of what came after the window had settled.
    """

    proven: Collection[str] = ()
    reconfigured: bool = False
    completed: bool = False
    read_again: bool = True
    late_notes: Sequence[str] = ()


_USUAL = Circumstances()


def next_version(
    previous: Result | None, fresh: Result, zone: tzinfo, about: Circumstances = _USUAL
) -> Result | None:
    """Return the row that holds for a team, sprint and target, or None where a later one does.

    `fresh` is what was found now, `previous` the newest stored row. A provisional row is
    replaced in place. A final one is only ever raised, as a new version with its cause, or, where
    it was not met and nothing shows that zero was zero, becomes no data in one; what else would
    lower it becomes a note on it, once, as does what another configuration brings or drops, which
    `fresh` has in its basis. Where it was met although something was unread, and
    that brings nothing more once it is read, the gap is closed in place. A finding older than the
    stored one says nothing.
    `zone` is the one in which notes and causes name days.
    """
    if previous is None:
        return fresh
    if previous.checked_at > fresh.checked_at:
        return None
    return _next(previous, fresh, zone, about)


def _next(previous: Result, fresh: Result, zone: tzinfo, about: Circumstances) -> Result:
    if not previous.bound:
        return _checked(previous, fresh) if _says_the_same(previous, fresh) else fresh
    if previous.unit != fresh.unit:  # another measure by now, whose numbers compare with none
        return replace(previous, checked_at=fresh.checked_at)
    if previous.state is State.PROVISIONAL:
        return _in_place(previous, fresh, zone, about)
    noted = _reconfigured(previous, fresh, zone) if about.reconfigured else previous.corrections
    previous = replace(previous, corrections=noted)
    if _says_the_same(previous, fresh):
        return _checked(previous, fresh)
    return _final(previous, fresh, zone, about)


def _checked(previous: Result, fresh: Result) -> Result:
    return replace(previous, checked_at=fresh.checked_at, basis=fresh.basis)


def _final(previous: Result, fresh: Result, zone: tzinfo, about: Circumstances) -> Result:
    """What holds where a final result was found again, otherwise than it stands."""
    if rises(previous, fresh):
        more = fresh if _shows(fresh) >= _shows(previous) else _excused_only(previous, fresh)
        return replace(
            more,
            state=State.FINAL,
            version=previous.version + 1,
            cause=_cause(previous, fresh, zone, about),
            corrections=previous.corrections,
        )
    if _had_no_witness(previous, fresh, about.proven):
        return replace(
            fresh,
            version=previous.version + 1,
            cause=f"Judged again on {day_of(fresh.checked_at, zone)}: {fresh.reason}",
            corrections=previous.corrections,
        )
    if _completes(previous, fresh):
        return replace(
            fresh,
            state=State.FINAL,
            version=previous.version,
            cause=previous.cause,
            evaluated_at=previous.evaluated_at,
            corrections=previous.corrections,
        )
    corrections = previous.corrections
    if _lowers(previous, fresh):
        corrections = _noted(previous, fresh, zone)
    late = tuple(note for note in about.late_notes if note not in previous.notes)
    kept = replace(_checked(previous, fresh), corrections=corrections)
    return replace(kept, notes=(*previous.notes, *late)) if late else kept


def _in_place(previous: Result, fresh: Result, zone: tzinfo, about: Circumstances) -> Result:
    """What holds in place of a later version that is not final, and why there is one."""
    if _says_the_same(previous, fresh):
        return _checked(previous, fresh)
    cause = previous.cause
    if fresh.status in _JUDGED:  # before it was no data, or what a clock that ran ahead had found
        cause = "" if previous.status in _JUDGED else _cause(previous, fresh, zone, about)
    return replace(fresh, version=previous.version, cause=cause, corrections=previous.corrections)


def _says_the_same(previous: Result, fresh: Result) -> bool:
    return previous.notes == fresh.notes and _content(previous) == _content(fresh)


def _shows(result: Result) -> tuple[int, float]:
    return _count(result), result.coverage


def _excused_only(previous: Result, fresh: Result) -> Result:
    """What was found before, excused now: that less can be seen by now takes none of it away."""
    return replace(
        fresh,
        value=previous.value,
        coverage=previous.coverage,
        evidence=previous.evidence,
        left_out=previous.left_out,
        gaps=previous.gaps,
        sources=previous.sources,
    )


def _had_no_witness(previous: Result, fresh: Result, proven: Collection[str]) -> bool:
    """Whether too little was counted where nothing shows that there was no more."""
    judged = previous.status is Status.NOT_MET and fresh.status is Status.NO_DATA
    # Code in which nothing matches was never judged: only another configuration makes it so.
    otherwise = {*proven, *fresh.basis.reconfigured}
    reconfigured = any(_nothing_matches(gap) for gap in fresh.gaps) or all(
        gap.source in otherwise for gap in fresh.gaps
    )
    return judged and not reconfigured and all(gap.no_witness for gap in fresh.gaps)


def _nothing_matches(gap: Gap) -> bool:
    return gap.reason is Reason.NOTHING_MATCHED and gap.kind in _OF_CONFIGURATION


def _completes(previous: Result, fresh: Result) -> bool:
    """Whether the same was found in the same sources, with less left unread."""
    same = previous.status is fresh.status and _count(previous) == _count(fresh)
    return same and previous.sources == fresh.sources and fresh.coverage > previous.coverage


def _count(result: Result) -> int:
    """What was counted, for comparing: that nothing was there to count in is no less than 0."""
    return result.value or 0


def rises(previous: Result, fresh: Result) -> bool:
    """Whether `fresh` is more than `previous`, in status or in what was counted."""
    if previous.status is fresh.status:
        return _count(fresh) > _count(previous)
    return (previous.status, fresh.status) in _RISES


def _lowers(previous: Result, fresh: Result) -> bool:
    """Whether less is there now. What cannot be read, or is asked no longer, says nothing."""
    if fresh.gaps or fresh.status not in _JUDGED:
        return False
    excuse_withdrawn = previous.status is Status.EXCUSED and fresh.status is Status.NOT_MET
    return excuse_withdrawn or _count(fresh) < _count(previous)


def _cause(previous: Result, fresh: Result, zone: tzinfo, about: Circumstances) -> str:
    day, more = day_of(fresh.checked_at, zone), _count(fresh) - _count(previous)
    if fresh.status is Status.EXCUSED and previous.status is not Status.EXCUSED:
        return f"An excused period was added by {day}."
    found = f"{amount(_count(fresh), fresh.unit)}, {more:,} more than counted before"
    if more <= 0:  # and before, nobody knew that
        found = "by now it is known that there was no more"
    if about.completed:
        return f"The configuration was completed on {day}: {found}."
    if about.reconfigured:  # of what was no data: of nothing else it raises anything
        return f"The configuration changed by {day}: {found}."
    return f"{'Read' if about.read_again else 'Judged'} again on {day}: {found}."


def _noted(previous: Result, fresh: Result, zone: tzinfo) -> tuple[CorrectionNote, ...]:
    if previous.status is Status.EXCUSED and fresh.status is Status.NOT_MET:
        found = f"no longer excused, and so it would be {fresh.status.words}"
        return _with(previous, found, fresh, zone, _command(previous, zone))
    fewer = _count(previous) - _count(fresh)
    found = f"{amount(_count(fresh), fresh.unit)}, {fewer:,} fewer than counted"
    return _with(previous, found, fresh, zone)


def _reconfigured(previous: Result, fresh: Result, zone: tzinfo) -> tuple[CorrectionNote, ...]:
    """The notes with one on what the configuration of now brings and drops, where it does.

    What cannot be read drops nothing.
    """
    dropped = () if fresh.gaps else fresh.basis.dropped
    found = [
        f"{amount(len(items), fresh.unit)} {than}"
        for items, than in ((fresh.basis.brought, "more"), (dropped, "fewer"))
        if items
    ]
    if not found:
        return previous.corrections
    return _with(previous, " and ".join(found), fresh, zone, _command(previous, zone))


def _command(result: Result, zone: tzinfo) -> str:
    """What judges a final result again, by the configuration of that day."""
    judged = result.evaluated_at.astimezone(zone).date()
    return f'hearten reconsider --team {result.team} --since {judged} --reason "…"'


def _with(
    previous: Result, found: str, fresh: Result, zone: tzinfo, command: str = ""
) -> tuple[CorrectionNote, ...]:
    """The notes with one more, unless one says so already."""
    if any(note.found == found for note in previous.corrections):
        return previous.corrections
    day = day_of(fresh.checked_at, zone)
    return (*previous.corrections, CorrectionNote(day, found, command))
