"""What reached production for one team: the part of each repository that it looks after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluator.completeness import lost_gap
from evaluator.delivery_history import Baseline, DeliveryHistory, RepeatReason
from evaluator.measures.context import Counted, MeasureContext
from evaluator.model.evidence import RULES, event_label
from evaluator.model.facts import Commit, Place, ProductionEvent, Reached
from evaluator.model.plan import RepositorySource
from evaluator.model.production_events import BASELINE_DAYS
from evaluator.model.results import EvidenceItem, Gap, GapKind, LeftOut
from evaluator.witness import not_made, unproven
from evaluator.wording import day_of

_WHOLE: frozenset[str] = frozenset()  # a part without paths is the whole repository
_AGAIN = {
    RepeatReason.REDEPLOY: "nothing new: it had reached production already",
    RepeatReason.ROLLBACK: "a rollback, nothing new: it had reached production already",
    RepeatReason.AT_ONCE: "came with another change at the same time; counted once",
}
_NOT_MERGED = {
    Place.UNMERGED: "deployed from a pull request that was not merged",
    Place.MERGED_LATER: "deployed from a pull request that was merged only later",
    Place.UNKNOWN: "deployed from a branch that GitHub no longer shows, nor its pull request",
}
_DOUBTS = {Place.MERGED_LATER: GapKind.MERGED_LATER, Place.UNKNOWN: GapKind.UNPLACED}


@dataclass(frozen=True, slots=True)
class Part:
    """What a team looks after of one repository, and what other teams do."""

    source: RepositorySource
    history: DeliveryHistory
    paths: frozenset[str]
    others: Sequence[frozenset[str]]

    def holds(self, commit: Commit) -> bool:
        """Return whether the commit is the team's."""
        return _touches(commit, self.paths)

    def shared(self, commit: Commit) -> bool:
        """Return whether the commit counts for another team too."""
        return any(_touches(commit, paths) for paths in self.others)

    def counted(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, Reached]]:
        """Yield the team's commits that count and reached production with start <= at < end."""
        for at, reached in self.history.counted.between(start, end):
            if self.holds(reached.commit):
                yield at, reached

    def of_pull_request(self, number: int) -> list[tuple[datetime, Reached]]:
        """Return the team's commits of a pull request that count, whenever, in order of events."""
        return [
            (at, reached)
            for at, reached in self.history.pull_requests[number]
            if self.holds(reached.commit)
        ]


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
    later = not_made(asked, context.window, context.known)
    there = (source for source in asked if source.id not in later)
    lacking = [
        *unproven(there, context.window, context.known, context.plan.zone),
        *(gap for part in parts(context) for gap in _doubtful(context, part)),
    ]
    return Counted(asked, evidence, left_out, unproven=lacking, not_made=later)


def parts(context: MeasureContext) -> list[Part]:
    """Return the team's part of each of its repositories that was read."""
    return [
        Part(source, history, _own(context, source), _others(context, source))
        for source in sources(context)
        if (history := context.known.histories.get(source.repository)) is not None
    ]


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
    for at, reached in part.history.bots_and_merges.between(start, end):
        commit = reached.commit
        if part.holds(commit):
            reason = "a merge commit" if commit.merge else "made by a bot"
            yield LeftOut(short(commit), reason, commit_url(context, commit), at)
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


def _own(context: MeasureContext, source: RepositorySource) -> frozenset[str]:
    """Return the union of the team's folders, or the whole repository where one entry has none."""
    folders = [
        frozenset(entry.paths)
        for entry in context.team.repositories
        if entry.repository == source.repository and context.window.first_day in entry.days
    ]
    return _WHOLE if _WHOLE in folders else frozenset().union(*folders)


def _others(context: MeasureContext, source: RepositorySource) -> list[frozenset[str]]:
    day = context.window.first_day
    return [
        frozenset(entry.paths)
        for team in context.plan.teams
        if team.id != context.team.id and day in team.active
        for entry in team.repositories
        if entry.repository == source.repository and day in entry.days
    ]


def _touches(commit: Commit, paths: frozenset[str]) -> bool:
    return not paths or not paths.isdisjoint(commit.paths)
