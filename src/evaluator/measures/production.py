"""What reached production for one team: the part of each repository that it looks after."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from evaluator.baseline import Baseline
from evaluator.completeness import lost_gap
from evaluator.delivery_history import RepeatReason
from evaluator.measures.context import Counted, MeasureContext
from evaluator.model.evidence import RULES, event_label
from evaluator.model.facts import Commit, Place, ProductionEvent
from evaluator.model.plan import RepositorySource
from evaluator.model.production_events import BASELINE_DAYS
from evaluator.model.results import EvidenceItem, Gap, GapKind, LeftOut
from evaluator.parts import Part, parts_of
from evaluator.witness import not_made, unproven
from evaluator.wording import day_of

_AGAIN = {
    RepeatReason.REDEPLOY: "nothing new: it had reached production already",
    RepeatReason.ROLLBACK: "a rollback, nothing new: it had reached production already",
    RepeatReason.AT_ONCE: "came with another change at the same time; counted once",
}
_NOT_MERGED = {
    Place.UNMERGED: "deployed from a pull request that was not merged",
    Place.MERGED_LATER: "deployed from a pull request that was merged only later",
    Place.UNKNOWN: "deployed from a branch that GitHub no longer shows, nor its pull request",
    Place.UNFINISHED: "nobody told GitHub whether it succeeded",
}
_DOUBTS = {
    Place.MERGED_LATER: GapKind.MERGED_LATER,
    Place.UNKNOWN: GapKind.UNPLACED,
    Place.UNFINISHED: GapKind.UNFINISHED,
}


def sources(context: MeasureContext) -> list[RepositorySource]:
    """Return the repositories that the team looks after on the window's first day."""
    names = {
        entry.repository
        for entry in context.team.repositories
        if context.window.first_day in entry.days
    }
    return [source for source in context.plan.sources if source.repository in names]


def counted(
    context: MeasureContext, evidence: Sequence[EvidenceItem], left_out: Sequence[LeftOut]
) -> Counted:
    """Return what was found in the team's repositories, and what a zero in them lacks."""
    asked = sources(context)
    of_team = parts(context)
    later = not_made(asked, of_team, context.window, context.known, context.plan.zone)
    there = [part for part in of_team if part.source.id not in later]
    lacking = [
        *unproven(there, context.window, context.known, context.plan.zone),
        *(gap for part in of_team for gap in _doubtful(context, part)),
    ]
    return Counted(asked, evidence, left_out, unproven=lacking, not_made=later)


def parts(context: MeasureContext) -> list[Part]:
    """Return the team's parts of each of its repositories that was read."""
    return parts_of(context.team, context.window.first_day, context.plan, context.known)


def commit_url(context: MeasureContext, commit: Commit) -> str:
    """Return where people see the commit."""
    return f"{context.plan.github_html}/{commit.repository}/commit/{commit.sha}"


def short(commit: Commit) -> str:
    """Return the first ten characters of the commit's sha."""
    return commit.sha[:10]


def between_sprints(context: MeasureContext, at: datetime) -> str:
    """Return the reason for leaving out what reached production between two sprints."""
    return f"between sprints: reached production on {day_of(at, context.plan.zone)}"


def not_counted(context: MeasureContext, part: Part) -> Iterator[LeftOut]:
    """Yield what no measure of production counts in the window, each with its reason."""
    start, end = context.inside
    yield from _commits(context, part)
    for at, repeat in part.history.repeats.between(start, end):
        yield LeftOut(event_label(repeat.event), _AGAIN[repeat.why], repeat.event.url, at)
    for at, event in part.history.not_merged.between(start, end):
        yield LeftOut(event_label(event), _NOT_MERGED[event.place], event.url, at)
    baseline = part.history.baseline
    if baseline is not None and start <= baseline.at < end:
        yield from _too_old(context, part, baseline)
    for unsure in part.history.unsure.within(context.window.start, context.window.end):
        if unsure.ahead:
            yield _dated_ahead(context, unsure.event)
    if context.newest:
        yield from (_undated(event) for event in part.history.undated)


def _commits(context: MeasureContext, part: Part) -> Iterator[LeftOut]:
    history, window = part.history, context.inside
    for at, reached in history.bots_and_merges.between(*window):
        if part.holds(commit := reached.commit):
            reason = "a merge commit" if commit.merge else "made by a bot"
            yield LeftOut(short(commit), reason, commit_url(context, commit), at)
    for at, reached in history.rewritten.between(*window):
        if part.holds(commit := reached.commit):
            url = commit_url(context, commit)
            yield LeftOut(short(commit), "history was rewritten", url, at)


def _doubtful(context: MeasureContext, part: Part) -> Iterator[Gap]:
    """Yield why the part may have reached production in the window although nothing shows it."""
    for _, event in part.history.doubtful.between(*context.inside):
        yield lost_gap(_DOUBTS[event.place], part.source, event_label(event))


def _too_old(context: MeasureContext, part: Part, baseline: Baseline) -> Iterator[LeftOut]:
    if any(part.holds(reached.commit) for reached in baseline.too_old):
        yield LeftOut(
            "older commits",  # how many is not known: reading stops behind the first of them
            f"reached production with the first {RULES[baseline.event.kind].event} that "
            f"{context.plan.product_name} knows, and older than {BASELINE_DAYS} days",
            baseline.event.url,
            baseline.at,
        )


def _dated_ahead(context: MeasureContext, event: ProductionEvent) -> LeftOut:
    day = day_of(event.at, context.plan.zone) if event.at else ""
    return LeftOut(event_label(event), f"dated in the future: {day}", event.url)


def _undated(event: ProductionEvent) -> LeftOut:
    reason = (
        f"no time in the name that fits '{event.dated_by}'"
        if event.dated_by
        else "run more often than GitHub keeps, so nobody can say when it first succeeded"
    )
    return LeftOut(event_label(event), reason, event.url)
