"""What is found in one window for one target: at first, and again where a result is final."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from evaluator.configured_since import change, rebased
from evaluator.corrections import Circumstances, rises
from evaluator.judge import judge
from evaluator.measures import MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.model.plan import Target, Team
from evaluator.model.results import Basis, Measurement, Result, State
from evaluator.model.source_id import SourceId, SourceKind
from evaluator.what_counts import what_counts
from evaluator.witness import proven_formerly


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found of a result again, and how that came about."""

    fresh: Result
    about: Circumstances


def judged(
    context: MeasureContext, target: Target, effective_from: date | None, minimum: int | None
) -> Result:
    """Return what is found of a target in a window by the configuration of now, asking `minimum`.

    `effective_from` names the target's version.
    """
    found = MEASURES[target.measure].found(context)
    configured = what_counts(context.team, context.plan, context.window)
    counted_by = tuple((s, configured[s]) for s in sorted(configured) if s in found.sources)
    of = _Version(target, effective_from, minimum)
    return _result(context, of, found, Basis(counted_by))


def again(context: MeasureContext, target: Target, before: Result, *, setting_up: bool) -> Finding:
    """Return what is found of a final result, with its target's version and its sources.

    While the team is `setting_up`, what another configuration brings is found too.
    """
    measure = MEASURES[target.measure]
    known, team = context.known, context.team
    had = {*_no_boards(before.sources), *(source for source, _ in before.basis.counted_by)}
    if setting_up:
        had |= {*_no_boards(measure.found(context).sources)}
    context = replace(context, team=_restricted(team, had))
    found = measure.found(context)
    changed = change(before, what_counts(team, context.plan, context.window), known.reads, had)
    about = Circumstances(
        proven=proven_formerly(context.plan.sources, context.window, known),
        reconfigured=bool(changed.of),
        read_again=_read_again(context, before),
        late_notes=found.late_notes,
    )
    of = _Version(target, before.target_version, before.minimum)
    whole = _result(context, of, found, changed.whole)
    if before.state is State.PROVISIONAL:
        return Finding(whole, about)
    if setting_up and changed.of and rises(before, whole):
        return Finding(whole, replace(about, completed=True))
    others = replace(context, team=_restricted(team, had - changed.of))
    counted, basis = rebased(before, found, changed, lambda: measure.found(others))
    return Finding(_result(context, of, counted, basis), about)


@dataclass(frozen=True, slots=True)
class _Version:
    """The version of a target by which is judged, and what it asks; None where none is in force."""

    target: Target
    effective_from: date | None
    minimum: int | None


def _result(context: MeasureContext, of: _Version, counted: Measurement, basis: Basis) -> Result:
    measure = MEASURES[of.target.measure]
    found = counted.against(of.minimum)
    verdict = judge(context, of.target.id, of.minimum, measure, found)
    return Result(
        team=context.team.id,
        sprint=context.window,
        target=of.target.id,
        target_version=of.effective_from,
        status=verdict.status,
        value=found.value,
        minimum=of.minimum,
        unit=found.unit,
        coverage=found.coverage,
        reason=verdict.reason,
        evidence=found.evidence,
        left_out=found.left_out,
        gaps=found.gaps,
        sources=found.sources,
        state=verdict.state,
        evaluated_at=context.now,
        checked_at=context.now,
        notes=(*context.window.notes, *found.notes, *found.late_notes),
        basis=basis,
    )


def _no_boards(sources: Collection[str]) -> set[str]:
    return {s for s in sources if SourceId.parse(s).kind is not SourceKind.BOARD}


def _restricted(team: Team, sources: Collection[str]) -> Team:
    """Return the team with only those of its repositories and projects that `sources` names."""
    return replace(
        team,
        repositories=tuple(entry for entry in team.repositories if entry.source_id in sources),
        jira=tuple(entry for entry in team.jira if entry.tickets.id in sources),
    )


def _read_again(context: MeasureContext, before: Result) -> bool:
    """Whether something of the team was read since the result was checked last."""
    coverage = context.known.coverage.values()
    return any(one.read_finished and one.read_finished > before.checked_at for one in coverage)
