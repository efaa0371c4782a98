"""The sentence with which a result explains its status."""

from collections.abc import Mapping
from dataclasses import replace

from evaluator.excused import Excused
from evaluator.measures import Measure
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import Reason
from evaluator.model.plan import Team
from evaluator.model.results import Gap, GapKind, Measurement, Sprint
from evaluator.wording import amount, day_of, day_words, last_day

_WHY = {
    Reason.NOT_SET_UP: "not set up",
    Reason.NOTHING_MATCHED: "nothing in it matches what counts as production",
    Reason.NO_ACCESS: "no access",
    Reason.NOT_FOUND: "not found",
    Reason.RATE_LIMITED: "rate limited",
    Reason.SOURCE_DOWN: "it did not answer",
    Reason.EVIDENCE_CHANGED: "something else shows production by now",
    Reason.HISTORY_BEFORE_START: "read only from after the sprint's start",
}
_EXCUSES = {
    "bank_holidays": "bank holidays leave",
    "closure": "the office is closed, which leaves",
    "reduced_capacity": "the team has reduced capacity, which leaves",
    "on_call_or_incident": "on-call work or an incident leaves",
    "agreed_other": "as was agreed with the team, for another reason, which leaves",
}
_PLURALS = {"repository": "repositories", "Jira project": "Jira projects", "board": "boards"}


def counted(value: int, minimum: int, measure: Measure) -> str:
    """Return what was counted, and what the target is."""
    return f"{amount(value, measure.unit)} {measure.happened}. The target is at least {minimum:,}."


def no_version(sprint: Sprint) -> str:
    """Return why nothing is asked of the sprint."""
    return f"no agreed version of this target was in force on {day_words(sprint.first_day)}."


def so_far(context: MeasureContext, minimum: int, measure: Measure, found: Measurement) -> str:
    """Return what there is to say before the sprint has settled."""
    sprint, zone = context.window, context.plan.zone
    said = _known_so_far(context, minimum, measure, found)
    if context.now < sprint.end:
        return f"{said}; the sprint ends on {day_words(last_day(sprint.end, zone))}."
    return f"sprint just closed, {said}; it is confirmed on {day_of(sprint.settled_at, zone)}."


def _known_so_far(
    context: MeasureContext, minimum: int, measure: Measure, found: Measurement
) -> str:
    """What was found; where that is nothing, only if we looked."""
    if not found.sources:
        return found.gaps[0].detail
    # That nothing was read since a sprint ended is no news as long as it has not settled.
    blind = replace(found, gaps=tuple(g for g in found.gaps if g.reason is not Reason.STALE))
    why = _unread(context.team, blind) if blind.gaps else ""
    if not found.value:
        reads = context.known.reads
        looked = any(reads[s].started >= context.window.start for s in found.sources if s in reads)
        if why:
            return f"we cannot tell yet: {why}"
        if found.value is None or not looked:
            return "nothing read yet"
    value = f"{amount(found.value, measure.unit)} so far, of at least {minimum:,}"
    return f"{value}, and {why}" if why else value


def excused(why: Excused) -> str:
    """Return why little is expected of the sprint."""
    return f"{_EXCUSES[why.reason]} {why.days_left} of {amount(why.days, 'working days')}."


def no_data(team: Team, found: Measurement) -> str:
    """Return which sources could not be read, or hold nothing that counts, and why each.

    Where all were read, why what was found says nothing.
    """
    unread = found.value is None or found.gaps
    return f"{_unread(team, found) if unread else found.silent}."


def _unread(team: Team, found: Measurement) -> str:
    """The same without a full stop."""
    if not found.sources:
        return found.gaps[0].detail
    names = _names(team)
    parts = [
        _unread_of_one_kind(kind, asked, found, names)
        for kind in _PLURALS
        if (asked := [source for source in found.sources if names[source][0] == kind])
        and any(gap.source in asked for gap in found.gaps)
    ]
    silent = all(gap.no_witness for gap in found.gaps)
    return f"we could not {'count in' if silent else 'read'} {' and '.join(parts)}"


def _unread_of_one_kind(
    kind: str, asked: list[str], found: Measurement, names: Mapping[str, tuple[str, str]]
) -> str:
    gaps = [gap for gap in found.gaps if gap.source in asked]
    reasons = "; ".join(f"{names[gap.source][1]}: {_why(gap)}" for gap in gaps)
    return f"{len(gaps)} of {len(asked)} {kind if len(asked) == 1 else _PLURALS[kind]} ({reasons})"


def _why(gap: Gap) -> str:
    """Return the reason in words; what evaluation itself found out says it in its detail."""
    if gap.reason is Reason.STALE or gap.kind is not GapKind.UNREAD:
        return gap.detail
    return _WHY[gap.reason]


def _names(team: Team) -> dict[str, tuple[str, str]]:
    """Return the kind and the name of each of the team's sources, by source id."""
    names = {entry.source_id: ("repository", entry.repository) for entry in team.repositories}
    for entry in team.jira:
        names[entry.tickets.id] = ("Jira project", entry.tickets.project or "a JQL filter")
    return names | {board.id: ("board", f"board {board.board}") for board in team.boards}
